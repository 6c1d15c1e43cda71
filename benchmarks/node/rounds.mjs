// Engines take turns: several programs (benchmarks/cpp/rounds.cpp) stay loaded on one core and each does a
// round of all queries when told, so that whatever slows the machine slows them alike.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

export const querySets = ['queries', 'questions'];

/** A program that is loaded and waits. `command` is its argument vector. */
export async function startProgram(label, command, core) {
  const pinned = spawnSync('taskset', ['-V']).status === 0 ? ['taskset', '-c', String(core), ...command] : command;
  const child = spawn(pinned[0], pinned.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${label} ended: ${command.join(' ')}`);
    return value;
  };
  const engines = [];
  for (let line = await next(); line !== 'ready'; line = await next()) {
    const [, name, rate] = /^engine (\S+) (\d+)$/.exec(line) ?? [];
    if (name)
      engines.push({
        name,
        label: name === 'hnswlib' ? name : `${label} ${name}`,
        rate: Number(rate),
        run: runOf(name),
      });
  }
  function runOf(name) {
    return async (set, ef) => {
      child.stdin.write(`run ${name} ${set} ${ef}\n`);
      const [recall, cpu, median, scored] = (await next()).split(' ').map(Number);
      return { recall, cpu, median, scored };
    };
  }
  return { engines, stop: () => child.stdin.end() };
}

/** The smallest ef at which a set of queries reaches a recall; undefined when 2,000 do not. */
export async function efFor(engine, set, target) {
  let low = 10;
  let high = 20;
  while ((await engine.run(set, high)).recall < target) {
    low = high + 1;
    high *= 2;
    if (high > 2000) return undefined;
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await engine.run(set, middle)).recall < target) low = middle + 1;
    else high = middle;
  }
  return high;
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/**
 * Times every engine at the recalls asked for, `rounds` times in turns. One row per set, recall and engine: ef, the
 * recall reached, processor time per query (median, min and max of the rounds) and the ratio of queries per second to
 * the engine called `reference`, the median of the ratios within each round.
 */
export async function compare(engines, { sets = querySets, targets = [0.95, 0.98, 0.99], rounds = 7, reference }) {
  const rows = [];
  for (const set of sets) {
    for (const target of targets) {
      const found = [];
      for (const engine of engines) {
        const ef = await efFor(engine, set, target);
        if (ef === undefined) rows.push({ set, target, engine: engine.label });
        else found.push({ engine, ef, cpus: [] });
      }
      for (let round = 0; round < rounds; ++round) {
        for (const each of found) {
          each.last = await each.engine.run(set, each.ef);
          each.cpus.push(each.last.cpu);
        }
      }
      const base = found.find(({ engine }) => engine.label === reference);
      for (const { engine, ef, cpus, last } of found) {
        rows.push({
          set,
          target,
          engine: engine.label,
          ef,
          ...last,
          cpu: median(cpus),
          min: Math.min(...cpus),
          max: Math.max(...cpus),
          ...(base && { ratio: median(cpus.map((cpu, i) => base.cpus[i] / cpu)) }),
        });
      }
    }
  }
  return rows;
}

export function printRows(rows, print = console.log) {
  print(
    'set        recall@10  engine                             ef  reached   us (min..max)          scored  x hnswlib',
  );
  for (const row of rows) {
    const head = `${row.set.padEnd(10)} ${row.target.toFixed(2).padStart(9)}  ${row.engine.padEnd(32)}`;
    if (row.ef === undefined) print(`${head}  does not reach it`);
    else {
      const times = `${row.cpu.toFixed(1)} (${row.min.toFixed(1)}..${row.max.toFixed(1)})`;
      const ratio = row.ratio === undefined ? '' : row.ratio.toFixed(2);
      print(
        `${head} ${String(row.ef).padStart(4)}  ${row.recall.toFixed(4)}  ${times.padEnd(22)} ${String(row.scored).padStart(7)}  ${ratio}`,
      );
    }
  }
}
