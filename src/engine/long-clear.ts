// Which cells have shown nothing but background for long: from these the full-size background is learnt. Time goes in
// two epochs; a cell is clear when neither the running nor the last epoch saw anything near it.

import type { Grid } from './grid.js';
import type { Kernels } from './kernels.js';
import type { Address, Layout } from './memory.js';

/** A cell is clear after one to two of these. */
const EPOCH_MS = 2_000;

export class LongClear {
  readonly #grid: Grid;
  readonly #kernels: Kernels;
  readonly #bytes: Uint8Array;
  readonly #at: ReturnType<typeof LongClear.layout>;
  readonly #planeBytes: number;
  #epoch = 0;

  static layout(layout: Layout, grid: Grid) {
    return {
      running: layout.bitPlane(grid),
      last: layout.bitPlane(grid),
      clear: layout.bitPlane(grid),
      scratch: layout.bitPlane(grid),
    };
  }

  constructor(grid: Grid, kernels: Kernels, bytes: Uint8Array, at: ReturnType<typeof LongClear.layout>) {
    this.#grid = grid;
    this.#kernels = kernels;
    this.#bytes = bytes;
    this.#at = at;
    this.#planeBytes = grid.rows * grid.bitStride;
    this.forget();
  }

  /** Nothing is clear until two epochs have passed. */
  forget(): void {
    this.#bytes.fill(0xff, this.#at.last, this.#at.last + this.#planeBytes);
    this.#bytes.fill(0xff, this.#at.running, this.#at.running + this.#planeBytes);
  }

  /**
   * @param foreground bit plane of the frame, @param reach cells around it that are not clear either
   * @param time media milliseconds
   * @returns bit plane of the cells clear for long, valid until the next call
   */
  after(foreground: Address, reach: number, time: number): Address {
    const { running, last, clear, scratch } = this.#at;
    const shape = [this.#grid.columns, this.#grid.rows, this.#grid.bitStride] as const;
    const epoch = Math.floor(time / EPOCH_MS);
    if (epoch !== this.#epoch) {
      this.#bytes.copyWithin(last, running, running + this.#planeBytes);
      this.#bytes.fill(0, running, running + this.#planeBytes);
      this.#epoch = epoch;
    }
    this.#kernels.dilate(foreground, clear, scratch, ...shape, reach);
    this.#kernels.unite(running, clear, this.#planeBytes);
    this.#bytes.copyWithin(clear, running, running + this.#planeBytes);
    this.#kernels.unite(clear, last, this.#planeBytes);
    this.#kernels.complement(clear, clear, ...shape);
    return clear;
  }
}
