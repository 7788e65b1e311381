// Layouts of nets a user may bring: YuNet for faces (OpenCV's face detector), YOLOX for people or licence plates. The file's
// ports are checked when it is loaded: a net of another layout would answer, too, but with nonsense.
// Sources: W. Wu, YuNet (libfacedetection); Ge et al., "YOLOX: Exceeding YOLO Series in 2021".

import { InputError } from '../errors.js';
import { within } from './boxes.js';
import type { Detection, Kind, Picture, Rect, Size } from './detection.js';
import { fromLetterbox } from './letterbox.js';
import type { Net, Port } from './runtime.js';

export const LAYOUTS = ['yunet', 'yolox'] as const;
export type Layout = (typeof LAYOUTS)[number];

const STRIDES = [8, 16, 32];
const YUNET_OUTPUTS = STRIDES.flatMap((stride) => ['cls', 'obj', 'bbox'].map((name) => `${name}_${stride}`));
/** For nets that take any size. */
const FREE_SIZE = 640;
const MULTIPLE = 32;

/**
 * Size of the net's input.
 * @param what the file, for the message
 * @throws InputError when the net is not of this layout
 */
export function checkLayout({ inputs, outputs }: Net, layout: Layout, what: string): Size {
  const wrong = (found: string) => {
    const wanted =
      layout === 'yunet' ? `outputs ${YUNET_OUTPUTS[0]} to ${YUNET_OUTPUTS.at(-1)}` : 'one output [1, n, 5+]';
    const shape = `one float32 input [1, 3, height, width] and ${wanted}`;
    return new InputError(`the model ${what} is not of the layout ${layout}: it has ${found}; needed: ${shape}`);
  };
  const [input] = inputs;
  if (inputs.length !== 1 || input.type !== 'float32' || input.shape.length !== 4 || input.shape[1] !== 3)
    throw wrong(`the inputs ${inputs.map(describe).join(', ')}`);
  const [height, width] = input.shape.slice(2).map((size) => (typeof size === 'number' ? size : FREE_SIZE));
  if (width % MULTIPLE !== 0 || height % MULTIPLE !== 0) throw wrong(`the input ${describe(input)}`);
  const classes = outputs[0]?.shape.at(-1);
  const fits =
    layout === 'yunet'
      ? YUNET_OUTPUTS.every((name) => outputs.some((output) => output.name === name))
      : outputs.length === 1 && outputs[0].shape.length === 3 && !(typeof classes === 'number' && classes < 6);
  if (!fits) throw wrong(`the outputs ${outputs.map(describe).join(', ')}`);
  return { width, height };
}

/** Planes of the plain bytes, blue first: what both layouts want. */
export function planarBgr(rgb: Uint8Array): Float32Array {
  const pixels = rgb.length / 3;
  const planes = new Float32Array(rgb.length);
  for (let pixel = 0, at = 0; pixel < pixels; pixel++)
    for (let plane = 2; plane >= 0; plane--, at++) planes[plane * pixels + pixel] = rgb[at];
  return planes;
}

/** Where the picture's part was put in the net's input. */
interface View {
  readonly picture: Picture;
  readonly region: Rect;
  readonly size: Size;
}

/** Score is the root of class times presence. @throws Error when a number is none */
export function decodeYuNet(
  outputs: Readonly<Record<string, Float32Array>>,
  view: View,
  threshold: number,
): Detection[] {
  return STRIDES.flatMap((stride) => {
    const [classes, presence, boxes] = ['cls', 'obj', 'bbox'].map((name) => outputs[`${name}_${stride}`]);
    return decodeCells('face', view, [stride], threshold, (cell) => ({
      score: Math.sqrt(unit(classes[cell]) * unit(presence[cell])),
      box: boxes.subarray(4 * cell, 4 * cell + 4),
    }));
  });
}

/** Score is presence times that of the first class: person of COCO, or the plate. @throws Error when a number is none */
export function decodeYolox(output: Float32Array, view: View, kind: Kind, threshold: number): Detection[] {
  const cells = STRIDES.reduce((sum, stride) => sum + (view.size.width / stride) * (view.size.height / stride), 0);
  const values = output.length / cells;
  if (!Number.isInteger(values) || values < 6) throw new Error('the net has another output than its size asks for');
  return decodeCells(kind, view, STRIDES, threshold, (cell) => ({
    score: output[cell * values + 4] * output[cell * values + 5],
    box: output.subarray(cell * values, cell * values + 4),
  }));
}

interface Cell {
  readonly score: number;
  /** Centre's distance from the cell in cells, and logarithms of the sides in cells. */
  readonly box: Float32Array;
}

function decodeCells(
  kind: Kind,
  { picture, region, size }: View,
  strides: readonly number[],
  threshold: number,
  read: (cell: number) => Cell,
): Detection[] {
  const found: Detection[] = [];
  let cell = 0;
  for (const stride of strides)
    for (let y = 0; y < size.height / stride; y++)
      for (let x = 0; x < size.width / stride; x++, cell++) {
        const { score, box } = read(cell);
        if (score < threshold) continue;
        const [width, height] = [Math.exp(box[2]) * stride, Math.exp(box[3]) * stride];
        const [left, top] = [(x + box[0]) * stride - width / 2, (y + box[1]) * stride - height / 2];
        if (!Number.isFinite(score + left + top + width + height)) throw new Error('the net answered with no numbers');
        const rect = within(fromLetterbox({ x: left, y: top, width, height }, region, size), picture);
        if (rect.width > 0 && rect.height > 0) found.push({ kind, score: Math.min(1, score), box: rect });
      }
  return found;
}

function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function describe({ name, type, shape }: Port): string {
  return `${name} ${type} [${shape.join(', ')}]`;
}
