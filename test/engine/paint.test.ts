// The painting kernels against their plain references, over all of the memory: the right bytes, and no other.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { GUARD } from '../../src/engine/memory.js';
import * as plain from './reference/paint.js';
import { anyGrid, dice, gridOf, noise, randomCells, setCells, stage } from './scenery.js';

describe('painting kernels', () => {
  it('give every pixel of any plane, cell size and mask what the references give it', () => {
    fc.assert(
      fc.property(anyGrid, fc.nat(), fc.boolean(), (grid, seed, isChroma) => {
        const { rows, bitStride, blockColumns, blockRows } = grid;
        const scale = isChroma ? 2 : 1;
        const shape = { width: grid.width / scale, height: grid.height / scale, cell: grid.cell / scale };
        const size = [shape.width, shape.height, shape.cell] as const;
        const { kernels, bytes, at } = stage((layout) => ({
          plane: layout.reserve(shape.width * shape.height),
          picture: layout.reserve(shape.width * shape.height),
          covered: layout.bitPlane(grid),
          coarse: layout.bitPlane(grid),
          coarsest: layout.bitPlane(grid),
          gated: layout.bitPlane(grid),
          levels: layout.reserve(bitStride * blockRows),
          means: [0, 1, 2].map(() => layout.reserve(bitStride * blockRows)) as [number, number, number],
          colors: layout.reserve(bitStride * blockRows),
          end: layout.reserve(0),
          scratch: layout.reserve(4 * 8 * shape.cell * (blockColumns + 1)),
        }));
        const roll = dice(seed);
        noise(roll, bytes.subarray(at.plane - GUARD, at.end));
        for (const plane of [at.covered, at.coarse, at.coarsest, at.gated])
          setCells(bytes, plane, grid, randomCells(roll, grid));

        const compare = (name: string, kernel: () => void, reference: (memory: Uint8Array) => void) => {
          const expected = bytes.slice(0, at.end);
          reference(expected);
          kernel();
          const wrong = bytes.subarray(0, at.end).findIndex((byte, i) => byte !== expected[i]);
          if (wrong >= 0) assert.fail(`${name}: byte ${wrong} is ${bytes[wrong]}, not ${expected[wrong]}`);
        };
        const { plane, picture, covered, coarse, coarsest, gated, levels, means, colors } = at;
        const tables = { levels, means, columns: blockColumns, rows: blockRows, bitStride, colors };
        const planes = { covered, coarse, coarsest, gated };
        const color = Math.floor(roll() * 256);
        const weight = Math.floor(roll() * 257);
        const first = Math.floor(roll() * rows);
        const last = first + Math.ceil(roll() * (rows - first));

        assert.equal(kernels.isEmpty(covered, rows * bitStride) !== 0, plain.isEmpty(bytes, covered, rows * bitStride));
        compare(
          'blockLevels',
          () => kernels.blockLevels(covered, coarse, coarsest, gated, rows, bitStride, levels),
          (memory) => plain.blockLevels(memory, planes, rows, bitStride, levels),
        );
        compare(
          'mosaicColors',
          () => kernels.mosaicColors(levels, ...means, blockColumns, blockRows, bitStride, colors),
          (memory) => plain.mosaicColors(memory, tables),
        );
        compare(
          'paintFlat',
          () => kernels.paintFlat(plane, ...size, covered, bitStride, colors),
          (memory) => plain.paintFlat(memory, plane, shape, covered, bitStride, colors),
        );
        compare(
          'tintColors',
          () => kernels.tintColors(colors, bitStride * blockRows, color, weight),
          (memory) => plain.tintColors(memory, colors, bitStride * blockRows, color, weight),
        );
        compare(
          'blurColors',
          () => kernels.blurColors(levels, ...means, blockColumns, blockRows, bitStride, colors),
          (memory) => plain.blurColors(memory, tables),
        );
        compare(
          'paintBlur',
          () => kernels.paintBlur(plane, ...size, covered, bitStride, colors, blockColumns, blockRows, at.scratch),
          (memory) => plain.paintBlur(memory, plane, shape, covered, bitStride, colors, blockColumns, blockRows),
        );
        compare(
          'learnPicture',
          () => kernels.learnPicture(plane, picture, ...size, covered, gated, bitStride, first, last),
          (memory) => plain.learnPicture(memory, plane, picture, shape, covered, gated, bitStride, first, last),
        );
        compare(
          'paintPicture',
          () => kernels.paintPicture(plane, ...size, covered, bitStride, picture, gated),
          (memory) => plain.paintPicture(memory, plane, shape, covered, bitStride, picture, gated),
        );
        compare(
          'expandMask',
          () => kernels.expandMask(covered, bitStride, shape.cell, picture, shape.width, shape.height),
          (memory) => plain.expandMask(memory, covered, bitStride, shape, picture),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('blur smoothly from black to white and never wrap round', () => {
    const grid = gridOf(512, 128, 16);
    const { kernels, bytes, at } = stage((layout) => ({
      plane: layout.reserve(grid.width * grid.height),
      covered: layout.bitPlane(grid),
      colors: layout.reserve(grid.bitStride * grid.blockRows),
      scratch: layout.reserve(4 * 8 * grid.cell * (grid.blockColumns + 1)),
    }));
    setCells(bytes, at.covered, grid, () => true);
    bytes.set([0, 255, 0, 255], at.colors);
    const blocks = [grid.blockColumns, grid.blockRows] as const;
    kernels.paintBlur(at.plane, 512, 128, 16, at.covered, grid.bitStride, at.colors, ...blocks, at.scratch);
    const row = bytes.subarray(at.plane, at.plane + 512);
    assert.deepEqual([row[0], row[511]], [0, 255]);
    row.subarray(1).forEach((value, x) => {
      assert.ok(Math.abs(value - row[x]) <= 2, `${row[x]} to ${value} at ${x}`);
    });
  });
});
