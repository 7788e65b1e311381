// The present picture, made small: luma, u and v on the analysis grid, one byte a cell, and the means of blocks of cells,
// from which masks take their colours. Luma comes twice on the grid: as it is, and with the scene's gain taken out for
// comparing with the background.

import { BLOCK, type Grid } from './grid.js';
import type { Kernels } from './kernels.js';
import type { Address, Layout } from './memory.js';

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
  /** Luma with the gain taken out. */
  readonly level: Address;
  readonly #grid: Grid;

  constructor(layout: Layout, grid: Grid) {
    this.#grid = grid;
    this.luma = layout.bytePlane(grid);
    this.u = layout.bytePlane(grid);
    this.v = layout.bytePlane(grid);
    this.level = layout.bytePlane(grid);
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

  /** Fills `level` from `luma`: divided by `gain`. */
  compensate(kernels: Kernels, gain: number): void {
    const inverse = Math.min(32767, Math.round(256 / gain));
    kernels.scaleBytes(this.luma, this.level, this.#grid.stride * this.#grid.rows, inverse);
  }
}
