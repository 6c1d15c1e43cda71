// `npm start`: sets up, builds, does the main job in the terminal, then serves the demo page.
// `--no-serve` ends after the main job; other options are passed on to it.
import { spawn } from 'node:child_process';
import { serve } from './browsers/server.mjs';
import { buildAll } from './build.mjs';
import { logTo, root } from './process.mjs';
import { explain } from './progress.mjs';
import { setUp } from './setup.mjs';

const preferredPort = Number(process.env.PORT) || 4173;
const options = process.argv.slice(2).filter((option) => option !== '--no-serve');
const serves = !process.argv.includes('--no-serve');

logTo('start');
try {
  await setUp('build');
  await buildAll();
  const code = await mainJob();
  if (code !== 0) process.exit(code);
  if (serves) await serveDemo();
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

/** The job has the terminal to itself; on Ctrl-C it stores what it has and this process waits for it. */
function mainJob() {
  const ignore = () => {};
  process.on('SIGINT', ignore);
  const child = spawn(process.execPath, ['scripts/main-job.mjs', ...options], { cwd: root, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGINT', ignore);
      resolve(code ?? 130);
    });
  });
}

async function serveDemo() {
  const mounts = { '/': 'build/web-demo' };
  const site = await serve(mounts, { port: preferredPort }).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    console.log(`Port ${preferredPort} is taken; using a free one.`);
    return serve(mounts);
  });
  console.log(`\nThe page: ${site.url}   (Ctrl-C ends it)`);
}
