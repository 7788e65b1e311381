// Reads a TensorFlow.js graph model: a JSON file with the nodes, and binary files with their constants one after another.
// Source: tfjs-converter, "Web friendly format" (model.json with modelTopology and weightsManifest).

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
  /** The same as stored, where that is in half precision. */
  readonly halves?: Uint16Array;
}

/** A node that computes something. */
export interface Operation {
  readonly operator: string;
  readonly name: string;
  /** Names of operations or constants, `:1` behind it for a second output. */
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
}

export interface TfjsModel {
  /** In an order in which inputs come before what needs them. */
  readonly operations: readonly Operation[];
  readonly constants: ReadonlyMap<string, Constant>;
}

/** Attributes of one node, by name. */
export class Attributes {
  readonly #raw: Readonly<Record<string, RawAttribute>>;
  constructor(raw: Readonly<Record<string, RawAttribute>>) {
    this.#raw = raw;
  }
  integers(name: string): number[] {
    return (this.#raw[name]?.list?.i ?? []).map(Number);
  }
  text(name: string): string | undefined {
    const { s } = this.#raw[name] ?? {};
    return s === undefined ? undefined : Buffer.from(s, 'base64').toString();
  }
  float(name: string): number | undefined {
    return this.#raw[name]?.f;
  }
  flag(name: string): boolean {
    return this.#raw[name]?.b ?? false;
  }
  /** Sizes; an unknown one is 1. */
  shape(name: string): number[] {
    return (this.#raw[name]?.shape?.dim ?? []).map(({ size }) => Math.max(1, Number(size)));
  }
}

interface RawAttribute {
  readonly s?: string;
  readonly f?: number;
  readonly b?: boolean;
  readonly list?: { readonly i?: readonly string[] };
  readonly shape?: { readonly dim?: readonly { readonly size: string }[] };
}

interface RawModel {
  readonly modelTopology: {
    readonly node: readonly {
      readonly op: string;
      readonly name: string;
      readonly input?: readonly string[];
      readonly attr?: Readonly<Record<string, RawAttribute>>;
    }[];
  };
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly dtype: string;
      readonly quantization?: { readonly dtype: string };
    }[];
  }[];
}

/** @throws Error when a constant is stored in a way this does not know */
export function readTfjs(path: string): TfjsModel {
  const model = JSON.parse(readFileSync(path, 'utf8')) as RawModel;
  const constants = new Map<string, Constant>();
  for (const { paths, weights } of model.weightsManifest) {
    const stored = Buffer.concat(paths.map((name) => readFileSync(join(dirname(path), name))));
    let at = 0;
    for (const { name, shape, dtype, quantization } of weights) {
      const length = shape.reduce((product, size) => product * size, 1);
      const kind = quantization?.dtype ?? dtype;
      if (kind === 'float16') {
        const halves = Uint16Array.from({ length }, (_, i) => stored.readUInt16LE(at + 2 * i));
        constants.set(name, { shape, data: Float32Array.from(halves, fromHalf), halves });
        at += 2 * length;
      } else if (kind === 'int32') {
        constants.set(name, { shape, data: Int32Array.from({ length }, (_, i) => stored.readInt32LE(at + 4 * i)) });
        at += 4 * length;
      } else throw new Error(`${path}: ${name} is stored as ${kind}, expected float16 or int32`);
    }
  }
  const operations = model.modelTopology.node
    .filter(({ op }) => op !== 'Const')
    .map(({ op, name, input = [], attr = {} }) => ({
      operator: op,
      name,
      inputs: input.map((other) => other.replace(/:0$/, '')),
      attributes: new Attributes(attr),
    }));
  return { operations: inOrder(operations), constants };
}

function inOrder(operations: readonly Operation[]): Operation[] {
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  const ordered = new Set<Operation>();
  const visit = (name: string): void => {
    const operation = byName.get(name.replace(/:\d+$/, ''));
    if (operation === undefined || ordered.has(operation)) return;
    for (const input of operation.inputs) visit(input);
    ordered.add(operation);
  };
  for (const { name } of operations) visit(name);
  return [...ordered];
}

/** IEEE 754 binary16; no weight is infinite. */
function fromHalf(half: number): number {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return half >> 15 ? -size : size;
}

/** `data` of `shape` with its axes in another order: axis i of the result is axis `order[i]` of `data`. */
export function permute<T extends Float32Array | Uint16Array>(
  data: T,
  shape: readonly number[],
  order: readonly number[],
): T {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const result = data.slice() as T;
  let to = 0;
  const walk = (depth: number, from: number): void => {
    if (depth === order.length) {
      result[to++] = data[from];
      return;
    }
    const axis = order[depth];
    for (let i = 0; i < shape[axis]; i++) walk(depth + 1, from + i * strides[axis]);
  };
  walk(0, 0);
  return result;
}
