// What is to be masked in one frame, and why: bit planes over the analysis grid, made by evidence, areas and gate, read
// by the renderer. The planes lie in the engine's memory and are valid until the next mask is made.

import type { Address } from './memory.js';

export interface Mask {
  /** Every masked cell. The other planes are subsets of it. */
  readonly covered: Address;
  /** Cells always painted in the plain colour, whatever the style: the always-areas. */
  readonly solid: Address;
  /** Cells masked by the gate alone: painted coarsely (or plain), never filled with the background. */
  readonly gated: Address;
  /** Cells of something large: its mosaic cell is twice as wide (`coarse[0]`) or four times (`coarse[1]`). */
  readonly coarse: readonly [Address, Address];
}
