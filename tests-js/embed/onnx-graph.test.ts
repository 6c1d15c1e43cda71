import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

// @ts-expect-error a plain module of the script that makes the fixtures
import { floats, model } from '../../scripts/tiny-model/protobuf.mjs';
import { positionLimit } from '../../js/embed/onnx-graph.js';

const tiny = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, '../fixtures/tiny-model', name)));

function modelWith(name: string, rows: number): Uint8Array {
  const table = floats(name, [rows, 2], new Array(rows * 2).fill(0));
  return model({
    name: 'g',
    nodes: [],
    initializers: [floats('other', [3, 2], new Array(6).fill(0)), table],
    inputs: [],
    outputs: [],
  });
}

describe('the position limit', () => {
  test('is the length of the table of positions', () => {
    expect(positionLimit(tiny('states.onnx'))).toBe(24);
    expect(positionLimit(modelWith('bert.embeddings.position_embeddings.weight', 512))).toBe(512);
    expect(positionLimit(modelWith('inner.embeddings.position_embeddings.weight_q', 512))).toBe(512);
  });

  test('leaves out the two rows that RoBERTa keeps for padding', () => {
    expect(positionLimit(modelWith('roberta.embeddings.position_embeddings.weight', 514))).toBe(512);
  });

  test('is unknown where there is no such table', () => {
    expect(positionLimit(modelWith('embeddings.word_embeddings.weight', 512))).toBeUndefined();
    expect(positionLimit(new Uint8Array(0))).toBeUndefined();
  });

  test('is unknown or a number for bytes that are no model', () => {
    const bytes = tiny('states.onnx');
    for (let length = 0; length < bytes.length; length += 7) positionLimit(bytes.subarray(0, length));
    for (let i = 0; i < bytes.length; i += 3) {
      const flipped = bytes.slice();
      flipped[i]! ^= 0xff;
      const limit = positionLimit(flipped);
      expect(limit === undefined || Number.isFinite(limit)).toBe(true);
    }
  });
});
