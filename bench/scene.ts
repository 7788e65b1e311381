// Moving input of any size, kept in memory: a real clip, enlarged, through which bodies walk that are as large as the
// cover asked for. What is painted is set apart from what moves (`coverOf`), so that costs compare at an exact cover.

import type { Grid } from '../src/engine/grid.js';
import { rawFrames } from './ffmpeg.js';
import { drawEllipse, type Picture, pictureOf } from './picture.js';

/** Bodies that walk and boxes that are painted, side by side across the picture. */
const BODIES = 6;
/** Of what is painted, bodies fill about so much: masks reach beyond what moves. */
const BODY_SHARE = 0.5;

export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Packed yuv420p, to be played to and fro. */
  readonly frames: readonly Uint8Array[];
}

/** `count` consecutive frames of the clip, filling the size (cropped where the shape differs). */
export async function enlarge(clip: string, width: number, height: number, count: number): Promise<Scene> {
  const filter = `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height}`;
  const args = ['-i', clip, '-map', '0:v:0', '-vf', filter, '-frames:v', `${count}`];
  const frames: Uint8Array[] = [];
  for await (const frame of rawFrames(args, 'yuv420p', (width * height * 3) / 2)) frames.push(frame);
  return { width, height, frames };
}

/** The scene with bodies that walk through it. @param cover share of the picture that is going to be painted, 0..1 */
export function populate({ width, height, frames }: Scene, cover: number): Scene {
  const area = (cover * BODY_SHARE * width * height) / BODIES;
  // A body is an ellipse two and a half times as high as wide, and no higher than the picture.
  const ry = Math.min(height * 0.45, Math.sqrt((area * 2.5) / Math.PI));
  const rx = area / (Math.PI * ry);
  const populated = frames.map((data, index) => {
    const picture = pictureOf(width, height, data.slice());
    for (let body = 0; body < BODIES; body++) drawBody(picture, body, index, rx, ry);
    return picture.data;
  });
  return { width, height, frames: populated };
}

/** The frame to play as number `index`: to and fro, so that nothing ever jumps. */
export function frameAt({ frames }: Scene, index: number): Uint8Array {
  const period = Math.max(1, 2 * frames.length - 2);
  const at = index % period;
  return frames[at < frames.length ? at : period - at];
}

/**
 * A bit plane over the grid (rows of `grid.bitStride`) with six moving boxes that cover `cover` of the cells.
 * @param index number of the frame
 */
export function coverOf(grid: Grid, cover: number, index: number): Uint8Array {
  const { columns, rows, bitStride } = grid;
  const plane = new Uint8Array(rows * bitStride);
  const height = Math.round(rows * Math.sqrt(cover));
  for (let box = 0; box < BODIES; box++) {
    const from = Math.round((box * columns) / BODIES);
    const to = Math.round(((box + 1) * columns) / BODIES);
    const width = Math.round((cover * rows * (to - from)) / height);
    const left = from + ((index * 2 + box * 7) % (to - from - width + 1));
    const top = (index + box * 11) % (rows - height + 1);
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++) plane[y * bitStride + (x >> 3)] |= 1 << (x & 7);
  }
  return plane;
}

/** A walker in a striped shirt: its own texture moves with it. */
function drawBody(picture: Picture, body: number, index: number, rx: number, ry: number): void {
  const { width, height } = picture;
  const pace = (width / 400) * (body % 2 === 0 ? 1 : -1);
  const cx = (((body + 0.5) * width) / BODIES + pace * index + width) % width;
  const cy = height * (0.5 + 0.06 * ((body % 3) - 1));
  drawEllipse(picture, cx, cy, rx, ry, [50 + body * 22, 100 + body * 9, 150 - body * 8]);
  for (let stripe = -2; stripe <= 2; stripe++)
    drawEllipse(picture, cx, cy + (stripe * ry) / 4, rx * 0.7, ry / 20, [190 - body * 20, 128, 128]);
}
