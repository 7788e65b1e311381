import assert from 'node:assert/strict';
import { Backdrop } from '../../src/engine/backdrop.js';
import type { Frame } from '../../src/engine/frame.js';
import { bit } from './reference/paint.js';
import { dice, gridOf, noise, setCells, stage } from './scenery.js';

describe('the learned background picture', () => {
  const grid = gridOf(130, 94, 4);
  const { kernels, memory, bytes, at } = stage((layout) => ({
    backdrop: Backdrop.layout(layout, grid),
    frame: layout.picture(grid),
    clear: layout.bitPlane(grid),
  }));
  const size = (grid.width * grid.height * 3) / 2;
  const data = new Uint8Array(memory, at.frame, size);
  const frame: Frame = {
    ...{ data, width: grid.width, height: grid.height, pts: 0, timeBase: { numerator: 1, denominator: 15 } },
    slot: { index: 0, data, released: false, release: () => {} },
  };
  const picture = new Uint8Array(memory, at.backdrop.picture, size);
  const knownCells = () => {
    let count = 0;
    for (let row = 0; row < grid.rows; row++)
      for (let column = 0; column < grid.columns; column++)
        if (bit(bytes, at.backdrop.known, grid.bitStride, column, row)) count++;
    return count;
  };
  const round = (backdrop: Backdrop) => {
    for (let i = 0; i < 30; i++) backdrop.learn(frame, at.clear);
  };

  it('holds clear cells only, is whole after 30 frames, follows the light slowly and forgets when told', () => {
    const backdrop = new Backdrop(grid, kernels, memory, at.backdrop);
    noise(dice(4), data);
    const scene = data.slice();

    // Someone stands in the middle: the cells are not clear, and whatever they show is not learnt.
    const person = (column: number, row: number) => column >= 10 && column < 20 && row >= 3;
    setCells(bytes, at.clear, grid, (column, row) => !person(column, row));
    backdrop.learn(frame, at.clear);
    const first = knownCells();
    assert.ok(first > 0 && first < (grid.columns * grid.rows) / 10, 'a frame teaches a few rows');
    round(backdrop);
    assert.equal(knownCells(), grid.columns * grid.rows - 10 * (grid.rows - 3));
    const at10 = 12 * grid.width + 40;
    assert.equal(picture[at10 - 1], scene[at10 - 1]);
    assert.deepEqual(picture.subarray(at10, at10 + 40), new Uint8Array(40), 'no pixel of the person');
    assert.deepEqual(picture.subarray(at10 + 40, at10 + 90), scene.subarray(at10 + 40, at10 + 90));

    // He leaves: his cells are copied at once, those known before move a quarter of the way.
    for (let i = 0; i < size; i++) data[i] = scene[i] >> 1;
    setCells(bytes, at.clear, grid, () => true);
    round(backdrop);
    assert.equal(knownCells(), grid.columns * grid.rows);
    assert.deepEqual(picture.subarray(at10, at10 + 40), data.subarray(at10, at10 + 40));
    assert.equal(picture[3], scene[3] + Math.floor((data[3] - scene[3] + 2) / 4));
    for (let i = 0; i < 20; i++) round(backdrop);
    assert.ok(picture.every((value, i) => Math.abs(value - data[i]) <= 2));

    backdrop.forget();
    assert.equal(knownCells(), 0);
  });
});
