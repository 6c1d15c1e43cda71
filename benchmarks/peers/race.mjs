// All engines over one data set: built one after another, then rounds that take turns. Median, least and most of the
// processor time of each (engine, query set, ef), and the recall of what was found.
import { EngineProcess } from './engine-process.mjs';
import { recallOf } from './data.mjs';
import { median } from './matched.mjs';

/** Engines that scan answer so slowly that they are asked less. */
const SLOW_SECONDS_PER_QUERY = 0.002;
const SLOW_QUERIES = 50;

/**
 * @returns {Promise<{ engines: object[], failed: { name: string, reason: string }[] }>} each engine with
 * { name, version, about, build: { cpu, wall }, curves: [set][{ ef, recall, qps, least, most, queries }] }
 */
export async function race(peers, { data, efs, rounds, m, efConstruction, core, scratch, say }) {
  const running = [];
  const failed = [];
  try {
    for (const peer of peers) {
      try {
        const engine = await EngineProcess.start(peer, { data, m, efConstruction, core, scratch, rest: peer.rest });
        running.push({ peer, engine, cells: new Map(), queries: data.queries });
        say(`${peer.name} built in ${engine.build.cpu.toFixed(1)} s of processor time: ${engine.build.about}`);
      } catch (error) {
        failed.push({ name: peer.name, reason: error.message });
        say(`${peer.name} failed: ${error.message}`);
      }
    }
    const recall = await recallOf(data);
    for (let round = 0; round < rounds; round++) {
      for (let set = 0; set < data.sets.length; set++) {
        for (const ef of efs) {
          for (const one of running) await turn(one, { set, ef, recall, failed, first: ef === efs[0] });
        }
      }
      say(`round ${round + 1} of ${rounds}`);
    }
  } finally {
    for (const { engine } of running) engine.end();
  }
  return { engines: running.filter(({ out }) => !out).map((one) => summary(one, data)), failed };
}

async function turn(one, { set, ef, recall, failed, first }) {
  if (one.out || (one.engine.build.fixed && !first)) return;
  try {
    if (!one.warm) {
      const { cpu } = await one.engine.round(set, ef, 20);
      one.warm = true;
      if (cpu / 20 > SLOW_SECONDS_PER_QUERY) one.queries = Math.min(one.queries, SLOW_QUERIES);
    }
    const { cpu } = await one.engine.round(set, ef, one.queries);
    const key = `${set} ${ef}`;
    const cell = one.cells.get(key) ?? { set, ef, qps: [], recall: recall(set, await one.engine.ids()) };
    cell.qps.push(one.queries / cpu);
    one.cells.set(key, cell);
  } catch (error) {
    one.out = true;
    failed.push({ name: one.peer.name, reason: error.message });
  }
}

function summary({ peer, engine, cells, queries }, data) {
  const curves = data.sets.map(() => []);
  for (const { set, ef, qps, recall } of cells.values()) {
    curves[set].push({
      ef: engine.build.fixed ? null : ef,
      recall,
      qps: median(qps),
      least: Math.min(...qps),
      most: Math.max(...qps),
    });
  }
  const { about, cpu, wall } = engine.build;
  return { name: peer.name, version: peer.version, about, build: { cpu, wall }, queries, curves };
}
