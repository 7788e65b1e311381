// Synthetic scenes for the story tests: a coloured, textured place under a camera, people in clothes of a fine two-colour
// pattern, and what light and cameras do to the picture. The same seed and the same shot give the same bytes anywhere.

import { dice } from './scenery.js';

/** Somebody in the picture: an oval as wide as 0.4 of its height. Pixels. */
export interface Person {
  /** Left end and top. */
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** Something even and close, in pixels; right and bottom exclusive. */
export interface Slab {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly color: readonly [number, number, number];
}

/** What the camera sees at one moment. */
export interface Shot {
  readonly people?: readonly Person[];
  /** Painted in this order, in front of the people. */
  readonly slabs?: readonly Slab[];
  /** Brightness over the usual; colour follows it. */
  readonly light?: number;
  /** Brightness over the usual right of `from` (pixels), where a shadow or a lamp falls. */
  readonly shade?: { readonly from: number; readonly light: number };
  /** The camera sees no colour, and greens as bright as whites. */
  readonly infrared?: boolean;
  /** Pixels by which the view is off its place. */
  readonly shift?: readonly [number, number];
  /** Another place altogether. */
  readonly elsewhere?: boolean;
}

/** Clothes: squares of this many pixels, in two colours whose mean is like the surroundings. */
const PATTERN = 3;
const CLOTHES = [
  [190, 110, 150],
  [50, 146, 106],
] as const;
/** Levels between the two colours' luma. */
export const PATTERN_CONTRAST = CLOTHES[0][0] - CLOTHES[1][0];
/** Black in limited range. */
const BLACK = 16;
/** Levels of noise in luma to either side, evenly spread. */
const NOISE = 2;
/** Pictures wider than this are textured more coarsely: it is the size they are about. */
const COARSE_FROM = 960;

export class Place {
  readonly width: number;
  readonly height: number;
  readonly #noise: Int8Array;
  readonly #views = new Map<string, Uint8Array>();
  readonly #colorfulness: number;
  readonly #seed: number;
  #roll = 0;

  /** @param colorfulness 0 a grey place, 1 a garden */
  constructor(width: number, height: number, { seed = 1, colorfulness = 1 } = {}) {
    this.width = width;
    this.height = height;
    this.#seed = seed;
    this.#colorfulness = colorfulness;
    const roll = dice(seed + 1000);
    this.#noise = Int8Array.from({ length: 2 * this.bytes + 1 }, () => Math.round((2 * roll() - 1) * NOISE));
  }

  /** Of a yuv420p picture. */
  get bytes(): number {
    return (this.width * this.height * 3) / 2;
  }

  /** Paints a shot; each has its own noise. */
  shoot(shot: Shot, target: Uint8Array): void {
    target.set(this.#view(shot));
    for (const person of shot.people ?? []) this.#dress(person, target);
    for (const slab of shot.slabs ?? []) this.#cover(slab, target);
    this.#expose(shot, target);
    this.#roll = (this.#roll * 16807 + 12345) % this.bytes;
    for (let i = 0; i < this.width * this.height; i++)
      target[i] = Math.min(255, Math.max(0, target[i] + this.#noise[this.#roll + i]));
    if (shot.infrared) target.fill(128, this.width * this.height);
  }

  /** Indices of the luma pixels somebody fills. */
  pixelsOf(person: Person): number[] {
    const pixels: number[] = [];
    forEachPixel(person, this.width, this.height, (x, y) => pixels.push(y * this.width + x));
    return pixels;
  }

  /** Levels between the means of the pattern's two colours, where a person stands in a picture. */
  patternIn(picture: Uint8Array, person: Person): number {
    const [sums, counts] = [
      [0, 0],
      [0, 0],
    ];
    forEachPixel(person, this.width, this.height, (x, y) => {
      const color = colorAt(person, x, y);
      sums[color] += picture[y * this.width + x];
      counts[color]++;
    });
    return Math.abs(sums[0] / counts[0] - sums[1] / counts[1]);
  }

  /** The place without anybody, before light and noise. */
  #view({ shift: [dx, dy] = [0, 0], elsewhere = false }: Shot): Uint8Array {
    const key = `${dx} ${dy} ${elsewhere}`;
    let view = this.#views.get(key);
    view ??= this.#build(dx, dy, elsewhere ? this.#seed + 77 : this.#seed);
    this.#views.set(key, view);
    return view;
  }

  #build(dx: number, dy: number, seed: number): Uint8Array {
    const pixels = this.width * this.height;
    const view = new Uint8Array(this.bytes);
    const luma = (x: number, y: number) =>
      36 + 90 * value(seed, x / 40, y / 40) + 50 * value(seed + 1, x / 11, y / 11) + 16 * value(seed + 2, x / 3, y / 3);
    const tone = (salt: number) => (x: number, y: number) =>
      128 + Math.round(this.#colorfulness * 44 * (value(seed + salt, x / 50, y / 50) - 0.5));
    this.#fill(view.subarray(0, pixels), 1, (x, y) => luma(x - dx, y - dy));
    this.#fill(view.subarray(pixels, pixels * 1.25), 2, (x, y) => tone(3)(x - dx, y - dy));
    this.#fill(view.subarray(pixels * 1.25), 2, (x, y) => tone(4)(x - dx, y - dy));
    return view;
  }

  /** @param scale pixels of the picture a pixel of the plane, in each direction */
  #fill(plane: Uint8Array, scale: 1 | 2, of: (x: number, y: number) => number): void {
    const width = this.width / scale;
    const step = Math.ceil(this.width / COARSE_FROM);
    for (let i = 0; i < plane.length; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      if (y % step !== 0) plane[i] = plane[i - width];
      else plane[i] = x % step === 0 ? of(x * scale, y * scale) : plane[i - 1];
    }
  }

  #dress(person: Person, target: Uint8Array): void {
    forEachPixel(person, this.width, this.height, (x, y) =>
      this.#dab(target, x, y, CLOTHES[colorAt(person, x, y)] as readonly [number, number, number]),
    );
  }

  #cover({ left, top, right, bottom, color }: Slab, target: Uint8Array): void {
    for (let y = top; y < Math.min(bottom, this.height); y++)
      for (let x = left; x < Math.min(right, this.width); x++) this.#dab(target, x, y, color);
  }

  #dab(target: Uint8Array, x: number, y: number, [luma, u, v]: readonly [number, number, number]): void {
    const { width, height } = this;
    target[y * width + x] = luma;
    if (x % 2 !== 0 || y % 2 !== 0) return;
    const chroma = width * height + ((y / 2) * width) / 2 + x / 2;
    target[chroma] = u;
    target[chroma + (width * height) / 4] = v;
  }

  #expose({ light = 1, shade, infrared = false }: Shot, target: Uint8Array): void {
    const pixels = this.width * this.height;
    if (shade) this.#brighten(target, shade.light, shade.from);
    if (infrared)
      for (let i = 0; i < pixels; i++) {
        const column = (i % this.width) >> 1;
        const chroma = pixels + (Math.floor(i / this.width) >> 1) * (this.width >> 1) + column;
        target[i] = Math.min(235, Math.max(16, target[i] * 0.7 + 2 * (128 - target[chroma]) + 30));
      }
    if (light !== 1) this.#brighten(target, light, 0);
  }

  /** Multiplies brightness above black, and colour, right of a column. */
  #brighten(target: Uint8Array, light: number, from: number): void {
    const tables = [BLACK, 128].map((zero) =>
      Uint8ClampedArray.from({ length: 256 }, (_, code) => zero + (code - zero) * light),
    ) as [Uint8ClampedArray, Uint8ClampedArray];
    const pixels = this.width * this.height;
    for (let i = 0; i < pixels; i++) if (i % this.width >= from) target[i] = tables[0][target[i]];
    const width = this.width / 2;
    for (let i = 0; i < pixels / 2; i++) if (i % width >= from / 2) target[pixels + i] = tables[1][target[pixels + i]];
  }
}

function colorAt({ x: left, y: top }: Person, x: number, y: number): 0 | 1 {
  const parity = Math.floor((x - left) / PATTERN) + Math.floor((y - top) / PATTERN);
  return parity % 2 === 0 ? 0 : 1;
}

function forEachPixel({ x, y, height }: Person, width: number, rows: number, visit: (x: number, y: number) => void) {
  const [rx, ry] = [height * 0.2, height / 2];
  for (let row = Math.max(0, y); row < Math.min(rows, y + height); row++)
    for (let column = Math.max(0, x); column < Math.min(width, x + height * 0.4); column++)
      if (((column + 0.5 - x - rx) / rx) ** 2 + ((row + 0.5 - y - ry) / ry) ** 2 <= 1) visit(column, row);
}

/** Smooth noise, 0..1: chance at whole numbers, joined by smoothsteps. */
function value(seed: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const smooth = (t: number) => t * t * (3 - 2 * t);
  const [fx, fy] = [smooth(x - left), smooth(y - top)];
  const row = (at: number) => chance(seed, left, at) * (1 - fx) + chance(seed, left + 1, at) * fx;
  return row(top) * (1 - fy) + row(top + 1) * fy;
}

function chance(seed: number, x: number, y: number): number {
  let h = Math.imul(seed, 0x27d4eb2f) ^ Math.imul(x, 0x85ebca6b) ^ Math.imul(y, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}
