// The present picture, made small: luma, u and v on the analysis grid, one byte a cell, and the means of blocks of cells,
// from which masks take their colours. The grid comes twice: as it is, and with the scene's gain taken out for comparing
// with the background.

import { BLOCK, type Grid } from './grid.js';
import type { Kernels } from './kernels.js';
import type { Address, Layout } from './memory.js';

/** Chroma of no colour. */
const GREY = 128;

/** Mean of each block of 8x8 cells; rows of `grid.bitStride` bytes. They live as long as the frame they are of. */
export interface BlockMeans {
  readonly luma: Address;
  readonly u: Address;
  readonly v: Address;
}

export function layoutBlockMeans(layout: Layout, grid: Grid): BlockMeans {
  const table = () => layout.reserve(grid.bitStride * grid.blockRows);
  return { luma: table(), u: table(), v: table() };
}

export class Planes {
  readonly luma: Address;
  readonly u: Address;
  readonly v: Address;
  /** The same with the gain taken out, as of the last `compensate`. */
  level: Address;
  levelU: Address;
  levelV: Address;
  readonly #grid: Grid;
  readonly #compensated: readonly [Address, Address, Address];

  constructor(layout: Layout, grid: Grid) {
    this.#grid = grid;
    this.luma = layout.bytePlane(grid);
    this.u = layout.bytePlane(grid);
    this.v = layout.bytePlane(grid);
    this.#compensated = [layout.bytePlane(grid), layout.bytePlane(grid), layout.bytePlane(grid)];
    [this.level, this.levelU, this.levelV] = [this.luma, this.u, this.v];
  }

  /** @param picture address of a yuv420p picture of the grid's size */
  take(kernels: Kernels, picture: Address): void {
    const { width, height, cell, stride, columns, rows } = this.#grid;
    const pixels = width * height;
    kernels.downscale(picture, width, height, cell, this.luma, stride, columns, rows);
    kernels.downscale(picture + pixels, width / 2, height / 2, cell / 2, this.u, stride, columns, rows);
    kernels.downscale(picture + (pixels * 5) / 4, width / 2, height / 2, cell / 2, this.v, stride, columns, rows);
  }

  /** Block means of the picture taken. The padding columns of a plane repeat its last, so the edge is right as well. */
  summarise(kernels: Kernels, blocks: BlockMeans): void {
    const { stride, rows, bitStride, blockColumns, blockRows } = this.#grid;
    for (const plane of ['luma', 'u', 'v'] as const)
      kernels.downscale(this[plane], stride, rows, BLOCK, blocks[plane], bitStride, blockColumns, blockRows);
  }

  /** Divides light above `black` and colour by `gain`. */
  compensate(kernels: Kernels, gain: number, black = 0): void {
    const taken = [this.luma, this.u, this.v] as const;
    [this.level, this.levelU, this.levelV] = gain === 1 ? taken : this.#compensated;
    if (gain === 1) return;
    const inverse = Math.min(32767, Math.round(256 / gain));
    const bytes = this.#grid.stride * this.#grid.rows;
    taken.forEach((plane, i) => {
      kernels.scaleBytes(plane, this.#compensated[i], bytes, inverse, i === 0 ? black : GREY);
    });
  }
}
