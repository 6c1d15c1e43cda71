// The TypeScript tests: Vitest in Node over the packed package, then the suite in real browsers.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ProgramError, root, run } from '../process.mjs';
import { step } from '../progress.mjs';
import { nothing, remarkOn } from './outcome.mjs';

export async function vitest() {
  const report = join(root, 'build/logs/vitest.json');
  rmSync(report, { force: true });
  let outcome;
  await step('vitest', async () => {
    const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`];
    const error = await failureOf(() => run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters]));
    if (!existsSync(report)) throw error ?? new Error('Vitest wrote no report');
    outcome = readReport(JSON.parse(readFileSync(report, 'utf8')));
    if (error) {
      console.log(error.recent.split('\n').slice(-60).join('\n'));
      if (outcome.failed.length === 0) outcome.failed.push(`vitest: ${error.message}`);
    }
    return remarkOn(outcome);
  });
  return outcome;
}

function readReport({ testResults }) {
  const outcome = nothing();
  for (const file of testResults) {
    const name = file.name.replace(`${root}/`, '');
    if (file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed')) {
      outcome.failed.push(`${name}: ${file.message || 'could not be run'}`);
    }
    for (const test of file.assertionResults) {
      if (test.status === 'passed') outcome.passed += 1;
      else outcome[test.status === 'failed' ? 'failed' : 'skipped'].push(`${name}: ${test.fullName}`);
    }
  }
  if (outcome.passed === 0) outcome.failed.push('vitest: no test passed');
  return outcome;
}

/** scripts/test-browsers.mjs prints `passed|failed|skipped where: name` per test and closes with the sums. */
export async function browsers() {
  let outcome;
  await step('browsers', async () => {
    let output;
    const error = await failureOf(async () => {
      output = await run(process.execPath, ['scripts/test-browsers.mjs']);
    });
    outcome = readLines(output ?? error.output);
    if (error) {
      console.log(error.recent.split('\n').slice(-60).join('\n'));
      if (outcome.failed.length === 0) outcome.failed.push(`browsers: ${error.message}`);
    }
    return remarkOn(outcome);
  });
  return outcome;
}

function readLines(output) {
  const outcome = nothing();
  for (const [, kind, name] of output.matchAll(/^(passed|failed|skipped) +(\w+: .*)$/gm)) {
    if (kind === 'passed') outcome.passed += 1;
    else outcome[kind].push(`browser ${name}`);
  }
  const closing = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(output);
  const agrees =
    closing &&
    [outcome.passed, outcome.failed.length, outcome.skipped.length].every((n, i) => n === Number(closing[i + 1]));
  if (!agrees)
    outcome.failed.push(`browsers: the lines of the tests do not add up to "${closing?.[0] ?? 'no closing line'}"`);
  return outcome;
}

async function failureOf(work) {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof ProgramError) return error;
    throw error;
  }
}
