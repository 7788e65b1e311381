// The analysis grid: the picture divided into square cells, the unit in which the engine thinks. A cell is a power of
// two pixels wide (4 at 1080p), chosen so that the grid stays below MAX_CELLS whatever the camera: the cost of thinking
// is then nearly the same for 480p and 4K, and only copying and painting grow with the picture.

/** Enough for 640x360: finer grids were measured to cost time and find no more people. */
const MAX_CELLS = 640 * 360;
/** Below 2 the chroma planes would be coarser than the grid; 16 is 8K. */
const CELL_SIZES = [2, 4, 8, 16] as const;

export interface Grid {
  /** Picture size in pixels, even. */
  readonly width: number;
  readonly height: number;
  /** Width and height of a cell in luma pixels: 2, 4, 8 or 16. */
  readonly cell: number;
  /** Cells a row and rows; cells at the right and bottom edge may be partial. */
  readonly columns: number;
  readonly rows: number;
  /** Bytes a row of a byte plane (one byte a cell), a multiple of 16. */
  readonly stride: number;
  /** Bytes a row of a bit plane (one bit a cell, least significant bit leftmost), a multiple of 16. */
  readonly bitStride: number;
  /** Blocks of 8x8 cells, the unit of mosaic colours. */
  readonly blockColumns: number;
  readonly blockRows: number;
}

/** Cells along the side of a block. */
export const BLOCK = 8;

/** @throws RangeError when a side is odd or below 2. */
export function makeGrid(width: number, height: number): Grid {
  if (!(width >= 2 && height >= 2) || width % 2 !== 0 || height % 2 !== 0)
    throw new RangeError(`a frame needs even sides of at least 2 pixels, got ${width}x${height}`);
  const cell = CELL_SIZES.find((size) => Math.ceil(width / size) * Math.ceil(height / size) <= MAX_CELLS) ?? 16;
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  return {
    width,
    height,
    cell,
    columns,
    rows,
    stride: roundUp(columns, 16),
    bitStride: roundUp(columns, 128) / 8,
    blockColumns: Math.ceil(columns / BLOCK),
    blockRows: Math.ceil(rows / BLOCK),
  };
}

/** `value` rounded up to a multiple of `step`. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
