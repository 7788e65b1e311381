// How long each cell has been foreground: the clocks behind "background merge time". A cell whose clock reaches the merge
// time is handed back, to be taken into the background.

import type { Grid } from './grid.js';
import type { Kernels } from './kernels.js';
import type { Address, Layout } from './memory.js';

/** Someone who turns for a moment, or is hidden by a passer-by, keeps his clock. */
const GAP_MS = 1000;
/**
 * Times are u32 and come round after 49 days: a cell not seen for 12 days, or never, counts as last seen so long ago, lest
 * that time seem near one day.
 */
const LONG_AGO_MS = 0x40000000;

export class MergeTimers {
  readonly #grid: Grid;
  readonly #kernels: Kernels;
  readonly #memory: ArrayBuffer;
  readonly #bytes: Uint8Array;
  readonly #at: ReturnType<typeof MergeTimers.layout>;
  #time = 0;
  /** The row whose old times are looked after next. */
  #row = 0;

  static layout(layout: Layout, grid: Grid) {
    const cells = grid.stride * grid.rows * 4;
    return {
      before: layout.bitPlane(grid),
      ringing: layout.bitPlane(grid),
      started: layout.reserve(cells),
      lastSeen: layout.reserve(cells),
      due: layout.reserve(grid.rows * 4),
      armed: layout.reserve(grid.rows),
    };
  }

  constructor(grid: Grid, kernels: Kernels, memory: ArrayBuffer, at: ReturnType<typeof MergeTimers.layout>) {
    this.#grid = grid;
    this.#kernels = kernels;
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory);
    this.#at = at;
    this.clear();
  }

  /** Forgets all clocks. */
  clear(): void {
    const { rows, stride, bitStride } = this.#grid;
    new Uint8Array(this.#memory, this.#at.before, rows * bitStride).fill(0);
    new Uint32Array(this.#memory, this.#at.lastSeen, rows * stride).fill(this.#time - LONG_AGO_MS);
    new Uint8Array(this.#memory, this.#at.armed, rows).fill(0);
  }

  /** The merge time was changed: every row is looked at anew. */
  rearm(): void {
    new Uint8Array(this.#memory, this.#at.armed, this.#grid.rows).fill(1);
    new Uint32Array(this.#memory, this.#at.due, this.#grid.rows).fill(this.#time >>> 0);
  }

  /**
   * @param foreground bit plane of this frame
   * @param time media milliseconds
   * @param mergeTime milliseconds
   * @returns the bit plane of the cells whose time is up, or undefined when there is none
   */
  tick(foreground: Address, time: number, mergeTime: number): Address | undefined {
    const { rows, stride, bitStride } = this.#grid;
    const { before, ringing, started, lastSeen, due, armed } = this.#at;
    const now = Math.round(time) >>> 0;
    const count = this.#kernels.tick(
      ...([foreground, before, started, lastSeen, due, armed, ringing] as const),
      ...([rows, stride, bitStride, now, this.#time >>> 0, GAP_MS, mergeTime] as const),
    );
    this.#bytes.copyWithin(before, foreground, foreground + rows * bitStride);
    this.#time = now;
    this.#keepLongAgo();
    return count > 0 ? ringing : undefined;
  }

  /** A row a frame, so that no frame notices. */
  #keepLongAgo(): void {
    const { rows, stride } = this.#grid;
    const seen = new Uint32Array(this.#memory, this.#at.lastSeen + this.#row * stride * 4, stride);
    for (let x = 0; x < stride; x++) if ((this.#time - seen[x]) >>> 0 > LONG_AGO_MS) seen[x] = this.#time - LONG_AGO_MS;
    this.#row = (this.#row + 1) % rows;
  }
}
