// How is an ONNX file written? The protobuf wire format and the few messages of onnx.proto (IR version 8) that a small model needs.

function varint(value) {
  const out = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    const low = Number(rest & 127n);
    if (rest < 128n) return Uint8Array.from([...out, low]);
    out.push(low | 128);
  }
}

const joined = (parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const number = (field, value) => joined([varint(field << 3), varint(value)]);
const bytes = (field, value) => joined([varint((field << 3) | 2), varint(value.length), value]);
const text = (field, value) => bytes(field, new TextEncoder().encode(value));
const message = (field, ...parts) => bytes(field, joined(parts));

const FLOAT = 1;
const INT64 = 7;

/** TensorProto: dims, data_type, name, raw_data. */
function tensor(name, type, dims, data) {
  return joined([
    ...dims.map((size) => number(1, size)),
    number(2, type),
    text(8, name),
    bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}

export const floats = (name, dims, values) => tensor(name, FLOAT, dims, Float32Array.from(values));
export const integers = (name, dims, values) => tensor(name, INT64, dims, BigInt64Array.from(values, BigInt));

/** NodeProto; attributes are integers. */
export function node(operator, inputs, output, attributes = {}) {
  return joined([
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, `${operator}:${output}`),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => message(5, text(1, name), number(3, value), number(20, 2))),
  ]);
}

/** ValueInfoProto; a dimension is a number or a name. */
function value(name, type, dims) {
  const shape = dims.map((size) => message(1, typeof size === 'number' ? number(1, size) : text(2, size)));
  return joined([text(1, name), message(2, message(1, number(1, type), message(2, ...shape)))]);
}

export const integerInput = (name, dims) => value(name, INT64, dims);
export const floatOutput = (name, dims) => value(name, FLOAT, dims);

/** ModelProto of opset 17. */
export function model({ name, nodes, initializers, inputs, outputs }) {
  const graph = joined([
    ...nodes.map((each) => bytes(1, each)),
    text(2, name),
    ...initializers.map((each) => bytes(5, each)),
    ...inputs.map((each) => bytes(11, each)),
    ...outputs.map((each) => bytes(12, each)),
  ]);
  return joined([number(1, 8), text(2, 'corsac'), bytes(7, graph), message(8, text(1, ''), number(2, 17))]);
}
