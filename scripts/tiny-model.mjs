// Makes tests-js/fixtures/tiny-model: sentence models of a few kilobytes, their tokenizer, and the states that they must give.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process.mjs';
import { pooledModel, states, statesModel, tokenizer, WORDS } from './tiny-model/sentence-model.mjs';

/** Texts and their pieces, cut by hand. */
const CASES = {
  'The fox hides food in its den.': '[CLS] the fox hides food in its den . [SEP]',
  'Where do foxes hide?': '[CLS] where do fox ##es [UNK] ? [SEP]',
  'income tax': '[CLS] income tax [SEP]',
  running: '[CLS] [UNK] [SEP]',
  dens: '[CLS] den ##s [SEP]',
  '狐 É': '[CLS] 狐 [UNK] [SEP]',
  '': '[CLS] [SEP]',
};

const folder = join(root, 'tests-js/fixtures/tiny-model');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'states.onnx'), statesModel());
writeFileSync(join(folder, 'pooled.onnx'), pooledModel());
writeFileSync(join(folder, 'tokenizer.json'), `${JSON.stringify(tokenizer(), null, 1)}\n`);
const expected = Object.entries(CASES).map(([text, pieces]) => {
  const ids = pieces.split(' ').map((piece) => WORDS.indexOf(piece));
  return { text, ids, states: states(ids).map((row) => row.map((x) => Number(x.toFixed(6)))) };
});
writeFileSync(join(folder, 'expected.json'), `[\n${expected.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`);
