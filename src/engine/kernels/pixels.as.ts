// From the bits of cells to masks of 16 pixels side by side, for the kernels that write full-size pictures. Not a kernel
// itself: inlined where it is used.

/** For each of 16 pixels in a row the bit of its cell among the lowest ones. */
export function selector(cell: i32): v128 {
  if (cell === 1) return i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  if (cell === 2) return i8x16(1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 32, 32, 64, 64, -128, -128);
  if (cell === 4) return i8x16(1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8);
  if (cell === 8) return i8x16(1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2);
  return i8x16.splat(1);
}

/** 0xff for each of 16 pixels whose cell is covered and which lies within `room` pixels of the picture's edge. */
export function pixelsOf(covered: i32, select: v128, room: i32): v128 {
  const pixels = i8x16.ne(v128.and(i8x16.splat(<i8>covered), select), i8x16.splat(0));
  return room >= 16 ? pixels : v128.and(pixels, i8x16.gt_s(i8x16.splat(<i8>room), lanes()));
}

/** 0 to 15. */
export function lanes(): v128 {
  return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
