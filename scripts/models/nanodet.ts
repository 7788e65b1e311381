// Writes NanoDet as ONNX in the form that ships: RGB bytes in, any multiple of 32 as size, the classes we ask for out; in
// 8-bit integers (one file) and in float (the other).
//
// Integers: activations in 8 bits unsigned, by measured ranges; weights in 7 bits, a scale for each output channel. Eight
// bits would saturate the 16-bit sums of processors without VNNI and give other scores there. Quantise and dequantise
// nodes stand around every operation (QDQ), LeakyRelu too, and a concatenation shares one scale with what goes into it:
// only then does onnxruntime run the whole of it in integers. The three heads stay float: their bins are few and count.
//
// Float: the weights are stored in 12 bits, which onnxruntime unfolds once when it loads the file. Scores are 0.001
// from those of the plain conversion on average, and the file is a quarter smaller than in half precision.

import { type Convolution, INPUT, type Layer, type Network } from './network.js';
import { type Attribute, OnnxGraph } from './onnx.js';

/** Smallest and largest value of each tensor, by name. */
export type Ranges = Readonly<Record<string, readonly [number, number]>>;

/**
 * COCO's numbers of the classes kept, in the order of the output's channels: person; bicycle, car, motorcycle, airplane,
 * bus, train, truck, boat; bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe.
 */
const CLASSES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];
const COCO_CLASSES = 80;
/** 11 bins for each of 4 sides. */
const BINS = 44;

/** What the network was trained on: (BGR - mean) / deviation. */
const MEAN = [103.53, 116.28, 123.675];
const DEVIATION = [57.375, 57.12, 58.395];
/** The byte that counts as zero, with which pictures are padded too. */
const GREY = 114;

const WEIGHT_LIMIT = 63;
const STRIDES = [8, 16, 32];
/** uint4 came with 21. */
const OPSET = { integer: 13, float: 21 };

/**
 * @param ranges write integers by these; without them, float
 * @param inspect write every inner tensor as an output too, for measuring ranges
 */
export function buildNanoDet(network: Network, ranges?: Ranges, inspect = false): Uint8Array {
  return new Builder(network, ranges).build(inspect);
}

/** The tensors whose ranges are wanted: every layer's output but the heads'. */
export function rangedTensors({ layers, heads }: Network): string[] {
  return layers.map(({ output }) => output).filter((output) => !heads.includes(output));
}

class Builder {
  readonly #graph = new OnnxGraph('nanodet');
  readonly #network: Network;
  readonly #ranges: Ranges | undefined;
  /** Tensors that take their scale from another: concatenated from it, or only sorted or mixed from it. */
  readonly #scaledAs = new Map<string, string>();
  readonly #scales = new Map<string, number>();
  readonly #quantized = new Set<string>();

  constructor(network: Network, ranges: Ranges | undefined) {
    this.#network = network;
    this.#ranges = ranges;
    for (const layer of network.layers) {
      if (layer.kind === 'pool' || layer.kind === 'resize')
        this.#scaledAs.set(layer.output, this.#scaleOf(layer.input));
      if (layer.kind === 'concat') for (const input of layer.inputs) this.#scaledAs.set(input, layer.output);
    }
  }

  build(inspect: boolean): Uint8Array {
    const graph = this.#graph;
    graph.input('rgb', 'uint8', [1, 'height', 'width', 3]);
    graph.node('Transpose', ['rgb'], { perm: [0, 3, 1, 2] }, [`${INPUT}/q`]);
    this.#quantized.add(INPUT);
    this.#setScale(INPUT, 1, GREY);
    for (const layer of this.#network.layers) this.#add(layer);
    for (const [i, head] of this.#network.heads.entries()) {
      const output = `out${STRIDES[i]}`;
      graph.node('Identity', [head], {}, [output]);
      graph.output(output, 'float32', [1, CLASSES.length + BINS, `rows${STRIDES[i]}`, `columns${STRIDES[i]}`]);
    }
    if (inspect) for (const name of rangedTensors(this.#network)) graph.output(name, 'float32', [1, 'c', 'h', 'w']);
    return graph.encode(this.#ranges ? OPSET.integer : OPSET.float);
  }

  #add(layer: Layer): void {
    if (layer.kind === 'convolution') {
      this.#addConvolution(this.#prepared(layer));
      return;
    }
    const inputs = 'inputs' in layer ? layer.inputs : [layer.input];
    const [operator, attributes, ...others] = this.#described(layer);
    this.#graph.node(operator, [...inputs.map((input) => this.#read(input)), ...others], attributes, [layer.output]);
  }

  #described(layer: Exclude<Layer, Convolution>): [string, Record<string, Attribute>, ...string[]] {
    switch (layer.kind) {
      case 'leaky':
        return ['LeakyRelu', { alpha: { float: layer.slope } }];
      case 'pool': {
        const { size, stride, padding } = layer;
        return ['MaxPool', { kernel_shape: [size, size], strides: [stride, stride], pads: padding }];
      }
      case 'concat':
        return ['Concat', { axis: 1 }];
      case 'add':
        return ['Add', {}];
      case 'resize': {
        const scales = this.#graph.floats([1, 1, layer.scale, layer.scale], [4]);
        return ['Resize', { mode: 'linear', coordinate_transformation_mode: 'half_pixel' }, '', scales];
      }
    }
  }

  #addConvolution(layer: Convolution): void {
    const { input, output, shape, stride, padding } = layer;
    const attributes = { kernel_shape: shape.slice(2), strides: [stride, stride], pads: padding };
    const x = this.#read(input);
    const isInteger = this.#ranges !== undefined && !this.#network.heads.includes(output);
    const constants = isInteger ? this.#integerWeights(layer) : this.#floatWeights(layer);
    this.#graph.node('Conv', [x, ...constants], attributes, [output]);
  }

  /** Normalisation goes into the first convolution, and the last ones lose the classes nobody asks for. */
  #prepared(layer: Convolution): Convolution {
    if (layer.input === INPUT) return normalising(layer);
    if (!this.#network.heads.includes(layer.output)) return layer;
    const channels = [...CLASSES, ...Array.from({ length: BINS }, (_, i) => COCO_CLASSES + i)];
    const size = layer.weights.length / layer.shape[0];
    const weights = new Float32Array(channels.length * size);
    for (const [i, channel] of channels.entries())
      weights.set(layer.weights.subarray(channel * size, (channel + 1) * size), i * size);
    const bias = Float32Array.from(channels, (channel) => layer.bias[channel]);
    return { ...layer, weights, bias, shape: [channels.length, layer.shape[1], layer.shape[2], layer.shape[3]] };
  }

  #integerWeights({ input, output, shape, weights, bias }: Convolution): string[] {
    const [channels] = shape;
    const size = weights.length / channels;
    const inputScale = this.#scales.get(this.#scaleOf(input))!;
    const scales = new Float32Array(channels);
    const values = new Int8Array(weights.length);
    for (let channel = 0; channel < channels; channel++) {
      const own = weights.subarray(channel * size, (channel + 1) * size);
      // wide enough for the bias, too, which is an integer of 32 bits in steps of both scales
      const scale = Math.max(largest(own) / WEIGHT_LIMIT, Math.abs(bias[channel]) / (inputScale * 2 ** 30), 1e-9);
      scales[channel] = scale;
      for (let i = 0; i < size; i++) values[channel * size + i] = Math.round(own[i] / scale);
    }
    const biasScales = scales.map((scale) => scale * inputScale);
    const biases = Int32Array.from(bias, (value, channel) => Math.round(value / biasScales[channel]));
    return [
      this.#dequantized(`${output}/weights`, 'int8', shape, values, scales),
      this.#dequantized(`${output}/bias`, 'int32', [channels], biases, biasScales),
    ];
  }

  #dequantized(
    name: string,
    type: 'int8' | 'int32',
    shape: readonly number[],
    values: Int8Array | Int32Array,
    scales: Float32Array,
  ): string {
    const zeros = type === 'int8' ? new Int8Array(scales.length) : new Int32Array(scales.length);
    const inputs = [
      this.#graph.tensor(type, shape, values),
      this.#graph.tensor('float32', [scales.length], scales),
      this.#graph.tensor(type, [scales.length], zeros),
    ];
    return this.#graph.node('DequantizeLinear', inputs, { axis: 0 }, [name]);
  }

  /** Twelve bits: the upper eight in one tensor, the lower four in another. */
  #floatWeights({ shape, weights, bias }: Convolution): string[] {
    const graph = this.#graph;
    const biases = graph.floats(bias, [bias.length]);
    if (this.#ranges) return [graph.floats(weights, shape), biases];
    const size = weights.length / shape[0];
    const scales = new Float32Array(shape[0]);
    const upper = new Int8Array(weights.length);
    const lower = new Uint8Array(Math.ceil(weights.length / 2));
    for (let channel = 0; channel < shape[0]; channel++) {
      scales[channel] = Math.max(largest(weights.subarray(channel * size, (channel + 1) * size)) / 2047, 1e-9);
      for (let i = channel * size; i < (channel + 1) * size; i++) {
        const value = Math.round(weights[i] / scales[channel]);
        upper[i] = value >> 4;
        lower[i >> 1] |= (value & 15) << (4 * (i & 1));
      }
    }
    const cast = (tensor: string) => graph.node('Cast', [tensor], { to: 1 });
    const high = graph.node('Mul', [cast(graph.tensor('int8', shape, upper)), graph.floats([16], [])]);
    const steps = graph.node('Add', [high, cast(graph.tensor('uint4', shape, lower))]);
    return [graph.node('Mul', [steps, graph.floats(scales, [shape[0], 1, 1, 1])]), biases];
  }

  /** The name under which a layer reads a tensor: itself in float, else what is left of it after quantising. */
  #read(tensor: string): string {
    if (!this.#ranges && tensor !== INPUT) return tensor;
    const scale = this.#scaleOf(tensor);
    const parameters = [`${scale}/scale`, `${scale}/zero`];
    if (!this.#scales.has(scale)) {
      const [low, high] = [Math.min(0, this.#ranges![scale][0]), Math.max(0, this.#ranges![scale][1])];
      const step = (high - low) / 255;
      this.#setScale(scale, step, Math.round(-low / step));
    }
    if (!this.#quantized.has(tensor)) {
      this.#graph.node('QuantizeLinear', [tensor, ...parameters], {}, [`${tensor}/q`]);
      this.#quantized.add(tensor);
    }
    return this.#graph.node('DequantizeLinear', [`${tensor}/q`, ...parameters]);
  }

  #setScale(tensor: string, step: number, zero: number): void {
    this.#graph.floats([step], [], `${tensor}/scale`);
    this.#graph.tensor('uint8', [], Uint8Array.of(zero), `${tensor}/zero`);
    this.#scales.set(tensor, Math.fround(step));
  }

  #scaleOf(tensor: string): string {
    const other = this.#scaledAs.get(tensor);
    return other === undefined ? tensor : this.#scaleOf(other);
  }
}

/** Takes bytes less GREY, in RGB, where it took normalised BGR. Its own padding is then GREY instead of the mean. */
function normalising(layer: Convolution): Convolution {
  const [channels, , height, width] = layer.shape;
  const size = height * width;
  const weights = new Float32Array(layer.weights.length);
  const bias = Float32Array.from(layer.bias);
  for (let channel = 0; channel < channels; channel++)
    for (let color = 0; color < 3; color++)
      for (let i = 0; i < size; i++) {
        const value = layer.weights[(channel * 3 + color) * size + i] / DEVIATION[color];
        weights[(channel * 3 + 2 - color) * size + i] = value;
        bias[channel] += value * (GREY - MEAN[color]);
      }
  return { ...layer, weights, bias };
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
