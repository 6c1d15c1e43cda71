// How many positions does an ONNX model know? Read from the shape of its table of position embeddings, without running it.
// Only the parts of the file (protobuf wire format, onnx.proto: ModelProto.graph = 7, GraphProto.initializer = 5,
// TensorProto.dims = 1 and .name = 8) that lead there are looked at; everything else is skipped.

interface Field {
  readonly number: number;
  /** Of a number. */
  readonly value: number;
  /** Of a string, bytes or message; empty otherwise. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** The fields of one message, until its end or the first byte that makes no sense. */
function* fields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < message.length; scale *= 128) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const kind = key % 8;
    let value = 0;
    let length = 0;
    if (kind === 0) value = varint();
    else if (kind === 1) length = 8;
    else if (kind === 2) length = varint();
    else if (kind === 5) length = 4;
    else return;
    if (!(length <= message.length - at) || Number.isNaN(value)) return;
    yield { number, value, bytes: kind === 2 ? message.subarray(at, at + length) : NOTHING };
    at += length;
  }
}

interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
}

function readTensor(message: Uint8Array): Tensor {
  const dims: number[] = [];
  let name = '';
  for (const { number, value, bytes } of fields(message)) {
    if (number === 1 && bytes.length === 0) dims.push(value);
    else if (number === 1) dims.push(...packed(bytes));
    else if (number === 8) name = new TextDecoder().decode(bytes);
  }
  return { name, dims };
}

/** Repeated numbers may also be written as one run of varints. */
function* packed(bytes: Uint8Array): Generator<number> {
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte >= 0x80) continue;
    yield value;
    value = 0;
    scale = 1;
  }
}

/**
 * The longest input in tokens, or `undefined` when the model has no table of positions (or hides it).
 * Models of the RoBERTa family number positions from 2: a table of 514 rows serves 512 tokens.
 */
export function positionLimit(model: Uint8Array): number | undefined {
  for (const { number, bytes: graph } of fields(model)) {
    if (number !== 7) continue;
    for (const { number: part, bytes } of fields(graph)) {
      if (part !== 5) continue;
      const { name, dims } = readTensor(bytes);
      const rows = dims[0]!;
      if (dims.length === 2 && /position_embeddings|position_embedding\.|wpe/.test(name))
        return rows % 8 === 2 ? rows - 2 : rows;
    }
  }
  return undefined;
}
