// Boxes, ellipses and polygons as pixels, by the same rules as the independent scorer (OpenCV's fillPoly for outlines:
// the inside and the 8-connected outline itself), so that both count the same pixels.

import type { Box, Polygon } from './truth.js';

/** Whole pixels, x1 and y1 exclusive, within the picture. */
export interface Rect {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** One byte a pixel (0 or 1) over a rectangle of the picture. */
export interface Region extends Rect {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The pixels a box touches, its width and height grown by the share `grow` about its centre. */
export function rectOf([x, y, w, h]: Box, width: number, height: number, grow = 0): Rect {
  return {
    x0: Math.max(0, Math.floor(x - (w * grow) / 2)),
    y0: Math.max(0, Math.floor(y - (h * grow) / 2)),
    x1: Math.min(width, Math.ceil(x + w * (1 + grow / 2))),
    y1: Math.min(height, Math.ceil(y + h * (1 + grow / 2))),
  };
}

/** Square pixels that two boxes share. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}

export function isEmpty(rect: Rect): boolean {
  return rect.x1 <= rect.x0 || rect.y1 <= rect.y0;
}

/** A region of `rect`, every pixel `value`. */
export function regionOf({ x0, y0, x1, y1 }: Rect, value = 0): Region {
  const width = Math.max(0, x1 - x0);
  const height = Math.max(0, y1 - y0);
  return { x0, y0, x1, y1, width, height, data: new Uint8Array(width * height).fill(value) };
}

/** Sets what `rect` and `region` share. */
export function fillRect(region: Region, rect: Rect, value: number): void {
  const from = Math.max(0, rect.x0 - region.x0);
  const to = Math.min(region.width, rect.x1 - region.x0);
  if (to <= from) return;
  const last = Math.min(region.height, rect.y1 - region.y0);
  for (let y = Math.max(0, rect.y0 - region.y0); y < last; y++)
    region.data.fill(value, y * region.width + from, y * region.width + to);
}

/** The ellipse inscribed in `box`: the pixels of `rect` whose centre lies in it. */
export function ellipseOf([bx, by, bw, bh]: Box, rect: Rect): Region {
  const region = regionOf(rect);
  let at = 0;
  for (let y = rect.y0; y < rect.y1; y++) {
    const dy = ((y + 0.5 - by - bh / 2) / (bh / 2)) ** 2;
    for (let x = rect.x0; x < rect.x1; x++, at++)
      region.data[at] = ((x + 0.5 - bx - bw / 2) / (bw / 2)) ** 2 + dy <= 1 ? 1 : 0;
  }
  return region;
}

/** The union of polygons within `rect`; vertices are rounded to whole pixels. */
export function polygonsOf(polygons: readonly Polygon[], rect: Rect): Region {
  const region = regionOf(rect);
  for (const polygon of polygons) {
    const points: [number, number][] = [];
    for (let i = 0; i + 1 < polygon.length; i += 2)
      points.push([roundHalfEven(polygon[i] - rect.x0), roundHalfEven(polygon[i + 1] - rect.y0)]);
    fillInside(region, points);
    for (const [i, point] of points.entries()) drawLine(region, point, points[(i + 1) % points.length]);
  }
  return region;
}

/** Even-odd; a row's span reaches from the first to the last whole pixel between two crossings. */
function fillInside(region: Region, points: readonly [number, number][]): void {
  for (let y = 0; y < region.height; y++) {
    const crossings: number[] = [];
    for (const [i, [ax, ay]] of points.entries()) {
      const [bx, by] = points[(i + 1) % points.length];
      if (y >= Math.min(ay, by) && y < Math.max(ay, by)) crossings.push(ax + ((y - ay) * (bx - ax)) / (by - ay));
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i] - 1e-6));
      const to = Math.min(region.width, Math.floor(crossings[i + 1] + 1e-6) + 1);
      if (to > from) region.data.fill(1, y * region.width + from, y * region.width + to);
    }
  }
}

/** Bresenham's line, walked from left to right as OpenCV does, so that ties fall the same way. */
function drawLine(region: Region, a: readonly [number, number], b: readonly [number, number]): void {
  const [start, end] = a[0] <= b[0] ? [a, b] : [b, a];
  const across = end[0] - start[0];
  const down = Math.abs(end[1] - start[1]);
  const step = Math.sign(end[1] - start[1]);
  const steep = down > across;
  const [long, short] = steep ? [down, across] : [across, down];
  let [x, y] = start;
  let error = long - 2 * short;
  for (let i = 0; i <= long; i++) {
    if (x >= 0 && y >= 0 && x < region.width && y < region.height) region.data[y * region.width + x] = 1;
    const turn = error < 0;
    error += (turn ? 2 * long : 0) - 2 * short;
    if (steep || turn) y += step;
    if (!steep || turn) x += 1;
  }
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
