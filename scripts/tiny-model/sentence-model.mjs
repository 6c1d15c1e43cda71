// What does the tiny sentence model compute? Per token tanh(word + position + type), to which half the mean of the tokens under the
// attention mask is added: padding that leaks in, a wrong mask or a wrong type changes every number.
import { floatOutput, floats, integerInput, integers, model, node } from './protobuf.mjs';

export const WORDS = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'the',
  'a',
  'fox',
  'den',
  'hides',
  'food',
  'in',
  'its',
  'tax',
  'income',
  'where',
  'do',
  '##es',
  '##s',
  '##ing',
  'hid',
  'run',
  '.',
  '?',
  'é',
  '狐',
];
export const DIMENSION = 8;
export const POSITIONS = 24;

/** Numbers in -1 to 1 from a fixed sequence (a linear congruence, multiplier of Knuth's MMIX). */
function* sequence(seed) {
  for (let state = BigInt(seed); ;) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    yield Math.fround(Number(state >> 40n) / 2 ** 23 - 1);
  }
}

function table(rows, seed, scale) {
  const numbers = sequence(seed);
  return Array.from({ length: rows * DIMENSION }, () => Math.fround(numbers.next().value * scale));
}

const tables = { word: table(WORDS.length, 1, 1), position: table(POSITIONS, 2, 0.2), type: table(2, 3, 0.1) };

/** The states of one text in double arithmetic, [ids.length x DIMENSION]: what the ONNX file is checked against. */
export function states(ids) {
  const own = ids.map((id, row) =>
    Array.from({ length: DIMENSION }, (_, i) =>
      Math.tanh(tables.word[id * DIMENSION + i] + tables.position[row * DIMENSION + i] + tables.type[i]),
    ),
  );
  const mean = Array.from({ length: DIMENSION }, (_, i) => own.reduce((sum, row) => sum + row[i], 0) / own.length);
  return own.map((row) => row.map((x, i) => x + mean[i] / 2));
}

const nodes = [
  node('Gather', ['embeddings.word_embeddings.weight', 'input_ids'], 'words'),
  node('Shape', ['input_ids'], 'shape'),
  node('Gather', ['shape', 'one'], 'width'),
  node('Range', ['zero', 'width', 'one'], 'numbers'),
  node('Gather', ['embeddings.position_embeddings.weight', 'numbers'], 'positions'),
  node('Add', ['words', 'positions'], 'placed'),
  node('Cast', ['attention_mask'], 'mask', { to: 1 }),
  node('Unsqueeze', ['mask', 'last'], 'weights'),
  node('Tanh', ['typed'], 'own'),
  node('Mul', ['own', 'weights'], 'weighted'),
  node('ReduceSum', ['weighted', 'middle'], 'sum', { keepdims: 1 }),
  node('ReduceSum', ['weights', 'middle'], 'count', { keepdims: 1 }),
  node('Div', ['sum', 'count'], 'mean'),
  node('Mul', ['mean', 'half'], 'shared'),
];

const shared = {
  initializers: [
    floats('embeddings.word_embeddings.weight', [WORDS.length, DIMENSION], tables.word),
    floats('embeddings.position_embeddings.weight', [POSITIONS, DIMENSION], tables.position),
    integers('zero', [], [0]),
    integers('one', [], [1]),
    integers('last', [1], [2]),
    integers('middle', [1], [1]),
    floats('half', [], [0.5]),
  ],
  inputs: [integerInput('input_ids', ['batch', 'sequence']), integerInput('attention_mask', ['batch', 'sequence'])],
};

/** Three inputs; one vector per token. */
export const statesModel = () =>
  model({
    name: 'tiny-states',
    nodes: [
      ...nodes.slice(0, 6),
      node('Gather', ['embeddings.token_type_embeddings.weight', 'token_type_ids'], 'types'),
      node('Add', ['placed', 'types'], 'typed'),
      ...nodes.slice(6),
      node('Add', ['own', 'shared'], 'last_hidden_state'),
    ],
    initializers: [
      ...shared.initializers,
      floats('embeddings.token_type_embeddings.weight', [2, DIMENSION], tables.type),
    ],
    inputs: [...shared.inputs, integerInput('token_type_ids', ['batch', 'sequence'])],
    outputs: [floatOutput('last_hidden_state', ['batch', 'sequence', DIMENSION])],
  });

/** Two inputs; the model pools by itself, and so it has no need of the states outside. */
export const pooledModel = () =>
  model({
    name: 'tiny-pooled',
    nodes: [
      ...nodes.slice(0, 6),
      node('Add', ['placed', 'type'], 'typed'),
      ...nodes.slice(6),
      node('Mul', ['mean', 'three_halves'], 'row'),
      node('Squeeze', ['row', 'middle'], 'sentence_embedding'),
      node('Add', ['own', 'shared'], 'last_hidden_state'),
    ],
    initializers: [
      ...shared.initializers,
      floats('type', [DIMENSION], tables.type.slice(0, DIMENSION)),
      floats('three_halves', [], [1.5]),
    ],
    inputs: shared.inputs,
    outputs: [
      floatOutput('last_hidden_state', ['batch', 'sequence', DIMENSION]),
      floatOutput('sentence_embedding', ['batch', DIMENSION]),
    ],
  });

/** A BERT tokenizer.json with the traps of real ones: truncation and fixed padding that the embedder must ignore. */
export function tokenizer() {
  const special = WORDS.slice(0, 5).map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  return {
    version: '1.0',
    truncation: { direction: 'Right', max_length: 6, strategy: 'LongestFirst', stride: 0 },
    padding: {
      strategy: { Fixed: 16 },
      direction: 'Right',
      pad_to_multiple_of: null,
      pad_id: 0,
      pad_type_id: 0,
      pad_token: '[PAD]',
    },
    added_tokens: special,
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
        { Sequence: { id: 'B', type_id: 1 } },
        { SpecialToken: { id: '[SEP]', type_id: 1 } },
      ],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
    },
  };
}
