// Learning ahead sees stills of a whole recording, but the background is wanted as it is when the recording begins. A still
// in other light is brought to the light of the first one; where the camera was moved, the lights went out, the infrared
// filter switched or somebody hid the view, it shows another scene, and nothing is learnt from it.

import type { Brightness } from './brightness.js';
import { type BlockGrid, estimateGain } from './exposure.js';
import { type Grid, roundUp } from './grid.js';
import type { Kernels } from './kernels.js';
import type { Address, Layout } from './memory.js';
import type { Planes } from './planes.js';
import { switchedInfrared } from './scene.js';
import { estimateShift, hasMoved } from './shift.js';

/** Cells along the side of the blocks on which stills are compared. */
const BLOCK = 4;
/** Times the light of the first still: of a darker one too little is left, of a brighter one too much is white. */
const LEAST_GAIN = 0.5;
const MOST_GAIN = 2;
/** Chroma of no colour. */
const GREY = 128;

interface Still {
  /** Mean light of each block, 0 (black) to 255 (white). */
  readonly light: Uint8Array;
  /** Mean distance of chroma from grey, in levels. */
  readonly chroma: number;
}

export class FirstScene {
  readonly #grid: Grid;
  readonly #kernels: Kernels;
  readonly #bytes: Uint8Array;
  readonly #blocks: Address;
  readonly #size: BlockGrid;
  #first: Still | undefined;

  static layout(layout: Layout, { columns, rows }: Grid): Address {
    return layout.reserve(roundUp(Math.ceil(columns / BLOCK), 16) * Math.ceil(rows / BLOCK));
  }

  constructor(grid: Grid, kernels: Kernels, memory: Uint8Array, at: Address) {
    this.#grid = grid;
    this.#kernels = kernels;
    this.#bytes = memory;
    this.#blocks = at;
    this.#size = { columns: Math.ceil(grid.columns / BLOCK), rows: Math.ceil(grid.rows / BLOCK) };
  }

  /** The next still is the first of a recording. */
  forget(): void {
    this.#first = undefined;
  }

  /** Light of a still over that of the first; undefined when it shows another scene. */
  gainOf({ luma, u, v }: Planes, { lightOf }: Brightness): number | undefined {
    const offGrey = (plane: Address) => mean(this.#blocksOf(plane).map((code) => Math.abs(code - GREY)));
    const still = { light: this.#blocksOf(luma).map((code) => lightOf[code]), chroma: offGrey(u) + offGrey(v) };
    this.#first ??= still;
    return gainBetween(this.#first, still, this.#size);
  }

  #blocksOf(plane: Address): Uint8Array {
    const { stride, rows: cellRows } = this.#grid;
    const { columns, rows } = this.#size;
    const blockStride = roundUp(columns, 16);
    this.#kernels.downscale(plane, stride, cellRows, BLOCK, this.#blocks, blockStride, columns, rows);
    const row = (y: number) => this.#bytes.subarray(this.#blocks + y * blockStride).subarray(0, columns);
    return Uint8Array.from(Array.from({ length: rows }, (_, y) => [...row(y)]).flat());
  }
}

function gainBetween(first: Still, still: Still, size: BlockGrid): number | undefined {
  if (switchedInfrared({ chroma: still.chroma, usualChroma: first.chroma })) return undefined;
  const everywhere = new Uint8Array(first.light.length).fill(1);
  const { gain, trusted } = estimateGain(still.light, Float32Array.from(first.light), everywhere, size, 1);
  if (!trusted || gain < LEAST_GAIN || gain > MOST_GAIN) return undefined;
  const inFirstLight = Uint8Array.from(still.light, (level) => Math.min(255, level / gain));
  const shift = estimateShift(inFirstLight, first.light, size.columns, size.rows, size.columns);
  return hasMoved(shift) ? undefined : gain;
}

function mean(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
