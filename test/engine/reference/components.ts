// Reference of kernels/components.as.ts: parts are found by flooding, cell after cell.
import { type Cells, makePlane } from '../arena.js';

type Cell = readonly [x: number, y: number];

const SIDES: readonly Cell[] = [[1, 0], [-1, 0], [0, 1], [0, -1]]; // biome-ignore format: a table
const CORNERS: readonly Cell[] = [[1, 1], [-1, 1], [1, -1], [-1, -1]]; // biome-ignore format: a table

/** The connected parts of `plane`, in the order of their first cells from left to right, row after row. */
function partsOf(plane: Cells, neighbours: readonly Cell[]): Cell[][] {
  const seen = plane.map((row) => row.map(() => false));
  const parts: Cell[][] = [];
  plane.forEach((row, top) => {
    row.forEach((set, left) => {
      if (!set || seen[top][left]) return;
      const part: Cell[] = [[left, top]];
      seen[top][left] = true;
      for (const [x, y] of part)
        for (const [dx, dy] of neighbours) {
          if (!plane[y + dy]?.[x + dx] || seen[y + dy][x + dx]) continue;
          seen[y + dy][x + dx] = true;
          part.push([x + dx, y + dy]);
        }
      parts.push(part);
    });
  });
  return parts;
}

function boxOf(part: readonly Cell[]): Omit<Box, 'mass'> {
  const [xs, ys] = [part.map(([x]) => x), part.map(([, y]) => y)];
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
  return { left: least(xs), top: least(ys), right: most(xs) + 1, bottom: most(ys) + 1 };
}

function draw(parts: readonly (readonly Cell[])[], like: Cells): boolean[][] {
  const plane = makePlane(like[0].length, like.length, () => false);
  for (const part of parts) for (const [x, y] of part) plane[y][x] = true;
  return plane;
}

/** A component of foreground, in cells; right and bottom exclusive; mass is the cells that differ from the background. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly mass: number;
}

export interface Limits {
  readonly leastMass: number;
  readonly leastStrength: number;
  readonly tall: number;
}

/** Parts joined at sides or corners that hold enough of `matter` and of `strong`; apart, the tall and the very tall. */
export function keepParts(plane: Cells, matter: Cells, strong: Cells, { leastMass, leastStrength, tall }: Limits) {
  const holds = (part: readonly Cell[], what: Cells) => part.filter(([x, y]) => what[y][x]).length;
  const height = (part: readonly Cell[]) => boxOf(part).bottom - boxOf(part).top;
  const kept = partsOf(plane, [...SIDES, ...CORNERS]).filter(
    (part) => holds(part, matter) >= leastMass && holds(part, strong) >= leastStrength,
  );
  return {
    kept: draw(kept, plane),
    large: draw(kept.filter((part) => height(part) >= tall), plane), // biome-ignore format: as the next line
    huge: draw(
      kept.filter((part) => height(part) >= 2 * tall),
      plane,
    ),
    boxes: kept.map((part): Box => ({ ...boxOf(part), mass: holds(part, matter) })),
  };
}

/** Sets what is not set, joined at sides, at most `most` cells, and away from the picture's border. */
export function fillHoles(plane: Cells, most: number): boolean[][] {
  const [columns, rows] = [plane[0].length, plane.length];
  const empty = plane.map((row) => row.map((set) => !set));
  const inside = ({ left, top, right, bottom }: Omit<Box, 'mass'>) =>
    left > 0 && top > 0 && right < columns && bottom < rows;
  const holes = draw(
    partsOf(empty, SIDES).filter((part) => part.length <= most && inside(boxOf(part))),
    plane,
  );
  return plane.map((row, y) => row.map((set, x) => set || holes[y][x]));
}
