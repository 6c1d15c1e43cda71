// Runs GoogleTest programs, natively or through a launcher (node, qemu), and reads what they print.
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ProgramError, root, run } from '../process.mjs';
import { nothing, sum } from './outcome.mjs';

const timeLimitSeconds = 1500;

/** The layers that have tests, in the order of the layer folders. */
export function testedLayers() {
  const hasTests = (layer) => readdirSync(join(root, 'tests-cpp', layer)).some((name) => name.endsWith('_test.cpp'));
  const isLayer = (name) => existsSync(join(root, 'src', name)) && name !== 'CMakeLists.txt';
  return readdirSync(join(root, 'tests-cpp'))
    .sort()
    .filter((name) => isLayer(name) && hasTests(name));
}

/** Runs the test programs of `layers` in build/<preset>, as many at once as there are cores. */
export async function runLayerTests(preset, layers, { launcher = [], extension = '' } = {}) {
  const waiting = [...layers];
  const outcomes = [];
  const worker = async () => {
    for (let layer = waiting.shift(); layer; layer = waiting.shift()) {
      const program = join(root, 'build', preset, 'tests-cpp', `corsac_${layer}_tests${extension}`);
      outcomes.push(await runProgram([...launcher, program], `${preset} ${layer}`));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return sum(outcomes);
}

async function runProgram(command, label) {
  const env = { ...process.env, UBSAN_OPTIONS: 'print_stacktrace=1', ASAN_OPTIONS: 'detect_leaks=1' };
  let output;
  let failure;
  try {
    output = await run('timeout', [String(timeLimitSeconds), ...command], { env });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    output = error.output;
    failure = error;
  }
  const outcome = read(output, label);
  if (failure) {
    if (outcome.failed.length === 0) outcome.failed.push(`${label}: ${failure.message}`);
    console.log(failure.recent.split('\n').slice(-40).join('\n'));
  }
  return outcome;
}

/** Counts the verdicts; fewer of them than tests announced means that the program died. */
function read(output, label) {
  const outcome = nothing();
  let reason = '';
  for (const line of output.split('\n')) {
    const verdict = /^\[ +(OK|FAILED|SKIPPED) +\] (\S+?),? .*\(\d+ ms\)$/.exec(line);
    if (verdict?.[1] === 'OK') outcome.passed += 1;
    else if (verdict?.[1] === 'FAILED') outcome.failed.push(`${label}: ${verdict[2]}`);
    else if (verdict) outcome.skipped.push(`${label}: ${verdict[2]}${reason && ` (${reason})`}`);
    reason = line.startsWith('[') ? '' : line.trim();
  }
  const announced = Number(/^\[=+\] Running (\d+) tests?/m.exec(output)?.[1] ?? NaN);
  const seen = outcome.passed + outcome.failed.length + outcome.skipped.length;
  if (seen !== announced) outcome.failed.push(`${label}: ended after ${seen} of ${announced} tests`);
  return outcome;
}
