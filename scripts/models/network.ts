// NanoDet as its authors meant it: in NCHW, with paddings and biases where they belong. The TensorFlow.js graph is the
// same network after two conversions, wrapped in 83 transpositions and 29 separate paddings; this unwraps it.

import { permute, readTfjs } from './tfjs.js';

/** Top, left, bottom, right. */
export type Padding = readonly [number, number, number, number];

/** Tensors have names. */
export type Layer =
  | Convolution
  | { readonly kind: 'leaky'; readonly input: string; readonly output: string; readonly slope: number }
  | {
      readonly kind: 'pool';
      readonly input: string;
      readonly output: string;
      readonly size: number;
      readonly stride: number;
      readonly padding: Padding;
    }
  | { readonly kind: 'resize'; readonly input: string; readonly output: string; readonly scale: number }
  | { readonly kind: 'concat' | 'add'; readonly inputs: readonly string[]; readonly output: string };

export interface Convolution {
  readonly kind: 'convolution';
  readonly input: string;
  readonly output: string;
  /** Out, in, height, width. */
  readonly shape: readonly [number, number, number, number];
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly stride: number;
  readonly padding: Padding;
}

export interface Network {
  readonly layers: readonly Layer[];
  /** The last convolutions, for strides 8, 16 and 32: 80 classes and 44 edge bins in one. */
  readonly heads: readonly string[];
}

export const INPUT = 'pixels';
const NO_PADDING: Padding = [0, 0, 0, 0];

/** What a tensor of the wrapped graph is in the network. */
interface Unwrapped {
  readonly tensor: string;
  readonly layout: 'nchw' | 'nhwc';
  readonly padding: Padding;
  /** Height in pixels for an input of 416. */
  readonly height: number;
}

/** @throws Error when the graph is not the one this was written for */
export function readNanoDet(path: string): Network {
  const { operations, constants } = readTfjs(path);
  const layers: Layer[] = [];
  const heads: string[] = [];
  const known = new Map<string, Unwrapped>();
  let count = 0;
  const name = (kind: string) => `${kind}${count++}`;

  for (const { operator, name: output, inputs, attributes } of operations) {
    const constant = (at: number) => {
      const found = constants.get(inputs.at(at)!);
      if (found === undefined) throw new Error(`${output}: input ${at} should be constant`);
      return found;
    };
    const x = known.get(inputs[0]) ?? known.get(inputs[1]);
    if (operator === 'Placeholder') {
      known.set(output, { tensor: INPUT, layout: 'nchw', padding: NO_PADDING, height: 416 });
      continue;
    }
    if (x === undefined) continue; // arithmetic on shapes
    const add = (layer: Layer, height = x.height, layout = x.layout): void => {
      layers.push(layer);
      known.set(output, { tensor: layer.output, layout, padding: NO_PADDING, height });
    };
    switch (operator) {
      case 'Pad':
      case 'PadV2': {
        const pairs = constant(1).data;
        const [rows, columns] = x.layout === 'nchw' ? [2, 3] : [1, 2];
        const padding: Padding = [pairs[2 * rows], pairs[2 * columns], pairs[2 * rows + 1], pairs[2 * columns + 1]];
        known.set(output, { ...x, padding });
        break;
      }
      case 'Transpose': {
        const layouts: Record<string, Unwrapped['layout']> = { '0,2,3,1': 'nhwc', '0,3,1,2': 'nchw' };
        known.set(output, { ...x, layout: layouts[[...constant(1).data].join()] ?? x.layout });
        break;
      }
      case 'Conv2D': {
        const { shape, data } = constant(1);
        const [height, width, from, to] = shape;
        const stride = attributes.integers('strides')[1];
        const convolution: Convolution = {
          kind: 'convolution',
          input: x.tensor,
          output: name('conv'),
          shape: [to, from, height, width],
          weights: permute(data as Float32Array, shape, [3, 2, 0, 1]),
          bias: new Float32Array(to),
          stride,
          padding: x.padding,
        };
        add(convolution, x.height / stride, 'nhwc');
        break;
      }
      case 'Add':
      case 'AddV2': {
        const biases = inputs.map((input) => constants.get(input)).find((found) => found !== undefined);
        if (biases === undefined) {
          add({ kind: 'add', inputs: inputs.map((input) => known.get(input)!.tensor), output: name('add') });
          break;
        }
        const biased = layers.find((layer) => layer.output === x.tensor);
        if (biased?.kind !== 'convolution') throw new Error(`${output} adds a constant to what is no convolution`);
        biased.bias.set(biases.data);
        known.set(output, x);
        break;
      }
      case 'LeakyRelu':
        add({ kind: 'leaky', input: x.tensor, output: name('leaky'), slope: attributes.float('alpha')! });
        break;
      case 'MaxPool': {
        const [size, stride] = [attributes.integers('ksize')[1], attributes.integers('strides')[1]];
        const pool = { kind: 'pool', input: x.tensor, output: name('pool'), size, stride, padding: x.padding } as const;
        add(pool, x.height / stride);
        break;
      }
      case 'ConcatV2':
        add({
          kind: 'concat',
          inputs: inputs.slice(0, -1).map((input) => known.get(input)!.tensor),
          output: name('concat'),
        });
        break;
      case 'ResizeBilinear': {
        const [height] = constant(1).data;
        add({ kind: 'resize', input: x.tensor, output: name('resize'), scale: height / x.height }, height);
        break;
      }
      case 'SplitV': // here the network ends: what follows sorts its outputs
        heads.push(x.tensor);
        break;
      default:
        throw new Error(`${output}: the operation ${operator} is not known`);
    }
  }
  return { layers, heads };
}
