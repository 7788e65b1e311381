// Reads masks made by `mask --masks` (or by anybody else) beside the truth of the set they belong to.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../src/errors.js';
import { probe, rawFrames } from './ffmpeg.js';
import type { EvaluationSet, Truth } from './truth.js';

/** One byte a pixel, 128 and more is masked. */
export type TruthAndMask = readonly [Truth, Uint8Array];

/**
 * @param masks a grey video with one frame a frame of the clip, or for a set of images a folder of NAME.png
 * @throws InputError when the masks do not fit the set
 */
export function readMasks(set: Pick<EvaluationSet, 'kind' | 'truth'>, masks: string): AsyncIterable<TruthAndMask> {
  return set.kind === 'clip' ? fromVideo(set.truth, masks) : fromImages(set.truth, masks);
}

async function* fromVideo(truth: readonly Truth[], masks: string): AsyncGenerator<TruthAndMask> {
  const { width, height } = truth[0];
  fits(await probe(masks), truth[0], masks);
  const byFrame = new Map(truth.map((line) => [line.frame, line]));
  const frames = truth.reduce((most, line) => Math.max(most, line.frame! + 1), 0);
  let index = 0;
  for await (const mask of rawFrames(['-i', masks, '-map', '0:v:0'], 'gray', width * height)) {
    const line = byFrame.get(index++);
    if (line) yield [line, mask];
  }
  if (index !== frames) throw new InputError(`${masks} has ${index} frames where the set has ${frames}.`);
}

async function* fromImages(truth: readonly Truth[], masks: string): AsyncGenerator<TruthAndMask> {
  for (const line of truth) {
    const path = join(masks, line.image!.replace(/\.[^.]*$/, '.png'));
    if (!existsSync(path)) throw new InputError(`${masks} holds no mask for ${line.image}.`);
    fits(pngSize(path), line, path);
    for await (const mask of rawFrames(['-i', path], 'gray', line.width * line.height)) yield [line, mask];
  }
}

/** PNG (ISO/IEC 15948): the header chunk comes first, with width and height at bytes 16 and 20. */
function pngSize(path: string): { width: number; height: number } {
  const bytes = readFileSync(path);
  if (bytes.length < 24 || bytes.toString('latin1', 1, 4) !== 'PNG') throw new InputError(`${path} is no PNG.`);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function fits(info: { width: number; height: number }, truth: Truth, path: string): void {
  if (info.width !== truth.width || info.height !== truth.height)
    throw new InputError(`${path} is ${info.width}x${info.height}, the set ${truth.width}x${truth.height}.`);
}
