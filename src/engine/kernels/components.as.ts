// Connected components of a bit plane, by runs: each row is cut into runs of set bits, runs that touch are united
// (union by smaller index, path halving), and the parts are kept or dropped by what they hold. The cost goes with the
// number of runs, a few hundred in a calm picture, and not with the number of cells.
//
// A run is 12 bytes: first column, last column + 1, row (u16 each, 2 bytes spare), parent (i32). Statistics of a part
// stand at the index of its root: mass, strength (i32 each), top, bottom, left, right (u16 each, bottom and right
// exclusive). A row of n cells has at most (n + 1) / 2 runs: `tables` holds 28 bytes for each that a plane may have.

import { complement } from './bits.as';

const RUN: usize = 12;
const PART: usize = 16;

function root(runs: usize, index: i32): i32 {
  let parent = load<i32>(runs + <usize>index * RUN, 8);
  while (parent !== index) {
    const above = load<i32>(runs + <usize>parent * RUN, 8);
    store<i32>(runs + <usize>index * RUN, above, 8);
    index = above;
    parent = load<i32>(runs + <usize>index * RUN, 8);
  }
  return index;
}

function join(runs: usize, a: i32, b: i32): void {
  const x = root(runs, a);
  const y = root(runs, b);
  if (x < y) store<i32>(runs + <usize>y * RUN, x, 8);
  else if (y < x) store<i32>(runs + <usize>x * RUN, y, 8);
}

/** First position >= `from` whose bit equals `set`, or `columns`. */
function seek(row: usize, from: i32, columns: i32, set: bool): i32 {
  while (from < columns) {
    let word = load<u64>(row + <usize>((from >> 6) << 3));
    if (!set) word = ~word;
    word >>= <u64>(from & 63);
    if (word) return min(columns, from + <i32>ctz<u64>(word));
    from = (from | 63) + 1;
  }
  return columns;
}

function bitsBetween(row: usize, from: i32, to: i32): i32 {
  let count = 0;
  while (from < to) {
    const word = load<u64>(row + <usize>((from >> 6) << 3)) >> <u64>(from & 63);
    const width = min(to - from, 64 - (from & 63));
    const mask = width === 64 ? u64.MAX_VALUE : ((<u64>1) << (<u64>width)) - 1;
    count += <i32>popcnt<u64>(word & mask);
    from += width;
  }
  return count;
}

/** Sets the bits from `from` to `to` (exclusive). */
function fill(row: usize, from: i32, to: i32): void {
  while (from < to) {
    const at = row + <usize>((from >> 6) << 3);
    const width = min(to - from, 64 - (from & 63));
    const mask = width === 64 ? u64.MAX_VALUE : (((<u64>1) << (<u64>width)) - 1) << (<u64>(from & 63));
    store<u64>(at, load<u64>(at) | mask);
    from += width;
  }
}

/**
 * Labels the parts of `plane`; `touch` is 1 when diagonal neighbours belong together (8-connectivity), else 0. Each part
 * gathers its mass (bits of `matter` within it) and strength (bits of `strong`). Returns the number of runs.
 */
function label(
  plane: usize,
  matter: usize,
  strong: usize,
  columns: i32,
  rows: i32,
  bitStride: i32,
  touch: i32,
  runs: usize,
  parts: usize,
): i32 {
  let count = 0;
  let above = 0;
  let aboveEnd = 0;
  for (let y = 0; y < rows; y++) {
    const row = plane + <usize>(y * bitStride);
    const begin = count;
    let candidate = above;
    let x = seek(row, 0, columns, true);
    while (x < columns) {
      const end = seek(row, x, columns, false);
      const run = runs + <usize>count * RUN;
      store<u16>(run, <u16>x);
      store<u16>(run, <u16>end, 2);
      store<u16>(run, <u16>y, 4);
      store<i32>(run, count, 8);
      while (candidate < aboveEnd && <i32>load<u16>(runs + <usize>candidate * RUN, 2) + touch <= x) candidate++;
      for (let k = candidate; k < aboveEnd && <i32>load<u16>(runs + <usize>k * RUN) < end + touch; k++)
        join(runs, k, count);
      count++;
      x = seek(row, end, columns, true);
    }
    above = begin;
    aboveEnd = count;
  }
  memory.fill(parts, 0, <usize>count * PART);
  for (let k = 0; k < count; k++) {
    const run = runs + <usize>k * RUN;
    const x = <i32>load<u16>(run);
    const end = <i32>load<u16>(run, 2);
    const y = <i32>load<u16>(run, 4);
    const part = parts + <usize>root(runs, k) * PART;
    const row = <usize>(y * bitStride);
    // A part's first run is its root, so an empty part is one whose bottom is still zero.
    const fresh = load<u16>(part, 10) === 0;
    store<i32>(part, load<i32>(part) + bitsBetween(matter + row, x, end));
    store<i32>(part, load<i32>(part, 4) + bitsBetween(strong + row, x, end), 4);
    if (fresh) store<u16>(part, <u16>y, 8);
    store<u16>(part, <u16>(y + 1), 10);
    store<u16>(part, <u16>(fresh ? x : min(x, <i32>load<u16>(part, 12))), 12);
    store<u16>(part, <u16>(fresh ? end : max(end, <i32>load<u16>(part, 14))), 14);
  }
  return count;
}

/**
 * Keeps the parts of `plane` (8-connected) whose mass (bits of `matter`) is at least `leastMass` and whose strength (bits
 * of `strong`) is at least `leastStrength`; writes them to `kept`, and those at least `tall` rows high to `large`, at
 * least `2 * tall` to `huge`. Boxes of the kept parts (left, top, right, bottom as u16; mass as u32: 12 bytes) go to
 * `boxes`, at most `mostBoxes`. Returns the number of kept parts, which may exceed `mostBoxes`.
 */
export function keepParts(
  plane: usize,
  matter: usize,
  strong: usize,
  kept: usize,
  large: usize,
  huge: usize,
  columns: i32,
  rows: i32,
  bitStride: i32,
  leastMass: i32,
  leastStrength: i32,
  tall: i32,
  tables: usize,
  boxes: usize,
  mostBoxes: i32,
): i32 {
  const parts = tables + <usize>(((columns + 1) >> 1) * rows) * RUN;
  const count = label(plane, matter, strong, columns, rows, bitStride, 1, tables, parts);
  memory.fill(kept, 0, rows * bitStride);
  memory.fill(large, 0, rows * bitStride);
  memory.fill(huge, 0, rows * bitStride);
  let found = 0;
  for (let k = 0; k < count; k++) {
    const run = tables + <usize>k * RUN;
    const top = root(tables, k);
    const part = parts + <usize>top * PART;
    if (load<i32>(part) < leastMass || load<i32>(part, 4) < leastStrength) continue;
    const x = <i32>load<u16>(run);
    const end = <i32>load<u16>(run, 2);
    const row = <usize>(<i32>load<u16>(run, 4) * bitStride);
    const height = <i32>load<u16>(part, 10) - <i32>load<u16>(part, 8);
    fill(kept + row, x, end);
    if (height >= tall) fill(large + row, x, end);
    if (height >= 2 * tall) fill(huge + row, x, end);
    if (top !== k) continue;
    if (found < mostBoxes) {
      const box = boxes + <usize>found * 12;
      store<u16>(box, load<u16>(part, 12));
      store<u16>(box, load<u16>(part, 8), 2);
      store<u16>(box, load<u16>(part, 14), 4);
      store<u16>(box, load<u16>(part, 10), 6);
      store<u32>(box, load<u32>(part), 8);
    }
    found++;
  }
  return found;
}

/**
 * Fills the holes of `plane`: parts of its complement (4-connected) of at most `most` cells that do not touch the border.
 * `inverse` is a scratch plane.
 */
export function fillHoles(
  plane: usize,
  inverse: usize,
  columns: i32,
  rows: i32,
  bitStride: i32,
  most: i32,
  tables: usize,
): void {
  complement(plane, inverse, columns, rows, bitStride);
  const parts = tables + <usize>(((columns + 1) >> 1) * rows) * RUN;
  const count = label(inverse, inverse, inverse, columns, rows, bitStride, 0, tables, parts);
  for (let k = 0; k < count; k++) {
    const run = tables + <usize>k * RUN;
    const part = parts + <usize>root(tables, k) * PART;
    const border =
      load<u16>(part, 8) === 0 ||
      <i32>load<u16>(part, 10) === rows ||
      load<u16>(part, 12) === 0 ||
      <i32>load<u16>(part, 14) === columns;
    if (border || load<i32>(part) > most) continue;
    fill(plane + <usize>(<i32>load<u16>(run, 4) * bitStride), <i32>load<u16>(run), <i32>load<u16>(run, 2));
  }
}
