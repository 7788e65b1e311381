// A masked video on its way out: pictures and sound go as NUT into an encoder, which writes a file beside the wanted one;
// only a whole file gets the wanted name. No picture gets in which is not a MaskedFrame, by its type and once more at run time.

import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { TimeBase } from '../engine/frame.js';
import { MaskedFrame } from '../engine/render.js';
import { InputError } from '../errors.js';
import { atExit } from './at-exit.js';
import { type AudioPacket, LEAD } from './decoder.js';
import { chooseEncoder, encoderArguments } from './encoder.js';
import type { Ffmpeg } from './ffmpeg.js';
import type { NutStream } from './nut-format.js';
import { nutFrameHead, nutHead } from './nut-writer.js';
import { describeExit, type Exit, FfmpegProcess } from './process.js';
import type { VideoInfo } from './source.js';

interface Container {
  /** ffmpeg's name of the format. */
  readonly format: string;
  /** Audio codecs which players of this container know; others become AAC. */
  readonly audio: RegExp;
  /** What else it needs to keep time stamps. */
  readonly options?: readonly string[];
}

const MP4_AUDIO = /^(aac|mp3|ac3|eac3)$/;
const CONTAINERS: Readonly<Record<string, Container>> = {
  '.mp4': { format: 'mp4', audio: MP4_AUDIO },
  '.m4v': { format: 'mp4', audio: MP4_AUDIO },
  '.mov': { format: 'mov', audio: /^(aac|mp3|ac3|eac3|pcm_(s16le|s24le|mulaw|alaw))$/ },
  '.mkv': { format: 'matroska', audio: /^/ },
  '.ts': {
    format: 'mpegts',
    audio: /^(aac|mp2|mp3|ac3|eac3)$/,
    // It knows no time before zero, where B-frames would have their decoding begin, and adds 1.4 s unless told not to.
    options: ['-bf', '0', '-mpegts_copyts', '1', '-muxdelay', '0', '-muxpreload', '0'],
  },
};

export interface SinkStats {
  readonly frames: number;
  /** Of the encoder, user plus system, in milliseconds; known after the end. */
  readonly cpuMs: number;
}

interface Output extends AsyncDisposable {
  /** Completes the file and gives it its name. @throws Error when the encoder failed; then there is no file */
  finish(): Promise<void>;
  /** Ends the encoder and removes what it has written. Does nothing after `finish`. */
  abort(): Promise<void>;
  stats(): SinkStats;
}

export interface Sink extends Output {
  /**
   * Resolves when the frame's memory may be used again. Does not release its slot.
   * @throws TypeError when the renderer did not make the frame, or its slot has been released; Error, encoder failed
   */
  write(frame: MaskedFrame): Promise<void>;
  /** Takes sound of `info.audio`. */
  writeAudio(packet: AudioPacket): Promise<void>;
}

export interface MaskSink extends Output {
  /**
   * @param mask width * height bytes, 255 where masked
   * @returns a promise that resolves when the memory of `mask` may be used again
   */
  write(mask: Uint8Array, pts: number): Promise<void>;
}

export interface SinkOptions {
  readonly ffmpeg: Ffmpeg;
  /** Of the frames to come; the source's own `info` will do. */
  readonly info: VideoInfo;
  /** libx264 unless given. */
  readonly encoder?: string | undefined;
  /** Ends the encoder and removes the output. */
  readonly signal?: AbortSignal | undefined;
}

/** A video file, its format by the extension. @throws InputError when it cannot be written */
export async function openSink(path: string, options: SinkOptions): Promise<Sink> {
  const { ffmpeg, info, signal } = options;
  const container = CONTAINERS[extname(path).toLowerCase()];
  if (!container)
    throw new InputError(`${path}: unknown kind of video; name it ${Object.keys(CONTAINERS).join(', ')}.`);
  const encoder = chooseEncoder(ffmpeg, options.encoder);
  const words = encoderArguments({ encoder, use: 'file' }, info);
  const { audio } = info;
  const audioOptions = audio ? ['-c:a', container.audio.test(audio.codec) ? 'copy' : 'aac'] : [];
  const file = await EncodedFile.open(path, {
    ...{ ffmpeg, signal, container },
    streams: [nutVideo(info), ...(audio ? [audio] : [])],
    info,
    beforeInput: words.beforeInput,
    output: [...(words.filters.length > 0 ? ['-vf', words.filters.join(',')] : []), ...words.output, ...audioOptions],
  });
  return Object.assign(outputOf(file), {
    write: async (frame: MaskedFrame) => {
      if (!MaskedFrame.isMasked(frame) || frame.slot.released) throw new TypeError('not a masked frame: it stays here');
      await file.writePicture(frame.pts, frame.data);
    },
    writeAudio: async ({ pts, data }: AudioPacket) => {
      if (audio) await file.write(1, pts, data);
    },
  });
}

export interface MaskSinkOptions {
  readonly ffmpeg: Ffmpeg;
  readonly info: Pick<VideoInfo, 'width' | 'height' | 'timeBase' | 'frameRate'>;
  readonly signal?: AbortSignal | undefined;
}

/** The masks themselves as 8-bit grey, lossless video (FFV1 in Matroska). @throws InputError */
export async function openMaskSink(path: string, options: MaskSinkOptions): Promise<MaskSink> {
  const { ffmpeg, info, signal } = options;
  if (extname(path).toLowerCase() !== '.mkv') throw new InputError(`${path}: masks are written as .mkv.`);
  const file = await EncodedFile.open(path, {
    ...{ ffmpeg, signal, container: CONTAINERS['.mkv']! },
    streams: [nutVideo(info, 'Y800')],
    info: { ...info, color: {} },
    beforeInput: [],
    output: ['-c:v', 'ffv1', '-level', '3', '-g', '1', '-slicecrc', '1', '-pix_fmt', 'gray'],
  });
  return Object.assign(outputOf(file), { write: (mask: Uint8Array, pts: number) => file.writePicture(pts, mask) });
}

/** The stream header of raw pictures: I420 is yuv420p, Y800 is grey. */
export function nutVideo(
  info: Pick<VideoInfo, 'width' | 'height' | 'timeBase'>,
  tag: 'I420' | 'Y800' = 'I420',
): NutStream {
  const { width, height, timeBase } = info;
  const codecSpecific = new Uint8Array(0);
  return {
    id: 0,
    class: 'video',
    tag: new TextEncoder().encode(tag),
    timeBase,
    codecSpecific,
    video: { width, height },
  };
}

function outputOf(file: EncodedFile): Output {
  return {
    finish: () => file.finish(),
    abort: () => file.abort(),
    stats: () => file.stats,
    [Symbol.asyncDispose]: () => file.abort(),
  };
}

interface EncodedFileOptions {
  readonly ffmpeg: Ffmpeg;
  readonly container: Container;
  /** Video first. */
  readonly streams: readonly NutStream[];
  readonly info: VideoInfo;
  readonly beforeInput: readonly string[];
  readonly output: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** One encoder and the file it makes: whole, or not there. */
class EncodedFile {
  readonly #streams: readonly NutStream[];
  readonly #pictureBytes: number;
  readonly #signal: AbortSignal | undefined;
  readonly #child: FfmpegProcess;
  /** Resolves when encoder and temporary file are gone: to nothing when all went well, else to what went wrong. */
  readonly #outcome: Promise<unknown>;
  #finishing = false;
  #frames = 0;
  #encoded = 0;
  #cpuMs = 0;

  static async open(path: string, options: EncodedFileOptions): Promise<EncodedFile> {
    options.signal?.throwIfAborted();
    const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`);
    if ((await stat(path).catch(() => undefined))?.isDirectory())
      throw new InputError(`${path}: is a folder, name a file.`);
    await open(temporary, 'wx').then(
      (file) => file.close(),
      ({ code }: NodeJS.ErrnoException) => {
        const why = code === 'ENOENT' || code === 'ENOTDIR' ? `there is no folder ${dirname(path)}` : `${code}`;
        throw new InputError(`${path}: cannot be written (${why}).`);
      },
    );
    return new EncodedFile(path, temporary, options);
  }

  private constructor(path: string, temporary: string, options: EncodedFileOptions) {
    const { ffmpeg, streams, info, signal } = options;
    this.#streams = streams;
    this.#signal = signal;
    const [{ tag, video }] = streams as [NutStream];
    const samples = video!.width * video!.height;
    this.#pictureBytes = tag[0] === 'Y'.charCodeAt(0) ? samples : (samples * 3) / 2;
    const forget = atExit(() => rmSync(temporary, { force: true }));
    this.#child = new FfmpegProcess(ffmpeg.path, encoderCommand(temporary, options), {
      role: 'encoder',
      feed: true,
      signal,
      onLine: ({ text }) => {
        const encoded = /^ *Output stream #0:0 \(video\): .* (\d+) packets muxed/.exec(text);
        if (encoded) this.#encoded = Number(encoded[1]);
      },
    });
    this.#outcome = this.#child.exited.then(async (exit) => {
      this.#cpuMs = exit.cpuMs;
      const problem = this.#problem(exit) ?? (await rename(temporary, path).catch((error: Error) => error));
      if (problem) await rm(temporary, { force: true }).catch(() => {});
      forget();
      return problem;
    });
    this.#child.stdin.write(nutHead(streams, { frameRate: info.frameRate, pixelAspect: info.pixelAspect }));
  }

  get stats(): SinkStats {
    return { frames: this.#frames, cpuMs: this.#cpuMs };
  }

  async writePicture(pts: number, data: Uint8Array): Promise<void> {
    if (data.length !== this.#pictureBytes)
      throw new RangeError(`a picture of ${data.length} bytes where ${this.#pictureBytes} belong`);
    await this.write(0, pts, data);
    this.#frames++;
  }

  async write(id: number, pts: number, data: Uint8Array): Promise<void> {
    this.#signal?.throwIfAborted();
    const lead = leadOf(this.#streams[id]!.timeBase);
    const { stdin } = this.#child;
    const error = await new Promise<Error | null | undefined>((resolve) => {
      stdin.cork();
      stdin.write(nutFrameHead(this.#streams.length, id, pts + lead, data.length));
      stdin.write(data, resolve);
      stdin.uncork();
    });
    if (error) throw await this.#givenUp();
  }

  async finish(): Promise<void> {
    this.#finishing = true;
    this.#child.stdin.end();
    const problem = await this.#outcome;
    if (problem) throw problem;
  }

  async abort(): Promise<void> {
    await this.#child.kill();
    await this.#outcome;
  }

  /** The encoder takes no more: it is dead, or as good as that. */
  async #givenUp(): Promise<unknown> {
    const timer = setTimeout(() => this.#child.kill(), 1000);
    const problem = await this.#outcome;
    clearTimeout(timer);
    return problem ?? new Error('the output is closed');
  }

  #problem(exit: Exit): unknown {
    if (this.#signal?.aborted) return this.#signal.reason;
    if (!this.#finishing || exit.code !== 0) return new Error(describeExit('encoder', exit));
    if (this.#encoded === this.#frames) return undefined;
    return new Error(`ffmpeg (encoder) wrote ${this.#encoded} of ${this.#frames} frames`);
  }
}

function leadOf({ numerator, denominator }: TimeBase): number {
  return Math.round((LEAD * denominator) / numerator);
}

function encoderCommand(temporary: string, options: EncodedFileOptions): string[] {
  const { ffmpeg, container, beforeInput, output } = options;
  return [
    // A full disk must end in failure, not in a file without its end.
    ...['-xerror', '-y', ...beforeInput],
    // The head tells all; -fflags nobuffer would lose the first frames.
    ...['-probesize', '32', '-itsoffset', String(-LEAD), '-f', 'nut', '-i', 'pipe:0', '-map', '0'],
    ...output,
    ...(container.options ?? []),
    ...ffmpeg.keepTimeStamps,
    ...['-map_metadata', '-1', '-fflags', '+bitexact', '-f', container.format, `file:${temporary}`],
  ];
}
