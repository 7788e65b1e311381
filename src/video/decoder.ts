// One running decoder: ffmpeg turns the input into raw pictures in NUT, and they are read into the pool's slots, one at
// a time, when they are asked for. Nothing is read ahead: a full pool stops the reading, the pipe, and so ffmpeg.

import { closeSync } from 'node:fs';
import type { Frame, FramePool } from '../engine/frame.js';
import { InputError } from '../errors.js';
import { ByteReader, openFifo } from './byte-reader.js';
import type { DecodePlan } from './decode-plan.js';
import type { Ffmpeg } from './ffmpeg.js';
import { NutError, type NutFrame, NutReader } from './nut.js';
import type { NutStream } from './nut-format.js';
import { padToEven, pictureBytes } from './pad.js';
import { inputName } from './probe-input.js';
import { describeExit, FfmpegProcess, redact } from './process.js';

/** NUT knows no time before zero, sound often starts there: everything travels this much later; in seconds. */
export const LEAD = 3600;
/** What ffmpeg says of a file which ends early or is damaged. It goes on with what it can decode. */
const DAMAGE =
  /partial file|ended prematurely|corrupt|invalid data|invalid nal|error (while )?(decoding|splitting)|decoding error|damaged|concealing|truncat/i;

export interface AudioPacket {
  readonly kind: 'audio';
  readonly data: Uint8Array;
  /** In ticks of the audio stream's time base; not negative. */
  readonly pts: number;
}

export type Packet = { readonly kind: 'frame'; readonly frame: Frame } | AudioPacket;

export interface DecoderOptions {
  readonly ffmpeg: Ffmpeg;
  /** Whether sound comes too, as it is or made AAC. */
  readonly audio?: 'copy' | 'aac' | undefined;
  /** Options before the input, for example which frames the decoder may skip. */
  readonly inputOptions?: readonly string[];
  /** Applied before those of the plan. */
  readonly filters?: readonly string[];
  /** Ends after so many pictures. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class Decoder implements AsyncDisposable {
  /** Of every picture, in pixels, even. */
  readonly width: number;
  readonly height: number;
  readonly #input: string;
  readonly #plan: DecodePlan;
  /** Where pictures with an odd side are read to. */
  readonly #odd: Uint8Array | undefined;
  readonly #child: FfmpegProcess;
  readonly #reader: ByteReader;
  readonly #options: DecoderOptions;
  readonly #nut = new NutReader();
  #size: readonly [number, number] | undefined;
  /** The size has changed to one of the same number of pixels. */
  #turned = false;
  #frames = 0;
  #lastPts = Number.NEGATIVE_INFINITY;
  #backward = 0;
  #damaged = false;
  #cpuMs = 0;
  #closed = false;

  /** Starts decoding and reads up to the first packet. @throws InputError, Error */
  static async open(input: string, plan: DecodePlan, options: DecoderOptions): Promise<Decoder> {
    const fifo = await openFifo();
    let decoder: Decoder;
    try {
      decoder = new Decoder(input, plan, options, fifo.readEnd, fifo.writeEnd);
    } catch (error) {
      closeSync(fifo.readEnd);
      throw error;
    } finally {
      closeSync(fifo.writeEnd);
    }
    try {
      while (!decoder.#nut.complete) if (!(await decoder.#header())) throw await decoder.#failure();
    } catch (error) {
      await decoder.close();
      throw error;
    }
    return decoder;
  }

  private constructor(input: string, plan: DecodePlan, options: DecoderOptions, readEnd: number, writeEnd: number) {
    const { width, height } = plan;
    this.width = width + (width % 2);
    this.height = height + (height % 2);
    this.#odd = width % 2 || height % 2 ? new Uint8Array(pictureBytes(width, height)) : undefined;
    this.#input = input;
    this.#plan = plan;
    this.#options = options;
    this.#child = new FfmpegProcess(options.ffmpeg.path, decoderArguments(input, plan, options), {
      role: 'decoder',
      output: writeEnd,
      signal: options.signal,
      onLine: ({ text }) => this.#heed(text),
    });
    this.#reader = new ByteReader(readEnd);
  }

  get video(): NutStream {
    return this.#nut.streams.find((stream) => stream.class === 'video')!;
  }

  get audio(): NutStream | undefined {
    return this.#nut.streams.find((stream) => stream.class === 'audio');
  }

  /** `frames` delivered; stamps that went `backward` and were forced on; whether the input was `damaged`; CPU time. */
  get stats(): { frames: number; backward: number; damaged: boolean; cpuMs: number } {
    return { frames: this.#frames, backward: this.#backward, damaged: this.#damaged, cpuMs: this.#cpuMs };
  }

  /**
   * Everything up to the end of the input, or the limit; once. Closes the decoder, also when the loop is left early.
   * @param pool must have the size of the pictures
   * @throws as `next` does
   */
  async *packets(pool: FramePool): AsyncGenerator<Packet, void, undefined> {
    const { width, height } = this;
    if (pool.width !== width || pool.height !== height)
      throw new RangeError(`a pool of ${pool.width}x${pool.height} for pictures of ${width}x${height}`);
    try {
      for (let packet = await this.next(pool); packet; packet = await this.next(pool)) yield packet;
    } catch (error) {
      // Closed from outside, amid a picture: that is an end like any other.
      if (!this.#closed) throw error;
    } finally {
      await this.close();
    }
  }

  /**
   * The next picture or packet of sound; undefined at the end of the input (or the limit).
   * @throws InputError when the picture size changes; Error when the decoder failed
   */
  async next(pool: FramePool): Promise<Packet | undefined> {
    while (this.#frames !== this.#options.limit) {
      const header = await this.#header();
      if (!header) return this.#end();
      if (!header.frame) continue;
      const { stream, pts } = header.frame;
      const time = pts - Math.round((LEAD * stream.timeBase.denominator) / stream.timeBase.numerator);
      if (stream === this.video) return { kind: 'frame', frame: await this.#picture(header.frame, time, pool) };
      const data = new Uint8Array(header.frame.prefix.length + header.frame.size);
      await this.#payload(header.frame, data);
      // What lies before the start is the run-up of the sound's own coder, not to be heard.
      if (stream === this.audio && time >= 0) return { kind: 'audio', data, pts: time };
    }
    return undefined;
  }

  /** Ends the decoder. `stats` are complete afterwards. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.close();
    this.#cpuMs = (await this.#child.stop()).cpuMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #header(): Promise<{ frame?: NutFrame } | undefined> {
    let needed = 1;
    for (;;) {
      const bytes = await this.#reader.peek(needed);
      const header = this.#nut.next(bytes);
      if (header) {
        this.#reader.skip(header.length);
        return header;
      }
      if (bytes.length < needed) {
        if (bytes.length > 0 && !this.#closed) throw await this.#failure();
        return undefined;
      }
      needed = this.#nut.needed;
    }
  }

  async #picture(header: NutFrame, time: number, pool: FramePool): Promise<Frame> {
    const { width, height } = this.#plan;
    const number = this.#frames + 1;
    // A picture turned on its side has as many bytes as before; then only the log knows, and it may be a little ahead.
    if (header.prefix.length + header.size !== pictureBytes(width, height))
      throw this.#sizeChanges(`at frame ${number}`);
    if (this.#turned) throw this.#sizeChanges(`near frame ${number}`);
    const slot = await pool.take();
    try {
      await this.#payload(header, this.#odd ?? slot.data);
      if (this.#odd) padToEven(this.#odd, width, height, slot.data);
    } catch (error) {
      slot.release();
      throw error;
    }
    // ffmpeg moves a stamp that goes backward to one tick after the last, and ticks are far shorter than frames.
    if (time <= this.#lastPts + 1) this.#backward++;
    this.#lastPts = Math.max(time, this.#lastPts + 1);
    this.#frames = number;
    return {
      data: slot.data,
      width: this.width,
      height: this.height,
      pts: this.#lastPts,
      timeBase: header.stream.timeBase,
      slot,
    };
  }

  async #payload({ prefix, size }: NutFrame, into: Uint8Array): Promise<void> {
    into.set(prefix);
    if (!(await this.#reader.fill(into.subarray(prefix.length, prefix.length + size)))) throw await this.#failure();
  }

  async #end(): Promise<undefined> {
    const exit = await this.#child.exited;
    this.#cpuMs = exit.cpuMs;
    if (this.#closed) return undefined;
    this.#options.signal?.throwIfAborted();
    // The log may also be a little behind the pictures: by now all of it has been read.
    if (this.#turned) throw this.#sizeChanges('near the end');
    if (exit.code !== 0) throw new Error(describeExit(this.#child.role, exit));
    return undefined;
  }

  #sizeChanges(where: string): InputError {
    return new InputError(`${redact(this.#input)}: the picture size changes ${where}. Split the file there.`);
  }

  /** Why there is no more, in the middle of something. */
  async #failure(): Promise<Error> {
    const exit = await this.#child.exited;
    this.#options.signal?.throwIfAborted();
    return exit.code === 0 ? new NutError('the decoder ended in the middle') : new Error(describeExit('decoder', exit));
  }

  #heed(text: string): void {
    if (DAMAGE.test(text)) this.#damaged = true;
    // Each time the filters are set up anew they say for which size.
    const set = /^w:(\d+) h:(\d+) pixfmt:/.exec(text);
    if (!set) return;
    const [width, height] = [Number(set[1]), Number(set[2])];
    this.#size ??= [width, height];
    if (width !== this.#size[0] && width * height === this.#size[0] * this.#size[1]) this.#turned = true;
  }
}

function decoderArguments(input: string, plan: DecodePlan, options: DecoderOptions): string[] {
  const { ffmpeg, audio, limit, filters = [], inputOptions = [] } = options;
  const chain = [...filters, ...plan.filters];
  return [
    ...inputOptions,
    // No count of damaged pictures makes ffmpeg give up: what can be decoded is decoded.
    ...['-max_error_rate', '1', '-i', inputName(input)],
    // A picture, no cover art; no data, no subtitles.
    ...['-map', '0:V:0', ...(audio ? ['-map', '0:a:0?', '-c:a', audio] : [])],
    ...(chain.length > 0 ? ['-vf', chain.join(',')] : []),
    ...['-c:v', 'rawvideo', '-pix_fmt', plan.pixelFormat],
    // Without this ffmpeg scales every picture to the size of the first, silently.
    '-noautoscale',
    ...ffmpeg.keepTimeStamps,
    ...['-output_ts_offset', String(LEAD)],
    ...(limit === undefined ? [] : ['-frames:v', String(limit)]),
    ...['-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-f', 'nut', '-write_index', '0', '-avioflags', 'direct', '-flush_packets', '0', 'pipe:1'],
  ];
}
