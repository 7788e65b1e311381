// Pictures with an odd side, made even by repeating the last column or row. Done here because ffmpeg's `pad` first cuts
// such a picture to even sides. Only the luma needs it: the chroma of an odd side is rounded up already.

/** Bytes of a tightly packed yuv420p picture of any size. */
export function pictureBytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
}

/**
 * @param from a yuv420p picture of `width` x `height` pixels
 * @param into room for the same picture with both sides rounded up to even
 */
export function padToEven(from: Uint8Array, width: number, height: number, into: Uint8Array): void {
  const stride = width + (width % 2);
  const row = (y: number) => into.subarray(y * stride, (y + 1) * stride);
  for (let y = 0; y < height; y++) {
    row(y).set(from.subarray(y * width, (y + 1) * width));
    row(y).fill(from[(y + 1) * width - 1]!, width);
  }
  if (height % 2 !== 0) row(height).set(row(height - 1));
  into.set(from.subarray(width * height, pictureBytes(width, height)), stride * (height + (height % 2)));
}
