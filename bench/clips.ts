// Clips to measure with, made from the sample clip once and kept: the same people at the size and rate of a real camera.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../src/errors.js';
import { cached } from './cache.js';
import { ffmpeg } from './ffmpeg.js';

const ROOT = join(import.meta.dirname, '..');
/** The sample clip, or an evaluation set beside the repository. */
const SAMPLES = ['test/fixtures/pedestrians.mp4', '../shared/eval/pets-a/clip.mp4'].map((path) => join(ROOT, path));

/** @throws InputError when there is none */
export function sampleClip(): string {
  const found = SAMPLES.find((path) => existsSync(path));
  if (!found) throw new InputError(`there is no sample clip (${SAMPLES[0]}).`);
  return found;
}

export interface ClipPlan {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** The sample with in-between pictures blended, enlarged, with a sensor's noise, as a camera would encode it: H.264, 4 Mbit/s. */
export async function cameraClip({ width, height, rate, seconds }: ClipPlan): Promise<string> {
  const sample = sampleClip();
  const size = `${width}:${height}`;
  const filters = [
    `framerate=fps=${rate}`,
    `scale=${size}:force_original_aspect_ratio=increase,crop=${size}`,
    'noise=alls=3:allf=t',
    'format=yuv420p',
  ].join(',');
  const codec = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-b:v',
    '4M',
    '-maxrate',
    '4M',
    '-bufsize',
    '8M',
    '-bf',
    '0',
  ];
  const limits = ['-t', `${seconds}`, '-g', `${2 * rate}`];
  const folder = await cached(
    `camera-${height}p${rate}`,
    [filters, ...codec, ...limits, readFileSync(sample)],
    (draft) =>
      ffmpeg(['-stream_loop', '-1', '-i', sample, '-an', '-vf', filters, ...codec, ...limits, join(draft, 'clip.mp4')]),
  );
  return join(folder, 'clip.mp4');
}

/** The clip over and over for `seconds`, without encoding it again. */
export async function looped(clip: string, seconds: number): Promise<string> {
  const args = ['-stream_loop', '-1', '-i', clip, '-t', `${seconds}`, '-c', 'copy'];
  const folder = await cached('loop', [`${seconds}`, readFileSync(clip)], (draft) =>
    ffmpeg([...args, join(draft, 'clip.mp4')]),
  );
  return join(folder, 'clip.mp4');
}
