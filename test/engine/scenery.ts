// What the engine's tests share: the compiled kernels in a memory, grids of any cell size, random pictures and masks.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { kernelsPath } from '../../src/assets.js';
import { BLOCK, type Grid, roundUp } from '../../src/engine/grid.js';
import { instantiate, KERNEL_BASE } from '../../src/engine/kernels.js';
import { type Address, Layout } from '../../src/engine/memory.js';

const wasm = new WebAssembly.Module(readFileSync(kernelsPath()));

/** Lays out a memory by `plan` and loads the kernels into it. */
export function stage<T>(plan: (layout: Layout) => T) {
  const layout = new Layout(KERNEL_BASE);
  const at = plan(layout);
  const { kernels, memory } = instantiate(wasm, layout.pages);
  return { kernels, memory: memory.buffer, bytes: new Uint8Array(memory.buffer), at };
}

/** A grid whose cells are as wide as asked for, not as the picture's size suggests. */
export function gridOf(width: number, height: number, cell: number): Grid {
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  return {
    ...{ width, height, cell, columns, rows },
    stride: roundUp(columns, 16),
    bitStride: roundUp(columns, 128) / 8,
    blockColumns: Math.ceil(columns / BLOCK),
    blockRows: Math.ceil(rows / BLOCK),
  };
}

/** Even sizes up to a few blocks, every cell size. */
export const anyGrid = fc
  .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 90 }), fc.constantFrom(2, 4, 8, 16))
  .map(([halfWidth, halfHeight, cell]) => gridOf(halfWidth * 2, halfHeight * 2, cell));

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function noise(roll: () => number, target: Uint8Array): void {
  for (let i = 0; i < target.length; i++) target[i] = roll() * 256;
}

/** Sets the bits of the cells for which `chosen` holds, clears all others and the padding. */
export function setCells(
  bytes: Uint8Array,
  plane: Address,
  { columns, rows, bitStride }: Grid,
  chosen: (column: number, row: number) => boolean,
): void {
  bytes.fill(0, plane, plane + rows * bitStride);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      if (chosen(column, row)) bytes[plane + row * bitStride + (column >> 3)] |= 1 << (column & 7);
}

/** A mask as masks are: empty, full, or a few rectangles with some single cells. */
export function randomCells(roll: () => number, grid: Grid): (column: number, row: number) => boolean {
  const kind = roll();
  if (kind < 0.1) return () => false;
  if (kind < 0.2) return () => true;
  const rectangles = Array.from({ length: 1 + Math.floor(roll() * 3) }, () => ({
    left: roll() * grid.columns,
    top: roll() * grid.rows,
    width: roll() * grid.columns,
    height: roll() * grid.rows,
  }));
  const stray = roll() * 0.1;
  return (column, row) =>
    roll() < stray ||
    rectangles.some(
      ({ left, top, width, height }) => column >= left && column < left + width && row >= top && row < top + height,
    );
}
