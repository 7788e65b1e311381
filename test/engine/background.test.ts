import assert from 'node:assert/strict';
import { makeRandom } from '../../bench/random.js';
import { Background, MOST_PICTURES } from '../../src/engine/background.js';
import { makeGrid } from '../../src/engine/grid.js';
import { Planes } from '../../src/engine/planes.js';
import { thresholdsOf } from '../../src/engine/thresholds.js';
import { type Cells, makePlane, packBits, packBytes, settle, unpackBits } from './arena.js';

const grid = makeGrid(150, 40);
const { columns, rows, stride, bitStride } = grid;
const limits = thresholdsOf(50, grid);
const everywhere = makePlane(columns, rows, () => true);
const nowhere = makePlane(columns, rows, () => false);

const random = makeRandom(5);
/** A scene with texture, seen through the noise of a camera. */
const scene = makePlane(columns, rows, () => 60 + Math.floor(random() * 120));
const noise = () => Math.round((random() - 0.5) * 4);
type Look = (x: number, y: number) => number;
const empty: Look = (x, y) => scene[y][x];
const SOMEONE = 230;
/** Someone as wide as a fifth of the picture, `left` cells from its left side. */
const inFront = (left: number) => (x: number) => x >= left && x < left + columns / 5;
const withSomeone =
  (left: number): Look =>
  (x, y) =>
    inFront(left)(x) ? SOMEONE : scene[y][x];
const someone = (left: number) => makePlane(columns, rows, inFront(left));

function makeBackground() {
  const { at, kernels, bytes } = settle((layout) => ({
    background: Background.layout(layout, grid),
    planes: new Planes(layout, grid),
    cells: layout.bitPlane(grid),
    now: layout.bitPlane(grid),
    before: layout.bitPlane(grid),
    luma: layout.bytePlane(grid),
  }));
  const background = new Background(grid, kernels, bytes, at.background);
  const bits = (address: number) => unpackBits(bytes.subarray(address, address + bitStride * rows), columns, rows);
  const put = (cells: Cells, address = at.cells) => {
    bytes.set(packBits(cells), address);
    return address;
  };
  const show = (look: Look) => {
    bytes.set(packBytes(makePlane(columns, rows, (x, y) => look(x, y) + noise())), at.planes.luma);
    for (const plane of [at.planes.u, at.planes.v]) bytes.fill(128, plane, plane + stride * rows);
    at.planes.compensate(kernels, 1);
    return at.planes;
  };
  return {
    background,
    put,
    show,
    learn: (looks: readonly Look[], where: Cells = everywhere) => {
      background.forget();
      for (const look of looks) background.learn(show(look));
      background.conclude(put(where), limits);
    },
    differs: (look: Look): Cells => {
      background.compare(show(look), at.now, limits);
      return bits(at.now);
    },
    /** One frame of a life: what differs, and what is learnt of it while `frozen` is masked. */
    live: (look: Look, frozen: Cells, elapsed: number) => {
      bytes.copyWithin(at.before, at.now, at.now + bitStride * rows);
      background.compare(show(look), at.now, limits);
      background.update(at.planes, put(frozen), at.now, at.before, elapsed);
      return bits(at.now);
    },
    present: () => {
      background.present(at.luma);
      return makePlane(columns, rows, (x, y) => bytes[at.luma + y * stride + x]);
    },
  };
}

const count = (cells: Cells) => cells.flat().filter(Boolean).length;
const times = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));

describe('the background', () => {
  it('is the scene without those who walk through it, and then shows whoever comes', () => {
    for (const pictures of [5, MOST_PICTURES, 130]) {
      const { learn, differs, present } = makeBackground();
      // Each place is covered for at most a third of the time.
      learn(times(pictures, (i) => withSomeone(Math.floor((i / pictures) * columns * 1.2 - columns / 5))));
      assert.ok(present().every((row, y) => row.every((level, x) => Math.abs(level - scene[y][x]) <= 2)));
      assert.equal(count(differs(empty)), 0);
      assert.deepEqual(differs(withSomeone(20)), someone(20));
    }
  });

  it('is not taken in by somebody who stands there for 40 % of the time, by day or in the dark', () => {
    // By night there is little light to differ in: less than what a cell of the day may differ by and be the same.
    for (const [light, contrast] of [
      [1, 24],
      [0.2, 10],
    ]) {
      const { learn, differs } = makeBackground();
      const dim: Look = (x, y) => Math.round(16 + (scene[y][x] - 16) * light);
      const stands: Look = (x, y) => dim(x, y) + (inFront(50)(x) ? contrast : 0);
      learn(times(MOST_PICTURES, (i) => (i < MOST_PICTURES * 0.6 ? dim : stands)));
      assert.ok(count(differs(dim)) < columns, `light ${light}: the place itself`);
      const seen = differs(stands).map((row) => row.filter((_, x) => inFront(50)(x)));
      assert.ok(count(seen) >= seen[0].length * rows * 0.95, `light ${light}: ${count(seen)} cells of somebody`);
    }
  });

  it('spans the whole time of learning, however many pictures there are', () => {
    for (const pictures of [41, 79, 80, 81, 200, 333, 1000])
      for (const share of [0.4, 0.6]) {
        const { background, learn, differs, show } = makeBackground();
        const brief = 5;
        // Someone stands there for the first 40 or 60 % of the time, so that neither the first nor the last pictures tell.
        learn(times(pictures, (i) => (i < pictures * share ? withSomeone(50) : empty)));
        const learnt = share > 0.5 ? withSomeone(50) : empty;
        assert.equal(count(differs(learnt)), 0, `${share * 100} % of ${pictures} pictures`);
        // And a new time of learning begins at nothing.
        assert.equal(background.pictures, 0);
        for (const look of times(brief, () => empty)) background.learn(show(look));
        assert.equal(background.pictures, brief);
      }
  });

  it('is learnt only where told to, and not from nothing', () => {
    const { background, learn, differs, put } = makeBackground();
    assert.throws(() => background.conclude(put(everywhere), limits), /no picture/);
    learn(times(20, () => empty));
    const left = makePlane(columns, rows, (x) => x < 30);
    learn(
      times(20, () => withSomeone(20)),
      left,
    );
    assert.deepEqual(
      differs(empty),
      makePlane(columns, rows, (x) => x >= 20 && x < 30),
    );
  });

  it('follows slow light, but nothing that is masked, for however long', () => {
    const { learn, live } = makeBackground();
    learn(times(20, () => empty));
    const frozen = makePlane(columns, rows, (x) => x >= 19 && x < 21 + columns / 5);
    let seen: Cells = nowhere;
    // A minute at 5 frames a second, while it becomes brighter by 40 levels.
    for (let i = 0; i < 300; i++) {
      const light = (i / 300) * 40;
      seen = live((x, y) => (inFront(20)(x) ? SOMEONE : Math.round(scene[y][x] + light)), frozen, 200);
    }
    const outside = seen.map((row) => row.filter((_, x) => x < 18 || x > 22 + columns / 5));
    assert.ok(count(outside) <= 4, `${count(outside)} cells lost the light`);
    const inside = seen.map((row) => row.filter((_, x) => inFront(20)(x)));
    assert.equal(count(inside), inside[0].length * rows, 'someone who stands still was learnt');
  });

  it('adopts at once what it is told to, and rescales with the light', () => {
    const { background, learn, differs, put, show } = makeBackground();
    learn(times(20, () => empty));
    background.adopt(show(withSomeone(20)), put(someone(20)));
    assert.equal(count(differs(withSomeone(20))), 0);
    assert.deepEqual(differs(empty), someone(20), 'and he is missed when he goes');

    background.adopt(show(empty), put(everywhere));
    background.rescale(0.7);
    assert.equal(count(differs((x, y) => Math.round(scene[y][x] * 0.7))), 0);
    assert.ok(count(differs(empty)) > (columns * rows) / 2);
  });

  it('grows tolerant of what flickers, and strict again when it has calmed', () => {
    const { learn, live } = makeBackground();
    learn(times(20, () => empty));
    const leaves = (x: number) => x < 10;
    const flicker =
      (i: number): Look =>
      (x, y) =>
        scene[y][x] + (leaves(x) ? (i % 2) * 28 : 0);
    const share = (i: number) => count(live(flicker(i), nowhere, 40)) / (10 * rows);
    assert.ok(share(1) > 0.9);
    for (let i = 2; i < 40; i++) share(i);
    assert.ok(share(41) < 0.1, 'leaves are still foreground');
    for (let i = 0; i < 1000; i++) live(empty, nowhere, 40);
    assert.ok(count(live(withSomeone(0), someone(0), 40)) >= (columns / 5) * rows * 0.99);
  });
});
