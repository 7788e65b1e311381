// The engine's decisions that need no memory: brightness, scene, shift, clock, sliders.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { makeRandom } from '../../bench/random.js';
import { MediaClock } from '../../src/engine/clock.js';
import { followLight, type Light } from '../../src/engine/darkness.js';
import { estimateGain } from '../../src/engine/exposure.js';
import { makeGrid } from '../../src/engine/grid.js';
import { nextScene, type Observation, type Scene } from '../../src/engine/scene.js';
import { estimateShift, hasMoved, staysPut } from '../../src/engine/shift.js';
import { compareViews, litOtherwise } from '../../src/engine/structure.js';
import { marginsOf, thresholdsOf } from '../../src/engine/thresholds.js';

describe('the gain of the scene', () => {
  const grid = { columns: 60, rows: 34 };
  const blocks = grid.columns * grid.rows;
  const everywhere = new Uint8Array(blocks).fill(1);
  const random = makeRandom(3);
  const textured = Float32Array.from({ length: blocks }, () => 25 + random() * 190);
  const plain = new Float32Array(blocks).fill(150);

  const inRect = (i: number, right: number, top: number) =>
    i % grid.columns < right * grid.columns && Math.floor(i / grid.columns) >= top * grid.rows;
  const picture = (reference: Float32Array, of: (level: number, i: number) => number) =>
    Uint8Array.from(reference, (level, i) => Math.min(255, Math.max(0, Math.round(of(level, i)))));

  it('is believed when the exposure steps, people and clipped whites or not, and when it steps back', () => {
    for (const factor of [0.6, 1.4]) {
      const noise = () => (random() - 0.5) * 4;
      const current = picture(textured, (level, i) => (inRect(i, 0.2, 0.5) ? 60 : level * factor + noise()));
      const seen = estimateGain(current, textured, everywhere, grid, 1);
      assert.ok(seen.trusted, `x${factor}`);
      assert.ok(Math.abs(seen.gain / factor - 1) < 0.02, `x${factor} was taken for x${seen.gain}`);
      const back = estimateGain(
        picture(textured, (level) => level + noise()),
        textured,
        everywhere,
        grid,
        seen.gain,
      );
      assert.ok(back.trusted && Math.abs(back.gain - 1) < 0.02, `back from x${factor}: x${back.gain}`);
    }
  });

  it('is not changed by a dark coat that fills over 70 % of the picture within five frames', () => {
    for (const reference of [textured, plain])
      for (const way of [
        (i: number, share: number) => inRect(i, share, 0), // through the picture from the left
        (i: number, share: number) => inRect(i, 1, 1 - share), // up from below
        (i: number, share: number) => inRect(i, Math.sqrt(share), 1 - Math.sqrt(share)), // out of a corner
      ]) {
        let gain = 1;
        let eligible = everywhere;
        for (const share of [0.15, 0.3, 0.45, 0.6, 0.75, 0.75, 0.75]) {
          const current = picture(reference, (level, i) => (way(i, share) ? level * 0.2 : level));
          ({ gain } = estimateGain(current, reference, eligible, grid, gain));
          assert.ok(Math.abs(gain - 1) < 0.01, `x${gain} with ${share * 100} % covered`);
          eligible = Uint8Array.from(everywhere, (_, i) => (way(i, share) ? 0 : 1));
        }
      }
  });

  it('is not believed when a lamp lights half the picture, nor when a door opens on most of it', () => {
    for (const share of [0.3, 0.5, 0.6, 0.7, 0.8])
      for (const reference of [textured, plain]) {
        const current = picture(reference, (level, i) => (inRect(i, share, 0) ? level * 1.5 : level));
        const { gain } = estimateGain(current, reference, everywhere, grid, 1);
        assert.ok(Math.abs(gain - 1) < 0.01, `x${gain} with ${share * 100} % lit`);
      }
    // A cloud's shadow leaves one quarter in the sun; lamps all over the picture go on and off.
    const cloudy = picture(plain, (level, i) => (inRect(i, 0.5, 0.5) ? level : level * 0.86));
    const lamps = picture(textured, (level, i) => level * (i % 20 < 11 ? 0.6 : 0.2 + random() * 0.3));
    for (const [current, reference] of [
      [cloudy, plain],
      [lamps, textured],
    ] as const)
      assert.deepEqual(estimateGain(current, reference, everywhere, grid, 1), { gain: 1, trusted: false });
    const half = picture(plain, (level, i) => (inRect(i, 0.5, 0) ? level * 1.5 : level));
    assert.deepEqual(estimateGain(half, plain, everywhere, grid, 0.9), { gain: 0.9, trusted: false });
  });

  it('stays as it was when too few blocks can tell, or none', () => {
    const darker = picture(textured, (level) => level / 2);
    const few = Uint8Array.from(everywhere, (_, i) => (i % 20 === 0 ? 1 : 0));
    const asBefore = { gain: 1.2, trusted: false };
    assert.deepEqual(estimateGain(darker, textured, few, grid, 1.2), asBefore);
    assert.deepEqual(estimateGain(darker, textured, new Uint8Array(blocks), grid, 1.2), asBefore);
    const night = new Float32Array(blocks).fill(8);
    assert.deepEqual(
      estimateGain(
        picture(night, () => 40),
        night,
        everywhere,
        grid,
        1.2,
      ),
      asBefore,
    );
    assert.deepEqual(estimateGain(new Uint8Array(blocks), textured, everywhere, grid, 1.2), asBefore);
  });

  it('is a number in reach of the picture, and the previous one whenever it is not trusted', () => {
    const bytes = fc.uint8Array({ minLength: 48, maxLength: 48 });
    fc.assert(
      fc.property(bytes, bytes, fc.uint8Array({ minLength: 48, maxLength: 48, max: 1 }), (now, before, eligible) => {
        const { gain, trusted } = estimateGain(now, Float32Array.from(before), eligible, { columns: 8, rows: 6 }, 1.1);
        assert.ok(trusted ? gain > 1 / 16 && gain < 16 : gain === 1.1);
      }),
    );
  });
});

describe('the scene', () => {
  const calm: Observation = {
    time: 60_000,
    pictures: 0,
    share: 0.05,
    shareBefore: 0.04,
    chroma: 6,
    usualChroma: 6,
    moved: false,
    view: 'other',
  };
  const steady: Scene = { phase: 'steady' };
  const crowdedSince = (since: number, sudden = false): Scene => ({ phase: 'crowded', since, sudden });
  const crowded = crowdedSince(50_000);
  const since = (cause: 'start' | 'reset' | 'infrared' | 'moved' | 'changed'): Scene => ({
    phase: 'learning',
    cause,
    since: 50_000,
  });
  const begins = (cause: 'infrared' | 'moved' | 'changed'): Scene => ({ phase: 'learning', cause, since: 60_000 });

  const table: readonly [what: string, Scene, Partial<Observation>, Scene][] = [
    ['stays steady in a calm street', steady, {}, steady],
    ['stays steady with a crowd that fills half of it', steady, { share: 0.6, shareBefore: 0.1 }, steady],
    ['is crowded when someone comes near', steady, { share: 0.65, shareBefore: 0.5 }, crowdedSince(60_000)],
    ['stays crowded while he stands there', crowded, { share: 0.99, shareBefore: 0.65 }, crowded],
    ['is steady again when he has gone', crowded, { share: 0.4, shareBefore: 0.65 }, steady],
    ['changed when most of it differs at once', steady, { share: 0.61, shareBefore: 0.2 }, begins('changed')],
    ['changed when the light goes while it is crowded', crowded, { share: 1, shareBefore: 0.55 }, begins('changed')],
    [
      'is crowded when something even hides most of it at once',
      steady,
      { share: 0.99, shareBefore: 0, view: 'hidden', chroma: 0 },
      crowdedSince(60_000, true),
    ],
    [
      'changed when another scene comes out of a blur',
      crowdedSince(55_100, true),
      { share: 0.9, shareBefore: 0.9 },
      begins('changed'),
    ],
    [
      'stays crowded when who hid it steps back later',
      crowdedSince(55_000, true),
      { share: 0.9, shareBefore: 0.9 },
      crowdedSince(55_000, true),
    ],
    [
      'changed when all that differs is the light',
      crowdedSince(58_000),
      { share: 0.9, shareBefore: 0.9, view: 'same' },
      begins('changed'),
    ],
    [
      'waits for an exposure on its way',
      crowdedSince(58_100),
      { share: 0.9, shareBefore: 0.9, view: 'same' },
      crowdedSince(58_100),
    ],
    ['turned to infrared when its colours go', steady, { chroma: 0.4 }, begins('infrared')],
    ['turned from infrared when colours come', steady, { chroma: 3, usualChroma: 0.2 }, begins('infrared')],
    ['is only pale when it was never colourful', steady, { chroma: 0.9, usualChroma: 2.9 }, steady],
    ['moved when the camera did', steady, { moved: true, share: 0.3 }, begins('moved')],
    [
      'moved also where that changes nearly all',
      crowded,
      { moved: true, share: 0.9, shareBefore: 0.1 },
      begins('moved'),
    ],
    ['is infrared before it is moved or changed', steady, { chroma: 0, moved: true, share: 1 }, begins('infrared')],
    ['learns for 10 s at the start', since('start'), { time: 59_999, pictures: 250 }, since('start')],
    ['learns from 50 pictures at the start', since('start'), { time: 90_000, pictures: 49 }, since('start')],
    ['has learnt then', since('start'), { time: 60_000, pictures: 50 }, steady],
    ['learns as much after a reset', since('reset'), { time: 59_999, pictures: 250 }, since('reset')],
    ['has learnt then, too', since('reset'), { time: 60_000, pictures: 50 }, steady],
    ['learns for 5 s after an event', since('moved'), { time: 54_999, pictures: 125 }, since('moved')],
    ['has learnt after 5 s and 25 pictures', since('changed'), { time: 55_000, pictures: 25 }, steady],
    ['learns on with fewer pictures', since('infrared'), { time: 59_999, pictures: 24 }, since('infrared')],
    ['but for 10 s at most', since('infrared'), { time: 60_000, pictures: 1 }, steady],
    [
      'learns on, whatever it sees meanwhile',
      since('moved'),
      { time: 52_000, moved: true, share: 1, chroma: 0 },
      since('moved'),
    ],
  ];
  for (const [what, scene, seen, expected] of table)
    it(what, () => assert.deepEqual(nextScene(scene, { ...calm, ...seen }), expected));
});

describe('the light of the scene', () => {
  const follow = (light: Light, level: number, time = 0, elapsed = 40) =>
    followLight(light, { level, time, elapsed, mergeTime: 60_000 });

  it('falls at half of the usual, deeper at every half of that, and is back above half', () => {
    let light: Light = { usual: 100 };
    const events: string[] = [];
    for (const level of [99, 60, 49, 40, 26, 24, 30, 13, 11, 40, 54, 56, 70]) {
      const seen = follow(light, level);
      light = seen.light;
      events.push(seen.event ?? '-');
    }
    assert.equal(events.join(' '), '- - fell - - deeper - - deeper - - back -');
  });

  it('is dark for the merge time at most, and then usual', () => {
    const { light } = follow({ usual: 100 }, 20, 1000);
    assert.equal(follow(light, 20, 60_999).event, undefined);
    const over = follow(light, 20, 61_000);
    assert.equal(over.event, 'over');
    assert.equal(follow(over.light, 20, 61_040).event, undefined);
  });

  it('does not fall at dusk, nor where there is next to none', () => {
    let light: Light = {};
    for (let minute = 0; minute < 60; minute++) {
      const seen = follow(light, 100 * 0.95 ** minute, minute * 60_000, 60_000);
      assert.equal(seen.event, undefined, `minute ${minute}`);
      light = seen.light;
    }
    assert.equal(follow({ usual: 6 }, 1).event, undefined);
  });
});

describe('the view', () => {
  const blocks = { columns: 40, rows: 24, stride: 48 };
  const cells = blocks.stride * blocks.rows;
  const random = makeRandom(5);
  const scene = () => Uint8Array.from({ length: cells }, () => 40 + random() * 160);
  const place = scene();
  const wherever = new Uint8Array(cells).fill(1);
  const at = (where: (x: number, y: number) => boolean) =>
    Uint8Array.from({ length: cells }, (_, i) => (where(i % blocks.stride, Math.floor(i / blocks.stride)) ? 1 : 0));

  it('is the same in any light, another in another place, and hidden behind a coat', () => {
    for (const gain of [0.06, 0.3, 0.8, 1.3]) {
      const lit = place.map((level) => Math.min(235, 16 + (level - 16) * gain));
      assert.equal(compareViews(lit, place, blocks, wherever), 'same', `x${gain}`);
    }
    assert.equal(compareViews(scene(), place, blocks, wherever), 'other');
    const coat = Uint8Array.from({ length: cells }, (_, i) => 26 + 4 * Math.sin((i % blocks.stride) / 5));
    assert.equal(compareViews(coat, place, blocks, wherever), 'hidden');
    const most = at((x) => x < 28);
    assert.equal(compareViews(place.map((level, i) => (most[i] ? coat[i] : level)), place, blocks, most), 'hidden'); // biome-ignore format: a line
    const empty = { columns: 1, rows: 1, stride: 16 };
    assert.equal(compareViews(new Uint8Array(16), new Uint8Array(16), empty, wherever), 'hidden');
  });

  it('is told from who stands in it when a lamp lights part of it', () => {
    const lamp = place.map((level, i) => 16 + (level - 16) * (0.4 + (0.5 * (i % blocks.stride)) / blocks.columns));
    const person = at((x, y) => x >= 18 && x < 24 && y >= 8 && y < 20);
    const clothes = scene();
    const lit = litOtherwise(lamp.map((level, i) => (person[i] ? clothes[i] : level)), place, blocks, 16); // biome-ignore format: a line
    const inside = at((x, y) => x >= 19 && x < 23 && y >= 9 && y < 19);
    assert.ok(inside.every((one, i) => one === 0 || lit[i] === 0));
    const free = at((x, y) => x < 38 && y < 22 && !(x >= 15 && x < 26 && y >= 5 && y < 22));
    const cells = free.reduce((sum, one) => sum + one, 0);
    assert.ok(free.filter((one, i) => one && lit[i]).length > 0.95 * cells);
  });
});

describe('the shift of the camera', () => {
  const [columns, rows, stride] = [120, 68, 128];
  const blocks = (value: (x: number, y: number) => number) =>
    Uint8Array.from({ length: stride * rows }, (_, i) => value(i % stride, Math.floor(i / stride)));
  const random = makeRandom(11);
  /** A scene larger than the picture, with a margin of 16 blocks on each side. */
  const scene = Array.from({ length: rows + 32 }, () => Array.from({ length: columns + 40 }, () => random() * 255));
  const view = (dx: number, dy: number) => blocks((x, y) => scene[y - dy + 16][x - dx + 16] + random() * 6 - 3);
  const estimate = (now: Uint8Array, before: Uint8Array) => estimateShift(now, before, columns, rows, stride);

  it('is found to the block, also with people in front', () => {
    const shift = fc.record({ x: fc.integer({ min: -12, max: 12 }), y: fc.integer({ min: -12, max: 12 }) });
    fc.assert(
      fc.property(shift, ({ x, y }) => {
        const shifted = view(x, y).map((level, i) => (i % stride > 90 && i > stride * 30 ? 40 : level));
        const found = estimate(shifted, view(0, 0));
        assert.deepEqual([found.x, found.y], [x, y]);
        assert.equal(hasMoved(found), x !== 0 || y !== 0);
        assert.equal(staysPut(found), x === 0 && y === 0);
      }),
      { numRuns: 8 },
    );
  });

  it('is not seen where someone stands in front, however large, nor where there is nothing to see', () => {
    const before = view(0, 0);
    for (const width of [20, 60, 90, 120])
      for (const coat of [() => 30, () => random() * 255]) {
        const now = view(0, 0).map((level, i) => (i % stride < width ? coat() : level));
        assert.equal(hasMoved(estimate(now, before)), false, `${width} of ${columns} columns covered`);
      }
    const wall = blocks(() => 120);
    assert.equal(
      hasMoved(
        estimate(
          blocks(() => 40),
          wall,
        ),
      ),
      false,
    );
    const fence = blocks((x) => (x % 6 < 3 ? 60 : 180));
    assert.equal(hasMoved(estimate(fence, fence)), false);
    // Behind someone, a fence fits a little better some pales away.
    const behind = fence.map((level, i) => (i % stride < 42 ? 120 : level));
    assert.equal(hasMoved(estimate(behind, fence)), false);
  });
});

describe('media time', () => {
  const run = (stamps: readonly number[]) => {
    const clock = new MediaClock();
    for (const stamp of stamps) clock.advance(stamp);
    return clock.now;
  };
  const steady = (count: number, step: number, from = 0) => Array.from({ length: count }, (_, i) => from + i * step);

  it('follows the time stamps at any pace, from any origin', () => {
    assert.equal(run([]), 0);
    assert.equal(run([123_456_789]), 0);
    assert.equal(run(steady(101, 40)), 4000);
    assert.equal(run(steady(101, 1000, 9e9)), 100_000);
    const steps = fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 50 });
    fc.assert(
      fc.property(steps, fc.integer(), (some, origin) => {
        let stamp = origin;
        assert.equal(run([origin, ...some.map((step) => (stamp += step))]), stamp - origin);
      }),
    );
    // A slow camera, one picture in 5 s, is slow and does not jump.
    assert.equal(run(steady(20, 5000)), 95_000);
  });

  it('takes a jump by an hour, forward or back, for one frame', () => {
    for (const step of [40, 1000])
      for (const jump of [3_600_000, -3_600_000, -1, 1e12]) {
        const before = steady(50, step);
        const after = steady(50, step, before[49] + jump);
        assert.ok(Math.abs(run([...before, ...after]) - 99 * step) < 1e-6, `${jump} ms at steps of ${step}`);
      }
    assert.equal(run([1000, 1000, 1000]), 2, 'equal stamps go on by a millisecond at least');
    assert.ok(run([0, 3_600_000]) <= 2000, 'nothing is known of the rate yet');
    assert.equal(run(steady(3, -40)), 2);
  });

  it('never goes back nor faster than the stamps and one frame a jump', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e7, max: 1e7 }), { minLength: 1, maxLength: 60 }), (stamps) => {
        const clock = new MediaClock();
        let last = 0;
        for (const [i, stamp] of stamps.entries()) {
          const now = clock.advance(stamp);
          const step = i === 0 ? 0 : stamp - stamps[i - 1];
          assert.ok(i === 0 ? now === 0 : now > last);
          if (step > 0) assert.ok(now - last <= Math.max(step, 2000) + 1e-9);
          last = now;
        }
      }),
    );
  });
});

describe('the sliders', () => {
  const sides = fc.integer({ min: 1, max: 2160 }).map((half) => 2 * half);
  const grids = fc.tuple(sides, sides).map(([width, height]) => makeGrid(width, height));
  const percent = fc.integer({ min: 0, max: 100 });

  it('let less pass the more sensitive they are, on any picture', () => {
    fc.assert(
      fc.property(grids, percent, percent, (grid, a, b) => {
        const low = thresholdsOf(Math.min(a, b), grid);
        const high = thresholdsOf(Math.max(a, b), grid);
        for (const key of ['radius', 'chromaLeast', 'few', 'many', 'leastMass', 'leastStrength'] as const) {
          assert.ok(high[key] <= low[key], `${key}: ${high[key]} above ${low[key]}`);
          assert.ok(Number.isInteger(high[key]) && high[key] >= 1);
        }
        assert.ok(low.radius <= 255 && low.few <= low.many && low.many <= 9);
        // Chroma is compared by a share of the adapted radius, which grows with it.
        assert.ok(high.chromaShare <= low.chromaShare && low.chromaShare <= 256);
      }),
    );
  });

  it('draw wider margins the larger the size, and no narrower ones round what is larger', () => {
    fc.assert(
      fc.property(grids, percent, percent, (grid, a, b) => {
        const small = marginsOf(Math.min(a, b), grid);
        const wide = marginsOf(Math.max(a, b), grid);
        for (const key of ['base', 'large', 'huge', 'closing'] as const) {
          assert.ok(wide[key] >= small[key], key);
          assert.ok(Number.isInteger(wide[key]) && wide[key] >= 0);
        }
        assert.ok(wide.huge >= wide.large);
        assert.ok(wide.tall >= 1 && wide.tall === small.tall);
      }),
    );
    const hd = makeGrid(1920, 1080);
    assert.equal(marginsOf(0, hd).base, 0);
    assert.ok(thresholdsOf(100, hd).leastMass < thresholdsOf(0, hd).leastMass / 8);
  });
});
