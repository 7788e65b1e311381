// Far people are too small for a net that sees the whole picture at 416 pixels. So parts of it are looked at closer, in
// turn: which parts, and which next. Pure policies.

import type { Rect, Size } from './detection.js';

/** Share of a tile's side that it has in common with its neighbour: a person cut by one edge is whole in the other. */
const COMMON = 0.25;

/**
 * Overlapping tiles that cover the picture, row by row, all of one size.
 * @param across tiles in a row; 2 doubles the reach (less the overlap)
 */
export function tilesOf({ width, height }: Size, across = 2, down = across): Rect[] {
  const tile = { width: sideOf(width, across), height: sideOf(height, down) };
  return Array.from({ length: across * down }, (_, i) => ({
    x: startOf(i % across, across, width, tile.width),
    y: startOf(Math.floor(i / across), down, height, tile.height),
    ...tile,
  }));
}

/** How much sooner a tile comes that holds all the unexplained foreground: as if it had waited this many times longer. */
const URGENCY = 8;

/**
 * Which tiles to look at next: those that have waited longest, counted longer the more unexplained foreground they hold.
 * Since waiting always wins in the end, foreground that stays unexplained in one tile keeps no other from its turn.
 * @param waited rounds since each tile was looked at, 0 or more
 * @param unexplained rectangles of foreground that no detection covers
 * @param count how many
 * @returns indices, most urgent first
 */
export function nextTiles(
  tiles: readonly Rect[],
  waited: readonly number[],
  unexplained: readonly Rect[],
  count: number,
): number[] {
  const held = tiles.map((tile) => unexplained.reduce((sum, rect) => sum + sharedArea(tile, rect), 0));
  const all = Math.max(1, ...held);
  const urgency = tiles.map((_, i) => (waited[i] + 1) * (1 + (URGENCY * held[i]) / all));
  return [...tiles.keys()].sort((a, b) => urgency[b] - urgency[a] || a - b).slice(0, count);
}

function sideOf(length: number, count: number): number {
  return length / (1 + (count - 1) * (1 - COMMON));
}

function startOf(index: number, count: number, length: number, side: number): number {
  return count === 1 ? 0 : (index * (length - side)) / (count - 1);
}

function sharedArea(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}
