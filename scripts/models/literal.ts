// Converts a TensorFlow.js graph to ONNX operation by operation, as it stands: convolutions get a transposition before and
// after, since one speaks NHWC and the other NCHW. What ships of it is the selfie segmentation; of NanoDet it makes the
// reference which the better conversion (nanodet.ts) is held to and measured against.

import { OnnxGraph } from './onnx.js';
import { type Constant, type Operation, permute, type TfjsModel } from './tfjs.js';

const OPSET = 13;

/**
 * @param bytes take the input as bytes, and divide by 255; else as the model has it
 * @throws Error for an operation this does not know
 */
export function convertLiterally(
  name: string,
  model: TfjsModel,
  outputs: readonly string[],
  bytes = false,
): Uint8Array {
  const graph = new OnnxGraph(name);
  new Converter(graph, model, bytes).convert();
  for (const output of outputs) graph.output(output, 'float32', ['batch', 'height', 'width', 'channels'].slice(0, 4));
  return graph.encode(OPSET);
}

class Converter {
  readonly #graph: OnnxGraph;
  readonly #model: TfjsModel;
  readonly #bytes: boolean;
  readonly #written = new Map<string, string>();

  constructor(graph: OnnxGraph, model: TfjsModel, bytes: boolean) {
    this.#graph = graph;
    this.#model = model;
    this.#bytes = bytes;
  }

  convert(): void {
    for (const operation of this.#model.operations) this.#convert(operation);
  }

  #convert({ operator, name, inputs, attributes }: Operation): void {
    const graph = this.#graph;
    const [first] = inputs;
    const simple = SIMPLE[operator];
    if (inputs.length > 0 && inputs.every((input) => this.#isShape(input))) return; // sums of constants: see #shape
    if (simple !== undefined) {
      graph.node(
        simple,
        inputs.map((input) => this.#value(input)),
        {},
        [name],
      );
      return;
    }
    switch (operator) {
      case 'Placeholder': {
        const shape = attributes.shape('shape');
        graph.input(this.#bytes ? 'bytes' : name, this.#bytes ? 'uint8' : 'float32', shape);
        if (this.#bytes)
          graph.node('Div', [graph.node('Cast', ['bytes'], { to: 1 }), graph.floats([255], [])], {}, [name]);
        return;
      }
      case 'LeakyRelu':
        graph.node('LeakyRelu', [first], { alpha: { float: attributes.float('alpha')! } }, [name]);
        return;
      case 'Relu6':
        graph.node('Clip', [first, graph.floats([0], []), graph.floats([6], [])], {}, [name]);
        return;
      case 'Transpose':
        graph.node('Transpose', [first], { perm: this.#integers(inputs[1]) }, [name]);
        return;
      case 'Pad':
      case 'PadV2': {
        const pairs = this.#integers(inputs[1]);
        const side = (which: number) => pairs.filter((_, i) => i % 2 === which);
        const value = inputs.slice(2).map((input) => this.#value(input));
        graph.node('Pad', [first, graph.integers([...side(0), ...side(1)]), ...value], {}, [name]);
        return;
      }
      case 'ConcatV2':
        graph.node('Concat', inputs.slice(0, -1), { axis: this.#integers(inputs.at(-1)!)[0] }, [name]);
        return;
      case 'Reshape':
        graph.node('Reshape', [first, graph.integers(this.#shape(inputs[1]))], {}, [name]);
        return;
      case 'SplitV': {
        const sizes = this.#integers(inputs[1]);
        const parts = sizes.map((_, i) => (i === 0 ? name : `${name}:${i}`));
        graph.node('Split', [first, graph.integers(sizes)], { axis: this.#integers(inputs[2])[0] }, parts);
        return;
      }
      case 'MaxPool':
      case 'AvgPool':
        this.#inNchw(first, name, (x) =>
          graph.node(operator === 'MaxPool' ? 'MaxPool' : 'AveragePool', [x], {
            kernel_shape: attributes.integers('ksize').slice(1, 3),
            ...this.#steps(attributes),
          }),
        );
        return;
      case 'Conv2D':
      case 'DepthwiseConv2dNative': {
        const depthwise = operator !== 'Conv2D';
        const kernel = this.#constant(inputs[1]);
        const weights = this.#permuted(kernel, depthwise ? [2, 3, 0, 1] : [3, 2, 0, 1]);
        const group = depthwise ? kernel.shape[2] : 1;
        this.#inNchw(first, name, (x) => graph.node('Conv', [x, weights], { group, ...this.#steps(attributes) }));
        return;
      }
      case 'Conv2DBackpropInput': {
        // its filter is height, width, out, in; ConvTranspose wants in, out, height, width
        const weights = this.#permuted(this.#constant(inputs[1]), [3, 2, 0, 1]);
        this.#inNchw(inputs[2], name, (x) => graph.node('ConvTranspose', [x, weights], this.#steps(attributes)));
        return;
      }
      case 'ResizeBilinear': {
        if (!attributes.flag('half_pixel_centers')) throw new Error(`${name} resizes in a way this does not know`);
        this.#inNchw(first, name, (x) => {
          const kept = graph.node('Slice', [graph.node('Shape', [x]), graph.integers([0]), graph.integers([2])]);
          const sizes = graph.node('Concat', [kept, graph.integers(this.#integers(inputs[1]))], { axis: 0 });
          return graph.node('Resize', [x, '', '', sizes], {
            mode: 'linear',
            coordinate_transformation_mode: 'half_pixel',
          });
        });
        return;
      }
      default:
        throw new Error(`${name}: the operation ${operator} is not known`);
    }
  }

  #inNchw(input: string, output: string, convert: (x: string) => string): void {
    const result = convert(this.#graph.node('Transpose', [input], { perm: [0, 3, 1, 2] }));
    this.#graph.node('Transpose', [result], { perm: [0, 2, 3, 1] }, [output]);
  }

  #steps(attributes: Operation['attributes']): { strides: number[]; auto_pad: string } {
    const auto_pad = attributes.text('padding') === 'SAME' ? 'SAME_UPPER' : 'VALID';
    return { strides: attributes.integers('strides').slice(1, 3), auto_pad };
  }

  #constant(name: string): Constant {
    const constant = this.#model.constants.get(name);
    if (constant === undefined) throw new Error(`${name} is not a constant`);
    return constant;
  }

  #integers(name: string): number[] {
    return [...this.#constant(name).data];
  }

  /** Whether a name is a constant, or computed from constants alone. */
  #isShape(name: string): boolean {
    if (this.#model.constants.has(name)) return true;
    const { inputs } = this.#model.operations.find((operation) => operation.name === name) ?? {};
    return inputs !== undefined && inputs.length > 0 && inputs.every((input) => this.#isShape(input));
  }

  /** A shape: a constant, or a constant plus what NanoDet computes for it, which is no more than zeros. */
  #shape(name: string): number[] {
    const constant = this.#model.constants.get(name);
    if (constant !== undefined) return [...constant.data];
    return this.#integers(this.#model.operations.find((operation) => operation.name === name)!.inputs[0]);
  }

  /** The name under which a constant or an operation's output stands in the graph. */
  #value(name: string): string {
    const constant = this.#model.constants.get(name);
    if (constant === undefined) return name;
    const written = this.#written.get(name) ?? this.#graph.floats(constant.data, constant.shape);
    this.#written.set(name, written);
    return written;
  }

  /** Weights stay in half precision in the file. */
  #permuted({ shape, halves }: Constant, order: readonly number[]): string {
    const data = permute(halves!, shape, order);
    const stored = this.#graph.tensor(
      'float16',
      order.map((axis) => shape[axis]),
      data,
    );
    return this.#graph.node('Cast', [stored], { to: 1 });
  }
}

/** Operations that both sides have, by the name the other side gives them. */
const SIMPLE: Readonly<Record<string, string>> = {
  Add: 'Add',
  AddN: 'Sum',
  AddV2: 'Add',
  Identity: 'Identity',
  Mul: 'Mul',
  Relu: 'Relu',
  Sigmoid: 'Sigmoid',
};
