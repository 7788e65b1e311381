// The scene without people, at full size, for the style that draws it where people are. It is learnt a few rows a frame,
// only from cells which have long been clear, and holds nothing where no such cell has been seen yet.

import type { Frame } from './frame.js';
import type { Grid } from './grid.js';
import type { Address, Layout } from './memory.js';
import type { PaintKernels } from './paint-kernels.js';

/** The whole picture is gone over in this many frames: 2 s at 15 a second, a thirtieth of a copy each. */
const BANDS = 30;

export class Backdrop {
  /** The learned picture, yuv420p, meaningful in `known` cells. */
  readonly picture: Address;
  /** Bit plane of the cells that have been learnt. */
  readonly known: Address;
  readonly #grid: Grid;
  readonly #kernels: PaintKernels;
  readonly #known: Uint8Array;
  #row = 0;

  /** A whole picture: lay it out only where the style `background` is wanted. */
  static layout(layout: Layout, grid: Grid) {
    return { picture: layout.picture(grid), known: layout.bitPlane(grid) };
  }

  constructor(grid: Grid, kernels: PaintKernels, memory: ArrayBuffer, at: ReturnType<typeof Backdrop.layout>) {
    this.#grid = grid;
    this.#kernels = kernels;
    this.picture = at.picture;
    this.known = at.known;
    this.#known = new Uint8Array(memory, at.known, grid.bitStride * grid.rows);
    this.forget();
  }

  /**
   * Learns the next band of rows. Call once a frame, before the frame is rendered: a mosaic is no background.
   * @param clear bit plane of the cells long enough without anything in them
   */
  learn(frame: Frame, clear: Address): void {
    const { width, height, cell, rows, bitStride } = this.#grid;
    const first = this.#row;
    const last = Math.min(rows, first + Math.ceil(rows / BANDS));
    const pixels = width * height;
    const source = frame.data.byteOffset;
    const learn = (offset: number, scale: number) =>
      this.#kernels.learnPicture(
        source + offset,
        this.picture + offset,
        width / scale,
        height / scale,
        cell / scale,
        clear,
        this.known,
        bitStride,
        first,
        last,
      );
    learn(0, 1);
    learn(pixels, 2);
    learn((pixels * 5) / 4, 2);
    this.#kernels.unite(this.known + first * bitStride, clear + first * bitStride, (last - first) * bitStride);
    this.#row = last === rows ? 0 : last;
  }

  /** Forgets all: after a reset, a moved camera, a scene cut. */
  forget(): void {
    this.#known.fill(0);
    this.#row = 0;
  }
}
