// An ONNX graph in the making: nodes, constants, inputs and outputs by name, and the bytes of the file at the end. Names
// are counted, not drawn, so that the same steps give the same bytes.
// Source of the field numbers: onnx.proto of ONNX 1.16 (IR version 10)

import { bytes, type Field, float, integer, message, text } from './protobuf.js';

/** onnx.proto: TensorProto.DataType. */
const TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10, uint4: 21 } as const;
export type Type = keyof typeof TYPES;

/** A number is an integer attribute; `{ float }` is for the others. */
export type Attribute = number | string | readonly number[] | { readonly float: number };
/** Sizes; a name stands for one that is free. */
export type Shape = readonly (number | string)[];

export class OnnxGraph {
  readonly #name: string;
  readonly #nodes: Field[] = [];
  readonly #constants: Field[] = [];
  readonly #inputs: Field[] = [];
  readonly #outputs: Field[] = [];
  #unnamed = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Adds a node.
   * @param outputs names of its outputs, or how many to name
   * @returns the name of the first output
   */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    outputs: readonly string[] = [this.#fresh()],
  ): string {
    this.#nodes.push(
      message(1, [
        ...inputs.map((name) => text(1, name)),
        ...outputs.map((name) => text(2, name)),
        text(3, `${outputs[0]}/${operator}`),
        text(4, operator),
        ...Object.entries(attributes).map(([name, value]) => message(5, attribute(name, value))),
      ]),
    );
    return outputs[0];
  }

  /** Adds a constant tensor, raw and little-endian, and returns its name. No shape: a single number. */
  tensor(type: Type, shape: readonly number[], data: ArrayBufferView, name = this.#fresh()): string {
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const dimensions = shape.map((size) => integer(1, size));
    this.#constants.push(message(5, [...dimensions, integer(2, TYPES[type]), text(8, name), bytes(9, raw)]));
    return name;
  }

  floats(values: Iterable<number>, shape: readonly number[], name?: string): string {
    return this.tensor('float32', shape, Float32Array.from(values), name);
  }

  integers(values: readonly number[], name?: string): string {
    return this.tensor('int64', [values.length], BigInt64Array.from(values, BigInt), name);
  }

  input(name: string, type: Type, shape: Shape): void {
    this.#inputs.push(message(11, valueInfo(name, type, shape)));
  }

  output(name: string, type: Type, shape: Shape): void {
    this.#outputs.push(message(12, valueInfo(name, type, shape)));
  }

  /** The file. @param opset version of the operators' meaning */
  encode(opset: number): Uint8Array {
    const graph = [...this.#nodes, text(2, this.#name), ...this.#constants, ...this.#inputs, ...this.#outputs];
    return Buffer.concat([
      integer(1, 10),
      text(2, 'privacy-shield'),
      message(7, graph),
      message(8, [text(1, ''), integer(2, opset)]),
    ]);
  }

  #fresh(): string {
    return `_${this.#unnamed++}`;
  }
}

/** onnx.proto: AttributeProto, with the codes of AttributeType. */
function attribute(name: string, value: Attribute): Field[] {
  if (typeof value === 'string') return [text(1, name), text(4, value), integer(20, 3)];
  if (typeof value === 'number') return [text(1, name), integer(3, value), integer(20, 2)];
  if ('float' in value) return [text(1, name), float(2, value.float), integer(20, 1)];
  return [text(1, name), ...value.map((item) => integer(8, item)), integer(20, 7)];
}

/** onnx.proto: ValueInfoProto. */
function valueInfo(name: string, type: Type, shape: Shape): Field[] {
  const sizes = shape.map((size) => message(1, [typeof size === 'number' ? integer(1, size) : text(2, size)]));
  return [text(1, name), message(2, [message(1, [integer(1, TYPES[type]), message(2, sizes)])])];
}
