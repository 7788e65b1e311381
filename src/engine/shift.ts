// Was the camera moved? Compares a coarse luma picture with the background at every small shift: when it fits well
// somewhere else and badly in place, the camera looks elsewhere now. Costs milliseconds, so it is asked only when the
// foreground jumps.

export interface Shift {
  /** Blocks to the right and down. */
  readonly x: number;
  readonly y: number;
  /** Share of textured blocks that fit at that shift, and in place. */
  readonly fit: number;
  readonly fitInPlace: number;
}

/** Levels within which two blocks fit. */
const TOLERANCE = 10;
/** A block is textured when it differs so much from its right or lower neighbour. */
const TEXTURE = 12;
/** Blocks searched in each direction, as a share of the picture's width. */
const REACH = 0.1;
/** A picture has moved when so many textured blocks fit elsewhere, and so many fewer fit in place. */
const FITS = 0.7;
const FITS_BETTER = 0.2;
/** Fewer textured blocks than this tell nothing. */
const LEAST_BLOCKS = 40;

/** @param current, reference luma blocks, `stride` a row, of the same exposure */
export function estimateShift(
  current: Uint8Array,
  reference: Uint8Array,
  columns: number,
  rows: number,
  stride: number,
): Shift {
  const textured: number[] = [];
  for (let y = 0; y < rows - 1; y++)
    for (let x = 0; x < columns - 1; x++) {
      const i = y * stride + x;
      const contrast = Math.max(
        Math.abs(reference[i] - reference[i + 1]),
        Math.abs(reference[i] - reference[i + stride]),
      );
      if (contrast >= TEXTURE) textured.push(i);
    }
  const fitAt = (dx: number, dy: number): number => {
    let [fitting, seen] = [0, 0];
    for (const i of textured) {
      const x = (i % stride) + dx;
      const y = Math.floor(i / stride) + dy;
      if (x < 0 || y < 0 || x >= columns || y >= rows) continue;
      seen++;
      if (Math.abs(current[y * stride + x] - reference[i]) <= TOLERANCE) fitting++;
    }
    return seen >= LEAST_BLOCKS ? fitting / seen : 0;
  };
  const fitInPlace = fitAt(0, 0);
  let best: Shift = { x: 0, y: 0, fit: fitInPlace, fitInPlace };
  const reach = Math.ceil(columns * REACH);
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++) {
      const fit = fitAt(x, y);
      if (fit > best.fit) best = { x, y, fit, fitInPlace };
    }
  return best;
}

export function hasMoved({ x, y, fit, fitInPlace }: Shift): boolean {
  return (x !== 0 || y !== 0) && fit >= FITS && fit - fitInPlace >= FITS_BETTER;
}

/** Whether both show the same view. */
export function staysPut({ fitInPlace }: Shift): boolean {
  return fitInPlace >= FITS;
}
