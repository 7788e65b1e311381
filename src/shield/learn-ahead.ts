// Learning ahead: a first pass over a file, from which the background is known before the first frame is masked. It needs
// a file that can be read twice and shows enough; any other is learnt as a live camera is, masked whole meanwhile.

import { stat } from 'node:fs/promises';
import type { Engine } from '../engine/engine.js';
import { milliseconds } from '../engine/frame.js';
import { InputError } from '../errors.js';
import type { Ffmpeg } from '../video/ffmpeg.js';
import type { SourceInfo } from '../video/source.js';
import { openStills } from '../video/stills.js';
import type { MaskJob } from './mask-job.js';

/** A file that spans less, or holds fewer pictures to learn from, is learnt as a live camera is. */
const LEAST_SECONDS_AHEAD = 5;
const LEAST_PICTURES_AHEAD = 10;
/** Pictures of the first pass. */
const PICTURES_AHEAD = 40;

export interface Learned {
  readonly pictures: number;
  readonly seconds: number;
  readonly cpuMs: number;
}

/** A first pass over the file, where it was asked for and the file allows it. */
export async function learnAhead(
  { input, learn }: MaskJob,
  engine: Engine,
  ffmpeg: Ffmpeg,
  { duration }: SourceInfo,
  signal?: AbortSignal,
): Promise<Learned> {
  const nothing = { pictures: 0, seconds: 0, cpuMs: 0 };
  const readTwice = (await stat(input).catch(() => undefined))?.isFile();
  if (learn === 'live' || !readTwice || duration === undefined || duration < LEAST_SECONDS_AHEAD) return nothing;
  await using stills = await openStills(input, { ffmpeg, count: PICTURES_AHEAD, signal });
  let pictures = 0;
  let [first, last] = [0, 0];
  try {
    for await (const frame of stills.frames(engine.pool)) {
      if (engine.learn(frame)) {
        last = milliseconds(frame.pts, frame.timeBase);
        if (pictures++ === 0) first = last;
      }
      frame.slot.release();
    }
  } catch (error) {
    // The picture size changes: at which frame, only the run over all of them can tell.
    if (!(error instanceof InputError)) throw error;
  }
  const seconds = (last - first) / 1000;
  const cpuMs = stills.cpuMs();
  // What came, not what the head of the file promised: from a file cut short, a passer-by would be learnt as background.
  if (seconds < LEAST_SECONDS_AHEAD || pictures < LEAST_PICTURES_AHEAD) {
    engine.reset();
    return { ...nothing, cpuMs };
  }
  engine.finishLearning();
  return { pictures, seconds, cpuMs };
}
