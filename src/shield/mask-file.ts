// Masks one file: opens what comes in and goes out, learns the background, runs the stream to its end, and tells what was
// done. Either the whole output is there afterwards, or none of it.

import { rm, stat } from 'node:fs/promises';
import { concatMap, lastValueFrom } from 'rxjs';
import { readKernels } from '../assets.js';
import { Engine, LOOK_BACK_MS } from '../engine/engine.js';
import { milliseconds } from '../engine/frame.js';
import { InputError } from '../errors.js';
import { programVersion } from '../version.js';
import type { AudioPacket } from '../video/decoder.js';
import { type Ffmpeg, findFfmpeg } from '../video/ffmpeg.js';
import { probeEncoders } from '../video/probe-encoders.js';
import { type MaskSink, openMaskSink, openSink, type Sink } from '../video/sink.js';
import { openSource, type Source, type SourceInfo } from '../video/source.js';
import { openStills } from '../video/stills.js';
import type { MaskJob, MaskProgress, MaskReport } from './mask-job.js';
import { type ShieldedFrame, SLOTS_AT_THE_ENDS, shielded } from './stream.js';

/** Bytes of frames that may be on their way at once. */
const MOST_BYTES = 256 * 2 ** 20;
/** A file whose rate is not known is taken for one of this rate. */
const USUAL_RATE = 30;
/** A file that spans less, or holds fewer pictures to learn from, is learnt as a live camera is. */
const LEAST_SECONDS_AHEAD = 5;
const LEAST_PICTURES_AHEAD = 10;
/** Pictures of the first pass. */
const PICTURES_AHEAD = 40;

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

interface Learned {
  readonly pictures: number;
  readonly seconds: number;
  readonly cpuMs: number;
}

/** A first pass over the file, where it was asked for and the file allows it. */
async function learnAhead(
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

/** What the report is made of. */
class Tally {
  frames = 0;
  readonly #gates: Record<string, number> = {};
  #share = 0;
  #engineMs = 0;
  #firstStamp: number | undefined;
  #lastStamp = 0;
  #size = { width: 0, height: 0 };

  addEngineTime(ms: number): void {
    this.#engineMs += ms;
  }

  count({ frame, gate, share }: ShieldedFrame): void {
    const { width, height } = frame;
    this.frames++;
    this.#share += share;
    this.#gates[gate.why] = (this.#gates[gate.why] ?? 0) + 1;
    this.#lastStamp = milliseconds(frame.pts, frame.timeBase);
    this.#firstStamp ??= this.#lastStamp;
    this.#size = { width, height };
  }

  report(parts: {
    readonly input: string;
    readonly source: Source;
    readonly sink: Sink;
    readonly learned: Learned;
    readonly ffmpeg: Ffmpeg;
    readonly ownCpuMs: number;
    readonly masksCpuMs: number;
    readonly elapsedSeconds: number;
  }): MaskReport {
    const { input, source, sink, learned, ffmpeg, elapsedSeconds } = parts;
    const { cpuMs: decodeMs, truncated, backwardStamps } = source.stats();
    const encodeMs = sink.stats().cpuMs + parts.masksCpuMs;
    const perFrame = (ms: number) => ms / Math.max(1, this.frames);
    return {
      frames: this.frames,
      dropped: 0,
      seconds: (this.#lastStamp - (this.#firstStamp ?? 0)) / 1000,
      elapsedSeconds,
      fps: this.frames / elapsedSeconds,
      cpuMsPerFrame: {
        total: perFrame(parts.ownCpuMs + decodeMs + encodeMs + learned.cpuMs),
        engine: perFrame(this.#engineMs),
        decode: perFrame(decodeMs),
        encode: perFrame(encodeMs),
        learn: perFrame(learned.cpuMs),
      },
      maskedShare: this.#share / Math.max(1, this.frames),
      gates: this.#gates,
      size: this.#size,
      truncated,
      backwardStamps,
      warnings: [
        ...source.info.warnings,
        ...(truncated ? [`${input}: damaged or cut short; what could be decoded was masked`] : []),
      ],
      versions: { 'privacy-shield': programVersion(), node: process.version, ffmpeg: ffmpeg.version },
      learned: { pictures: learned.pictures, seconds: learned.seconds },
    };
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
