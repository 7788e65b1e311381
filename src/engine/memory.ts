// The engine's linear memory: one WebAssembly.Memory of fixed size, dealt out once at the start and never grown, so that
// every view on it stays valid and the memory of a shield is known before its first frame.

import { type Grid, roundUp } from './grid.js';

const PAGE = 65536;
/** A cache line; also enough for any SIMD load. */
const ALIGNMENT = 64;
/** SIMD kernels may load (and store back unchanged) up to this many bytes beyond either end of an area. */
export const GUARD = 64;

/** Addresses are byte offsets in linear memory. */
export type Address = number;

/** Adds up what will be needed, so that the memory can be made in one piece. */
export class Layout {
  #top: number;
  /** @param base first free byte: the end of the kernels' own static data */
  constructor(base: number) {
    this.#top = roundUp(base, ALIGNMENT);
  }

  /** Reserves `bytes` with a guard before and after; the area is aligned to 64. */
  reserve(bytes: number): Address {
    const address = this.#top + GUARD;
    this.#top = roundUp(address + bytes + GUARD, ALIGNMENT);
    return address;
  }

  /** One byte a cell; rows of `grid.stride`, with a spare row before and after for kernels that look at neighbours. */
  bytePlane(grid: Grid): Address {
    return this.reserve(grid.stride * (grid.rows + 2)) + grid.stride;
  }

  /** One bit a cell; rows of `grid.bitStride`. Bits beyond the last column are zero, always. */
  bitPlane(grid: Grid): Address {
    return this.reserve(grid.bitStride * (grid.rows + 2)) + grid.bitStride;
  }

  /** A yuv420p picture of the grid's pixel size. */
  picture(grid: Grid): Address {
    return this.reserve((grid.width * grid.height * 3) / 2);
  }

  get pages(): number {
    return Math.ceil(this.#top / PAGE);
  }
}
