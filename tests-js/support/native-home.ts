// The native file home as a ByteStore: a process of corsac_files serves it (bindings/native/home_server.h).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { CorsacError, type ErrorCode } from '../../js/errors.js';
import type { BlobInfo, ByteStore, Durability, Op, RootSlot } from '../../js/storage/byte-store.js';

const built = (preset: string) =>
  fileURLToPath(new URL(`../../build/${preset}/bindings/native/corsac_files`, import.meta.url));

/** The program, where the native stage of `npm test` has built it. */
export const NATIVE_PROGRAM = ['native', 'native-release'].map(built).find(existsSync);

const KINDS = ['put', 'append', 'root', 'delete'];
const LIST = 3;
const ROOTS = 4;
const CLOSE = 5;
const encode = (text: string) => new TextEncoder().encode(text);

class Writer {
  readonly #parts: Uint8Array[] = [];

  u8 = (value: number) => this.#put(1, (view) => view.setUint8(0, value));
  u32 = (value: number) => this.#put(4, (view) => view.setUint32(0, value, true));
  u64 = (value: number) => this.#put(8, (view) => view.setBigUint64(0, BigInt(value), true));

  bytes(bytes: Uint8Array): this {
    this.u32(bytes.length).#parts.push(bytes.slice());
    return this;
  }

  take = (): Uint8Array => Buffer.concat(this.#parts);

  #put(size: number, set: (view: DataView) => void): this {
    const view = new DataView(new ArrayBuffer(size));
    set(view);
    this.#parts.push(new Uint8Array(view.buffer));
    return this;
  }
}

class Reader {
  #at = 0;

  constructor(readonly data: Buffer) {}

  get more() {
    return this.#at < this.data.length;
  }
  u8 = () => this.data.readUInt8(this.#next(1));
  u64 = () => Number(this.data.readBigUInt64LE(this.#next(8)));
  bytes() {
    const length = this.data.readUInt32LE(this.#next(4));
    return new Uint8Array(this.data.subarray(this.#next(length), this.#at));
  }
  text = () => new TextDecoder().decode(this.bytes());

  #next(count: number): number {
    this.#at += count;
    return this.#at - count;
  }
}

export class NativeHome implements ByteStore {
  readonly caps = {
    kind: 'native files',
    persistent: true,
    atomicBatch: false,
    orderedWrites: true,
    fence: true,
    maxBlob: 2 ** 40,
  };
  readonly #child: ChildProcess;
  readonly #waiting: { resolve(answer: Buffer): void; reject(error: Error): void }[] = [];
  #received: Buffer = Buffer.alloc(0);
  #closed = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout!.on('data', (data: Buffer) => this.#receive(data));
    child.on('exit', (code) => this.#end(new Error(`corsac_files ended with ${code}`)));
    child.stdin!.on('error', (error) => this.#end(error));
  }

  static async open(folder: string): Promise<NativeHome> {
    const home = new NativeHome(spawn(NATIVE_PROGRAM!, ['home', folder], { stdio: ['pipe', 'pipe', 'inherit'] }));
    await home.#answer().catch((error: unknown) => {
      home.#child.stdin!.end();
      throw error;
    });
    return home;
  }

  async apply(ops: readonly Op[], level: Durability): Promise<void> {
    const request = new Writer()
      .u8(1)
      .u8(level === 'strict' ? 1 : 0)
      .u32(ops.length);
    for (const op of ops) {
      const offset = op.op === 'append' ? op.offset : op.op === 'root' ? op.slot : 0;
      request.u8(KINDS.indexOf(op.op)).bytes(encode(op.name)).u64(offset);
      request.bytes('bytes' in op ? op.bytes : new Uint8Array());
    }
    await this.#ask(request);
  }

  async read(name: string, offset: number, length: number): Promise<Uint8Array> {
    const answer = await this.#ask(new Writer().u8(2).bytes(encode(name)).u64(offset).u64(length));
    return new Uint8Array(answer.subarray(1));
  }

  async size(name: string): Promise<number | undefined> {
    return (await this.list()).find((blob) => blob.name === name)?.length;
  }

  async list(): Promise<BlobInfo[]> {
    const answer = new Reader((await this.#ask(new Writer().u8(LIST))).subarray(1));
    const out: BlobInfo[] = [];
    while (answer.more) out.push({ name: answer.text(), length: answer.u64() });
    return out;
  }

  async readRoots(): Promise<RootSlot[]> {
    const answer = new Reader((await this.#ask(new Writer().u8(ROOTS))).subarray(1));
    const out: RootSlot[] = [];
    while (answer.more) out.push({ name: answer.text(), slot: answer.u8() as 0 | 1, bytes: answer.bytes() });
    return out;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    const ended = once(this.#child, 'exit');
    await this.#ask(new Writer().u8(CLOSE));
    this.#closed = true;
    await ended;
  }

  #ask(request: Writer): Promise<Buffer> {
    if (this.#closed) return Promise.reject(new CorsacError('closed', 'the native home is closed'));
    this.#child.stdin!.write(new Writer().bytes(request.take()).take());
    return this.#answer();
  }

  async #answer(): Promise<Buffer> {
    const answer = await new Promise<Buffer>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    if (answer[0] === 1) return answer;
    const error = new Reader(answer.subarray(1));
    throw new CorsacError(error.text() as ErrorCode, error.text());
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    for (;;) {
      if (this.#received.length < 4) return;
      const end = 4 + this.#received.readUInt32LE(0);
      if (this.#received.length < end) return;
      this.#waiting.shift()!.resolve(this.#received.subarray(4, end));
      this.#received = this.#received.subarray(end);
    }
  }

  #end(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
