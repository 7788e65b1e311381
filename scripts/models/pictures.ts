// Pictures to measure ranges on and to try nets with: frames of the sample clip, cut, turned and tinted at random, and
// pictures made of random shapes. None of them is a picture that anything is scored on. The same every time.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Picture, Size } from '../../src/detect/detection.js';
import { letterboxRgb } from '../../src/detect/letterbox.js';

const CLIP = fileURLToPath(new URL('../../test/fixtures/pedestrians.mp4', import.meta.url));
const [WIDTH, HEIGHT] = [768, 576];
const BYTES = (WIDTH * HEIGHT * 3) / 2;

/** Every `step`th frame of the sample clip. */
export function sampleFrames(step: number): Picture[] {
  const select = ['-vf', `select=not(mod(n\\,${step}))`, '-fps_mode', 'passthrough'];
  const args = ['-v', 'error', '-i', CLIP, ...select, '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-'];
  const raw = execFileSync(process.env.PRIVACY_SHIELD_FFMPEG ?? 'ffmpeg', args, { maxBuffer: 2 ** 30 });
  return Array.from({ length: raw.length / BYTES }, (_, i) => ({
    data: raw.subarray(i * BYTES, (i + 1) * BYTES),
    width: WIDTH,
    height: HEIGHT,
  }));
}

/** RGB bytes for a net of `size`: a part of the picture at random, in random light. */
export function varied(picture: Picture, size: Size, random: () => number): Uint8Array {
  const share = 0.25 + 0.75 * random();
  const [width, height] = [picture.width * share, picture.height * share];
  const region = { x: random() * (picture.width - width), y: random() * (picture.height - height), width, height };
  const rgb = letterboxRgb(picture, region, size);
  const turned = random() < 0.5;
  const light = 0.3 + 1.2 * random();
  const tint = [0, 1, 2].map(() => light * (0.8 + 0.4 * random()));
  const noise = 40 * random() ** 3;
  const result = new Uint8ClampedArray(rgb.length);
  for (let y = 0, at = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++)
      for (let color = 0; color < 3; color++, at++) {
        const from = turned ? (y * size.width + size.width - 1 - x) * 3 + color : at;
        result[at] = rgb[from] * tint[color] + noise * (random() - 0.5);
      }
  return new Uint8Array(result.buffer);
}

/** RGB bytes: ellipses and rectangles, shaded and noisy, over one another. */
export function invented({ width, height }: Size, random: () => number): Uint8Array {
  const rgb = new Uint8ClampedArray(width * height * 3).fill(255 * random());
  for (let shape = 0; shape < 40; shape++) {
    const [cx, cy, rx, ry] = [width * random(), height * random(), width * random() ** 2, height * random() ** 2];
    const color = [random(), random(), random()].map((value) => 255 * value);
    const [shadeX, shadeY] = [random() - 0.5, random() - 0.5].map((value) => (value * 200) / width);
    const noise = 60 * random() ** 2;
    const round = random() < 0.6;
    for (let y = Math.max(0, Math.ceil(cy - ry)); y < Math.min(height, cy + ry); y++)
      for (let x = Math.max(0, Math.ceil(cx - rx)); x < Math.min(width, cx + rx); x++) {
        if (round && ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 > 1) continue;
        const shade = (x - cx) * shadeX + (y - cy) * shadeY + noise * (random() - 0.5);
        for (let i = 0; i < 3; i++) rgb[(y * width + x) * 3 + i] = color[i] + shade;
      }
  }
  return new Uint8Array(rgb.buffer);
}

/** Numbers 0..1, the same for the same seed (mulberry32, T. Ettinger, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
