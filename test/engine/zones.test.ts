import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Grid } from '../../src/engine/grid.js';
import { type Area, rasterise } from '../../src/engine/zones.js';
import { bit } from './reference/paint.js';
import { gridOf } from './scenery.js';

/** Rows of cells: '#' always, '+' maskable, '.' never masked. */
function draw(areas: readonly Area[], grid: Grid): string[] {
  const { maskable, always } = rasterise(areas, grid);
  return Array.from({ length: grid.rows }, (_, row) =>
    Array.from({ length: grid.columns }, (_, column) => {
      if (!bit(maskable, 0, grid.bitStride, column, row)) return '.';
      return bit(always, 0, grid.bitStride, column, row) ? '#' : '+';
    }).join(''),
  );
}

const rectangle = (kind: Area['kind'], left: number, top: number, right: number, bottom: number): Area => ({
  kind,
  points: [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ],
});

describe('areas', () => {
  const grid = gridOf(64, 32, 8); // 8 by 4 cells

  it('leave all maskable when there are none, and nothing when all is excluded', () => {
    const none = rasterise([], grid);
    assert.equal(none.drawn, false);
    assert.deepEqual(draw([], grid), Array(4).fill('++++++++'));
    assert.ok(none.always.every((byte) => byte === 0));
    assert.ok(
      none.maskable.every((byte, i) => byte === (i % grid.bitStride === 0 ? 255 : 0)),
      'padding is zero',
    );
    assert.deepEqual(draw([rectangle('exclude', 0, 0, 1, 1)], grid), Array(4).fill('........'));
    assert.equal(rasterise([rectangle('exclude', 0, 0, 1, 1)], grid).drawn, true);
  });

  it('take in every cell that include and always touch, and leave out only what exclude holds whole', () => {
    assert.deepEqual(draw([rectangle('include', 0.25, 0.25, 0.5, 0.75)], grid), [
      '........',
      '..++....',
      '..++....',
      '........',
    ]);
    assert.deepEqual(draw([rectangle('include', 0.24, 0.25, 0.51, 0.76)], grid), [
      '........',
      '.++++...',
      '.++++...',
      '.++++...',
    ]);
    assert.deepEqual(draw([rectangle('exclude', 0.24, 0.25, 0.51, 0.76)], grid), [
      '++++++++',
      '++..++++',
      '++..++++',
      '++++++++',
    ]);
  });

  it('rank always before exclude before include, in whatever order they are drawn', () => {
    const areas = [
      rectangle('always', 0.5, 0, 0.625, 0.5),
      rectangle('include', 0.25, 0, 0.875, 1),
      rectangle('exclude', 0.375, 0, 0.75, 0.75),
    ];
    const picture = ['..+.#.+.', '..+.#.+.', '..+...+.', '..+++++.'];
    assert.deepEqual(draw(areas, grid), picture);
    assert.deepEqual(draw(areas.toReversed(), grid), picture);
  });

  it('follow the even-odd rule where a polygon crosses itself or encloses itself twice', () => {
    const bow: Area = {
      kind: 'include',
      points: [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
      ],
    };
    const fine = gridOf(32, 32, 2);
    const drawn = draw([bow], fine);
    assert.equal(drawn[8][1], '+', 'left triangle');
    assert.equal(drawn[8][14], '+', 'right triangle');
    assert.equal(drawn[1][8], '.', 'above the crossing');
    const twice: Area = {
      kind: 'include',
      points: [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
        [0, 0],
        [0.25, 0.25],
        [0.75, 0.25],
        [0.75, 0.75],
        [0.25, 0.75],
        [0.25, 0.25],
      ],
    };
    assert.equal(draw([twice], fine)[8][8], '.');
    assert.equal(draw([twice], fine)[8][2], '+');
  });

  it('end with the picture where the last cells are cut', () => {
    const cut = gridOf(60, 30, 8);
    assert.deepEqual(draw([rectangle('exclude', 0, 0, 1, 1)], cut), Array(4).fill('........'));
    assert.deepEqual(draw([rectangle('exclude', 0, 0, 0.99, 1)], cut), Array(4).fill('.......+'));
    assert.deepEqual(draw([rectangle('include', 0.99, 0.99, 1, 1)], cut).at(-1), '.......+');
  });

  it('agree with points sown over cells and edges, for any polygon', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const coarse = fc.integer({ min: 0, max: 8 }).map((eighth) => eighth / 8);
    const polygon = fc.array(fc.tuple(fc.oneof(share, coarse), fc.oneof(share, coarse)), {
      minLength: 3,
      maxLength: 9,
    });
    const size = fc.tuple(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom(2, 4, 8, 16),
    );
    fc.assert(
      fc.property(polygon, size, (shares, [w, h, cell]) => {
        const grid = gridOf(w * 2, h * 2, cell);
        // Corners on the lattice of zones.ts, so that rounding plays no part here.
        const points = shares.map(([x, y]) => [
          Math.round(x * grid.width * 256) / 256,
          Math.round(y * grid.height * 256) / 256,
        ]);
        const area = (kind: Area['kind']): Area => ({
          kind,
          points: points.map(([x, y]) => [x / grid.width, y / grid.height]),
        });
        const touched = rasterise([area('include')], grid).maskable;
        const notWhole = rasterise([area('exclude')], grid).maskable;
        assert.deepEqual(rasterise([area('always'), rectangle('exclude', 0, 0, 1, 1)], grid).always, touched);
        for (let row = 0; row < grid.rows; row++)
          for (let column = 0; column < grid.columns; column++) {
            const at = (plane: Uint8Array) => bit(plane, 0, grid.bitStride, column, row);
            const right = Math.min(grid.width, (column + 1) * cell);
            const bottom = Math.min(grid.height, (row + 1) * cell);
            const sown = sow(column * cell, row * cell, right, bottom).map(([x, y]) => contains(points, x, y));
            if (sown.includes(true)) assert.ok(at(touched), `a point of cell ${column},${row} is inside`);
            if (sown.includes(false)) assert.ok(at(notWhole), `a point of cell ${column},${row} is outside`);
            const crossed = points.some((from, i) => {
              const to = points[(i + 1) % points.length];
              return clipped(from, to, column * cell, row * cell, right, bottom);
            });
            // Neither sown points nor an edge that could as much as graze it: the cell is wholly in or out.
            if (!crossed) {
              assert.equal(at(touched), sown[0]);
              assert.equal(at(notWhole), !sown[0]);
            }
          }
      }),
      { numRuns: 100 },
    );
  });
});

/** Points well inside a box. */
function sow(left: number, top: number, right: number, bottom: number): [number, number][] {
  const parts = [0.09, 0.31, 0.53, 0.71, 0.93];
  return parts.flatMap((i) =>
    parts.map((j): [number, number] => [left + i * (right - left), top + j * (bottom - top)]),
  );
}

/** Even-odd, by the angle-free textbook rule. */
function contains(points: readonly number[][], x: number, y: number): boolean {
  let inside = false;
  points.forEach(([ax, ay], i) => {
    const [bx, by] = points[(i + 1) % points.length];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

/** Whether a segment meets the closed box: Liang and Barsky's clipping. */
function clipped(
  [ax, ay]: number[],
  [bx, by]: number[],
  left: number,
  top: number,
  right: number,
  bottom: number,
): boolean {
  let from = 0;
  let to = 1;
  for (const [step, room] of [
    [ax - bx, ax - left],
    [bx - ax, right - ax],
    [ay - by, ay - top],
    [by - ay, bottom - ay],
  ]) {
    if (step === 0 && room < 0) return false;
    if (step < 0) from = Math.max(from, room / step);
    if (step > 0) to = Math.min(to, room / step);
  }
  return from <= to;
}
