// Learning the background picture at full size, a band of rows at a time, for the style that draws it in place of people.

import { pixelsOf, selector } from './pixels.as';

/**
 * Takes the cells of `clear` in the rows of cells `firstRow` to `lastRow` - 1 from `plane` into `picture`: copied where
 * the picture is not `known` yet, else a quarter of the way, which keeps the noise of single frames out.
 */
export function learnPicture(
  plane: usize,
  picture: usize,
  width: i32,
  height: i32,
  cell: i32,
  clear: usize,
  known: usize,
  bitStride: i32,
  firstRow: i32,
  lastRow: i32,
): void {
  const span = cell << 3;
  const select = selector(cell);
  const perVector = 16 / cell;
  for (let y = firstRow; y < lastRow; y++) {
    const top = y * cell;
    const lines = min(cell, height - top);
    const row = <usize>(top * width);
    const bits = <usize>(y * bitStride);
    for (let left = 0, b = bits; left < width; left += span, b++) {
      let taken = <i32>load<u8>(clear + b);
      if (taken === 0) continue;
      let mixed = <i32>load<u8>(known + b);
      for (let x = left; x < min(width, left + span); x += 16) {
        const take = pixelsOf(taken, select, width - x);
        const mix = pixelsOf(mixed, select, width - x);
        taken >>= perVector;
        mixed >>= perVector;
        let at = row + <usize>x;
        for (let line = 0; line < lines; line++, at += width) {
          const now = v128.load(plane + at);
          const old = v128.load(picture + at);
          v128.store(picture + at, v128.bitselect(v128.bitselect(closer(old, now), now, mix), old, take));
        }
      }
    }
  }
}

/** `old + (now - old) / 4`, rounded half up. */
function closer(old: v128, now: v128): v128 {
  const low = i16x8.extend_low_i8x16_u(old);
  const high = i16x8.extend_high_i8x16_u(old);
  const two = i16x8.splat(2);
  const a = i16x8.shr_s(i16x8.add(i16x8.sub(i16x8.extend_low_i8x16_u(now), low), two), 2);
  const b = i16x8.shr_s(i16x8.add(i16x8.sub(i16x8.extend_high_i8x16_u(now), high), two), 2);
  return i8x16.narrow_i16x8_u(i16x8.add(low, a), i16x8.add(high, b));
}
