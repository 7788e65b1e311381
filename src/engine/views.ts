// Looks at the scene from afar: the picture and the background on coarse blocks of luma, for what no single cell can tell.
// Was the camera moved, and is it back? Is it the same view in another light, another one, or hidden? The answers are the
// policies of shift.ts and structure.ts; here the blocks are made, and asked only when there is reason to.

import type { Background } from './background.js';
import { type Grid, roundUp } from './grid.js';
import type { Kernels } from './kernels.js';
import type { Address, Layout } from './memory.js';
import type { Planes } from './planes.js';
import { estimateShift, hasMoved, type Shift, staysPut } from './shift.js';
import { type Blocks, compareViews, litOtherwise, type View } from './structure.js';

/** Cells along the side of a block. */
const BLOCK = 4;
/** The camera is asked whether it moved when the foreground grew by so much within this time. */
const SUSPICIOUS_GROWTH = 0.08;
const SUSPICION_MS = 1_000;

export class Views {
  readonly #grid: Grid;
  readonly #kernels: Kernels;
  readonly #bytes: Uint8Array;
  readonly #planes: Planes;
  readonly #background: Background;
  readonly #at: ReturnType<typeof Views.layout>;
  readonly #blocks: Blocks;
  /** Share of the foreground in calm times. */
  #calmShare = 0;
  #suspiciousUntil = 0;
  /** The view before the camera was moved, until it is back. */
  #home: Uint8Array | undefined;

  static layout(layout: Layout, grid: Grid) {
    const { rows, stride } = blocksOf(grid);
    return {
      backgroundLuma: layout.bytePlane(grid),
      now: layout.reserve(stride * rows),
      reference: layout.reserve(stride * rows),
    };
  }

  constructor(
    grid: Grid,
    kernels: Kernels,
    memory: Uint8Array,
    at: ReturnType<typeof Views.layout>,
    seen: { readonly planes: Planes; readonly background: Background },
  ) {
    this.#grid = grid;
    this.#kernels = kernels;
    this.#bytes = memory;
    this.#at = at;
    this.#planes = seen.planes;
    this.#background = seen.background;
    this.#blocks = blocksOf(grid);
  }

  /** The camera was moved and has not come back to where it was. */
  get elsewhere(): boolean {
    return this.#home !== undefined;
  }

  /**
   * Whether the camera was moved; looked into while the foreground has just grown by much.
   * @param share of the cells that are foreground
   * @param time, elapsed media milliseconds
   */
  hasMoved(share: number, time: number, elapsed: number): boolean {
    if (share > this.#calmShare + SUSPICIOUS_GROWTH && time > this.#suspiciousUntil)
      this.#suspiciousUntil = time + SUSPICION_MS;
    this.#calmShare += (share - this.#calmShare) * Math.min(1, elapsed / SUSPICION_MS);
    if (time > this.#suspiciousUntil) return false;
    return hasMoved(this.#shift(this.#reduce(this.#planes.level, this.#at.now), this.#reference()));
  }

  /** The camera leaves the view it has. */
  leaveHome(): void {
    this.#home ??= this.#reference().slice();
  }

  /** There is a new background: perhaps the camera is back. */
  settle(): void {
    this.#calmShare = 0;
    if (this.#home && staysPut(this.#shift(this.#reference(), this.#home))) this.#home = undefined;
  }

  /** What the cells of a bit plane look like, against the background. */
  compare(foreground: Address): View {
    return compareViews(this.#now(), this.#reference(), this.#blocks, this.#touchedBy(foreground));
  }

  /** Takes out of a bit plane where the picture is the background in another light. @param black code of no light */
  leaveOutWhatIsLit(plane: Address, black: number): void {
    const lit = litOtherwise(this.#now(), this.#reference(), this.#blocks, black);
    const { rows, bitStride } = this.#grid;
    // A block is four cells wide: half a byte of each of its four bit rows.
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < this.#blocks.columns; x++)
        if (lit[Math.floor(y / BLOCK) * this.#blocks.stride + x] === 1)
          this.#bytes[plane + y * bitStride + (x >> 1)] &= x % 2 === 0 ? 0xf0 : 0x0f;
  }

  /** 1 for each block that holds a cell of a bit plane. */
  #touchedBy(plane: Address): Uint8Array {
    const { rows, bitStride } = this.#grid;
    const { columns, rows: blockRows, stride } = this.#blocks;
    const touched = new Uint8Array(stride * blockRows);
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++)
        if (this.#bytes[plane + y * bitStride + (x >> 1)] & (x % 2 === 0 ? 0x0f : 0xf0))
          touched[Math.floor(y / BLOCK) * stride + x] = 1;
    return touched;
  }

  #shift(now: Uint8Array, reference: Uint8Array): Shift {
    const { columns, rows, stride } = this.#blocks;
    return estimateShift(now, reference, columns, rows, stride);
  }

  #now(): Uint8Array {
    return this.#reduce(this.#planes.luma, this.#at.now);
  }

  #reference(): Uint8Array {
    this.#background.present(this.#at.backgroundLuma);
    return this.#reduce(this.#at.backgroundLuma, this.#at.reference);
  }

  #reduce(plane: Address, blocks: Address): Uint8Array {
    const { columns, rows, stride } = this.#blocks;
    this.#kernels.downscale(plane, this.#grid.stride, this.#grid.rows, BLOCK, blocks, stride, columns, rows);
    return this.#bytes.subarray(blocks, blocks + stride * rows);
  }
}

function blocksOf({ columns, rows }: Grid): Blocks {
  const width = Math.ceil(columns / BLOCK);
  return { columns: width, rows: Math.ceil(rows / BLOCK), stride: roundUp(width, 16) };
}
