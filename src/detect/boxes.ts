// Arithmetic of rectangles, and the choice among the many boxes a net gives for one thing.

import type { Detection, Rect, Size } from './detection.js';

/** Area shared by two boxes as part of the area they cover together, 0..1. */
export function overlap(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (!(width > 0 && height > 0)) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** What of a rectangle lies in the picture; of no width or height where nothing does. */
export function within(rect: Rect, { width, height }: Size): Rect {
  const clamp = (value: number, limit: number) => Math.min(limit, Math.max(0, value));
  const [x, y] = [clamp(rect.x, width), clamp(rect.y, height)];
  return {
    x,
    y,
    width: clamp(rect.x + rect.width, width) - x,
    height: clamp(rect.y + rect.height, height) - y,
  };
}

/**
 * Non-maximum suppression: of boxes of one kind that overlap by more than `limit` only the best stays.
 * @returns best score first
 */
export function suppress(detections: readonly Detection[], limit: number): Detection[] {
  const kept: Detection[] = [];
  for (const candidate of [...detections].sort((a, b) => b.score - a.score))
    if (!kept.some(({ kind, box }) => kind === candidate.kind && overlap(box, candidate.box) > limit))
      kept.push(candidate);
  return kept;
}
