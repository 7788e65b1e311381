// Counts what leaves, frame by frame, and makes the report of it.

import { milliseconds } from '../engine/frame.js';
import { programVersion } from '../version.js';
import type { Ffmpeg } from '../video/ffmpeg.js';
import type { Sink } from '../video/sink.js';
import type { Source } from '../video/source.js';
import type { Learned } from './learn-ahead.js';
import type { MaskReport } from './mask-job.js';
import type { ShieldedFrame } from './stream.js';

export class Tally {
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
