// What an input is, learnt from ffmpeg itself (ffprobe may not be there): it describes the file in its log and, asked
// for the first few pictures, what they really are, which a file's header does not always know.

import { stat } from 'node:fs/promises';
import { InputError } from '../errors.js';
import type { Ffmpeg } from './ffmpeg.js';
import type { Ratio } from './nut-writer.js';
import { describeExit, type Exit, FfmpegProcess, redact } from './process.js';

/** Pictures looked at: enough to meet both fields of an interlaced one, or a first one that lacks its flag. */
const LOOKED_AT = 5;

/** The four colour tags of a video, in ffmpeg's words ("bt709", "smpte170m" ...); absent ones are unknown. */
export interface ColorTags {
  /** Unknown means limited to every player. */
  readonly range?: 'limited' | 'full' | undefined;
  readonly matrix?: string | undefined;
  readonly primaries?: string | undefined;
  readonly transfer?: string | undefined;
}

export interface InputDescription {
  /** Pixels, after the rotation tag has been obeyed. */
  readonly width: number;
  readonly height: number;
  /** ffmpeg's name: "yuv420p", "yuvj422p", "gray10le", "bgr0" ... */
  readonly pixelFormat: string;
  readonly color: ColorTags;
  readonly interlaced: boolean;
  /** Degrees the tag turns the picture by, 0 when there is none. */
  readonly rotation: number;
  /** Width to height of a pixel, when it is known and not square. */
  readonly pixelAspect?: Ratio | undefined;
  /** Seconds, as the container claims. */
  readonly duration?: number | undefined;
  /** Frames a second, as the container claims or ffmpeg guesses. */
  readonly frameRate?: Ratio | undefined;
  /** "h264", "hevc", "mjpeg" ... */
  readonly codec: string;
  /** Codec of the first audio stream: "aac", "pcm_mulaw" ... */
  readonly audioCodec?: string | undefined;
}

/** How ffmpeg is to be told of an input: a path may look like anything, also like an option or a URL. */
export function inputName(input: string): string {
  return isUrl(input) ? input : `file:${input}`;
}

export function isUrl(input: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(input);
}

/** @throws InputError of one line when the input is missing, empty, no video, or nothing of it can be decoded */
export async function describeInput(input: string, ffmpeg: Ffmpeg, signal?: AbortSignal): Promise<InputDescription> {
  if (!isUrl(input)) await checkFile(input);
  const log: string[] = [];
  const args = ['-i', inputName(input), '-map', '0:V:0', '-vf', 'showinfo', '-frames:v', String(LOOKED_AT)];
  const child = new FfmpegProcess(ffmpeg.path, [...args, '-f', 'null', '-'], {
    role: 'probe',
    signal,
    onLine: ({ text }) => log.push(text),
  });
  const exit = await child.exited;
  signal?.throwIfAborted();
  return parseDescription(log) ?? refuse(input, log, exit);
}

async function checkFile(path: string): Promise<void> {
  const file = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      `${path}: ${error.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${error.code})`}.`,
    );
  });
  if (file.isDirectory()) throw new InputError(`${path}: is a folder, not a video.`);
  if (file.isFile() && file.size === 0) throw new InputError(`${path}: the file is empty.`);
}

/** Reads the log of the command above, without level prefixes. Undefined when no picture was seen. */
export function parseDescription(log: readonly string[]): InputDescription | undefined {
  const matches = (pattern: RegExp) => log.map((line) => pattern.exec(line)).filter((match) => match !== null);
  const [container] = matches(/^Input #0, (\S+),/);
  if (container?.[1] === 'tty') return undefined; // ffmpeg "plays" text files as terminal output
  const pictures = matches(/^n: *\d+ .* fmt:(\S+) .*\bsar:(\d+)\/(\d+) s:(\d+)x(\d+) i:(.) /);
  const picture = pictures[0];
  const mapped = matches(/^ *Stream #0:(\d+) -> #0:0\b/)[0]?.[1];
  const stream = matches(/^ *Stream #0:(\d+)\S*: Video: (\w+)(.*)$/).find((match) => match[1] === mapped);
  if (!picture || !stream) return undefined;
  const [, pixelFormat, aspectWidth, aspectHeight, width, height] = picture;
  return {
    width: Number(width),
    height: Number(height),
    pixelFormat: pixelFormat!,
    color: parseColor(matches(/^color_range:(\S+) color_space:(\S+) color_primaries:(\S+) color_trc:(\S+)/)[0]),
    interlaced: pictures.some((match) => match[6] === 'T' || match[6] === 'B'),
    rotation: Number(matches(/^ *displaymatrix: rotation of (-?[\d.]+) degrees/)[0]?.[1] ?? 0),
    pixelAspect: parseAspect(Number(aspectWidth), Number(aspectHeight)),
    duration: parseDuration(matches(/^ *Duration: (\d+):(\d+):([\d.]+)/)[0]),
    frameRate: parseRate(/, ([\d.]+k?) fps\b/.exec(stream[3]!)?.[1] ?? /, ([\d.]+k?) tbr\b/.exec(stream[3]!)?.[1]),
    codec: stream[2]!,
    audioCodec: matches(/^ *Stream #0:\d+\S*: Audio: (\w+)/)[0]?.[1],
  };
}

function parseColor(found: RegExpExecArray | undefined): ColorTags {
  const [range, matrix, primaries, transfer] = [1, 2, 3, 4].map((group) => {
    const word = found?.[group];
    return word === undefined || /^(unknown|unspecified|reserved)/.test(word) ? undefined : word;
  });
  const words: Record<string, ColorTags['range']> = { tv: 'limited', pc: 'full' };
  return { range: range === undefined ? undefined : words[range], matrix, primaries, transfer };
}

function parseAspect(width: number, height: number): Ratio | undefined {
  return width > 0 && height > 0 && width !== height ? { numerator: width, denominator: height } : undefined;
}

function parseDuration(found: RegExpExecArray | undefined): number | undefined {
  return found ? Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3]) : undefined;
}

/** ffmpeg rounds what it prints: 29.97 is 30000/1001. */
function parseRate(text: string | undefined): Ratio | undefined {
  const rate = Number.parseFloat(text ?? '') * (text?.endsWith('k') ? 1000 : 1);
  if (!(rate > 0)) return undefined;
  const ntsc = Math.round(rate * 1.001);
  if (!Number.isInteger(rate) && Math.abs(ntsc / 1.001 - rate) < 0.006)
    return { numerator: ntsc * 1000, denominator: 1001 };
  return Number.isInteger(rate)
    ? { numerator: rate, denominator: 1 }
    : { numerator: Math.round(rate * 100), denominator: 100 };
}

function refuse(input: string, log: readonly string[], exit: Exit): never {
  const name = redact(input);
  const has = (pattern: RegExp) => log.some((line) => pattern.test(line));
  if (has(/^Input #0, tty,/)) throw new InputError(`${name}: is not a video.`);
  if (has(/moov atom not found/) && !has(/low score/))
    throw new InputError(`${name}: the recording is incomplete, the index at its end is missing.`);
  if (has(/matches no streams/))
    throw new InputError(`${name}: has no video${has(/: Audio: /) ? ', only sound' : ''}.`);
  if (has(/^Input #0,/)) throw new InputError(`${name}: no picture of it can be decoded.`);
  if (has(/Invalid data found/)) throw new InputError(`${name}: is not a video.`);
  throw new InputError(`${name}: cannot be opened (${describeExit('probe', exit)}).`);
}
