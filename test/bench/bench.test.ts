// What the benches are made of: fair turns, honest figures, input that moves and covers what it claims.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseEvalArguments } from '../../bench/eval-arguments.js';
import { encode } from '../../bench/ffmpeg.js';
import { aroundEvents, overTime, worstOf } from '../../bench/figures.js';
import { growth } from '../../bench/pipeline.js';
import { childrenMs, costOf } from '../../bench/process-tree.js';
import { coverOf, frameAt, populate, type Scene } from '../../bench/scene.js';
import { makeSheet } from '../../bench/sheet.js';
import { pairedRatio, quantile, takeTurns } from '../../bench/statistics.js';
import { table } from '../../bench/table.js';
import { makeGrid } from '../../src/engine/grid.js';
import { InputError } from '../../src/errors.js';

describe('bench statistics', () => {
  it('lets rivals take turns, another one first each round, and compares them turn by turn', async () => {
    const order: string[] = [];
    let load = 0;
    const contender = (name: string, cost: number) => () => {
      order.push(name);
      if (order.length % 2 === 1) load++;
      return cost * load;
    };
    const times = await takeTurns({ fast: contender('fast', 1), slow: contender('slow', 3) }, 4);
    assert.deepEqual(order, ['fast', 'slow', 'slow', 'fast', 'fast', 'slow', 'slow', 'fast']);
    assert.deepEqual(times.fast, [1, 2, 3, 4], 'the machine slows down');
    assert.deepEqual(pairedRatio(times.slow, times.fast), { median: 3, low: 3, high: 3 }, 'the ratio does not');
    assert.throws(() => pairedRatio([1], []), RangeError);
    assert.throws(() => quantile([], 0.5), RangeError);
  });

  it('takes quantiles between the least and the greatest value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, at) => {
          const value = quantile(values, at);
          assert.ok(value >= Math.min(...values) - 1e-6 && value <= Math.max(...values) + 1e-6);
        },
      ),
    );
    assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
    assert.equal(growth([0, 50, 60, 60, 60, 61, 62, 62, 62]), 2);
  });

  it('counts the processor time of children and grandchildren', async () => {
    assert.equal(Math.round(childrenMs('0m0.00s 0m0.01s\n1m2.500s 0m0.250s\n')), 62_750);
    assert.throws(() => childrenMs('nonsense'));
    const burn = 'let x = 0; const end = process.cpuUsage().user + 100000; while (process.cpuUsage().user < end) x++;';
    const parent = `require('child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(burn)}])`;
    const { cpuMs } = await costOf([process.execPath, '-e', parent]);
    assert.ok(cpuMs >= 100, `${cpuMs} ms`);
    await assert.rejects(costOf([process.execPath, '-e', 'throw new Error("broken")']), /broken/);
  });
});

describe('bench input', () => {
  const frames = Array.from({ length: 5 }, () => new Uint8Array((128 * 96 * 3) / 2).fill(128));
  const scene: Scene = { width: 128, height: 96, frames };

  it('plays to and fro without a jump', () => {
    const order = Array.from({ length: 10 }, (_, i) => frames.indexOf(frameAt(scene, i) as (typeof frames)[0]));
    assert.deepEqual(order, [0, 1, 2, 3, 4, 3, 2, 1, 0, 1]);
  });

  it('moves from frame to frame, on about the share asked for, and leaves the clip alone', () => {
    for (const cover of [0.05, 0.2, 0.6, 1]) {
      const crowd = populate(scene, cover);
      const bodies = crowd.frames.map((frame) => frame.subarray(0, 128 * 96).filter((value) => value !== 128).length);
      assert.ok(
        bodies.every((pixels) => pixels > 128 * 96 * cover * 0.3 && pixels < 128 * 96 * cover * 0.6),
        `${bodies}`,
      );
      assert.notDeepEqual(crowd.frames[0], crowd.frames[4]);
    }
    assert.ok(frames.every((frame) => frame.every((value) => value === 128)));
  });

  it('covers exactly the cells it claims, within the picture, somewhere else each frame', () => {
    for (const [width, height] of [
      [1920, 1080],
      [1280, 720],
      [640, 480],
    ] as const) {
      const grid = makeGrid(width, height);
      for (const cover of [0.05, 0.2, 0.6, 1]) {
        const plane = coverOf(grid, cover, 17);
        let cells = 0;
        for (let y = 0; y < grid.rows; y++)
          for (let x = 0; x < grid.bitStride * 8; x++) {
            const bit = (plane[y * grid.bitStride + (x >> 3)] >> (x & 7)) & 1;
            assert.ok(bit === 0 || x < grid.columns, 'padding stays clear');
            cells += bit;
          }
        assert.ok(Math.abs(cells / (grid.columns * grid.rows) - cover) < 0.01, `${cells} of ${cover}`);
        if (cover < 1) assert.notDeepEqual(coverOf(grid, cover, 18), plane);
      }
    }
  });
});

describe('eval', () => {
  it('keeps its own arguments and hands the rest to mask', () => {
    const isSet = (word: string) => word.startsWith('sets/');
    const parse = (line: string) => parseEvalArguments(line.split(' '), isSet);
    assert.deepEqual(
      parse('sets/a --sensitivity 80 --invert sets/b --color=#ff00ff --variant night,rain --json out.json'),
      {
        sets: ['sets/a', 'sets/b'],
        variants: ['night', 'rain'],
        json: 'out.json',
        help: false,
        pass: ['--sensitivity', '80', '--invert', '--color=#ff00ff'],
      },
    );
    assert.throws(() => parse('sets/a --masks x.mkv'), InputError);
    assert.throws(() => parse('sets/a --json'), InputError);
  });

  it('tells the masked share over time and around what happens', () => {
    const shares = Array.from({ length: 300 }, (_, i) => (i < 150 ? 0.05 : i < 165 ? 1 : 0.1));
    assert.deepEqual(overTime(shares, 10).slice(14, 18), [0.05, 1, 0.55, 0.1]);
    assert.deepEqual(aroundEvents(shares, 10, [150]), [
      { at: 15, before: 0.05, after_1s: 1, after_10s: 0.1, settled: 0.1 },
    ]);
    assert.equal(aroundEvents(shares, 10, [250])[0].after_10s, null, 'the recording ends before');
  });

  it('finds the worst person and the worst track', () => {
    const person = (track: number, visible: number, at: number) => ({
      ...{ track, visible, at, head: 0, source: 'hand' },
      box: [0, 0, 1, 1] as const,
    });
    const people = [0, 1, 2, 3, 4, 5].flatMap((at) => [person(1, 0.1, at), person(2, 0.02, at)]);
    const { person: worst, track } = worstOf([...people, person(3, 0.9, 4)]);
    assert.deepEqual([worst?.track, worst?.visible, track?.track], [3, 0.9, 1], 'a track of one frame is no track');
    assert.deepEqual(worstOf([]), { person: null, track: null });
  });

  it('lines tables up', () => {
    assert.equal(
      table(
        ['a', 'figure'],
        [
          ['xy', '1.5'],
          ['z', '-'],
        ],
      ),
      '| a  | figure |\n|----|--------|\n| xy |    1.5 |\n| z  |      - |',
    );
  });
});

describe('contact sheets', () => {
  it('are made of any video, and refuse what is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sheet-test-'));
    try {
      const frames = Array.from({ length: 7 }, (_, i) => new Uint8Array((64 * 48 * 3) / 2).fill(i * 30));
      const video = join(folder, 'clip.mkv');
      await encode(frames, { width: 64, height: 48, rate: 10 }, ['-c:v', 'ffv1', video]);
      const sheet = join(folder, 'sheet.png');
      await makeSheet(video, sheet, 4);
      assert.ok(existsSync(sheet));
      await assert.rejects(makeSheet(sheet.replace('.png', '.txt'), sheet), InputError);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
