// Painting masked cells, in place, one plane of the picture at a time. `cell` is the side of a cell in pixels of that
// plane: 2 to 16 for luma, 1 to 8 for chroma. Colours stand in tables of one byte a block of 8x8 cells; a table has rows
// of `bitStride` bytes, because a byte of a bit plane's row is exactly one block wide: bits and colour share an index.
//
// A block all of whose cells in a row are covered is only written. Any other is read, blended by a mask and written
// back, 16 pixels at a time; what the last vector of a row takes in beyond the picture's edge is put back unchanged.

import { lanes, pixelsOf, selector } from './pixels.as';

/** Level of a block in which nothing is covered. */
const NOTHING: u8 = 255;

/** Whether no bit is set in `bytes` (a multiple of 16) of a plane. */
export function isEmpty(plane: usize, bytes: i32): bool {
  let bits = i64x2.splat(0);
  for (let i = 0; i < bytes; i += 16) bits = v128.or(bits, v128.load(plane + i));
  return !v128.any_true(bits);
}

/**
 * How coarse each block's colour has to be: 0, 1 or 2 for a mosaic of 1, 2 or 4 blocks (any of its cells being in
 * `coarse`, `coarsest` or `gated`), 255 where no cell is covered.
 */
export function blockLevels(
  covered: usize,
  coarse: usize,
  coarsest: usize,
  gated: usize,
  rows: i32,
  bitStride: i32,
  levels: usize,
): void {
  const none = i8x16.splat(0);
  for (let top = 0; top < rows; top += 8) {
    const bottom = min(rows, top + 8);
    for (let b = 0; b < bitStride; b += 16) {
      let any = none;
      let one = none;
      let two = none;
      for (let y = top; y < bottom; y++) {
        const at = <usize>(y * bitStride + b);
        any = v128.or(any, v128.load(covered + at));
        one = v128.or(one, v128.load(coarse + at));
        two = v128.or(two, v128.or(v128.load(coarsest + at), v128.load(gated + at)));
      }
      let level = v128.and(i8x16.ne(one, none), i8x16.splat(1));
      level = v128.bitselect(i8x16.splat(2), level, i8x16.ne(two, none));
      level = v128.or(level, i8x16.eq(any, none));
      v128.store(levels + <usize>((top >> 3) * bitStride + b), level);
    }
  }
}

/** The mosaic's colours: each covered block takes the mean at its level. Uncovered blocks keep what they had. */
export function mosaicColors(
  levels: usize,
  means: usize,
  means2: usize,
  means4: usize,
  blockColumns: i32,
  blockRows: i32,
  bitStride: i32,
  colors: usize,
): void {
  for (let y = 0; y < blockRows; y++) {
    const row = <usize>(y * bitStride);
    for (let x = 0; x < blockColumns; x++) {
      const level = load<u8>(levels + row + x);
      if (level === NOTHING) continue;
      const source = level === 0 ? means : level === 1 ? means2 : means4;
      store<u8>(colors + row + x, load<u8>(source + <usize>((y >> level) * bitStride + (x >> level))));
    }
  }
}

/**
 * The blur's colours: the value at each block's centre of the surface through the means of its level. Blocks that are
 * not covered take their own mean: the blur runs out into the picture around it.
 */
export function blurColors(
  levels: usize,
  means: usize,
  means2: usize,
  means4: usize,
  blockColumns: i32,
  blockRows: i32,
  bitStride: i32,
  colors: usize,
): void {
  for (let y = 0; y < blockRows; y++) {
    const row = <usize>(y * bitStride);
    for (let x = 0; x < blockColumns; x++) {
      const level = load<u8>(levels + row + x);
      const color =
        level === 1
          ? between(means2, x, y, 1, blockColumns, blockRows, bitStride)
          : level === 2
            ? between(means4, x, y, 2, blockColumns, blockRows, bitStride)
            : load<u8>(means + row + x);
      store<u8>(colors + row + x, color);
    }
  }
}

/** Bilinear value of a coarser table at the centre of block x, y. Weights are sixteenths: odd multiples of 2 or 4. */
function between(table: usize, x: i32, y: i32, level: i32, columns: i32, rows: i32, bitStride: i32): u8 {
  // In units of half a block a coarse mean stands at (2 ** level) * (2 * i + 1), a block's centre at 2 * x + 1.
  const step = 1 << level;
  const left = (2 * x + 1 - step) >> (level + 1);
  const above = (2 * y + 1 - step) >> (level + 1);
  const toRight = (2 * x + 1 - step - (left << (level + 1))) << (3 - level);
  const down = (2 * y + 1 - step - (above << (level + 1))) << (3 - level);
  const x0 = max(left, 0);
  const x1 = min(left + 1, (columns - 1) >> level);
  const y0 = <usize>(max(above, 0) * bitStride);
  const y1 = <usize>(min(above + 1, (rows - 1) >> level) * bitStride);
  const upper = <i32>load<u8>(table + y0 + x0) * (16 - toRight) + <i32>load<u8>(table + y0 + x1) * toRight;
  const lower = <i32>load<u8>(table + y1 + x0) * (16 - toRight) + <i32>load<u8>(table + y1 + x1) * toRight;
  return <u8>((upper * (16 - down) + lower * down + 128) >> 8);
}

/** `table += (color - table) * weight / 256`, rounded; `weight` 0..256, `bytes` a multiple of 16. */
export function tintColors(table: usize, bytes: i32, color: i32, weight: i32): void {
  const own = i16x8.splat(<i16>(256 - weight));
  const added = i16x8.splat(<i16>(color * weight + 128));
  for (let i = 0; i < bytes; i += 16) {
    const v = v128.load(table + i);
    const low = i16x8.add(i16x8.mul(i16x8.extend_low_i8x16_u(v), own), added);
    const high = i16x8.add(i16x8.mul(i16x8.extend_high_i8x16_u(v), own), added);
    v128.store(table + i, i8x16.narrow_i16x8_u(i16x8.shr_u(low, 8), i16x8.shr_u(high, 8)));
  }
}

/** Gives every masked cell the colour of its block. */
export function paintFlat(
  plane: usize,
  width: i32,
  height: i32,
  cell: i32,
  mask: usize,
  bitStride: i32,
  colors: usize,
): void {
  const span = cell << 3;
  const select = selector(cell);
  const perVector = 16 / cell;
  for (let y = 0, top = 0; top < height; y++, top += cell) {
    const lines = min(cell, height - top);
    const row = plane + <usize>(top * width);
    const bits = mask + <usize>(y * bitStride);
    const colorRow = colors + <usize>((y >> 3) * bitStride);
    for (let word = 0; word < bitStride; word += 8) {
      if (load<u64>(bits + word) === 0) continue;
      for (let b = word; b < word + 8; b++) {
        let covered = <i32>load<u8>(bits + b);
        if (covered === 0) continue;
        const color = i8x16.splat(load<i8>(colorRow + b));
        const room = width - b * span;
        const whole = covered === 255 && room >= span;
        for (let x = 0; x < min(span, room); x += 16) {
          let at = row + <usize>(b * span + x);
          if (whole && span >= 16) {
            for (let line = 0; line < lines; line++, at += width) v128.store(at, color);
          } else {
            const pixels = pixelsOf(covered, select, room - x);
            covered >>= perVector;
            for (let line = 0; line < lines; line++, at += width)
              v128.store(at, v128.bitselect(color, v128.load(at), pixels));
          }
        }
      }
    }
  }
}

/** Copies every masked cell from another picture's plane of the same size, where `known` has a bit as well. */
export function paintPicture(
  plane: usize,
  width: i32,
  height: i32,
  cell: i32,
  mask: usize,
  bitStride: i32,
  picture: usize,
  known: usize,
): void {
  const span = cell << 3;
  const select = selector(cell);
  const perVector = 16 / cell;
  for (let y = 0, top = 0; top < height; y++, top += cell) {
    const lines = min(cell, height - top);
    const row = <usize>(top * width);
    const bits = <usize>(y * bitStride);
    for (let word = 0; word < bitStride; word += 8) {
      if ((load<u64>(mask + bits + word) & load<u64>(known + bits + word)) === 0) continue;
      for (let b = word; b < word + 8; b++) {
        let covered = <i32>(load<u8>(mask + bits + b) & load<u8>(known + bits + b));
        if (covered === 0) continue;
        const room = width - b * span;
        const whole = covered === 255 && room >= span;
        for (let x = 0; x < min(span, room); x += 16) {
          let at = row + <usize>(b * span + x);
          if (whole && span >= 16) {
            for (let line = 0; line < lines; line++, at += width) v128.store(plane + at, v128.load(picture + at));
          } else {
            const pixels = pixelsOf(covered, select, room - x);
            covered >>= perVector;
            for (let line = 0; line < lines; line++, at += width)
              v128.store(plane + at, v128.bitselect(v128.load(picture + at), v128.load(plane + at), pixels));
          }
        }
      }
    }
  }
}

/**
 * Gives every pixel of the masked cells the bilinear value between the colours of the blocks around it, which stand at
 * the blocks' centres. `scratch` holds two rows of blocks stretched to the picture's width as 16-bit values of 1/128
 * level: 4 * 8 * cell * (blockColumns + 1) bytes.
 */
export function paintBlur(
  plane: usize,
  width: i32,
  height: i32,
  cell: i32,
  mask: usize,
  bitStride: i32,
  colors: usize,
  blockColumns: i32,
  blockRows: i32,
  scratch: usize,
): void {
  const span = cell << 3;
  const select = selector(cell);
  const rows = (height + cell - 1) / cell;
  // A band reaches from the centres of one row of blocks to the centres of the next.
  let upper = scratch;
  let lower = scratch + <usize>(2 * span * (blockColumns + 1));
  let inLower = -1;
  for (let band = 0; band <= blockRows; band++) {
    const first = max(0, band * 8 - 4);
    const last = min(rows, band * 8 + 4);
    if (last <= first || isEmpty(mask + <usize>(first * bitStride), (last - first) * bitStride)) continue;
    const above = max(0, band - 1);
    const below = min(blockRows - 1, band);
    if (inLower === above) {
      const swap = upper;
      upper = lower;
      lower = swap;
    } else stretch(colors + <usize>(above * bitStride), blockColumns, span, upper);
    stretch(colors + <usize>(below * bitStride), blockColumns, span, lower);
    inLower = below;
    for (let y = first; y < last; y++) {
      const lines = min(cell, height - y * cell);
      const row = plane + <usize>(y * cell * width);
      const bits = mask + <usize>(y * bitStride);
      const weight = (2 * (y * cell - band * span + (span >> 1)) + 1) * (16384 / span);
      for (let word = 0; word < bitStride; word += 8) {
        if (load<u64>(bits + word) === 0) continue;
        for (let b = word; b < word + 8; b++) {
          const covered = <i32>load<u8>(bits + b);
          if (covered === 0) continue;
          blurBlock(row, width, b * span, span, lines, covered, select, upper + span, lower + span, weight);
        }
      }
    }
  }
}

/** One row of cells of one block of `paintBlur`; `weight` is that of the lower values at the first line, of 32768. */
function blurBlock(
  row: usize,
  width: i32,
  left: i32,
  span: i32,
  lines: i32,
  covered: i32,
  select: v128,
  upper: usize,
  lower: usize,
  weight: i32,
): void {
  const room = width - left;
  const whole = covered === 255 && room >= span;
  const step = 2 * (16384 / span);
  const perVector = 128 / span;
  for (let x = 0; x < min(span, room); x += 16) {
    const values = <usize>(2 * (left + x));
    const a = v128.load(upper + values);
    const b = v128.load(upper + values + 16);
    const da = i16x8.sub(v128.load(lower + values), a);
    const db = i16x8.sub(v128.load(lower + values + 16), b);
    let at = row + <usize>(left + x);
    let w = weight;
    if (whole && span >= 16) {
      for (let line = 0; line < lines; line++, at += width, w += step) v128.store(at, blend(a, da, b, db, w));
    } else {
      const pixels = pixelsOf(covered, select, room - x);
      covered >>= perVector;
      for (let line = 0; line < lines; line++, at += width, w += step)
        v128.store(at, v128.bitselect(blend(a, da, b, db, w), v128.load(at), pixels));
    }
  }
}

/** 16 pixels: `a` and `b` plus `weight` / 32768 of the way `da` and `db`, from 1/128 levels to levels. */
function blend(a: v128, da: v128, b: v128, db: v128, weight: i32): v128 {
  const w = i16x8.splat(<i16>weight);
  const low = i16x8.add(a, i16x8.q15mulr_sat_s(da, w));
  const high = i16x8.add(b, i16x8.q15mulr_sat_s(db, w));
  return i8x16.narrow_i16x8_u(i16x8.shr_s(low, 7), i16x8.shr_s(high, 7));
}

/**
 * A row of block colours stretched to pixels: bilinear between the centres, in 1/128 level with half a level added for
 * the rounding to come. Begins half a block left of the picture.
 */
function stretch(colors: usize, blockColumns: i32, span: i32, target: usize): void {
  const unit = 16384 / span;
  const ramp = i16x8.mul(i16x8(1, 3, 5, 7, 9, 11, 13, 15), i16x8.splat(<i16>unit));
  for (let x = 0; x <= blockColumns; x++) {
    const left = <i32>load<u8>(colors + max(0, x - 1));
    const right = <i32>load<u8>(colors + min(blockColumns - 1, x));
    const base = i16x8.splat(<i16>((left << 7) + 64));
    const way = i16x8.splat(<i16>((right - left) << 7));
    for (let i = 0; i < span; i += 8, target += 16) {
      const weight = i16x8.add(ramp, i16x8.splat(<i16>(2 * i * unit)));
      v128.store(target, i16x8.add(base, i16x8.q15mulr_sat_s(way, weight)));
    }
  }
}

/** A bit plane as an 8-bit picture of `width` x `height`: 255 in masked cells, else 0. */
export function expandMask(mask: usize, bitStride: i32, cell: i32, picture: usize, width: i32, height: i32): void {
  const span = cell << 3;
  const select = selector(cell);
  const perVector = 16 / cell;
  for (let y = 0, top = 0; top < height; y++, top += cell) {
    const row = picture + <usize>(top * width);
    for (let left = 0, b = mask + <usize>(y * bitStride); left < width; left += span, b++) {
      let covered = <i32>load<u8>(b);
      for (let x = left; x < min(width, left + span); x += 16) {
        const room = i8x16.gt_s(i8x16.splat(<i8>min(16, width - x)), lanes());
        v128.store(row + x, v128.bitselect(pixelsOf(covered, select, 16), v128.load(row + x), room));
        covered >>= perVector;
      }
    }
    for (let line = 1; line < min(cell, height - top); line++) memory.copy(row + <usize>(line * width), row, width);
  }
}
