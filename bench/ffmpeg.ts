// ffmpeg as the benches need it: raw frames out, raw frames in, one picture or file made by arguments. Frames here are
// plain buffers of the right size; nothing of the product's own way through ffmpeg is used, so that it can be judged.

import { type ChildProcess, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../src/errors.js';

const FFMPEG = process.env.PRIVACY_SHIELD_FFMPEG ?? 'ffmpeg';
const QUIET = ['-hide_banner', '-v', 'error', '-nostdin', '-y'];

export interface VideoInfo {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly rate: number;
}

/** Runs ffmpeg to its end. @throws Error with ffmpeg's own last words */
export async function ffmpeg(args: readonly string[]): Promise<void> {
  const child = spawn(FFMPEG, [...QUIET, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  await success(child, lastWords(child));
}

/** @throws InputError when the file is no video */
export async function probe(path: string): Promise<VideoInfo> {
  const child = spawn(FFMPEG, ['-hide_banner', '-i', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  const words = lastWords(child);
  await exit(child);
  const video = /Video: .*?\b(\d{2,5})x(\d{2,5})\b.*?([\d.]+) (?:fps|tbr)/.exec(words());
  if (!video) throw new InputError(`${path} is not a video that ffmpeg can read.`);
  return { width: Number(video[1]), height: Number(video[2]), rate: Number(video[3]) };
}

/** How many frames the first video stream of a file has, counted without decoding. */
export async function countFrames(path: string): Promise<number> {
  const args = ['-hide_banner', '-nostdin', '-i', path, '-map', '0:v:0', '-c', 'copy', '-f', 'null', '-'];
  const child = spawn(FFMPEG, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const words = lastWords(child);
  await exit(child);
  return Number(/frame=\s*(\d+)(?![\s\S]*frame=)/.exec(words())?.[1] ?? 0);
}

/** Every frame that `args` (input and filters) yields, each in a buffer of its own. */
export async function* rawFrames(
  args: readonly string[],
  pixelFormat: 'gray' | 'yuv420p',
  bytes: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const passthrough = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', pixelFormat, '-'];
  const child = spawn(FFMPEG, [...QUIET, ...args, ...passthrough], { stdio: ['ignore', 'pipe', 'pipe'] });
  const words = lastWords(child);
  let frame = new Uint8Array(bytes);
  let filled = 0;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const part = chunk.subarray(at, at + bytes - filled);
        frame.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled < bytes) continue;
        yield frame;
        frame = new Uint8Array(bytes);
        filled = 0;
      }
    }
    await success(child, words);
  } finally {
    child.kill('SIGKILL');
  }
}

/** Encodes raw yuv420p frames; `args` are the codec's options and the output. */
export async function encode(
  frames: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { width, height, rate }: VideoInfo,
  args: readonly string[],
  pixelFormat: 'gray' | 'yuv420p' = 'yuv420p',
): Promise<void> {
  const raw = ['-f', 'rawvideo', '-pix_fmt', pixelFormat, '-s', `${width}x${height}`, '-r', `${rate}`, '-i', '-'];
  const child = spawn(FFMPEG, [...QUIET, ...raw, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  const done = success(child, lastWords(child));
  await Promise.all([pipeline(Readable.from(frames, { objectMode: true }), child.stdin), done]);
}

function lastWords(child: ChildProcess): () => string {
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-20_000);
  });
  return () => words;
}

function exit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
}

async function success(child: ChildProcess, words: () => string): Promise<void> {
  const code = child.exitCode ?? (await exit(child));
  if (code !== 0) throw new Error(`ffmpeg failed (${code}): ${words().trim().split('\n').at(-1)}`);
}
