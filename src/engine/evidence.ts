// What one frame shows: the cells that differ from the background, cleaned of noise and closed to whole things, and what
// happened to the scene as a whole. Areas play no part here: they clip the mask later, so that a person half inside an
// area is judged whole.

import type { Background } from './background.js';
import type { Grid } from './grid.js';
import type { Kernels } from './kernels.js';
import type { Address, Layout } from './memory.js';
import type { Planes } from './planes.js';
import type { Margins, Thresholds } from './thresholds.js';

/** The bit planes of one frame's evidence; they live as long as the frame's slot. */
export interface EvidencePlanes {
  readonly foreground: Address;
  readonly large: Address;
  readonly huge: Address;
}

/** A run and a part, of which a row of n cells has at most (n + 1) / 2 (components.as.ts). */
const COMPONENT_BYTES = 28;
/** Nobody asks for the boxes of the parts kept: a table of no entries. */
const NO_BOXES = 0;
/** Holes up to this share of the picture are filled: the space between two legs, not the yard between four people. */
const LARGEST_HOLE = 1 / 50;

/** Finds the foreground of a frame. Keeps the raw foreground of the last one, by which blinking cells are known. */
export class Foreground {
  readonly #grid: Grid;
  readonly #kernels: Kernels;
  readonly #at: ReturnType<typeof Foreground.layout>;
  #raw: Address;
  #rawBefore: Address;

  static layout(layout: Layout, grid: Grid) {
    return {
      rawA: layout.bitPlane(grid),
      rawB: layout.bitPlane(grid),
      weak: layout.bitPlane(grid),
      strong: layout.bitPlane(grid),
      closed: layout.bitPlane(grid),
      scratch: layout.bitPlane(grid),
      frozen: layout.bitPlane(grid),
      tables: layout.reserve(Math.ceil(grid.columns / 2) * grid.rows * COMPONENT_BYTES),
    };
  }

  constructor(grid: Grid, kernels: Kernels, at: ReturnType<typeof Foreground.layout>) {
    this.#grid = grid;
    this.#kernels = kernels;
    this.#at = at;
    this.#raw = at.rawA;
    this.#rawBefore = at.rawB;
  }

  /** Cells the model may not learn from: the foreground, closed, with a guard of one cell. Valid after `find`. */
  get frozen(): Address {
    return this.#at.frozen;
  }

  /** Raw foreground of this frame and the last. */
  get raw(): readonly [Address, Address] {
    return [this.#raw, this.#rawBefore];
  }

  /** Fills `planes`. Returns the number of foreground cells. */
  find(picture: Planes, background: Background, planes: EvidencePlanes, limits: Thresholds, margins: Margins): number {
    const k = this.#kernels;
    const { columns, rows, bitStride } = this.#grid;
    const { weak, strong, closed, scratch, frozen, tables } = this.#at;
    const shape = [columns, rows, bitStride] as const;
    [this.#raw, this.#rawBefore] = [this.#rawBefore, this.#raw];

    background.compare(picture, this.#raw, limits);
    k.vote3x3(this.#raw, weak, strong, ...shape, limits.few, limits.many);
    // Closing: what lies within reach of one another is one thing. Grow, then shrink by growing the complement.
    k.dilate(weak, closed, scratch, ...shape, margins.closing);
    k.complement(closed, closed, ...shape);
    k.dilate(closed, closed, scratch, ...shape, margins.closing);
    k.complement(closed, closed, ...shape);
    k.keepParts(
      ...([closed, weak, strong, planes.foreground, planes.large, planes.huge] as const),
      ...shape,
      ...([limits.leastMass, limits.leastStrength, margins.tall, tables, NO_BOXES, NO_BOXES] as const),
    );
    k.fillHoles(planes.foreground, scratch, ...shape, Math.floor(columns * rows * LARGEST_HOLE), tables);
    k.dilate(planes.foreground, frozen, scratch, ...shape, 1);
    return k.countBits(planes.foreground, rows * bitStride);
  }
}
