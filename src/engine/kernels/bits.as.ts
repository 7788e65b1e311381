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
  const none = i64x2.splat(0);
  const back = 64 - step;
  for (let y = 0; y < rows; y++) {
    const row = plane + <usize>(y * bitStride);
    let before = none;
    let words = v128.load(row);
    for (let i = 0; i < bitStride; i += 16) {
      const after = i + 16 < bitStride ? v128.load(row + i + 16) : none;
      const rightwards = v128.or(i64x2.shl(words, step), i64x2.shr_u(wordsBefore(before, words), back));
      const leftwards = v128.or(i64x2.shr_u(words, step), i64x2.shl(wordsAfter(words, after), back));
      const spread = v128.or(words, v128.or(rightwards, leftwards));
      v128.store(row + i, v128.and(spread, validWords(columns, i)));
      before = words;
      words = after;
    }
  }
}

/** The two words one to the left of `words`. */
function wordsBefore(before: v128, words: v128): v128 {
  return i8x16.shuffle(before, words, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23);
}

/** The two words one to the right of `words`. */
function wordsAfter(words: v128, after: v128): v128 {
  return i8x16.shuffle(words, after, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23);
}

/** The valid bits of the two words at byte `offset` of a row. */
function validWords(columns: i32, offset: i32): v128 {
  if (columns - offset * 8 >= 128) return i64x2.splat(-1);
  return i64x2.replace_lane(i64x2.splat(validBits(columns, offset)), 1, validBits(columns, offset + 8));
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
 * nine in `weak`, with at least `many` in `strong`. Thresholds 1..9. The counting is bit-sliced: 128 cells an addition.
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
  for (let y = 0; y < rows; y++) {
    const row = source + <usize>(y * bitStride);
    const above = y > 0 ? row - bitStride : row;
    const below = y + 1 < rows ? row + bitStride : row;
    for (let i = 0; i < bitStride; i += 16) {
      const edge = lastColumn(columns, i);
      // Each row's three neighbours add up to a two-bit number.
      const a = neighbours(above, i, bitStride, edge);
      const aLow = low;
      const b = neighbours(row, i, bitStride, edge);
      const bLow = low;
      const c = neighbours(below, i, bitStride, edge);
      const cLow = low;
      // Ones of the three numbers: sum bit and carry; then the twos with that carry: a four-bit total.
      const ones = v128.xor(v128.xor(aLow, bLow), cLow);
      const carry = majority(aLow, bLow, cLow);
      const t = v128.xor(a, b);
      const u = v128.xor(c, carry);
      const twos = v128.xor(t, u);
      const carryA = v128.and(a, b);
      const carryB = v128.and(c, carry);
      const carryC = v128.and(t, u);
      const fours = v128.xor(v128.xor(carryA, carryB), carryC);
      const eights = majority(carryA, carryB, carryC);
      const valid = validWords(columns, i);
      const at = <usize>(y * bitStride + i);
      v128.store(weak + at, v128.and(atLeast(few, ones, twos, fours, eights), valid));
      v128.store(strong + at, v128.and(atLeast(many, ones, twos, fours, eights), valid));
    }
  }
}

/** Carry of the sum of three bits. */
function majority(a: v128, b: v128, c: v128): v128 {
  return v128.bitselect(c, v128.and(a, b), v128.xor(a, b));
}

/** The bit of the last column, where it lies in the two words at byte `offset` of a row. */
function lastColumn(columns: i32, offset: i32): v128 {
  const at = columns - 1 - offset * 8;
  if (at < 0 || at >= 128) return i64x2.splat(0);
  const bit = (<u64>1) << (<u64>(at & 63));
  return at < 64 ? i64x2.replace_lane(i64x2.splat(0), 0, bit) : i64x2.replace_lane(i64x2.splat(0), 1, bit);
}

let low: v128 = i64x2.splat(0);

/** Sum of left, own and right bit: the twos are returned, the ones left in `low`. */
function neighbours(row: usize, i: i32, bitStride: i32, edge: v128): v128 {
  const none = i64x2.splat(0);
  const words = v128.load(row + i);
  const before = i > 0 ? v128.load(row + i - 16) : none;
  const after = i + 16 < bitStride ? v128.load(row + i + 16) : none;
  const first = i > 0 ? none : v128.and(words, i64x2(1, 0));
  const left = v128.or(v128.or(i64x2.shl(words, 1), i64x2.shr_u(wordsBefore(before, words), 63)), first);
  const fromRight = v128.or(i64x2.shr_u(words, 1), i64x2.shl(wordsAfter(words, after), 63));
  const right = v128.or(fromRight, v128.and(words, edge));
  low = v128.xor(v128.xor(left, words), right);
  return majority(left, words, right);
}

/** Lanes whose four-bit number is at least `threshold`: compared from the highest bit down. */
function atLeast(threshold: i32, ones: v128, twos: v128, fours: v128, eights: v128): v128 {
  let greater = i64x2.splat(0);
  let equal = i64x2.splat(-1);
  for (let bit = 3; bit >= 0; bit--) {
    const plane = bit === 3 ? eights : bit === 2 ? fours : bit === 1 ? twos : ones;
    if ((threshold >> bit) & 1) {
      equal = v128.and(equal, plane);
    } else {
      greater = v128.or(greater, v128.and(equal, plane));
      equal = v128.andnot(equal, plane);
    }
  }
  return v128.or(greater, equal);
}
