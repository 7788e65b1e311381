// The typed door to the WASM kernels: one module, one memory. The signatures here are those of kernels/*.as.ts, whose
// comments say what each does.

import type { Address } from './memory.js';
import type { PaintKernels } from './paint-kernels.js';

/** A byte or bit plane, or a table. */
type A = Address;

export interface AnalysisKernels {
  heapBase(): number;
  // downscale.as.ts
  downscale(
    source: A,
    width: number,
    height: number,
    factor: number,
    target: A,
    stride: number,
    columns: number,
    rows: number,
  ): void;
  scaleBytes(source: A, target: A, bytes: number, gain: number, zero: number): void;
  // bits.as.ts
  unite(target: A, source: A, bytes: number): void;
  intersect(target: A, source: A, bytes: number): void;
  subtract(target: A, source: A, bytes: number): void;
  complement(source: A, target: A, columns: number, rows: number, bitStride: number): void;
  countBits(plane: A, bytes: number): number;
  dilate(source: A, target: A, scratch: A, columns: number, rows: number, bitStride: number, radius: number): void;
  vote3x3(
    source: A,
    weak: A,
    strong: A,
    columns: number,
    rows: number,
    bitStride: number,
    few: number,
    many: number,
  ): void;
  // background.as.ts
  compare(
    luma: A,
    u: A,
    v: A,
    model: A,
    radius: A,
    foreground: A,
    columns: number,
    rows: number,
    stride: number,
    bitStride: number,
    chromaShare: number,
    chromaLeast: number,
  ): void;
  absorb(
    luma: A,
    u: A,
    v: A,
    model: A,
    frozen: A,
    columns: number,
    rows: number,
    stride: number,
    bitStride: number,
    first: number,
    last: number,
    seed: number,
  ): void;
  adopt(luma: A, u: A, v: A, model: A, which: A, rows: number, stride: number, bitStride: number): void;
  rescale(model: A, groups: number, gain: number, black: number): void;
  adaptRadius(
    radius: A,
    floor: A,
    now: A,
    before: A,
    frozen: A,
    rows: number,
    stride: number,
    bitStride: number,
    first: number,
    last: number,
    grow: number,
    most: number,
  ): void;
  median(store: A, pictureBytes: number, count: number, target: A, bytes: number): void;
  restlessness(store: A, pictureBytes: number, count: number, target: A, bytes: number): void;
  seed(
    store: A,
    planeBytes: number,
    count: number,
    middle: A,
    reach: A,
    model: A,
    which: A,
    rows: number,
    stride: number,
    bitStride: number,
  ): void;
  // components.as.ts
  keepParts(
    plane: A,
    matter: A,
    strong: A,
    kept: A,
    large: A,
    huge: A,
    columns: number,
    rows: number,
    bitStride: number,
    leastMass: number,
    leastStrength: number,
    tall: number,
    tables: A,
    boxes: A,
    mostBoxes: number,
  ): number;
  fillHoles(plane: A, inverse: A, columns: number, rows: number, bitStride: number, most: number, tables: A): void;
  // timers.as.ts
  tick(
    now: A,
    before: A,
    started: A,
    lastSeen: A,
    due: A,
    armed: A,
    ringing: A,
    rows: number,
    stride: number,
    bitStride: number,
    time: number,
    previousTime: number,
    gap: number,
    mergeTime: number,
  ): number;
}

export type Kernels = AnalysisKernels & PaintKernels;

/** Addresses below this belong to the kernels themselves. */
export const KERNEL_BASE = 16384;

/**
 * @param wasm the compiled module
 * @param pages size of the memory in 64 KiB pages
 * @throws RangeError when the module's static data no longer fits below KERNEL_BASE
 */
export function instantiate(wasm: WebAssembly.Module, pages: number): { kernels: Kernels; memory: WebAssembly.Memory } {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(wasm, { env: { memory } });
  const kernels = exports as unknown as Kernels;
  if (kernels.heapBase() > KERNEL_BASE) throw new RangeError("the kernels' static data reaches beyond KERNEL_BASE");
  return { kernels, memory };
}
