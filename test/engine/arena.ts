// A piece of kernel memory for tests: areas laid out with guards between them, and calls after which nothing but the
// declared areas may have changed. Planes are plain nested arrays, plane[y][x]; packing to bits and rows is done here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { roundUp } from '../../src/engine/grid.js';
import { instantiate, KERNEL_BASE, type Kernels } from '../../src/engine/kernels.js';
import { type Address, GUARD, Layout } from '../../src/engine/memory.js';

/** One value a cell: plane[y][x]. */
export type Plane<T> = readonly (readonly T[])[];
export type Cells = Plane<boolean>;

export interface Area {
  readonly at: Address;
  readonly bytes: Uint8Array;
}

/** What areas and guards hold before they are filled: a kernel that forgets to write, or writes beyond, shows. */
const PATTERN = 0xa5;

export const kernelModule = new WebAssembly.Module(readFileSync(join(import.meta.dirname, '../../dist/kernels.wasm')));

export class Arena {
  readonly kernels: Kernels;
  readonly #memory: Uint8Array;
  #top = KERNEL_BASE;

  constructor(pages = 256) {
    const { kernels, memory } = instantiate(kernelModule, pages);
    this.kernels = kernels;
    this.#memory = new Uint8Array(memory.buffer);
  }

  /** Gives all areas back. */
  clear(): void {
    this.#memory.fill(PATTERN, KERNEL_BASE, this.#top + GUARD);
    this.#top = KERNEL_BASE;
  }

  /** An area of `bytes` bytes, or one that holds `bytes`. */
  area(bytes: number | Uint8Array): Area {
    const size = typeof bytes === 'number' ? bytes : bytes.length;
    const at = roundUp(this.#top + GUARD, 64);
    this.#top = at + size;
    assert.ok(this.#top + GUARD <= this.#memory.length, 'the arena is too small for this test');
    this.#memory.fill(PATTERN, at - GUARD, this.#top + GUARD);
    if (typeof bytes !== 'number') this.#memory.set(bytes, at);
    return { at, bytes: this.#memory.subarray(at, at + size) };
  }

  /** Calls kernels, and checks that they wrote to `writable` only: neither inputs nor guards have changed. */
  run<T>(writable: readonly Area[], call: (kernels: Kernels) => T): T {
    const used = this.#memory.subarray(0, this.#top + GUARD);
    const before = used.slice();
    const result = call(this.kernels);
    let from = KERNEL_BASE;
    for (const { at, bytes } of [...writable].sort((a, b) => a.at - b.at)) {
      assertSameBytes(used.subarray(from, at), before.subarray(from, at), 'memory outside of the declared areas');
      from = at + bytes.length;
    }
    assertSameBytes(used.subarray(from), before.subarray(from), 'memory outside of the declared areas');
    return result;
  }
}

export function assertSameBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  if (Buffer.compare(actual, expected) === 0) return;
  const at = actual.findIndex((byte, i) => byte !== expected[i]);
  assert.fail(`${what}: byte ${at} of ${expected.length} is ${actual[at]}, expected ${expected[at]}`);
}

/** Bytes a row of a byte plane and of a bit plane of so many columns, as Grid has them. */
export const strideOf = (columns: number) => roundUp(columns, 16);
export const bitStrideOf = (columns: number) => roundUp(columns, 128) / 8;

export function makePlane<T>(columns: number, rows: number, value: (x: number, y: number) => T): T[][] {
  return Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => value(x, y)));
}

/** Bits beyond the last column are zero, so comparing packed planes compares the padding too. */
export function packBits(cells: Cells): Uint8Array {
  const bitStride = bitStrideOf(cells[0].length);
  const bytes = new Uint8Array(bitStride * cells.length);
  cells.forEach((row, y) => {
    row.forEach((set, x) => {
      if (set) bytes[y * bitStride + (x >> 3)] |= 1 << (x & 7);
    });
  });
  return bytes;
}

export function unpackBits(bytes: Uint8Array, columns: number, rows: number): boolean[][] {
  const bitStride = bitStrideOf(columns);
  return makePlane(columns, rows, (x, y) => ((bytes[y * bitStride + (x >> 3)] >> (x & 7)) & 1) === 1);
}

/** Rows are padded by repeating the last column, as the downscale leaves them. */
export function packBytes(plane: Plane<number>, stride = strideOf(plane[0].length)): Uint8Array {
  const bytes = new Uint8Array(stride * plane.length);
  plane.forEach((row, y) => {
    bytes.set(row, y * stride);
    bytes.fill(row[row.length - 1], y * stride + row.length, (y + 1) * stride);
  });
  return bytes;
}

export function unpackBytes(bytes: Uint8Array, columns: number, rows: number, stride = strideOf(columns)): number[][] {
  return makePlane(columns, rows, (x, y) => bytes[y * stride + x]);
}

/** Memory and kernels for classes of the engine, which reserve what they need themselves. */
export function settle<T>(reserve: (layout: Layout) => T) {
  const layout = new Layout(KERNEL_BASE);
  const at = reserve(layout);
  const { kernels, memory } = instantiate(kernelModule, layout.pages);
  return { at, kernels, buffer: memory.buffer, bytes: new Uint8Array(memory.buffer) };
}
