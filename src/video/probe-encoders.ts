// Which hardware encoders really work here. Being compiled into ffmpeg proves nothing: each encodes five pictures, on
// the same way as a camera's later, within five seconds. Once per ffmpeg and process.

import { encoderArguments, HARDWARE, SOFTWARE } from './encoder.js';
import type { Ffmpeg } from './ffmpeg.js';
import { nutFrameHead, nutHead } from './nut-writer.js';
import { FfmpegProcess } from './process.js';
import { nutVideo } from './sink.js';
import type { VideoInfo } from './source.js';

const PICTURES = 5;
/** In milliseconds. A missing device fails in a tenth of a second; a hanging one must not hold up the start. */
const LIMIT = 5000;
/** Smaller ones are refused by some hardware. */
const SAMPLE: VideoInfo = {
  width: 640,
  height: 360,
  timeBase: { numerator: 1, denominator: 25 },
  frameRate: { numerator: 25, denominator: 1 },
  color: {},
};

export interface EncoderState {
  /** ffmpeg's name. */
  readonly encoder: string;
  readonly label: string;
  readonly works: boolean;
  /** Why it does not work, as far as it said. */
  readonly reason?: string | undefined;
}

const known = new Map<string, Promise<readonly EncoderState[]>>();

/** The H.264 encoders this ffmpeg has, hardware first, each tried. Never rejects for an encoder that fails. */
export function probeEncoders(ffmpeg: Ffmpeg): Promise<readonly EncoderState[]> {
  let answer = known.get(ffmpeg.path);
  if (!answer) {
    answer = tryAll(ffmpeg);
    known.set(ffmpeg.path, answer);
  }
  return answer;
}

async function tryAll(ffmpeg: Ffmpeg): Promise<EncoderState[]> {
  const states: EncoderState[] = [];
  // One after the other: two may want the same device.
  for (const encoder of [...Object.keys(HARDWARE), SOFTWARE])
    if (ffmpeg.encoders.has(encoder)) states.push(await tryOne(ffmpeg, encoder));
  return states;
}

async function tryOne(ffmpeg: Ffmpeg, encoder: string): Promise<EncoderState> {
  const label = HARDWARE[encoder]?.label ?? 'software (x264)';
  const { beforeInput, filters, output } = encoderArguments({ encoder, use: 'live' }, SAMPLE);
  const args = [...beforeInput, '-f', 'nut', '-i', 'pipe:0', ...(filters.length > 0 ? ['-vf', filters.join(',')] : [])];
  const limit = AbortSignal.timeout(LIMIT);
  await using child = new FfmpegProcess(ffmpeg.path, [...args, ...output, '-f', 'null', '-'], {
    role: encoder,
    feed: true,
    signal: limit,
  });
  const picture = new Uint8Array((SAMPLE.width * SAMPLE.height * 3) / 2).fill(128);
  child.stdin.write(nutHead([nutVideo(SAMPLE)]));
  for (let pts = 0; pts < PICTURES; pts++) {
    child.stdin.write(nutFrameHead(1, 0, pts, picture.length));
    child.stdin.write(picture);
  }
  child.stdin.end();
  const exit = await child.exited;
  if (exit.code === 0) return { encoder, label, works: true };
  const reason = limit.aborted ? `no answer within ${LIMIT / 1000} s` : exit.complaints[0];
  return { encoder, label, works: false, reason };
}
