// From evidence to mask: everything seen in the window around a frame is united, grown by the size setting, clipped to the
// areas, and overruled by the gate. The mask of a frame is made only when the window behind it is complete.

import type { Evidence } from './analyser.js';
import type { GateState } from './gate.js';
import type { Grid } from './grid.js';
import type { Kernels } from './kernels.js';
import type { Mask } from './mask.js';
import type { Address, Layout } from './memory.js';
import type { Margins } from './thresholds.js';
import type { Zones } from './zones.js';

/** Frames up to this many milliseconds before a frame belong to its window. */
export const LOOK_BACK_MS = 100;

export class Composer {
  readonly #grid: Grid;
  readonly #kernels: Kernels;
  readonly #bytes: Uint8Array;
  readonly #at: ReturnType<typeof Composer.layout>;
  readonly #planeBytes: number;
  readonly #mask: Mask;

  static layout(layout: Layout, grid: Grid) {
    return {
      maskable: layout.bitPlane(grid),
      always: layout.bitPlane(grid),
      everything: layout.bitPlane(grid),
      covered: layout.bitPlane(grid),
      gated: layout.bitPlane(grid),
      large: layout.bitPlane(grid),
      huge: layout.bitPlane(grid),
      scratch: layout.bitPlane(grid),
    };
  }

  constructor(grid: Grid, kernels: Kernels, bytes: Uint8Array, at: ReturnType<typeof Composer.layout>) {
    this.#grid = grid;
    this.#kernels = kernels;
    this.#bytes = bytes;
    this.#at = at;
    this.#planeBytes = grid.rows * grid.bitStride;
    this.#mask = { covered: at.covered, solid: at.always, gated: at.gated, coarse: [at.large, at.huge] };
    this.#clear(at.scratch);
    kernels.complement(at.scratch, at.everything, grid.columns, grid.rows, grid.bitStride);
  }

  setZones({ maskable, always }: Zones): void {
    this.#bytes.set(maskable, this.#at.maskable);
    this.#bytes.set(always, this.#at.always);
  }

  /** @param window evidence of the frames around the subject, itself included. The mask is valid until the next call. */
  compose(window: readonly Evidence[], gate: GateState, margins: Margins): Mask {
    const { maskable, always, everything, covered, gated } = this.#at;
    this.#clear(gated);
    switch (gate) {
      case 'nothing':
      case 'everything':
        this.#copy(everything, covered);
        this.#copy(everything, gated);
        break;
      case 'maskable':
        this.#copy(maskable, covered);
        this.#copy(maskable, gated);
        break;
      case 'revealed':
        this.#copy(always, covered);
        break;
      case 'mask':
        this.#unite(window, margins);
        this.#kernels.intersect(covered, maskable, this.#planeBytes);
        this.#kernels.unite(covered, always, this.#planeBytes);
    }
    this.#kernels.subtract(gated, always, this.#planeBytes);
    return this.#mask;
  }

  /** Share of the cells that are masked, 0..1. */
  share(mask: Mask): number {
    return this.#kernels.countBits(mask.covered, this.#planeBytes) / (this.#grid.columns * this.#grid.rows);
  }

  /** Unites the window and grows it; things that are larger are grown by more. */
  #unite(window: readonly Evidence[], margins: Margins): void {
    const { covered, large, huge, scratch } = this.#at;
    const { columns, rows, bitStride } = this.#grid;
    for (const plane of [covered, large, huge]) this.#clear(plane);
    for (const evidence of window) {
      this.#kernels.unite(covered, evidence.foreground, this.#planeBytes);
      if (evidence.tall !== 'none') this.#kernels.unite(large, evidence.large, this.#planeBytes);
      if (evidence.tall === 'huge') this.#kernels.unite(huge, evidence.huge, this.#planeBytes);
    }
    const grow = (plane: Address, radius: number) =>
      this.#kernels.dilate(plane, plane, scratch, columns, rows, bitStride, radius);
    grow(covered, margins.base);
    for (const [plane, margin, found] of [
      [large, margins.large, window.some(({ tall }) => tall !== 'none')],
      [huge, margins.huge, window.some(({ tall }) => tall === 'huge')],
    ] as const) {
      if (!found) continue;
      grow(plane, margins.base + margin);
      this.#kernels.unite(covered, plane, this.#planeBytes);
    }
  }

  #copy(from: Address, to: Address): void {
    this.#bytes.copyWithin(to, from, from + this.#planeBytes);
  }

  #clear(plane: Address): void {
    this.#bytes.fill(0, plane, plane + this.#planeBytes);
  }
}
