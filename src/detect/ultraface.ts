// UltraFace's input and answer. The net was exported with its priors worked in: boxes come as shares of its input.
// Source: Linzaer, Ultra-Light-Fast-Generic-Face-Detector-1MB (RFB-320).

import { within } from './boxes.js';
import type { Detection, Picture, Rect, Size } from './detection.js';
import { fromLetterbox } from './letterbox.js';

export const ULTRAFACE_SIZE: Size = { width: 320, height: 240 };

/** Planes of (value - 127) / 128, red first, of RGB bytes. */
export function ultraFaceInput(rgb: Uint8Array): Float32Array {
  const pixels = rgb.length / 3;
  const planes = new Float32Array(rgb.length);
  for (let pixel = 0, at = 0; pixel < pixels; pixel++)
    for (let plane = 0; plane < 3; plane++, at++) planes[plane * pixels + pixel] = (rgb[at] - 127) / 128;
  return planes;
}

/**
 * @param scores pairs: no face, face
 * @param boxes fours: left, top, right, bottom, 0..1
 * @throws Error when a number is none
 */
export function decodeUltraFace(
  { scores, boxes }: Readonly<Record<string, Float32Array>>,
  picture: Picture,
  region: Rect,
  threshold: number,
): Detection[] {
  if (!scores || !boxes || scores.length * 2 !== boxes.length) throw new Error('the face net has other outputs');
  const found: Detection[] = [];
  const { width, height } = ULTRAFACE_SIZE;
  for (let i = 0; i < scores.length / 2; i++) {
    const score = scores[2 * i + 1];
    if (score < threshold) continue;
    const [left, top, right, bottom] = boxes.subarray(4 * i, 4 * i + 4);
    if (!Number.isFinite(score + left + top + right + bottom)) throw new Error('the face net answered with no numbers');
    const box = { x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height };
    found.push({ kind: 'face', score, box: within(fromLetterbox(box, region, ULTRAFACE_SIZE), picture) });
  }
  return found.filter(({ box }) => box.width > 0 && box.height > 0);
}

/**
 * Where to look for the face of a person: the upper part of the box, in the shape of the net's input. As wide as the
 * person and a bit, since who sits or stands near fills the box with head and shoulders.
 */
export function headOf(person: Rect): Rect {
  const width = 1.2 * Math.min(person.width, person.height);
  const height = (width * ULTRAFACE_SIZE.height) / ULTRAFACE_SIZE.width;
  return { x: person.x + person.width / 2 - width / 2, y: person.y - 0.1 * height, width, height };
}
