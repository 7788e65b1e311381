// A few pictures of a file, to learn its background from before it is masked: the first pass of learning ahead. They
// come through the same decoder and filters as the file's frames, so they have the same size and colours.

import type { Frame, FramePool } from '../engine/frame.js';
import { planDecoding } from './decode-plan.js';
import { Decoder } from './decoder.js';
import type { Ffmpeg } from './ffmpeg.js';
import { describeInput } from './probe-input.js';
import type { VideoInfo } from './source.js';

export interface Stills extends AsyncDisposable {
  readonly info: VideoInfo & { readonly duration?: number | undefined };
  /** The pictures in the order of the input; once. Leaving the loop early closes. */
  frames(pool: FramePool): AsyncGenerator<Frame, void, undefined>;
  /** Milliseconds of CPU time the decoder took; known after the end. */
  cpuMs(): number;
  close(): Promise<void>;
}

export interface StillsOptions {
  readonly ffmpeg: Ffmpeg;
  /** Pictures wanted, at most. */
  readonly count: number;
  readonly signal?: AbortSignal | undefined;
}

/** From this distance between two pictures on, keyframes lie close enough to stand for them; in seconds. */
const KEYFRAMES_WILL_DO = 2;
/** When keyframes give fewer than this share of the pictures wanted, everything is decoded after all. */
const ENOUGH = 3 / 8;

/**
 * A few pictures spread evenly over a file, at full size and exactly as `openSource` would give them: the first pass of
 * learning ahead. Of a long file only keyframes are decoded, unless they turn out to be too rare: then all pictures
 * come once more from the start.
 * @throws InputError as openSource does
 */
export async function openStills(input: string, options: StillsOptions): Promise<Stills> {
  const { ffmpeg, count, signal } = options;
  const description = await describeInput(input, ffmpeg, signal);
  const plan = planDecoding(description);
  const open = ({ inputOptions, filter }: StillsPass) =>
    Decoder.open(input, plan, { ffmpeg, inputOptions, filters: [filter], limit: count, signal });
  const [first, ...others] = planStills(description.duration, count);
  let decoder = await open(first);
  let spentMs = 0;
  const close = () => decoder.close();
  return {
    info: {
      width: decoder.width,
      height: decoder.height,
      timeBase: decoder.video.timeBase,
      frameRate: description.frameRate,
      color: plan.color,
      duration: description.duration,
    },
    async *frames(pool: FramePool) {
      for (const pass of [undefined, ...others]) {
        if (pass) {
          if (decoder.stats.frames >= count * ENOUGH) return;
          spentMs += decoder.stats.cpuMs;
          decoder = await open(pass);
        }
        for await (const packet of decoder.packets(pool)) if (packet.kind === 'frame') yield packet.frame;
      }
    },
    cpuMs: () => spentMs + decoder.stats.cpuMs,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface StillsPass {
  readonly inputOptions: readonly string[];
  readonly filter: string;
}

/**
 * How to look for `count` pictures, cheapest first. Pure.
 * @param duration seconds
 */
export function planStills(duration: number | undefined, count: number): [StillsPass, ...StillsPass[]] {
  // Without a known duration, one picture in 25 until there are enough.
  const step = duration === undefined ? undefined : duration / count;
  const filter =
    step === undefined
      ? "select='not(mod(n,25))'"
      : `select='isnan(prev_selected_t)+gt(floor(t/${step}),floor(prev_selected_t/${step}))'`;
  const everything = { inputOptions: [], filter };
  if (step === undefined || step < KEYFRAMES_WILL_DO) return [everything];
  return [{ inputOptions: ['-skip_frame', 'nokey'], filter }, everything];
}
