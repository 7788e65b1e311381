// NanoDet's answer, decoded: for each cell of three grids a score a class and, for each side of the box, a distribution
// over distances. Source: R. Lyu, NanoDet (github.com/RangiLyu/nanodet), after "Generalized Focal Loss", Li et al. 2020.

import { within } from './boxes.js';
import type { Detection, Kind, Picture, Rect, Size } from './detection.js';
import { fromLetterbox } from './letterbox.js';

/** Net pixels a cell; the outputs are called `out8`, `out16` and `out32`. */
export const STRIDES = [8, 16, 32] as const;
/** Channels of each kind, first and one past the last, as scripts/models/nanodet.ts writes them. */
const CHANNELS = { person: [0, 1], vehicle: [1, 9], animal: [9, 19] } as const;
const CLASSES = 19;
/** Distances in strides that a side's distribution is over: 0 to 10. */
const BINS = 11;
/** Where the picture's own shape leads: the long side. Found best for speed and recall. */
const LONG_SIDE = 416;

export type NanoDetKind = keyof typeof CHANNELS;

/** Which of these a kind is among. */
export function isNanoDetKind(kind: Kind): kind is NanoDetKind {
  return kind in CHANNELS;
}

/** The net's size for a picture: as long as it was trained on, as high as the shape needs, in multiples of 32. */
export function nanoDetSize({ width, height }: Size): Size {
  const short = (long: number, other: number) => Math.min(LONG_SIDE, Math.ceil((LONG_SIDE * other) / long / 32) * 32);
  return width >= height
    ? { width: LONG_SIDE, height: short(width, height) }
    : { width: short(height, width), height: LONG_SIDE };
}

/**
 * @param outputs by name; channels of rows of columns: the classes' scores before the sigmoid, then four times the bins
 * @param kinds what is wanted
 * @param threshold scores below are left out
 * @throws Error when an output is not a number: it is no answer
 */
export function decodeNanoDet(
  outputs: Readonly<Record<string, Float32Array>>,
  picture: Picture,
  region: Rect,
  kinds: readonly NanoDetKind[],
  threshold: number,
): Detection[] {
  const size = nanoDetSize(region);
  const least = Math.log(threshold / (1 - threshold));
  const found: Detection[] = [];
  for (const stride of STRIDES) {
    const output = outputs[`out${stride}`];
    const columns = size.width / stride;
    const cells = columns * (size.height / stride);
    if (output?.length !== cells * (CLASSES + 4 * BINS)) throw new Error(`out${stride} has not the expected size`);
    for (const kind of kinds)
      for (let cell = 0; cell < cells; cell++) {
        const logit = highest(output, cells, cell, CHANNELS[kind]);
        if (logit < least) continue;
        const side = (which: number) => stride * expectation(output, cells, cell, CLASSES + which * BINS);
        const x = ((cell % columns) + 0.5) * stride;
        const y = (Math.floor(cell / columns) + 0.5) * stride;
        const [left, top, right, bottom] = [side(0), side(1), side(2), side(3)];
        const score = 1 / (1 + Math.exp(-logit));
        if (!Number.isFinite(score + left + top + right + bottom)) throw new Error('the net answered with no numbers');
        const box = { x: x - left, y: y - top, width: left + right, height: top + bottom };
        found.push({ kind, score, box: within(fromLetterbox(box, region, size), picture) });
      }
  }
  return found.filter(({ box }) => box.width > 0 && box.height > 0);
}

/** NaN when one of the channels is. */
function highest(output: Float32Array, cells: number, cell: number, [first, end]: readonly [number, number]): number {
  let best = output[first * cells + cell];
  for (let channel = first + 1; channel < end; channel++) best = Math.max(best, output[channel * cells + cell]);
  return best;
}

/** Mean distance, in strides, of the distribution whose logits begin at `channel`. */
function expectation(output: Float32Array, cells: number, cell: number, channel: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < BINS; bin++) most = Math.max(most, output[(channel + bin) * cells + cell]);
  let [sum, weighted] = [0, 0];
  for (let bin = 0; bin < BINS; bin++) {
    const weight = Math.exp(output[(channel + bin) * cells + cell] - most);
    sum += weight;
    weighted += weight * bin;
  }
  return weighted / sum;
}
