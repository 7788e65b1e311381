// The contract between the command line and the masking of one file: what is asked for, and what is told afterwards.

import type { Policy } from '../settings/index.js';

export interface MaskJob {
  /** A video file. */
  readonly input: string;
  /** The masked video; its ending chooses the container. */
  readonly output: string;
  /** Where the masks go, as grey FFV1 video in Matroska: 255 is masked. */
  readonly masks?: string;
  readonly policy: Policy;
  /** ahead: a first pass over the whole file learns the background. live: the first seconds do, masked whole. */
  readonly learn: 'ahead' | 'live';
  /** Most frames to write. */
  readonly limit?: number;
  /** Keep the sound. */
  readonly audio: boolean;
  /** An encoder by its name in the settings ("libx264", "vaapi", ...); libx264 when absent. */
  readonly encoder?: string;
  /** Path of an ffmpeg to be used. */
  readonly ffmpeg?: string;
}

/** Frames written so far and, where the container tells it, how many there will be. */
export interface MaskProgress {
  readonly frames: number;
  readonly total?: number;
}

export interface MaskReport {
  /** Frames written, one for each frame read. */
  readonly frames: number;
  readonly dropped: number;
  /** Length of what was written, in media time. */
  readonly seconds: number;
  readonly elapsedSeconds: number;
  /** Frames written a second of the clock. */
  readonly fps: number;
  /** Milliseconds of processor time a frame; `total` is the whole process tree. */
  readonly cpuMsPerFrame: {
    readonly total: number;
    readonly engine: number;
    readonly decode: number;
    readonly encode: number;
    readonly learn: number;
  };
  /** Mean share of the picture that was masked, 0 to 1. */
  readonly maskedShare: number;
  /** Frames that left in each state of the gate. */
  readonly gates: Readonly<Record<string, number>>;
  /** Of the output, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** The input ended in the middle of a frame. */
  readonly truncated: boolean;
  /** Time stamps that ran backwards and were moved forward. */
  readonly backwardStamps: number;
  readonly warnings: readonly string[];
  /** Of what took part: "privacy-shield", "node", "ffmpeg", ... */
  readonly versions: Readonly<Record<string, string>>;
  /** What the background was learned from: pictures, and seconds of media time they span. */
  readonly learned: { readonly pictures: number; readonly seconds: number };
}
