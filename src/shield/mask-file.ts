// Masks one file: opens what comes in and goes out, learns the background, runs the stream to its end, and tells what was
// done. Either the whole output is there afterwards, or none of it.

import { rm } from 'node:fs/promises';
import { concatMap, lastValueFrom } from 'rxjs';
import { readKernels } from '../assets.js';
import { Engine, LOOK_BACK_MS } from '../engine/engine.js';
import { InputError } from '../errors.js';
import type { AudioPacket } from '../video/decoder.js';
import { type Ffmpeg, findFfmpeg } from '../video/ffmpeg.js';
import { probeEncoders } from '../video/probe-encoders.js';
import { type MaskSink, openMaskSink, openSink, type Sink } from '../video/sink.js';
import { openSource, type Source, type SourceInfo } from '../video/source.js';
import { learnAhead } from './learn-ahead.js';
import type { MaskJob, MaskProgress, MaskReport } from './mask-job.js';
import { type ShieldedFrame, SLOTS_AT_THE_ENDS, shielded } from './stream.js';
import { Tally } from './tally.js';

/** Bytes of frames that may be on their way at once. */
const MOST_BYTES = 256 * 2 ** 20;
/** A file whose rate is not known is taken for one of this rate. */
const USUAL_RATE = 30;

/**
 * @throws InputError for what the user can mend
 * @throws Error when decoder, encoder or disk fail, or `signal` aborts; no output is left then
 */
export async function maskFile(
  job: MaskJob,
  progress: (progress: MaskProgress) => void = () => {},
  signal?: AbortSignal,
): Promise<MaskReport> {
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const ffmpeg = await findFfmpeg({ path: job.ffmpeg });
  await using source = await openSource(job.input, { ffmpeg, audio: job.audio, limit: job.limit, signal });
  const engine = await makeEngine(job, source.info);
  await using sink = await openSink(job.output, {
    ...{ ffmpeg, info: source.info, signal },
    encoder: job.encoder && (await workingEncoder(job.encoder, ffmpeg)),
  });
  await using masks =
    job.masks === undefined ? undefined : await openMaskSink(job.masks, { ffmpeg, info: source.info, signal });

  const learned = await learnAhead(job, engine, ffmpeg, source.info, signal);
  const tally = new Tally();
  await run(job, { source, engine, sink, masks, tally }, progress);
  signal?.throwIfAborted();
  await finish(job, sink, masks);

  const { user, system } = process.cpuUsage(cpuBefore);
  return tally.report({
    ...{ input: job.input, source, sink, learned, ffmpeg },
    ownCpuMs: (user + system) / 1000,
    masksCpuMs: masks ? masks.stats().cpuMs : 0,
    elapsedSeconds: (performance.now() - started) / 1000,
  });
}

interface Run {
  readonly source: Source;
  readonly engine: Engine;
  readonly sink: Sink;
  readonly masks: MaskSink | undefined;
  readonly tally: Tally;
}

/** The whole way of every frame, from the source to the sink. */
async function run(job: MaskJob, { source, engine, sink, masks, tally }: Run, progress: (p: MaskProgress) => void) {
  const total = source.info.frameCount;
  const write = async (item: ShieldedFrame | AudioPacket) => {
    if (item.kind === 'audio') return sink.writeAudio(item);
    const { frame, mask } = item;
    await Promise.all([sink.write(frame), mask && masks?.write(mask, frame.pts)]);
    frame.slot.release();
    tally.count(item);
    progress({ frames: tally.frames, ...(total !== undefined && { total }) });
  };
  const stream = shielded(source.packets(engine.pool), engine, {
    lookAhead: job.policy.lookAhead,
    masks: masks !== undefined,
    onEngineTime: (ms) => tally.addEngineTime(ms),
  });
  await lastValueFrom(stream.pipe(concatMap(write)), { defaultValue: undefined });
}

/** Both files get their names, or neither. */
async function finish(job: MaskJob, sink: Sink, masks: MaskSink | undefined): Promise<void> {
  await masks?.finish();
  await sink.finish().catch(async (error) => {
    if (job.masks !== undefined) await rm(job.masks, { force: true });
    throw error;
  });
}

async function makeEngine({ input, policy }: MaskJob, info: SourceInfo): Promise<Engine> {
  const { width, height, color, frameRate } = info;
  const rate = frameRate ? frameRate.numerator / frameRate.denominator : USUAL_RATE;
  const bytes = Engine.bytesPerFrame(width, height);
  // A frame to either side at least, however slow the camera.
  const needed = Math.max(1, Math.ceil((policy.lookAhead / 1000) * rate)) + 1 + SLOTS_AT_THE_ENDS;
  const most = Math.floor(MOST_BYTES / bytes);
  if (needed > most)
    throw new InputError(
      `${input}: a look-ahead of ${policy.lookAhead} ms at ${round(rate)} frames of ${width}x${height} a second needs ` +
        `${needed} frames of ${round(bytes / 2 ** 20)} MB, and ${MOST_BYTES / 2 ** 20} MB hold ${most}; ` +
        `set "policy.lookAhead" (--look-ahead) to ${Math.floor(((most - 1 - SLOTS_AT_THE_ENDS) / rate) * 1000)} ms or less`,
    );
  return new Engine(await WebAssembly.compile(await readKernels()), {
    ...{ width, height, policy },
    // Room for a camera that sends twice its rate for a while, and for the look-back of a fast one. What is not needed
    // is never touched.
    slots: Math.min(most, 2 * needed + Math.ceil((LOOK_BACK_MS / 1000) * rate)),
    matrix: matrixOf(info),
    range: color.range ?? 'limited',
  });
}

/** Untagged video is BT.601 up to standard definition, and BT.709 above: what players assume. */
function matrixOf({ color: { matrix }, height }: SourceInfo): 'bt601' | 'bt709' {
  if (matrix === undefined) return height > 576 ? 'bt709' : 'bt601';
  return matrix === 'bt709' ? 'bt709' : 'bt601';
}

/**
 * ffmpeg's name of an encoder: the settings name them by what they are, ffmpeg by what they make as well.
 * @throws InputError when it was tried and does not work on this machine
 */
async function workingEncoder(name: string, ffmpeg: Ffmpeg): Promise<string> {
  if (name === 'libx264') return name;
  const encoder = `h264_${name}`;
  const state = (await probeEncoders(ffmpeg)).find((state) => state.encoder === encoder);
  if (state && !state.works)
    throw new InputError(
      `outputs.encoder (--encoder): "${name}" does not work here (${state.reason}); leave it out to use libx264`,
    );
  return encoder;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
