// The silhouette of one person, by the selfie segmentation: a net for one person near the camera, so it is shown one
// person at a time, large. It leaks: what uses a silhouette grows it, and never shows what motion says is there.
// Source: MediaPipe selfie segmentation, general model.

import type { Rect, Silhouette, Size } from './detection.js';
import { letterboxScale } from './letterbox.js';

export const SELFIE_SIZE: Size = { width: 256, height: 256 };
/** Sides of the part shown to the net, in sides of the person's box. */
const MARGIN = 1.35;

/** The part of the picture to show to the net. */
export function surroundings({ x, y, width, height }: Rect): Rect {
  const grown = { width: width * MARGIN, height: height * MARGIN };
  return { x: x - (grown.width - width) / 2, y: y - (grown.height - height) / 2, ...grown };
}

/**
 * @param output 256 rows of 256 shares, 0..1 but for rounding
 * @param region what was shown
 * @throws Error when a number is none
 */
export function decodeSelfie(output: Float32Array, region: Rect): Silhouette {
  const { width, height } = SELFIE_SIZE;
  if (output.length !== width * height) throw new Error('the silhouette net has another output');
  const scale = letterboxScale(region, SELFIE_SIZE);
  const columns = Math.max(1, Math.min(width, Math.round(region.width * scale)));
  const rows = Math.max(1, Math.min(height, Math.round(region.height * scale)));
  const data = new Uint8ClampedArray(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const share = output[row * width + column];
      if (!Number.isFinite(share)) throw new Error('the silhouette net answered with no numbers');
      data[row * columns + column] = 255 * share; // rounded, and clamped: a share may stick out by a last bit
    }
  return { ...region, columns, rows, data: new Uint8Array(data.buffer) };
}
