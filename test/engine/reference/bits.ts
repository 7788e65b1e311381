// Reference of kernels/bits.as.ts: one cell at a time, each asking its neighbours.
import { type Cells, makePlane } from '../arena.js';

function map(cells: Cells, value: (x: number, y: number) => boolean): boolean[][] {
  return makePlane(cells[0].length, cells.length, value);
}

export const unite = (a: Cells, b: Cells) => map(a, (x, y) => a[y][x] || b[y][x]);
export const intersect = (a: Cells, b: Cells) => map(a, (x, y) => a[y][x] && b[y][x]);
export const subtract = (a: Cells, b: Cells) => map(a, (x, y) => a[y][x] && !b[y][x]);
export const complement = (a: Cells) => map(a, (x, y) => !a[y][x]);
export const countBits = (a: Cells) => a.flat().filter(Boolean).length;

/** A cell is set when one is set within `radius` columns and rows of it: first along the rows, then the columns. */
export function dilate(cells: Cells, radius: number): boolean[][] {
  const within = (x: number, first: number) => x >= first - radius && x <= first + radius;
  const reaches = (line: readonly boolean[], at: number) => line.some((set, i) => set && within(i, at));
  const wide = map(cells, (x, y) => reaches(cells[y], x));
  const column = (x: number) => wide.map((row) => row[x]);
  const columns = cells[0].map((_, x) => column(x));
  return map(cells, (x, y) => reaches(columns[x], y));
}

/** A cell is set when at least `threshold` of its 3x3 neighbourhood are; beyond the edge the edge repeats. */
export function vote3x3(cells: Cells, threshold: number): boolean[][] {
  const row = (y: number) => cells[Math.min(cells.length - 1, Math.max(0, y))];
  const at = (x: number, y: number) => row(y)[Math.min(cells[0].length - 1, Math.max(0, x))];
  return map(cells, (x, y) => {
    let votes = 0;
    for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) if (at(x + dx, y + dy)) votes++;
    return votes >= threshold;
  });
}
