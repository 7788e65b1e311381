import assert from 'node:assert/strict';
import { makeGrid } from '../../src/engine/grid.js';
import { MergeTimers } from '../../src/engine/timers.js';
import { type Cells, makePlane, packBits, settle, unpackBits } from './arena.js';

const grid = makeGrid(148, 12);

/** Clocks which are told where something is, and answer with the cells that ring as "x,y". */
function makeTimers() {
  const room = settle((layout) => ({ timers: MergeTimers.layout(layout, grid), foreground: layout.bitPlane(grid) }));
  const { kernels, buffer, bytes, at } = room;
  const timers = new MergeTimers(grid, kernels, buffer, at.timers);
  const { columns, rows, bitStride } = grid;
  const tick = (time: number, mergeTime: number, ...present: (readonly [number, number])[]): string[] => {
    const cells: Cells = makePlane(columns, rows, (x, y) => present.some(([px, py]) => px === x && py === y));
    bytes.set(packBits(cells), at.foreground);
    const ringing = timers.tick(at.foreground, time, mergeTime);
    if (ringing === undefined) return [];
    const ring = unpackBits(bytes.subarray(ringing, ringing + bitStride * rows), columns, rows);
    return ring.flatMap((row, y) => row.flatMap((rings, x) => (rings ? [`${x},${y}`] : [])));
  };
  return { timers, tick };
}

const every = (step: number, until: number) => Array.from({ length: Math.floor(until / step) + 1 }, (_, i) => i * step);
const here = [70, 3] as const;
const there = [0, 5] as const;

describe('the merge timers', () => {
  it('ring with the first frame at which the merge time is up, at any frame rate', () => {
    const uneven = [0, 30, 400, 433, 1900, 2700, 2701, 3650, 4600, 5000, 5900, 6800, 7777, 8700, 9600, 9999, 10_042];
    for (const times of [every(1000, 12_000), every(1000 / 15, 11_000), every(1000 / 30, 11_000), uneven]) {
      const { tick } = makeTimers();
      for (const [i, time] of times.entries()) {
        // Someone comes at once and stays; another comes with the third frame, and is gone for good before his time is up.
        const rings = tick(time, 10_000, here, ...(i >= 3 && time < 9_500 ? [there] : []));
        const due = time >= 10_000 && times[i - 1] < 10_000;
        assert.deepEqual(rings, due ? ['70,3'] : [], `at ${time} ms`);
      }
    }
  });

  it('survive a gap of 0.9 s, start anew after 1.1 s, and count the gap in', () => {
    for (const [back, rung] of [
      [4900, 10_000],
      [5100, 15_100],
    ] as const) {
      const { tick } = makeTimers();
      const rings = every(100, 16_000).filter((time) => {
        const away = time > 4000 && time < back;
        return tick(time, 10_000, ...(away ? [] : [here])).length > 0;
      });
      assert.deepEqual(rings, [rung], `back at ${back} ms`);
    }
  });

  it('start anew when they have rung', () => {
    const { tick } = makeTimers();
    const rings = every(500, 20_000).filter((time) => tick(time, 6000, here).length > 0);
    assert.deepEqual(rings, [6000, 12_000, 18_000]);
  });

  it('go by a merge time that is changed while they run', () => {
    const { timers, tick } = makeTimers();
    const change = (from: number, to: number) => {
      timers.clear();
      for (const time of every(100, 8000)) assert.deepEqual(tick(from + time, 3_600_000, here), []);
      timers.rearm();
      const rung = every(100, 8000).find((time) => tick(from + 8100 + time, to, here).length > 0);
      return rung === undefined ? undefined : 8100 + rung;
    };
    assert.equal(change(0, 5000), 8100, 'a shorter time is up at once');
    assert.equal(change(100_000, 12_000), 12_000, 'a longer one when it is');
    assert.equal(change(200_000, 20_000), undefined);
  });

  it('forget everybody when cleared', () => {
    const { timers, tick } = makeTimers();
    for (const time of every(100, 4000)) tick(time, 5000, here);
    timers.clear();
    const rung = every(100, 8000).find((time) => tick(4100 + time, 5000, here).length > 0);
    assert.equal(rung, 5000);
  });

  it('take nobody for an old acquaintance when the milliseconds of 49 days wrap', () => {
    // Cells are last seen at chosen times, or never; weeks later, when 32 bits of milliseconds come by there again,
    // somebody steps into them. He has his whole merge time before him.
    const wrap = 2 ** 32;
    for (const [seen, back] of [
      [undefined, wrap - 2 ** 30 + 500],
      [undefined, wrap + 500],
      [7000, wrap + 7500],
    ] as const) {
      const { tick } = makeTimers();
      tick(0, 10_000);
      if (seen !== undefined) {
        tick(seen, 10_000, here);
        tick(seen + 100, 10_000);
      }
      for (const time of every(6 * 3_600_000, back).filter((t) => t > 8000)) tick(time, 10_000);
      const rung = every(100, 12_000).find((time) => tick(back + time, 10_000, here).length > 0);
      assert.equal(rung, 10_000, `seen at ${seen}, back at ${back}`);
    }
  });
});
