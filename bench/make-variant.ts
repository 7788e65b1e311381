// Makes a variant of a clip set: a set of its own, a folder with `clip.mp4` and `truth.jsonl`, kept in the cache.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../src/errors.js';
import { cached } from './cache.js';
import type { Moment } from './disturbances.js';
import { encode, probe, rawFrames, type VideoInfo } from './ffmpeg.js';
import { median, type Picture, pictureOf } from './picture.js';
import { type EvaluationSet, readSet, type Truth } from './truth.js';
import { type Variant, variantOf } from './variants.js';

/** Pictures the empty scene is the median of. */
const MEDIAN_OF = 40;
const NEARLY_LOSSLESS = ['-crf', '18'];
/** When one of these changes, its variants are made anew. */
const MAKERS = ['make-variant.ts', 'variants.ts', 'disturbances.ts', 'picture.ts', 'random.ts'];

/** @returns the set as it is for `plain`; pixels of other variants are the same on every machine with the same ffmpeg */
export async function makeVariant(set: EvaluationSet, name: string): Promise<EvaluationSet> {
  const variant = variantOf(name);
  if (name === 'plain') return set;
  if (set.kind !== 'clip') throw new InputError(`${set.name} is a set of images: variants are made of clips.`);
  const clip = join(set.folder, 'clip.mp4');
  const makers = MAKERS.map((file) => readFileSync(join(import.meta.dirname, file)));
  const inputs = [readFileSync(clip), readFileSync(join(set.folder, 'truth.jsonl'))];
  const folder = await cached(`${set.name}-${name}`, [name, ...inputs, ...makers], async (draft) => {
    const info = await probe(clip);
    const count = set.truth.reduce((most, line) => Math.max(most, line.frame! + 1), 0);
    const length = Math.round(count * (variant.length ?? 1));
    const shown =
      variant.scene === 'empty'
        ? repeat(await emptyScene(clip, info, count), length)
        : play(clip, info, variant, length);
    await write(draft, paint(shown, variant, info.rate, length), info.rate, variant);
    const truth = Array.from({ length }, (_, index) => truthOf(set.truth, variant, momentOf(index, length, info.rate)));
    writeFileSync(join(draft, 'truth.jsonl'), `${truth.map((line) => JSON.stringify(line)).join('\n')}\n`);
  });
  return { ...readSet(folder), name: set.name };
}

async function* pictures(clip: string, { width, height }: VideoInfo): AsyncGenerator<Picture> {
  for await (const data of rawFrames(['-i', clip, '-map', '0:v:0'], 'yuv420p', (width * height * 3) / 2))
    yield pictureOf(width, height, data);
}

/** The clip's frames in the variant's order, which may dwell on a frame but not go back. */
async function* play(clip: string, info: VideoInfo, variant: Variant, length: number): AsyncGenerator<Picture> {
  let index = 0;
  let at = 0;
  for await (const picture of pictures(clip, info)) {
    for (; index < length && sourceFrame(variant, index, length) === at; index++) yield copyOf(picture);
    if (index === length) return;
    at++;
  }
}

async function* repeat(picture: Picture, length: number): AsyncGenerator<Picture> {
  for (let index = 0; index < length; index++) yield copyOf(picture);
}

async function emptyScene(clip: string, info: VideoInfo, count: number): Promise<Picture> {
  const step = Math.max(1, Math.floor(count / MEDIAN_OF));
  const kept: Picture[] = [];
  let index = 0;
  for await (const picture of pictures(clip, info)) if (index++ % step === 0) kept.push(picture);
  return median(kept);
}

async function* paint(
  shown: AsyncIterable<Picture>,
  variant: Variant,
  rate: number,
  length: number,
): AsyncGenerator<Picture> {
  const painter = variant.disturbance?.painter();
  let index = 0;
  for await (const picture of shown) {
    const moment = momentOf(index++, length, rate);
    yield painter ? painter(picture, moment) : picture;
  }
}

async function write(folder: string, painted: AsyncGenerator<Picture>, rate: number, variant: Variant): Promise<void> {
  const first = await painted.next();
  if (first.done) throw new InputError(`the clip of ${folder} has no frames.`);
  const { width, height } = first.value;
  const frames = async function* () {
    yield first.value.data;
    for await (const { data } of painted) yield data;
  };
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', ...(variant.codec ?? NEARLY_LOSSLESS)];
  await encode(frames(), { width, height, rate }, [...codec, '-pix_fmt', 'yuv420p', join(folder, 'clip.mp4')]);
}

function truthOf(lines: readonly Truth[], variant: Variant, moment: Moment): Truth {
  const source = sourceFrame(variant, moment.index, moment.length);
  const known = lines.find((line) => line.frame === source) ?? lines[0];
  const shown = variant.scene === 'empty' ? { ...known, persons: [], faces: [], ignore: [] } : known;
  const changed = variant.disturbance?.truth?.(shown, moment) ?? shown;
  return { ...changed, frame: moment.index };
}

function sourceFrame(variant: Variant, index: number, length: number): number {
  return variant.play?.(index, length) ?? index;
}

function momentOf(index: number, length: number, rate: number): Moment {
  return { index, length, seconds: index / rate, share: index / length };
}

function copyOf({ width, height, data }: Picture): Picture {
  return pictureOf(width, height, data.slice());
}
