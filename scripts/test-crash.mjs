// Everything that stops in the middle: crash images and random sessions of the protocol, every byte and every failing
// operation, killed processes and tabs, simulated browsers. `npm run test:crash` is what a change should pass;
// `npm run test:crash -- --nightly` is hours of the same, and each number can be set.
// Needs the packed package (npm run build).
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cmakeBuild } from './build/wasm.mjs';
import { logTo, root, run } from './process.mjs';
import { explain, printMinutes, stage } from './progress.mjs';

const SIZES = {
  pr: { images: 1_000_000, sessions: 200, seeds: 200, kills: 20, browserKills: 0, wipes: 0 },
  nightly: { images: 100_000_000, sessions: 20_000, seeds: 20_000, kills: 1_000, browserKills: 100, wipes: 20 },
};
const numbers = Object.keys(SIZES.pr);
const { values } = parseArgs({
  options: {
    nightly: { type: 'boolean', default: false },
    ...Object.fromEntries(numbers.map((name) => [name, { type: 'string' }])),
  },
});
const size = { ...(values.nightly ? SIZES.nightly : SIZES.pr) };
for (const name of numbers) {
  const given = Number(values[name] ?? size[name]);
  if (!Number.isInteger(given) || given < 0) throw new Error(`--${name} is ${values[name]}, expected a whole number`);
  size[name] = given;
}

/** [what it is, what runs it, which lines of its output say how much was done] */
const stages = [
  [
    `T1, T2: ${size.images} crash images, ${size.sessions} sessions, every byte and bit`,
    () => protocol({ CORSAC_CRASH_IMAGES: size.images, CORSAC_CRASH_ROUNDS: size.sessions }),
  ],
  ['T3, T4, T13, T17: failing homes, full disks, golden stores', () => vitest(['storage', 'engine', 'transfer'])],
  [`T7: ${size.kills} killed writers`, () => vitest(['durability'], { CORSAC_KILLS: size.kills })],
  [
    `T6, T9, T12: tabs, ${size.seeds} simulated browsers`,
    () => vitest(['tabs', 'worker', 'simulation'], { CORSAC_SIMULATION_SEEDS: size.seeds }),
  ],
  ...(size.browserKills > 0 ? [[`T5: ${size.browserKills} killed browsers of each kind`, killBrowsers]] : []),
];

logTo('test-crash');
let failed = 0;
for (const [title, work] of stages) {
  try {
    await stage(title, work);
  } catch (error) {
    failed++;
    console.error(explain(error));
  }
}
printMinutes();
process.exitCode = failed > 0 ? 1 : 0;

async function protocol(env) {
  await cmakeBuild('native-release', ['corsac_storage_tests']);
  const filter =
    '--gtest_filter=CrashImages.*:JournalCrash.*:Recovery.*:Root.*:Roots.*:Chunks.*:Golden*.*:LogHistory.*';
  show(
    await run(`${root}/build/native-release/tests-cpp/corsac_storage_tests`, [filter], withEnv(env)),
    /crash images|PASSED/,
  );
}

async function vitest(folders, env = {}) {
  if (!existsSync(`${root}/build/package`)) throw new Error('build/package is missing: npm run build');
  const output = await run(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...folders.map((folder) => `tests-js/${folder}`)],
    withEnv(env),
  );
  show(output, /seeds:|Tests /);
}

async function killBrowsers() {
  const options = [`--kills=${size.browserKills}`, `--wipes=${size.wipes}`];
  show(await run(process.execPath, ['scripts/kill-browsers.mjs', ...options]), /violations|skipped/);
}

function withEnv(env) {
  return {
    env: { ...process.env, ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])) },
  };
}

function show(output, pattern) {
  for (const line of output.split('\n')) if (pattern.test(line)) console.log(`  ${line.trim()}`);
}
