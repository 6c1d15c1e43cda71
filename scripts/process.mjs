// How is another program run? With its output kept in build/logs, and shown only when it fails.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

let logFile = join(root, 'build/logs/corsac.log');

/** Names the file that the output of programs goes to from now on. */
export function logTo(name) {
  logFile = join(root, 'build/logs', `${name}.log`);
  mkdirSync(dirname(logFile), { recursive: true });
  return logFile;
}

/**
 * Runs a program and resolves to what it wrote to standard output. The end of its output is in the
 * error when it fails; `allowFailure` resolves all the same.
 */
export function run(command, args = [], { cwd = root, env = process.env, allowFailure = false, onLine } = {}) {
  return new Promise((resolve, reject) => {
    mkdirSync(dirname(logFile), { recursive: true });
    const log = logFile;
    appendFileSync(log, `\n$ ${[command, ...args].join(' ')}\n`);
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let recent = '';
    let line = '';
    const keep = (chunk, isOutput) => {
      const text = chunk.toString();
      appendFileSync(log, text);
      if (isOutput) output += text;
      recent = (recent + text).slice(-6000);
      if (!onLine) return;
      const lines = (line + text).split(/[\r\n]+/);
      line = lines.pop();
      for (const each of lines) onLine(each);
    };
    child.stdout.on('data', (chunk) => keep(chunk, true));
    child.stderr.on('data', (chunk) => keep(chunk, false));
    child.on('error', (error) => (allowFailure ? resolve('') : reject(new Error(`${command}: ${error.message}`))));
    child.on('close', (code, signal) => {
      if (onLine && line) onLine(line);
      if (code === 0 || allowFailure) return resolve(output);
      reject(new ProgramError(`${command} ended with ${signal ?? code}`, { output, recent, log }));
    });
  });
}

/** Whether the program can be run and ends well. */
export async function succeeds(command, args = []) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore' });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

/** A program failed: its standard output, the end of all that it wrote, and the file that has all of it. */
export class ProgramError extends Error {
  constructor(message, { output, recent, log }) {
    super(message);
    Object.assign(this, { output, recent, log });
  }
}
