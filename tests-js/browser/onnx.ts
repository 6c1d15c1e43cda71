// A sentence model in a page: onnxruntime-web with its own files served beside the suite.
import { OnnxEmbedder } from 'corsac/embed/onnx';

import { assert, type Case, equal } from '../support/assert.js';
import { report } from './report.js';

interface Expected {
  readonly text: string;
  readonly states: number[][];
}

const cases: Case[] = [
  {
    name: 'a sentence model gives the vectors of its reference',
    async run() {
      const expected = (await (await fetch('/model/expected.json')).json()) as Expected[];
      const embedder = await OnnxEmbedder.load({
        model: new URL('/model/states.onnx', location.href),
        tokenizer: new URL('/model/tokenizer.json', location.href),
        normalize: false,
        wasmPaths: `${location.origin}/ort/`,
        numThreads: 1,
      });
      try {
        const vectors = await embedder.embed(expected.map(({ text }) => text));
        expected.forEach(({ states }, i) => {
          equal(vectors[i]!.length, embedder.dimension);
          vectors[i]!.forEach((value, d) => {
            const mean = states.reduce((sum, row) => sum + row[d]!, 0) / states.length;
            assert(Math.abs(value - mean) < 1e-4, `number ${d} of text ${i}: expected ${mean}, got ${value}`);
          });
        });
      } finally {
        await embedder.close();
      }
    },
  },
];

await report(cases);
