// The owner's areas as bit planes over the analysis grid. Made once whenever the settings change, so exactness comes
// before speed: corners are rounded to 1/256 pixel, and from there on all that decides is whole numbers.
//
// A polygon holds what even-odd counting says it holds, however it crosses itself. It touches a cell when an edge runs
// through the cell or the cell's centre is inside; a cell lies wholly within it when its centre is inside and no edge
// runs through. An edge along the border of a cell does not run through it. Cells at the right and bottom edge end with
// the picture.

import type { Grid } from './grid.js';

export interface Area {
  readonly kind: 'include' | 'exclude' | 'always';
  /** Corners as shares of the picture's width and height, 0..1; the last joins the first. */
  readonly points: readonly (readonly [number, number])[];
}

/** Bit planes of `grid.bitStride * grid.rows` bytes. */
export interface Zones {
  /** Cells that may be masked: the include areas (or all) without the exclude areas, and with the always-areas. */
  readonly maskable: Uint8Array;
  /** Cells that are always masked. */
  readonly always: Uint8Array;
  /** Whether there are areas at all. */
  readonly drawn: boolean;
}

/** Lattice steps a pixel: products of two coordinates of an 8K picture stay far below 2 ** 53. */
const STEPS = 256;

interface Point {
  readonly x: number;
  readonly y: number;
}

export function rasterise(areas: readonly Area[], grid: Grid): Zones {
  const maskable = new Uint8Array(grid.bitStride * grid.rows);
  const always = new Uint8Array(grid.bitStride * grid.rows);
  const of = (kind: Area['kind']) => areas.filter((area) => area.kind === kind).map((area) => corners(area, grid));
  const includes = of('include');
  if (includes.length === 0) forEachCell(grid, (column, row) => set(maskable, grid, column, row));
  for (const polygon of includes) {
    const { inside, crossed } = trace(polygon, grid);
    for (let i = 0; i < maskable.length; i++) maskable[i] |= inside[i] | crossed[i];
  }
  for (const polygon of of('exclude')) {
    const { inside, crossed } = trace(polygon, grid);
    for (let i = 0; i < maskable.length; i++) maskable[i] &= ~inside[i] | crossed[i];
  }
  for (const polygon of of('always')) {
    const { inside, crossed } = trace(polygon, grid);
    for (let i = 0; i < maskable.length; i++) always[i] |= inside[i] | crossed[i];
  }
  for (let i = 0; i < maskable.length; i++) maskable[i] |= always[i];
  return { maskable, always, drawn: areas.length > 0 };
}

function corners({ points }: Area, { width, height }: Grid): Point[] {
  return points.map(([x, y]) => ({ x: Math.round(x * width * STEPS), y: Math.round(y * height * STEPS) }));
}

/** The cells whose centre is inside a polygon, and those an edge runs through, as bit planes. */
function trace(polygon: readonly Point[], grid: Grid): { inside: Uint8Array; crossed: Uint8Array } {
  const inside = new Uint8Array(grid.bitStride * grid.rows);
  const crossed = new Uint8Array(grid.bitStride * grid.rows);
  polygon.forEach((from, i) => {
    const to = polygon[(i + 1) % polygon.length];
    markBorders(from, to, grid, inside);
    markCrossed(from, to, grid, crossed);
  });
  // Even-odd counting: from each border on to the right, inside and outside change places.
  for (let row = 0; row < grid.rows; row++) {
    let within = 0;
    for (let column = 0; column < grid.columns; column++) {
      const at = row * grid.bitStride + (column >> 3);
      within ^= (inside[at] >> (column & 7)) & 1;
      inside[at] = (inside[at] & ~(1 << (column & 7))) | (within << (column & 7));
    }
  }
  return { inside, crossed };
}

/** Flips, in each row whose middle the edge meets, the first cell whose centre lies to the right of it. */
function markBorders(
  from: Point,
  to: Point,
  { columns, rows, cell, width, height, bitStride }: Grid,
  plane: Uint8Array,
) {
  for (let row = 0; row < rows; row++) {
    const y = middle(row, cell, height);
    if (from.y <= y === to.y <= y) continue;
    // Where rounding could decide, the edge runs through the cell, and then its centre does not matter.
    const x = from.x + ((y - from.y) * (to.x - from.x)) / (to.y - from.y);
    let column = Math.min(columns - 1, Math.max(0, Math.floor(x / (cell * STEPS) + 0.5)));
    while (column > 0 && middle(column - 1, cell, width) > x) column--;
    if (middle(column, cell, width) > x) plane[row * bitStride + (column >> 3)] ^= 1 << (column & 7);
  }
}

/** Marks the cells through whose inside the edge runs. */
function markCrossed(from: Point, to: Point, grid: Grid, plane: Uint8Array): void {
  const side = grid.cell * STEPS;
  const last = (cells: number, end: number) => Math.min(cells - 1, Math.floor(end / side));
  const lastRow = last(grid.rows, Math.max(from.y, to.y));
  for (let row = Math.floor(Math.min(from.y, to.y) / side); row <= lastRow; row++) {
    const top = row * side;
    const bottom = Math.min(top + side, grid.height * STEPS);
    // The stretch of the edge within this row of cells bounds the columns worth looking at; a cell more for rounding.
    const [start, end] = stretch(from, to, top, bottom);
    const lastColumn = last(grid.columns, end + side);
    for (let column = Math.max(0, Math.floor(start / side) - 1); column <= lastColumn; column++) {
      const left = column * side;
      const right = Math.min(left + side, grid.width * STEPS);
      if (runsThrough(from, to, left, top, right, bottom)) set(plane, grid, column, row);
    }
  }
}

/** Least and greatest x of an edge between two heights. */
function stretch(from: Point, to: Point, top: number, bottom: number): [number, number] {
  if (from.y === to.y) return [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const at = (y: number) => {
    const share = Math.min(1, Math.max(0, (y - from.y) / (to.y - from.y)));
    return from.x + share * (to.x - from.x);
  };
  return [Math.min(at(top), at(bottom)), Math.max(at(top), at(bottom))];
}

/** Whether a segment meets the open box: neither the axes nor the segment's own line part the two. */
function runsThrough(from: Point, to: Point, left: number, top: number, right: number, bottom: number): boolean {
  if (Math.max(from.x, to.x) <= left || Math.min(from.x, to.x) >= right) return false;
  if (Math.max(from.y, to.y) <= top || Math.min(from.y, to.y) >= bottom) return false;
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  // Twice the distance of the box's centre from the line, and twice the box's reach, both times the segment's length.
  const distance = Math.abs(dx * (top + bottom - 2 * from.y) - dy * (left + right - 2 * from.x));
  const reach = Math.abs(dx) * (bottom - top) + Math.abs(dy) * (right - left);
  return distance < reach || reach === 0;
}

/** Centre of a cell on the lattice; the last cell ends with the picture. */
function middle(index: number, cell: number, size: number): number {
  return ((index * cell + Math.min((index + 1) * cell, size)) * STEPS) / 2;
}

function set(plane: Uint8Array, grid: Grid, column: number, row: number): void {
  plane[row * grid.bitStride + (column >> 3)] |= 1 << (column & 7);
}

function forEachCell({ columns, rows }: Grid, visit: (column: number, row: number) => void): void {
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) visit(column, row);
}
