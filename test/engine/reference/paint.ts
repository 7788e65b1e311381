// The painting kernels pixel by pixel, as one would first write them: the measure of kernels/paint.as.ts and
// backdrop.as.ts. They take the whole memory and the same addresses, so a test can compare all of it afterwards, and a
// kernel that writes one byte too far is found out.

type Memory = Uint8Array;

export interface Shape {
  readonly width: number;
  readonly height: number;
  /** Pixels of this plane along the side of a cell. */
  readonly cell: number;
}

/** The bit of a cell. */
export function bit(memory: Memory, plane: number, bitStride: number, column: number, row: number): boolean {
  return ((memory[plane + row * bitStride + (column >> 3)] >> (column & 7)) & 1) === 1;
}

/** Visits each pixel of the masked cells: its index in the plane, its place, its block's index in a table. */
function eachMasked(
  memory: Memory,
  { width, height, cell }: Shape,
  mask: number,
  bitStride: number,
  visit: (index: number, x: number, y: number, block: number) => void,
): void {
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const column = Math.floor(x / cell);
      const row = Math.floor(y / cell);
      if (bit(memory, mask, bitStride, column, row))
        visit(y * width + x, x, y, Math.floor(row / 8) * bitStride + Math.floor(column / 8));
    }
}

export function isEmpty(memory: Memory, plane: number, bytes: number): boolean {
  return memory.subarray(plane, plane + bytes).every((byte) => byte === 0);
}

export function blockLevels(
  memory: Memory,
  planes: { covered: number; coarse: number; coarsest: number; gated: number },
  rows: number,
  bitStride: number,
  levels: number,
): void {
  for (let y = 0; y < Math.ceil(rows / 8); y++)
    for (let x = 0; x < bitStride; x++) {
      const any = (plane: number) => {
        for (let row = y * 8; row < Math.min(rows, y * 8 + 8); row++)
          if (memory[plane + row * bitStride + x] !== 0) return true;
        return false;
      };
      const level = any(planes.coarsest) || any(planes.gated) ? 2 : any(planes.coarse) ? 1 : 0;
      memory[levels + y * bitStride + x] = any(planes.covered) ? level : 255;
    }
}

interface Tables {
  readonly levels: number;
  /** Means of 1, 2x2 and 4x4 blocks. */
  readonly means: readonly [number, number, number];
  readonly columns: number;
  readonly rows: number;
  readonly bitStride: number;
  readonly colors: number;
}

export function mosaicColors(memory: Memory, { levels, means, columns, rows, bitStride, colors }: Tables): void {
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const level = memory[levels + y * bitStride + x];
      if (level === 255) continue;
      const side = 2 ** level;
      memory[colors + y * bitStride + x] =
        memory[means[level] + Math.floor(y / side) * bitStride + Math.floor(x / side)];
    }
}

export function blurColors(memory: Memory, { levels, means, columns, rows, bitStride, colors }: Tables): void {
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const level = memory[levels + y * bitStride + x];
      const n = level === 255 ? 0 : level;
      const side = 2 ** n;
      const across = Math.ceil(columns / side);
      const down = Math.ceil(rows / side);
      const at = (i: number, j: number) =>
        memory[means[n] + Math.min(down - 1, Math.max(0, j)) * bitStride + Math.min(across - 1, Math.max(0, i))];
      const px = (x + 0.5) / side - 0.5;
      const py = (y + 0.5) / side - 0.5;
      const [i, j] = [Math.floor(px), Math.floor(py)];
      const [fx, fy] = [px - i, py - j];
      const upper = at(i, j) * (1 - fx) + at(i + 1, j) * fx;
      const lower = at(i, j + 1) * (1 - fx) + at(i + 1, j + 1) * fx;
      memory[colors + y * bitStride + x] = Math.floor(upper * (1 - fy) + lower * fy + 0.5);
    }
}

export function tintColors(memory: Memory, table: number, bytes: number, color: number, weight: number): void {
  for (let i = table; i < table + bytes; i++)
    memory[i] = Math.floor((memory[i] * (256 - weight) + color * weight + 128) / 256);
}

export function paintFlat(
  memory: Memory,
  plane: number,
  shape: Shape,
  mask: number,
  bitStride: number,
  colors: number,
): void {
  eachMasked(memory, shape, mask, bitStride, (index, _x, _y, block) => {
    memory[plane + index] = memory[colors + block];
  });
}

export function paintPicture(
  memory: Memory,
  plane: number,
  shape: Shape,
  mask: number,
  bitStride: number,
  picture: number,
  known: number,
): void {
  eachMasked(memory, shape, mask, bitStride, (index, x, y) => {
    if (bit(memory, known, bitStride, Math.floor(x / shape.cell), Math.floor(y / shape.cell)))
      memory[plane + index] = memory[picture + index];
  });
}

/** Works in 1/128 level, rounds each of the two directions to that, and the pixel to a level. */
export function paintBlur(
  memory: Memory,
  plane: number,
  shape: Shape,
  mask: number,
  bitStride: number,
  colors: number,
  columns: number,
  rows: number,
): void {
  const span = shape.cell * 8;
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
  const along = (x: number, row: number) => {
    const p = (x + 0.5) / span - 0.5;
    const i = Math.floor(p);
    const color = (column: number) => 128 * memory[colors + row * bitStride + clamp(column, columns - 1)];
    return color(i) + Math.floor((color(i + 1) - color(i)) * (p - i) + 0.5);
  };
  eachMasked(memory, shape, mask, bitStride, (index, x, y) => {
    const p = (y + 0.5) / span - 0.5;
    const j = Math.floor(p);
    const upper = along(x, clamp(j, rows - 1));
    const lower = along(x, clamp(j + 1, rows - 1));
    memory[plane + index] = Math.floor((upper + Math.floor((lower - upper) * (p - j) + 0.5) + 64) / 128);
  });
}

export function expandMask(memory: Memory, mask: number, bitStride: number, shape: Shape, picture: number): void {
  memory.fill(0, picture, picture + shape.width * shape.height);
  eachMasked(memory, shape, mask, bitStride, (index) => {
    memory[picture + index] = 255;
  });
}

export function learnPicture(
  memory: Memory,
  plane: number,
  picture: number,
  shape: Shape,
  clear: number,
  known: number,
  bitStride: number,
  firstRow: number,
  lastRow: number,
): void {
  eachMasked(memory, shape, clear, bitStride, (index, x, y) => {
    const row = Math.floor(y / shape.cell);
    if (row < firstRow || row >= lastRow) return;
    const now = memory[plane + index];
    const old = memory[picture + index];
    const mix = bit(memory, known, bitStride, Math.floor(x / shape.cell), row);
    memory[picture + index] = mix ? old + Math.floor((now - old + 2) / 4) : now;
  });
}
