// A video on its way in: what it is, then its frames, each in a slot of the pool, with its sound beside it when asked.
// Pulled: a frame is read when somebody asks for it and the pool has room.

import type { FramePool, TimeBase } from '../engine/frame.js';
import { planDecoding } from './decode-plan.js';
import { Decoder, type Packet } from './decoder.js';
import type { Ffmpeg } from './ffmpeg.js';
import type { NutStream } from './nut-format.js';
import type { Ratio } from './nut-writer.js';
import { type ColorTags, describeInput, type InputDescription } from './probe-input.js';
import { redact } from './process.js';

/** Codecs whose packets NUT can carry as they are; others become AAC. */
const CARRIED = /^(aac|mp2|mp3|ac3|eac3|opus|vorbis|flac|pcm_(s16le|s24le|s32le|u8|mulaw|alaw))$/;

/** A sound track; the id means nothing outside the source. */
export interface AudioStream extends NutStream {
  /** As it travels: "aac", "opus", "pcm_mulaw" ... */
  readonly codec: string;
}

export interface VideoInfo {
  /** Pixels, even: those of every frame. */
  readonly width: number;
  readonly height: number;
  readonly timeBase: TimeBase;
  /** Frames a second; what the container claims, the time stamps rule. */
  readonly frameRate?: Ratio | undefined;
  readonly color: ColorTags;
  /** Width to height of a pixel when it is not square. */
  readonly pixelAspect?: Ratio | undefined;
  readonly audio?: AudioStream | undefined;
}

export interface SourceInfo extends VideoInfo {
  /** Seconds, as the container claims. */
  readonly duration?: number | undefined;
  /** An estimate, for a progress bar. */
  readonly frameCount?: number | undefined;
  /** What the user should know, one line each. */
  readonly warnings: readonly string[];
}

export interface SourceStats {
  readonly frames: number;
  /** The input ended early or is damaged; what could be decoded was. Final once the packets have ended. */
  readonly truncated: boolean;
  /** Time stamps that did not increase and were moved to one tick after the last. */
  readonly backwardStamps: number;
  /** Of the decoder, user plus system, in milliseconds; known after the end. */
  readonly cpuMs: number;
}

export interface Source extends AsyncDisposable {
  readonly info: SourceInfo;
  /**
   * The pictures and packets of sound in the order of the input; once. Leaving the loop early closes the source.
   * @param pool must have the size of `info`
   */
  packets(pool: FramePool): AsyncGenerator<Packet, void, undefined>;
  stats(): SourceStats;
  close(): Promise<void>;
}

export interface SourceOptions {
  readonly ffmpeg: Ffmpeg;
  /** Bring the first sound track along. Default: no. */
  readonly audio?: boolean | undefined;
  /** Ends after so many frames. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws InputError of one line when the input cannot be used */
export async function openSource(input: string, options: SourceOptions): Promise<Source> {
  const { ffmpeg, limit, signal } = options;
  const description = await describeInput(input, ffmpeg, signal);
  const plan = planDecoding(description);
  const codec = options.audio ? description.audioCodec : undefined;
  const audio = codec === undefined ? undefined : CARRIED.test(codec) ? 'copy' : 'aac';
  const decoder = await Decoder.open(input, plan, { ffmpeg, audio, limit, signal });
  const estimate = estimateFrames(description, limit);
  return {
    info: {
      width: decoder.width,
      height: decoder.height,
      timeBase: decoder.video.timeBase,
      frameRate: description.frameRate,
      color: plan.color,
      pixelAspect: description.pixelAspect,
      audio: decoder.audio && { ...decoder.audio, codec: audio === 'copy' ? codec! : 'aac' },
      duration: description.duration,
      frameCount: estimate,
      warnings: plan.warnings.map((warning) => `${redact(input)}: ${warning}`),
    },
    packets: (pool) => decoder.packets(pool),
    stats: () => {
      const { frames, backward, damaged, cpuMs } = decoder.stats;
      return { frames, backwardStamps: backward, truncated: damaged, cpuMs };
    },
    close: () => decoder.close(),
    [Symbol.asyncDispose]: () => decoder.close(),
  };
}

function estimateFrames({ duration, frameRate }: InputDescription, limit?: number): number | undefined {
  if (duration === undefined || !frameRate) return limit;
  const frames = Math.max(1, Math.round((duration * frameRate.numerator) / frameRate.denominator));
  return Math.min(frames, limit ?? frames);
}
