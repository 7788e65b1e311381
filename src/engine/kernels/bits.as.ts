// Morphology on bit planes: one bit a cell, 64 cells a word, so that a whole 1080p grid is 17 KB and stays in the first
// cache. A plane is `rows` rows of `bitStride` bytes; bits beyond `columns` are zero before and after every kernel.

/** The valid bits of the word at byte `offset` of a row. */
function validBits(columns: i32, offset: i32): u64 {
  const left = columns - offset * 8;
  return left >= 64 ? u64.MAX_VALUE : left <= 0 ? 0 : ((<u64>1) << (<u64>left)) - 1;
}

/** `target = target | source`. */
export function unite(target: usize, source: usize, bytes: i32): void {
  for (let i = 0; i < bytes; i += 16) v128.store(target + i, v128.or(v128.load(target + i), v128.load(source + i)));
}

/** `target = target & source`. */
export function intersect(target: usize, source: usize, bytes: i32): void {
  for (let i = 0; i < bytes; i += 16) v128.store(target + i, v128.and(v128.load(target + i), v128.load(source + i)));
}

/** `target = target & ~source`. */
export function subtract(target: usize, source: usize, bytes: i32): void {
  for (let i = 0; i < bytes; i += 16) v128.store(target + i, v128.andnot(v128.load(target + i), v128.load(source + i)));
}

/** `target = ~source`, within the picture. `target` may be `source`. */
export function complement(source: usize, target: usize, columns: i32, rows: i32, bitStride: i32): void {
  for (let y = 0; y < rows; y++) {
    const row = <usize>(y * bitStride);
    for (let i = 0; i < bitStride; i += 8)
      store<u64>(target + row + i, ~load<u64>(source + row + i) & validBits(columns, i));
  }
}

/** Number of set bits. */
export function countBits(plane: usize, bytes: i32): i32 {
  let count: u64 = 0;
  for (let i = 0; i < bytes; i += 8) count += popcnt<u64>(load<u64>(plane + i));
  return <i32>count;
}

/**
 * Grows by `radius` cells in all eight directions (a square of 2 * radius + 1). `scratch` is a plane of the same size;
 * `target` may be `source`. A reach of k grows to k + s in one pass as long as s <= k + 1 (a longer step would leave
 * holes at the picture's edge), so a radius of 15 takes four passes a direction.
 */
export function dilate(
  source: usize,
  target: usize,
  scratch: usize,
  columns: i32,
  rows: i32,
  bitStride: i32,
  radius: i32,
): void {
  if (target !== source) memory.copy(target, source, bitStride * rows);
  let reach = 0;
  while (reach < radius) {
    const step = min(radius - reach, reach + 1);
    spreadSideways(target, columns, rows, bitStride, min(step, 63));
    reach += min(step, 63);
  }
  reach = 0;
  while (reach < radius) {
    const step = min(radius - reach, reach + 1);
    spreadUpDown(target, scratch, rows, bitStride, step);
    const swap = target;
    target = scratch;
    scratch = swap;
    reach += step;
  }
  // After an odd number of swaps the result lies in the caller's scratch plane.
  if (passes(radius) & 1) memory.copy(scratch, target, bitStride * rows);
}

function passes(radius: i32): i32 {
  let count = 0;
  let reach = 0;
  while (reach < radius) {
    reach += min(radius - reach, reach + 1);
    count++;
  }
  return count;
}

function spreadSideways(plane: usize, columns: i32, rows: i32, bitStride: i32, step: i32): void {
  const up = <u64>step;
  const down = <u64>(64 - step);
  for (let y = 0; y < rows; y++) {
    const row = plane + <usize>(y * bitStride);
    let before: u64 = 0;
    let word = load<u64>(row);
    for (let i = 0; i < bitStride; i += 8) {
      const after: u64 = i + 8 < bitStride ? load<u64>(row + i + 8) : 0;
      const spread = word | (word << up) | (before >> down) | (word >> up) | (after << down);
      store<u64>(row + i, spread & validBits(columns, i));
      before = word;
      word = after;
    }
  }
}

function spreadUpDown(source: usize, target: usize, rows: i32, bitStride: i32, step: i32): void {
  for (let y = 0; y < rows; y++) {
    const row = source + <usize>(y * bitStride);
    const above = y >= step ? row - <usize>(step * bitStride) : row;
    const below = y + step < rows ? row + <usize>(step * bitStride) : row;
    const to = target + <usize>(y * bitStride);
    for (let i = 0; i < bitStride; i += 16)
      v128.store(to + i, v128.or(v128.load(row + i), v128.or(v128.load(above + i), v128.load(below + i))));
  }
}

/**
 * Counts the set bits of each 3x3 neighbourhood (the picture's edge repeats) and keeps the cells with at least `few` of
 * nine in `weak`, with at least `many` in `strong`. Thresholds 1..9. The counting is bit-sliced: 64 cells an addition.
 */
export function vote3x3(
  source: usize,
  weak: usize,
  strong: usize,
  columns: i32,
  rows: i32,
  bitStride: i32,
  few: i32,
  many: i32,
): void {
  const lastOffset = ((columns - 1) >> 6) << 3;
  const lastBit = (<u64>1) << (<u64>((columns - 1) & 63));
  for (let y = 0; y < rows; y++) {
    const row = source + <usize>(y * bitStride);
    const above = y > 0 ? row - bitStride : row;
    const below = y + 1 < rows ? row + bitStride : row;
    for (let i = 0; i < bitStride; i += 8) {
      const edge: u64 = i === lastOffset ? lastBit : 0;
      // Each row's three neighbours add up to a two-bit number.
      const a = neighbours(above, i, bitStride, edge);
      const aLow = low;
      const b = neighbours(row, i, bitStride, edge);
      const bLow = low;
      const c = neighbours(below, i, bitStride, edge);
      const cLow = low;
      // Ones of the three numbers: sum bit and carry; then the twos with that carry: a four-bit total.
      const ones = aLow ^ bLow ^ cLow;
      const carry = (aLow & bLow) | (cLow & (aLow ^ bLow));
      const t = a ^ b;
      const u = c ^ carry;
      const twos = t ^ u;
      const carryA = a & b;
      const carryB = c & carry;
      const carryC = t & u;
      const fours = carryA ^ carryB ^ carryC;
      const eights = (carryA & carryB) | (carryC & (carryA ^ carryB));
      const valid = validBits(columns, i);
      const at = <usize>(y * bitStride + i);
      store<u64>(weak + at, atLeast(few, ones, twos, fours, eights) & valid);
      store<u64>(strong + at, atLeast(many, ones, twos, fours, eights) & valid);
    }
  }
}

let low: u64 = 0;

/** Sum of left, own and right bit: the twos are returned, the ones left in `low`. */
function neighbours(row: usize, i: i32, bitStride: i32, edge: u64): u64 {
  const word = load<u64>(row + i);
  const left = (word << 1) | (i > 0 ? load<u64>(row + i - 8) >> 63 : word & 1);
  const right = (word >> 1) | (i + 8 < bitStride ? load<u64>(row + i + 8) << 63 : 0) | (word & edge);
  low = left ^ word ^ right;
  return (left & word) | (right & (left ^ word));
}

/** Lanes whose four-bit number is at least `threshold`: compared from the highest bit down. */
function atLeast(threshold: i32, ones: u64, twos: u64, fours: u64, eights: u64): u64 {
  let greater: u64 = 0;
  let equal: u64 = u64.MAX_VALUE;
  for (let bit = 3; bit >= 0; bit--) {
    const plane = bit === 3 ? eights : bit === 2 ? fours : bit === 1 ? twos : ones;
    if ((threshold >> bit) & 1) {
      equal &= plane;
    } else {
      greater |= equal & plane;
      equal &= ~plane;
    }
  }
  return greater | equal;
}
