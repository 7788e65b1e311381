// A part of a picture as a net wants it: RGB bytes of a given size, scaled with its shape kept, in the upper left corner,
// grey beside or below. Stretching instead costs people: nets know how wide a person is.

import type { Matrix } from '../engine/colors.js';
import type { Picture, Rect, Size } from './detection.js';

/** What fills the rest; the nets take it for nothing. */
const GREY = 114;
/** Lines from which on video is taken for BT.709 where it does not say. */
const HIGH_DEFINITION = 720;

/** Net pixels a picture pixel. */
export function letterboxScale(region: Size, size: Size): number {
  return Math.min(size.width / region.width, size.height / region.height);
}

/** A rectangle of net pixels, as it lies in the picture. */
export function fromLetterbox(box: Rect, region: Rect, size: Size): Rect {
  const scale = letterboxScale(region, size);
  return {
    x: region.x + box.x / scale,
    y: region.y + box.y / scale,
    width: box.width / scale,
    height: box.height / scale,
  };
}

/**
 * @param region whole or part of the picture, of some width and height; where it sticks out, the edge is repeated
 * @returns `size.width * size.height * 3` bytes
 */
export function letterboxRgb(picture: Picture, region: Rect, size: Size): Uint8Array {
  const scale = letterboxScale(region, size);
  const width = Math.max(1, Math.min(size.width, Math.round(region.width * scale)));
  const height = Math.max(1, Math.min(size.height, Math.round(region.height * scale)));
  const [first, second, third] = planesOf(picture).map((plane) => sample(plane, region, scale, width, height));
  const convert = picture.format === 'rgb24' ? copy : yuvToRgb(picture);
  const rgb = new Uint8ClampedArray(size.width * size.height * 3).fill(GREY);
  for (let y = 0, from = 0; y < height; y++)
    for (let x = 0, to = y * size.width * 3; x < width; x++, from++, to += 3)
      convert(rgb, to, first[from], second[from], third[from]);
  return new Uint8Array(rgb.buffer);
}

/** One component of a picture. */
interface Plane extends Size {
  readonly data: Uint8Array;
  /** Bytes from one sample to the next. */
  readonly step: number;
  /** Samples a picture pixel. */
  readonly density: number;
}

function planesOf({ data, width, height, format }: Picture): Plane[] {
  if (format === 'rgb24')
    return [0, 1, 2].map((component) => ({ data: data.subarray(component), width, height, step: 3, density: 1 }));
  const half = { width: width / 2, height: height / 2, step: 1, density: 0.5 };
  const pixels = width * height;
  return [
    { data: data.subarray(0, pixels), width, height, step: 1, density: 1 },
    { data: data.subarray(pixels, (pixels * 5) / 4), ...half },
    { data: data.subarray((pixels * 5) / 4, (pixels * 3) / 2), ...half },
  ];
}

/** What weights are counted in while rows are added up. */
const UNIT = 2 ** 16;

/** Bilinear, with the filter widened where the plane has more samples than the net: rows first, then columns. */
function sample(
  { data, width, height, step, density }: Plane,
  region: Rect,
  scale: number,
  columns: number,
  rows: number,
) {
  const across = tapsOf(region.x * density, scale / density, columns, width);
  const down = tapsOf(region.y * density, scale / density, rows, height);
  const from = across.from;
  const length = across.to - from;
  const row = new Int32Array(length); // integers: the loop over all samples takes a third less
  const result = new Float32Array(columns * rows);
  for (let y = 0, at = 0; y < rows; y++) {
    row.fill(0);
    for (let tap = down.start[y]; tap < down.start[y + 1]; tap++) {
      const weight = Math.round(down.weight[tap] * UNIT);
      for (let x = 0, source = (down.source[tap] * width + from) * step; x < length; x++, source += step)
        row[x] += Math.imul(weight, data[source]);
    }
    for (let x = 0; x < columns; x++, at++) {
      let sum = 0;
      for (let tap = across.start[x]; tap < across.start[x + 1]; tap++)
        sum += across.weight[tap] * row[across.source[tap] - from];
      result[at] = sum / UNIT;
    }
  }
  return result;
}

/** For each of `count` results, the samples it is made of: those from `start[i]` up to `start[i + 1]`. */
interface Taps {
  readonly start: Int32Array;
  readonly source: Int32Array;
  readonly weight: Float32Array;
  /** The samples used lie from `from` up to `to`. */
  readonly from: number;
  readonly to: number;
}

/** @param scale results a sample */
function tapsOf(origin: number, scale: number, count: number, limit: number): Taps {
  const radius = Math.max(1, 1 / scale);
  const start = new Int32Array(count + 1);
  const source: number[] = [];
  const weight: number[] = [];
  for (let i = 0; i < count; i++) {
    const centre = origin + (i + 0.5) / scale - 0.5;
    const [first, last] = [Math.floor(centre - radius) + 1, Math.ceil(centre + radius) - 1];
    let sum = 0;
    for (let k = first; k <= last; k++) sum += radius - Math.abs(k - centre);
    for (let k = first; k <= last; k++) {
      source.push(Math.min(limit - 1, Math.max(0, k)));
      weight.push((radius - Math.abs(k - centre)) / sum);
    }
    start[i + 1] = source.length;
  }
  const from = source.reduce((least, value) => Math.min(least, value), limit);
  const to = source.reduce((most, value) => Math.max(most, value + 1), 0);
  return { start, source: Int32Array.from(source), weight: Float32Array.from(weight), from, to };
}

type Convert = (rgb: Uint8ClampedArray, at: number, first: number, second: number, third: number) => void;

function copy(rgb: Uint8ClampedArray, at: number, red: number, green: number, blue: number): void {
  rgb[at] = red;
  rgb[at + 1] = green;
  rgb[at + 2] = blue;
}

/** Shares of red and blue in luma: ITU-R BT.601-7 and BT.709-6. */
const SHARES: Readonly<Record<Matrix, readonly [number, number]>> = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722] };

function yuvToRgb({ height, range, matrix = height >= HIGH_DEFINITION ? 'bt709' : 'bt601' }: Picture): Convert {
  const [red, blue] = SHARES[matrix];
  const green = 1 - red - blue;
  const [black, light, color] = range === 'full' ? [0, 1, 1] : [16, 255 / 219, 255 / 224];
  const redOfV = (2 - 2 * red) * color;
  const blueOfU = (2 - 2 * blue) * color;
  return (rgb, at, y, u, v) => {
    const luma = (y - black) * light;
    const toRed = redOfV * (v - 128);
    const toBlue = blueOfU * (u - 128);
    rgb[at] = luma + toRed;
    rgb[at + 1] = luma - (red * toRed + blue * toBlue) / green;
    rgb[at + 2] = luma + toBlue;
  };
}
