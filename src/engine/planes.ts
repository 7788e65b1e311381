// The present picture on the analysis grid: luma, u and v, one byte a cell, and the same luma on coarse blocks. Luma comes
// twice: as it is (for colours) and with the scene's gain taken out (for comparing with the background).

import { BLOCK, type Grid, roundUp } from './grid.js';
import type { Kernels } from './kernels.js';
import type { Address, Layout } from './memory.js';

export class Planes {
  readonly luma: Address;
  readonly u: Address;
  readonly v: Address;
  /** Luma with the gain taken out. */
  readonly level: Address;
  /** Mean luma of each block of 8x8 cells, `blockStride` a row. */
  readonly blocks: Address;
  readonly blockStride: number;
  readonly #grid: Grid;

  constructor(layout: Layout, grid: Grid) {
    this.#grid = grid;
    this.luma = layout.bytePlane(grid);
    this.u = layout.bytePlane(grid);
    this.v = layout.bytePlane(grid);
    this.level = layout.bytePlane(grid);
    this.blockStride = roundUp(grid.blockColumns, 16);
    this.blocks = layout.reserve(this.blockStride * grid.blockRows);
  }

  /** @param picture address of a yuv420p picture of the grid's size */
  take(kernels: Kernels, picture: Address): void {
    const { width, height, cell, stride, columns, rows, blockColumns, blockRows } = this.#grid;
    const pixels = width * height;
    kernels.downscale(picture, width, height, cell, this.luma, stride, columns, rows);
    kernels.downscale(picture + pixels, width / 2, height / 2, cell / 2, this.u, stride, columns, rows);
    kernels.downscale(picture + (pixels * 5) / 4, width / 2, height / 2, cell / 2, this.v, stride, columns, rows);
    // The padding columns repeat the last one, so a block at the right edge may take them in.
    kernels.downscale(this.luma, stride, rows, BLOCK, this.blocks, this.blockStride, blockColumns, blockRows);
  }

  /** Fills `level` from `luma`: divided by `gain`. */
  compensate(kernels: Kernels, gain: number): void {
    const inverse = Math.min(32767, Math.round(256 / gain));
    kernels.scaleBytes(this.luma, this.level, this.#grid.stride * this.#grid.rows, inverse);
  }
}
