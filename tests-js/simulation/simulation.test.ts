import { describe, expect, test } from 'vitest';

import { simulate } from './simulation.js';

/** Seeds that failed once. */
const ONCE_FAILED: readonly number[] = [];

const CANARY_SEEDS = 40;

const first = Number(process.env['CORSAC_SIMULATION_SEED'] ?? 1);
const count = Number(process.env['CORSAC_SIMULATION_SEEDS'] ?? 12);
const seeds = Array.from({ length: count }, (_, i) => first + i);

/** What a failing seed is for: it says how it is run again. */
const again = (seed: number) =>
  `to run it again: CORSAC_SIMULATION_SEED=${seed} CORSAC_SIMULATION_SEEDS=1 npx vitest run tests-js/simulation; to keep it: ONCE_FAILED in tests-js/simulation/simulation.test.ts`;

describe('a simulated browser', () => {
  test(`holds what it promises under ${count} seeds from ${first}`, { timeout: 24 * 3_600_000 }, async () => {
    const sums = { calls: 0, errors: 0, deaths: 0, powerFailures: 0 };
    const failures: string[] = [];
    for (const seed of [...ONCE_FAILED, ...seeds]) {
      try {
        const report = await simulate(seed);
        for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += report[key];
      } catch (error) {
        failures.push(`${(error as Error).message}\n${again(seed)}`);
        if (failures.length === 10) break;
      }
    }
    console.log(`${seeds.length} seeds: ${JSON.stringify(sums)}`);
    expect(failures).toEqual([]);
    if (count >= 100) expect(Math.min(...Object.values(sums)), 'everything is met').toBeGreaterThan(0);
  });

  // The canary: a simulation that does not notice this notices nothing.
  test('notices within a few seeds that strict writes are not made durable', async () => {
    const noticed: string[] = [];
    for (let seed = 1; noticed.length === 0 && seed <= CANARY_SEEDS; seed++) {
      await simulate(seed, 'strict writes are not made durable').catch((error: Error) => noticed.push(error.message));
    }
    expect(noticed).toEqual([expect.stringContaining('no order explains')]);
  });
});
