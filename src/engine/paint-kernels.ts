// What painting asks of the WASM kernels: those of kernels/paint.as.ts and backdrop.as.ts, whose comments say what each
// does, and the two of the analysis that painting uses as well.

import type { Address } from './memory.js';

export interface PaintKernels {
  // downscale.as.ts, bits.as.ts
  downscale(
    source: Address,
    width: number,
    height: number,
    factor: number,
    target: Address,
    stride: number,
    columns: number,
    rows: number,
  ): void;
  unite(target: Address, source: Address, bytes: number): void;
  // paint.as.ts
  isEmpty(plane: Address, bytes: number): number;
  blockLevels(
    covered: Address,
    coarse: Address,
    coarsest: Address,
    gated: Address,
    rows: number,
    bitStride: number,
    levels: Address,
  ): void;
  mosaicColors: ColorKernel;
  blurColors: ColorKernel;
  tintColors(table: Address, bytes: number, color: number, weight: number): void;
  paintFlat(
    plane: Address,
    width: number,
    height: number,
    cell: number,
    mask: Address,
    bitStride: number,
    colors: Address,
  ): void;
  paintPicture(
    plane: Address,
    width: number,
    height: number,
    cell: number,
    mask: Address,
    bitStride: number,
    picture: Address,
    known: Address,
  ): void;
  paintBlur(
    plane: Address,
    width: number,
    height: number,
    cell: number,
    mask: Address,
    bitStride: number,
    colors: Address,
    blockColumns: number,
    blockRows: number,
    scratch: Address,
  ): void;
  expandMask(mask: Address, bitStride: number, cell: number, picture: Address, width: number, height: number): void;
  // backdrop.as.ts
  learnPicture(
    plane: Address,
    picture: Address,
    width: number,
    height: number,
    cell: number,
    clear: Address,
    known: Address,
    bitStride: number,
    firstRow: number,
    lastRow: number,
  ): void;
}

/** From the means of blocks to the colours painted. */
export type ColorKernel = (
  levels: Address,
  means: Address,
  means2: Address,
  means4: Address,
  blockColumns: number,
  blockRows: number,
  bitStride: number,
  colors: Address,
) => void;
