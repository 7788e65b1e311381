// Which encoder, with which arguments, and what to do when it dies. All of it pure: a choice goes in, command line words
// come out. What a machine really can do is tried in probe-encoders.ts.

import { InputError } from '../errors.js';
import { type Ffmpeg, NAME_ANOTHER } from './ffmpeg.js';
import type { VideoInfo } from './source.js';

export const SOFTWARE = 'libx264';

/** Seconds between keyframes: live, late joiners wait for one; in a file they only make seeking finer. */
const GOP = { live: 1, file: 4 } as const;
/** Frames a second to reckon with when the source does not tell. */
const USUAL_RATE = 30;
/** Bits a pixel of bit-rate controlled encoders: 4 Mbit/s for live 1080p30. Files may look better. */
const BITS = { live: 0.065, file: 0.13 } as const;
/** A second death within this time is no accident; in milliseconds. */
const DIES_TOO_OFTEN = 10_000;

interface Hardware {
  /** For `privacy-shield probe` and the log. */
  readonly label: string;
  /** Options before the input, which open the device. */
  readonly device?: readonly string[];
  /** Filters that bring pictures to the device. */
  readonly upload?: readonly string[];
  readonly options: readonly string[];
}

/** Hardware encoders and their low-latency flags, in order of preference. */
export const HARDWARE: Readonly<Record<string, Hardware>> = {
  h264_videotoolbox: { label: 'Apple VideoToolbox', options: ['-realtime', '1', '-prio_speed', '1', '-bf', '0'] },
  h264_nvenc: {
    label: 'Nvidia NVENC',
    options: ['-preset', 'p1', '-tune', 'ull', '-zerolatency', '1', '-bf', '0'],
  },
  h264_qsv: {
    label: 'Intel Quick Sync',
    device: ['-init_hw_device', 'qsv=qs', '-filter_hw_device', 'qs'],
    upload: ['format=nv12', 'hwupload=extra_hw_frames=64'],
    options: ['-async_depth', '1', '-bf', '0'],
  },
  h264_vaapi: {
    label: 'VAAPI',
    device: ['-init_hw_device', 'vaapi=va:/dev/dri/renderD128', '-filter_hw_device', 'va'],
    upload: ['format=nv12', 'hwupload'],
    options: ['-bf', '0'],
  },
  h264_rkmpp: { label: 'Rockchip MPP', options: [] },
  h264_v4l2m2m: { label: 'V4L2 (Raspberry Pi)', options: ['-num_capture_buffers', '16'] },
};

export interface EncoderChoice {
  /** "libx264" or a key of HARDWARE. */
  readonly encoder: string;
  /** Live: no delay, bounded bit rate, a keyframe each second. File: constant quality. */
  readonly use: 'live' | 'file';
  /** Bits a second; by size and rate unless given. libx264 ignores it for files unless given. */
  readonly bitRate?: number | undefined;
}

export interface EncoderArguments {
  readonly beforeInput: readonly string[];
  readonly filters: readonly string[];
  readonly output: readonly string[];
}

/** The words for one encoder; the tags of the video's colour among them. */
export function encoderArguments(choice: EncoderChoice, info: VideoInfo): EncoderArguments {
  const { encoder, use } = choice;
  const rate = info.frameRate ? info.frameRate.numerator / info.frameRate.denominator : USUAL_RATE;
  const bitRate = Math.round(choice.bitRate ?? info.width * info.height * rate * BITS[use]);
  const bounded = ['-b:v', bitRate, '-maxrate', bitRate, '-bufsize', bitRate].map(String);
  const common = ['-c:v', encoder, '-g', String(Math.max(1, Math.round(rate * GOP[use]))), ...colorOptions(info)];
  const tags = colorFilter(info);
  const hardware = HARDWARE[encoder];
  if (hardware) {
    const { device = [], upload = [], options } = hardware;
    // The way to nv12 leads through the scaler, which must be told to leave the range alone.
    const range = info.color.range ?? 'limited';
    const keepRange = upload.length > 0 ? [`scale=in_range=${range}:out_range=${range}`] : [];
    return {
      beforeInput: device,
      filters: [...tags, ...keepRange, ...upload],
      output: [...common, ...bounded, ...options, ...(upload.length > 0 ? [] : ['-pix_fmt', 'yuv420p'])],
    };
  }
  const quality = choice.bitRate === undefined && use === 'file' ? ['-crf', '23'] : bounded;
  const delay = use === 'live' ? ['-tune', 'zerolatency'] : [];
  return {
    beforeInput: [],
    filters: tags,
    output: [...common, '-preset', 'superfast', ...delay, ...quality, '-pix_fmt', 'yuv420p'],
  };
}

/** Raw pictures carry no tags: they are put on each picture ... */
function colorFilter({ color }: VideoInfo): string[] {
  const words = colorWords(color);
  const names = { range: 'range', matrix: 'colorspace', primaries: 'color_primaries', transfer: 'color_trc' };
  return words.length > 0 ? [`setparams=${words.map(([key, value]) => `${names[key]}=${value}`).join(':')}`] : [];
}

/** ... and told to the encoder, because versions of ffmpeg differ in which of the two they believe. */
function colorOptions({ color }: VideoInfo): string[] {
  const names = { range: '-color_range', matrix: '-colorspace', primaries: '-color_primaries', transfer: '-color_trc' };
  return colorWords(color).flatMap(([key, value]) => [names[key], value]);
}

function colorWords(color: VideoInfo['color']): ['range' | 'matrix' | 'primaries' | 'transfer', string][] {
  const ranges = { limited: 'tv', full: 'pc' };
  return (['range', 'matrix', 'primaries', 'transfer'] as const).flatMap((key) => {
    const value = key === 'range' ? color.range && ranges[color.range] : color[key];
    return value === undefined ? [] : [[key, value]];
  });
}

/** Checks the wish, or chooses software. @throws InputError when this ffmpeg lacks the encoder */
export function chooseEncoder(ffmpeg: Ffmpeg, wish: string = SOFTWARE): string {
  if (wish !== SOFTWARE && !(wish in HARDWARE))
    throw new InputError(`encoder "${wish}" is not known; use ${[SOFTWARE, ...Object.keys(HARDWARE)].join(', ')}.`);
  if (ffmpeg.encoders.has(wish)) return wish;
  throw new InputError(
    wish === SOFTWARE
      ? `ffmpeg at ${ffmpeg.path} cannot encode H.264 (no libx264). Install ffmpeg-for-homebridge, or ${NAME_ANOTHER}.`
      : `ffmpeg at ${ffmpeg.path} has no encoder "${wish}"; leave the choice out to use ${SOFTWARE}.`,
  );
}

/**
 * What follows when an encoder died. First match wins:
 * 1. software: it is tried again, there is nothing to fall back to;
 * 2. hardware which died twice within ten seconds: software for good;
 * 3. else the same again.
 * @param deaths times of its deaths in milliseconds of a steady clock, oldest first, the present one last
 */
export function afterDeath(encoder: string, deaths: readonly number[]): 'again' | 'software' {
  if (encoder === SOFTWARE) return 'again';
  const [previous, last] = deaths.slice(-2);
  return previous !== undefined && last !== undefined && last - previous <= DIES_TOO_OFTEN ? 'software' : 'again';
}
