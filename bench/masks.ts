// Reads masks made by `mask --masks` (or anybody else) and lays them against the truth of a set.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../src/errors.js';
import { probe, rawFrames } from './ffmpeg.js';
import { Scorer } from './score.js';
import type { EvaluationSet, Truth } from './truth.js';

/**
 * @param masks a grey video with one frame a frame of the clip, or for a set of images a folder of NAME.png
 * @throws InputError when the masks do not fit the set
 */
export function scoreMasks(set: Pick<EvaluationSet, 'kind' | 'truth'>, masks: string): Promise<Scorer> {
  return set.kind === 'clip' ? scoreVideo(set.truth, masks) : scoreImages(set.truth, masks);
}

async function scoreVideo(truth: readonly Truth[], masks: string): Promise<Scorer> {
  const { width, height } = truth[0]!;
  const info = await probe(masks);
  fits(info, truth[0]!, masks);
  const byFrame = new Map(truth.map((line) => [line.frame, line]));
  const frames = Math.max(...truth.map((line) => line.frame ?? 0)) + 1;
  const scorer = new Scorer();
  let index = 0;
  for await (const mask of rawFrames(['-i', masks, '-map', '0:v:0'], 'gray', width * height)) {
    const line = byFrame.get(index++);
    if (line) scorer.add(line, mask);
  }
  if (index !== frames) throw new InputError(`${masks} has ${index} frames where the set has ${frames}.`);
  return scorer;
}

async function scoreImages(truth: readonly Truth[], masks: string): Promise<Scorer> {
  const scorer = new Scorer();
  for (const line of truth) {
    const path = join(masks, line.image!.replace(/\.[^.]*$/, '.png'));
    if (!existsSync(path)) throw new InputError(`${masks} holds no mask for ${line.image}.`);
    fits(pngSize(path), line, path);
    for await (const mask of rawFrames(['-i', path], 'gray', line.width * line.height)) scorer.add(line, mask);
  }
  return scorer;
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
