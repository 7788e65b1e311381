// Decides how a picture becomes what the engine takes: progressive, upright, 8-bit 4:2:0, in the range and matrix it
// came with. Pure: a description goes in, filters and words for the user come out. ffmpeg obeys the rotation tag by
// itself, before these filters.

import type { ColorTags, InputDescription } from './probe-input.js';

export interface DecodePlan {
  /** Pixels as they come from ffmpeg; a side may be odd. */
  readonly width: number;
  readonly height: number;
  /** In the order in which they are to be applied; may be empty. */
  readonly filters: readonly string[];
  /** Both have the same bytes; the one with the j is what ffmpeg calls full range and leaves alone. */
  readonly pixelFormat: 'yuv420p' | 'yuvj420p';
  /** What the planned picture is to be tagged with. */
  readonly color: ColorTags;
  /** What is lost on the way, for the user. */
  readonly warnings: readonly string[];
}

export function planDecoding(input: InputDescription): DecodePlan {
  const { filters, pixelFormat, color, warnings } = planColor(input);
  return {
    width: input.width,
    height: input.height,
    // One picture out for each in; those which are not interlaced pass as they are.
    filters: [...(input.interlaced ? ['yadif=mode=send_frame:deint=interlaced'] : []), ...filters],
    pixelFormat,
    color,
    warnings,
  };
}

type ColorPlan = Pick<DecodePlan, 'filters' | 'pixelFormat' | 'color' | 'warnings'>;

function planColor({ pixelFormat: format, color }: InputDescription): ColorPlan {
  // Same bytes, nothing to convert: a scaler here would squeeze full range into limited.
  if (format === 'yuv420p' || format === 'yuvj420p') {
    const range = format === 'yuvj420p' ? 'full' : color.range;
    return { filters: [], pixelFormat: format, color: { ...color, range }, warnings: [] };
  }
  if (isRgb(format))
    return {
      filters: ['scale=out_color_matrix=bt709:out_range=limited', 'format=yuv420p'],
      pixelFormat: 'yuv420p',
      color: { ...color, matrix: 'bt709', range: 'limited' },
      warnings: [`RGB pictures (${format}) become 8-bit 4:2:0.`],
    };
  const full = color.range === 'full' || format.startsWith('yuvj') || (color.range === undefined && isGray(format));
  const range = full ? 'full' : 'limited';
  const pixelFormat = full ? 'yuvj420p' : 'yuv420p';
  return {
    filters: [`scale=in_range=${range}:out_range=${range}`, `format=${pixelFormat}`],
    pixelFormat,
    color: { ...color, range: full ? 'full' : color.range },
    warnings: isLossless(format) ? [] : [`${describeFormat(format)} pictures (${format}) become 8-bit 4:2:0.`],
  };
}

function isRgb(format: string): boolean {
  return /^(rgb|bgr|gbr|argb|abgr|0rgb|0bgr|pal8|x2rgb|x2bgr|mono|bayer|xyz)/.test(format);
}

function isGray(format: string): boolean {
  return /^(gray|ya\d)/.test(format);
}

/** 8-bit 4:2:0 in another order, or 8-bit grey. */
function isLossless(format: string): boolean {
  return ['nv12', 'nv21', 'yuva420p', 'gray'].includes(format);
}

function describeFormat(format: string): string {
  const depth = /(?:p|gray|^p[024]|y2)(9|1[0246])(?:le|be)?$/.exec(format)?.[1] ?? '8';
  const chroma = /4[124][0124]/.exec(format)?.[0] ?? (/^p2|^y2|^yuyv|^uyvy|^nv16/.test(format) ? '422' : '420');
  return isGray(format) ? `${depth}-bit grey` : `${depth}-bit ${[...chroma].join(':')}`;
}
