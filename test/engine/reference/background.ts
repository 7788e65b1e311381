// Reference of kernels/background.as.ts: one cell at a time. The model is model[y][x][k]: SAMPLES past colours a cell.
import { type Cells, makePlane, type Plane } from '../arena.js';
import { scaleByte } from './downscale.js';

export const SAMPLES = 16;
/** Cells of a group, side by side; a row starts with a new group. */
export const GROUP = 16;

export type Colour = readonly [y: number, u: number, v: number];
export type Model = Plane<readonly Colour[]>;

const near = (a: number, b: number, reach: number) => Math.abs(a - b) <= reach;

export interface ChromaLimits {
  readonly chromaShare: number;
  readonly chromaLeast: number;
}

/** A cell is foreground unless at least two of its samples lie within its radius, in luma and both chromas. */
export function compare(
  picture: Plane<Colour>,
  model: Model,
  radius: Plane<number>,
  { chromaShare, chromaLeast }: ChromaLimits,
): boolean[][] {
  return picture.map((row, y) =>
    row.map(([luma, u, v], x) => {
      const reach = radius[y][x];
      const chroma = Math.max(chromaLeast, Math.floor((reach * chromaShare) / 256));
      const like = (s: Colour) => near(luma, s[0], reach) && near(u, s[1], chroma) && near(v, s[2], chroma);
      return model[y][x].filter(like).length < 2;
    }),
  );
}

/** Two numbers hashed to 32 bits, to draw lots with. The constants are the kernel's. */
function mix(a: number, b: number): number {
  let h = (Math.imul(a, 0x9e3779b1) + Math.imul(b, 0x85ebca77)) >>> 0;
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d) >>> 0;
  h ^= h >>> 12;
  return h >>> 0;
}

export interface Turn {
  /** Groups whose turn it is, counted along the rows. */
  readonly first: number;
  readonly last: number;
  readonly seed: number;
}

/**
 * All groups of a turn replace the same sample, drawn by the seed. Each draws whether its cells take their own colour for
 * it or that of a neighbour, the same way for all 16. Frozen cells take nothing, and nothing is taken from frozen cells nor from beyond the picture's right edge; a
 * neighbour beyond the group stands for the column itself, and above and below the picture the own colour is taken.
 */
export function absorb(picture: Plane<Colour>, model: Model, frozen: Cells, { first, last, seed }: Turn): Model {
  const [columns, rows] = [picture[0].length, picture.length];
  const groupsPerRow = Math.ceil(columns / GROUP);
  const chosen = Math.floor(mix(seed, 0) / 2 ** 24) % SAMPLES;
  return model.map((row, y) =>
    row.map((samples, x) => {
      const group = y * groupsPerRow + Math.floor(x / GROUP);
      if (group < first || group >= last || frozen[y][x]) return samples;
      const lot = mix(seed, group);
      const ofNeighbour = lot % 2 === 1;
      const aside = (Math.floor(lot / 2 ** 8) % 3) - 1;
      const down = (Math.floor(lot / 2 ** 16) % 3) - 1;
      let [fromX, fromY] = [x, y];
      if (ofNeighbour && y + down >= 0 && y + down < rows) {
        const inGroup = Math.floor((x + aside) / GROUP) === Math.floor(x / GROUP);
        [fromX, fromY] = [inGroup ? x + aside : x, y + down];
        if (fromX >= columns || frozen[fromY][fromX]) return samples;
      }
      return samples.map((sample, k) => (k === chosen ? picture[fromY][fromX] : sample));
    }),
  );
}

/** The cells in `which` know nothing but their present colour. */
export function adopt(picture: Plane<Colour>, model: Model, which: Cells): Model {
  return model.map((row, y) => row.map((samples, x) => (which[y][x] ? samples.map(() => picture[y][x]) : samples)));
}

/** `gain` is 8.8 fixed point. */
export function rescale(model: Model, gain: number, black: number): Model {
  const scaled = ([y, u, v]: Colour): Colour => [
    scaleByte(y, gain, black),
    scaleByte(u, gain, 128),
    scaleByte(v, gain, 128),
  ];
  return model.map((row) => row.map((samples) => samples.map(scaled)));
}

export interface Adaption extends Omit<Turn, 'seed'> {
  readonly grow: number;
  readonly most: number;
}

/** Where the foreground came or went, outside of what is frozen, the radius grows; in the groups whose turn it is it shrinks. */
export function adaptRadius(
  radius: Plane<number>,
  floor: Plane<number>,
  now: Cells,
  before: Cells,
  frozen: Cells,
  { first, last, grow, most }: Adaption,
): number[][] {
  const groupsPerRow = Math.ceil(radius[0].length / GROUP);
  return makePlane(radius[0].length, radius.length, (x, y) => {
    const group = y * groupsPerRow + Math.floor(x / GROUP);
    const blinking = now[y][x] !== before[y][x] && !frozen[y][x];
    const grown = blinking ? Math.min(most, radius[y][x] + grow) : radius[y][x];
    return group >= first && group < last ? Math.max(floor[y][x], grown - 1) : grown;
  });
}

/** The middle one of the values; of an even number the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The median change from one value to the next; of an even number the upper one in the middle, of none 0. */
export function restlessness(values: readonly number[]): number {
  return values.length < 2 ? 0 : median(values.slice(1).map((value, i) => Math.abs(value - values[i])));
}

/**
 * Samples are pictures spread over those stored, where they lie within the cell's `reach` of the median, which stands in
 * elsewhere.
 */
export function seed(
  store: readonly Plane<Colour>[],
  middle: Plane<Colour>,
  reach: Plane<number>,
  model: Model,
  which: Cells,
): Model {
  return model.map((row, y) =>
    row.map((samples, x) => {
      if (!which[y][x]) return samples;
      return samples.map((_, k) => {
        const stored = store[Math.floor((k * store.length) / SAMPLES)][y][x];
        return stored.every((value, channel) => near(value, middle[y][x][channel], reach[y][x]))
          ? stored
          : middle[y][x];
      });
    }),
  );
}
