// What the two sliders mean: sensitivity and size, 0 to 100, as the numbers the engine works with. More is more private,
// monotonously. docs/settings.md and docs/quality.md say the same in words.

import { BLOCK, type Grid } from './grid.js';

export interface Thresholds {
  /** Least distance in luma levels (0..255) at which a quiet cell differs from its background. */
  readonly radius: number;
  /** Chroma distance as a share of the luma radius, in 256ths, and its least value in levels. */
  readonly chromaShare: number;
  readonly chromaLeast: number;
  /** Cells of a 3x3 neighbourhood that must be foreground for the centre to count, and to count as strong. */
  readonly few: number;
  readonly many: number;
  /** Cells of weak and of strong foreground that make a component worth masking. */
  readonly leastMass: number;
  readonly leastStrength: number;
}

/** Cells of the grid the masses below are stated for (1080p). */
const NOMINAL_CELLS = 480 * 270;

/** The least mass is never more than this share of the cells. */
const MOST_MASS = 1 / 16;

/** @param sensitivity 0 (only what stands out) to 100 (whatever moves) */
export function thresholdsOf(sensitivity: number, grid: Grid): Thresholds {
  // Every 50 points halve the radius and quarter the mass that is let pass.
  const halvings = (sensitivity - 50) / 50;
  const scale = (grid.columns * grid.rows) / NOMINAL_CELLS;
  const radius = 10 * 2 ** -halvings;
  // In a picture of a few cells, fewer neighbours are there to agree and fewer cells to weigh.
  const around = Math.min(3, grid.columns) * Math.min(3, grid.rows);
  const ofAround = (cells: number) => Math.ceil((cells * around) / 9);
  const most = Math.max(1, Math.floor(grid.columns * grid.rows * MOST_MASS));
  return {
    radius: Math.round(radius),
    chromaShare: 205,
    chromaLeast: Math.max(3, Math.round(radius * 0.8)),
    few: ofAround(sensitivity >= 80 ? 4 : 5),
    many: ofAround(8),
    leastMass: Math.min(most, Math.max(4, Math.round(24 * scale * 4 ** -halvings))),
    leastStrength: Math.max(1, Math.round(4 * scale * 4 ** -halvings)),
  };
}

/** A mosaic cell is at least 1/12 as high as the person, or posture and clothing can be told. */
const BLOCKS_A_PERSON = 12;

export interface Margins {
  /** Cells by which every masked thing is grown. */
  readonly base: number;
  /** Cells by which a large component and a huge one are grown beyond that. */
  readonly large: number;
  readonly huge: number;
  /** Gaps up to twice this many cells inside a component are closed. */
  readonly closing: number;
  /** Rows from which a component is large; twice as many is huge. */
  readonly tall: number;
}

/** @param size 0 (tight) to 100 (generous) */
export function marginsOf(size: number, grid: Grid): Margins {
  const share = (size / 100) * grid.rows;
  return {
    base: Math.round(share * 0.035),
    large: Math.round(share * 0.015),
    huge: Math.round(share * 0.03),
    closing: Math.max(1, Math.round(grid.rows / 32)),
    tall: BLOCKS_A_PERSON * BLOCK,
  };
}
