// From the picture to the analysis grid: box downscale of one plane (the mean of each cell, rounded half up), and the
// brightness correction of the small luma plane.

/**
 * Mean of each `factor` x `factor` box of a plane of `width` x `height`; boxes at the right and bottom edge may be
 * partial. Columns of `target` beyond `columns` repeat the last one. `factor` is 1, 2, 4, 8 or 16.
 * Reads up to 64 bytes past the end of the source.
 */
export function downscale(
  source: usize,
  width: i32,
  height: i32,
  factor: i32,
  target: usize,
  stride: i32,
  columns: i32,
  rows: i32,
): void {
  const fullRows = height / factor;
  const fullColumns = width / factor;
  for (let y = 0; y < fullRows; y++) {
    const from = source + <usize>(y * factor * width);
    const to = target + <usize>(y * stride);
    if (factor === 1) memory.copy(to, from, width);
    else if (factor === 2) rowBy2(from, width, to, columns);
    else if (factor === 4) rowBy4(from, width, to, columns);
    else rowByMore(from, width, factor, to, fullColumns);
    if (fullColumns < columns) store<u8>(to + fullColumns, partialMean(source, width, height, factor, fullColumns, y));
    repeatLast(to, columns, stride);
  }
  for (let y = fullRows; y < rows; y++) {
    const to = target + <usize>(y * stride);
    for (let x = 0; x < columns; x++) store<u8>(to + x, partialMean(source, width, height, factor, x, y));
    repeatLast(to, columns, stride);
  }
}

function repeatLast(row: usize, columns: i32, stride: i32): void {
  memory.fill(row + columns, load<u8>(row + columns - 1), stride - columns);
}

function partialMean(source: usize, width: i32, height: i32, factor: i32, column: i32, row: i32): u8 {
  const right = min(width, (column + 1) * factor);
  const bottom = min(height, (row + 1) * factor);
  let sum = 0;
  for (let y = row * factor; y < bottom; y++)
    for (let x = column * factor; x < right; x++) sum += <i32>load<u8>(source + <usize>(y * width + x));
  const count = (right - column * factor) * (bottom - row * factor);
  return <u8>((sum + (count >> 1)) / count);
}

function rowBy2(from: usize, width: i32, to: usize, columns: i32): void {
  const below = <usize>width;
  const half = i16x8.splat(2);
  const end = to + <usize>columns;
  while (to < end) {
    const a = pairs(from, from + below);
    const b = pairs(from + 16, from + below + 16);
    v128.store(to, i8x16.narrow_i16x8_u(i16x8.shr_u(i16x8.add(a, half), 2), i16x8.shr_u(i16x8.add(b, half), 2)));
    from += 32;
    to += 16;
  }
}

function rowBy4(from: usize, width: i32, to: usize, columns: i32): void {
  const half = i16x8.splat(8);
  const end = to + <usize>columns;
  const line = <usize>width;
  while (to < end) {
    const low = i16x8.narrow_i32x4_u(quads(from, line), quads(from + 16, line));
    const high = i16x8.narrow_i32x4_u(quads(from + 32, line), quads(from + 48, line));
    v128.store(to, i8x16.narrow_i16x8_u(i16x8.shr_u(i16x8.add(low, half), 4), i16x8.shr_u(i16x8.add(high, half), 4)));
    from += 64;
    to += 16;
  }
}

/** Sums of horizontal pairs over two rows: 8 sums. */
function pairs(upper: usize, lower: usize): v128 {
  return i16x8.add(i16x8.extadd_pairwise_i8x16_u(v128.load(upper)), i16x8.extadd_pairwise_i8x16_u(v128.load(lower)));
}

/** Sums of 4x4 boxes: 4 sums. */
function quads(from: usize, line: usize): v128 {
  const upper = pairs(from, from + line);
  const lower = pairs(from + 2 * line, from + 3 * line);
  return i32x4.extadd_pairwise_i16x8_u(i16x8.add(upper, lower));
}

/** Boxes of 8 or 16: two or one a load. */
function rowByMore(from: usize, width: i32, factor: i32, to: usize, columns: i32): void {
  const shift = factor === 8 ? 6 : 8;
  const half = 1 << (shift - 1);
  for (let x = 0; x < columns * factor; x += 16) {
    let sums = i16x8.splat(0);
    let at = from + <usize>x;
    for (let y = 0; y < factor; y++) {
      sums = i16x8.add(sums, i16x8.extadd_pairwise_i8x16_u(v128.load(at)));
      at += width;
    }
    const s = i32x4.extadd_pairwise_i16x8_u(sums);
    const left = i32x4.extract_lane(s, 0) + i32x4.extract_lane(s, 1);
    const right = i32x4.extract_lane(s, 2) + i32x4.extract_lane(s, 3);
    if (factor === 8) {
      store<u8>(to, <u8>((left + half) >> shift));
      store<u8>(to + 1, <u8>((right + half) >> shift));
      to += 2;
    } else {
      store<u8>(to, <u8>((left + right + half) >> shift));
      to += 1;
    }
  }
}

/**
 * `target = zero + ((source - zero) * gain + 128) / 256`, clipped to 0..255, over `bytes` (a multiple of 16); `gain` is 8.8
 * fixed point, 0..32767, and `zero` the code of no light or of no colour.
 */
export function scaleBytes(source: usize, target: usize, bytes: i32, gain: i32, zero: i32): void {
  const factor = i16x8.splat(<i16>gain);
  for (let i = 0; i < bytes; i += 16) v128.store(target + i, scaled(v128.load(source + i), factor, zero));
}

/** One vector of `scaleBytes`. */
export function scaled(v: v128, factor: v128, zero: i32): v128 {
  const origin = i16x8.splat(<i16>zero);
  const shift = i32x4.splat(zero * 256 + 128);
  const low = i16x8.sub(i16x8.extend_low_i8x16_u(v), origin);
  const high = i16x8.sub(i16x8.extend_high_i8x16_u(v), origin);
  const a = i32x4.shr_s(i32x4.add(i32x4.extmul_low_i16x8_s(low, factor), shift), 8);
  const b = i32x4.shr_s(i32x4.add(i32x4.extmul_high_i16x8_s(low, factor), shift), 8);
  const c = i32x4.shr_s(i32x4.add(i32x4.extmul_low_i16x8_s(high, factor), shift), 8);
  const d = i32x4.shr_s(i32x4.add(i32x4.extmul_high_i16x8_s(high, factor), shift), 8);
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}
