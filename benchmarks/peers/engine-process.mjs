// How is an engine told to do one round? It is a process on one core that builds its index when it starts and then waits:
//   it prints   ready { cpu, wall (seconds of building), about, fixed? (its search width cannot be chosen) }
//   it reads    round <query set> <ef> <queries> <file>
//   it prints   done { cpu, wall }  and has written its answers to the file: int32 rows of the base, 10 a query, -1 for none
// Rounds of all engines take turns, so that what else happens on the machine happens to all of them.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const LONGEST_MS = 3_600_000;

export class EngineProcess {
  #child;
  #lines;
  #errors = '';
  #answers;

  /** `command` with `args` and the arguments of data.mjs's folder; pinned to `core` where taskset is. */
  static async start({ name, command, args = [], env }, { data, m, efConstruction, core, scratch, rest = [] }) {
    const engine = new EngineProcess();
    engine.name = name;
    engine.#answers = join(scratch, `${name}.i32`);
    const all = [...args, data.folder, data.dimension, m, efConstruction, ...rest].map(String);
    const [program, given] = core === undefined ? [command, all] : ['taskset', ['-c', String(core), command, ...all]];
    engine.#child = spawn(program, given, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    engine.#child.stderr.on('data', (chunk) => (engine.#errors = (engine.#errors + chunk).slice(-2000)));
    engine.#child.on('error', (error) => (engine.#errors += error.message));
    engine.#child.stdin.on('error', () => {}); // told by the missing answer
    engine.#lines = createInterface({ input: engine.#child.stdout })[Symbol.asyncIterator]();
    engine.build = await engine.#answer('ready');
    return engine;
  }

  /** One pass over the first `queries` of a set. */
  async round(set, ef, queries) {
    this.#child.stdin.write(`round ${set} ${ef} ${queries} ${this.#answers}\n`);
    return this.#answer('done');
  }

  /** Row ids of the last round, [queries x 10]. */
  async ids() {
    const bytes = await readFile(this.#answers);
    return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }

  end() {
    this.#child.kill();
  }

  async #answer(word) {
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`${this.name} did not answer within an hour`)), LONGEST_MS).unref();
    });
    for (;;) {
      const { value, done } = await Promise.race([this.#lines.next(), late]);
      // Some libraries greet on standard output.
      if (value?.startsWith(`${word} `)) return JSON.parse(value.slice(word.length + 1));
      if (done) throw new Error(`${this.name} ended: ${this.#errors.trim().split('\n').at(-1) ?? 'without a word'}`);
    }
  }
}
