// Holds every kernel to its plain reference, bit for bit, over planes of all shapes and contents. Each call also proves
// that nothing outside of the kernel's own targets was written: see Arena.run.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { makeRandom } from '../../bench/random.js';
import { BLOCK, makeGrid } from '../../src/engine/grid.js';
import { layoutBlockMeans, Planes } from '../../src/engine/planes.js';
import {
  type Area,
  Arena,
  assertSameBytes,
  bitStrideOf,
  makePlane,
  packBits,
  packBytes,
  settle,
  strideOf,
  unpackBits,
  unpackBytes,
} from './arena.js';
import * as background from './reference/background.js';
import * as bits from './reference/bits.js';
import * as components from './reference/components.js';
import * as scaling from './reference/downscale.js';
import * as timers from './reference/timers.js';

interface Shape {
  readonly columns: number;
  readonly rows: number;
}

/** Widths around the sizes of vectors and words, and any other. */
const widths = fc.oneof(
  fc.integer({ min: 1, max: 700 }),
  fc.constantFrom(1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 129, 256, 257, 480, 640),
);
const shapes: fc.Arbitrary<Shape> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ columns: widths, rows: fc.integer({ min: 1, max: 20 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ columns: fc.integer({ min: 1, max: 70 }), rows: fc.integer({ min: 1, max: 400 }) }),
  },
);
const smallShapes: fc.Arbitrary<Shape> = fc.record({
  columns: fc.integer({ min: 1, max: 150 }),
  rows: fc.integer({ min: 1, max: 8 }),
});

/** Contents are drawn from a seed, so that a failure shrinks to the smallest plane that shows it. */
const contents = fc.record({
  kind: fc.constantFrom('sparse', 'half', 'dense', 'blocky', 'hollow', 'checkered', 'full', 'empty'),
  seed: fc.nat(),
});
type Contents = { readonly kind: string; readonly seed: number };

function drawCells({ columns, rows }: Shape, { kind, seed }: Contents): boolean[][] {
  const random = makeRandom(seed);
  const draw = (share: number) => makePlane(columns, rows, () => random() < share);
  if (kind === 'sparse') return draw(0.03);
  if (kind === 'half') return draw(0.5);
  if (kind === 'dense') return draw(0.97);
  if (kind === 'checkered') return makePlane(columns, rows, (x, y) => (x + y) % 2 === 0);
  if (kind === 'full' || kind === 'empty') return makePlane(columns, rows, () => kind === 'full');
  const cells = makePlane(columns, rows, () => false);
  for (let n = 0; n < 1 + (columns * rows) / 150; n++) {
    const [left, top] = [Math.floor(random() * columns), Math.floor(random() * rows)];
    const [right, bottom] = [left + 1 + Math.floor(random() * 30), top + 1 + Math.floor(random() * 9)];
    for (let y = top; y < Math.min(rows, bottom); y++)
      for (let x = left; x < Math.min(columns, right); x++)
        cells[y][x] = kind === 'blocky' || x === left || y === top || x === right - 1 || y === bottom - 1;
  }
  return cells;
}

function drawBytes({ columns, rows }: Shape, { kind, seed }: Contents): number[][] {
  const random = makeRandom(seed);
  return makePlane(columns, rows, (x, y) => {
    if (kind === 'full' || kind === 'empty') return kind === 'full' ? 255 : 0;
    if (kind === 'blocky') return ((x >> 3) * 40 + (y >> 2) * 90) & 255;
    return kind === 'half' ? Math.floor(random() * 2) * 255 : Math.floor(random() * 256);
  });
}

describe('the kernels and their references', () => {
  const arena = new Arena();
  const check = (runs: number, property: fc.IRawProperty<unknown>) => fc.assert(property, { numRuns: runs });
  beforeEach(() => arena.clear());

  const bitArea = (cells: boolean[][]) => arena.area(packBits(cells));
  const emptyBits = ({ columns, rows }: Shape) => arena.area(bitStrideOf(columns) * rows);
  const sameCells = (area: Area, cells: boolean[][], what: string) =>
    assertSameBytes(area.bytes, packBits(cells), what);
  /** Room for exactly as many runs as a plane may have: 28 bytes each. */
  const tablesOf = ({ columns, rows }: Shape) => arena.area(28 * Math.ceil(columns / 2) * rows);
  const bitShape = ({ columns, rows }: Shape) => [columns, rows, bitStrideOf(columns)] as const;

  it('take a picture to the grid: means of boxes, partial ones at the edges, the last column repeated', () => {
    const factors = fc.constantFrom(1, 2, 4, 8, 16);
    check(
      120,
      fc.property(shapes, contents, factors, (shape, content, factor) => {
        arena.clear();
        const picture = drawBytes(shape, content);
        const [columns, rows] = [Math.ceil(shape.columns / factor), Math.ceil(shape.rows / factor)];
        const source = arena.area(Uint8Array.from(picture.flat()));
        const target = arena.area(strideOf(columns) * rows);
        arena.run([target], (k) =>
          k.downscale(source.at, shape.columns, shape.rows, factor, target.at, strideOf(columns), columns, rows),
        );
        const expected = packBytes(scaling.downscale(picture, factor, columns, rows));
        assertSameBytes(target.bytes, expected, 'the small picture');
      }),
    );
  });

  it('make planes and block means of a picture of any size, whose edges look like the picture there', () => {
    for (const [width, height] of [
      [2, 2],
      [34, 18],
      [330, 242],
      [854, 480],
      [1366, 768],
    ] as const) {
      const grid = makeGrid(width, height);
      const room = settle((layout) => ({
        picture: layout.picture(grid),
        planes: new Planes(layout, grid),
        blocks: layoutBlockMeans(layout, grid),
      }));
      const luma = drawBytes({ columns: width, rows: height }, { kind: 'noise', seed: width });
      const u = drawBytes({ columns: width / 2, rows: height / 2 }, { kind: 'noise', seed: height });
      const v = drawBytes({ columns: width / 2, rows: height / 2 }, { kind: 'blocky', seed: 0 });
      room.bytes.set([luma, u, v].flat(2), room.at.picture);
      const { planes, blocks } = room.at;
      planes.take(room.kernels, room.at.picture);
      planes.summarise(room.kernels, blocks);
      for (const [name, picture, factor] of [
        ['luma', luma, grid.cell],
        ['u', u, grid.cell / 2],
        ['v', v, grid.cell / 2],
      ] as const) {
        const plane = packBytes(scaling.downscale(picture, factor, grid.columns, grid.rows));
        assertSameBytes(
          room.bytes.subarray(planes[name], planes[name] + plane.length),
          plane,
          `${name} of ${width}x${height}`,
        );
        const padded = unpackBytes(plane, grid.stride, grid.rows, grid.stride);
        const means = packBytes(scaling.downscale(padded, BLOCK, grid.blockColumns, grid.blockRows), grid.bitStride);
        assertSameBytes(
          room.bytes.subarray(blocks[name], blocks[name] + means.length),
          means,
          `blocks of ${width}x${height}`,
        );
      }
    }
  });

  it('scale bytes about a zero by a gain, rounding half up and clipping', () => {
    const gains = fc.oneof(fc.integer({ min: 0, max: 1024 }), fc.integer({ min: 0, max: 32767 }));
    const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);
    check(
      100,
      fc.property(gains, fc.constantFrom(0, 16, 128), fc.boolean(), (gain, zero, inPlace) => {
        arena.clear();
        const source = arena.area(everyByte);
        const target = inPlace ? source : arena.area(256);
        arena.run([target], (k) => k.scaleBytes(source.at, target.at, 256, gain, zero));
        assertSameBytes(
          target.bytes,
          everyByte.map((byte) => scaling.scaleByte(byte, gain, zero)),
          `gain ${gain} about ${zero}`,
        );
      }),
    );
  });

  it('unite, intersect, subtract, complement and count bit planes', () => {
    const { unite, intersect, subtract } = bits;
    const operations = [
      ['unite', unite],
      ['intersect', intersect],
      ['subtract', subtract],
    ] as const;
    check(
      60,
      fc.property(shapes, contents, contents, fc.boolean(), (shape, one, other, inPlace) => {
        const [a, b] = [drawCells(shape, one), drawCells(shape, other)];
        for (const [name, operation] of operations) {
          arena.clear();
          const [target, source] = [bitArea(a), bitArea(b)];
          arena.run([target], (k) => k[name](target.at, source.at, target.bytes.length));
          sameCells(target, operation(a, b), name);
        }
        arena.clear();
        const source = bitArea(a);
        const target = inPlace ? source : emptyBits(shape);
        arena.run([target], (k) => k.complement(source.at, target.at, ...bitShape(shape)));
        sameCells(target, bits.complement(a), 'complement');
        assert.equal(
          arena.run([], (k) => k.countBits(target.at, target.bytes.length)),
          bits.countBits(bits.complement(a)),
        );
      }),
    );
  });

  it('grow cells by any radius without holes, also in place and beyond the size of a word', () => {
    const radii = fc.oneof({ weight: 3, arbitrary: fc.nat(20) }, { weight: 1, arbitrary: fc.nat(200) });
    check(
      80,
      fc.property(shapes, contents, radii, fc.boolean(), (shape, content, radius, inPlace) => {
        arena.clear();
        const cells = drawCells(shape, content);
        const [source, scratch] = [bitArea(cells), emptyBits(shape)];
        const target = inPlace ? source : emptyBits(shape);
        arena.run([target, scratch], (k) => k.dilate(source.at, target.at, scratch.at, ...bitShape(shape), radius));
        sameCells(target, bits.dilate(cells, radius), `radius ${radius}`);
      }),
    );
  });

  it('count votes in neighbourhoods of nine, two thresholds at a time', () => {
    const threshold = fc.integer({ min: 1, max: 9 });
    check(
      80,
      fc.property(shapes, contents, threshold, threshold, (shape, content, few, many) => {
        arena.clear();
        const cells = drawCells(shape, content);
        const [source, weak, strong] = [bitArea(cells), emptyBits(shape), emptyBits(shape)];
        arena.run([weak, strong], (k) => k.vote3x3(source.at, weak.at, strong.at, ...bitShape(shape), few, many));
        sameCells(weak, bits.vote3x3(cells, few), `at least ${few}`);
        sameCells(strong, bits.vote3x3(cells, many), `at least ${many}`);
      }),
    );
  });

  it('keep the parts that hold enough, sort them by height and tell their boxes', () => {
    const limits = fc.record({
      leastMass: fc.nat(60),
      leastStrength: fc.nat(6),
      tall: fc.integer({ min: 1, max: 12 }),
    });
    check(
      100,
      fc.property(shapes, contents, contents, limits, fc.nat(40), (shape, content, other, limit, mostBoxes) => {
        arena.clear();
        const plane = drawCells(shape, content);
        const matter = bits.intersect(plane, drawCells(shape, { kind: 'dense', seed: other.seed }));
        const strong = bits.intersect(plane, drawCells(shape, other));
        const inputs = [bitArea(plane), bitArea(matter), bitArea(strong)].map(({ at }) => at) as [
          number,
          number,
          number,
        ];
        const [kept, large, huge] = [emptyBits(shape), emptyBits(shape), emptyBits(shape)];
        const tables = tablesOf(shape);
        const boxes = arena.area(12 * mostBoxes);
        const found = arena.run([kept, large, huge, tables, boxes], (k) =>
          k.keepParts(
            ...inputs,
            ...([kept.at, large.at, huge.at] as const),
            ...bitShape(shape),
            ...([limit.leastMass, limit.leastStrength, limit.tall, tables.at, boxes.at, mostBoxes] as const),
          ),
        );
        const expected = components.keepParts(plane, matter, strong, limit);
        assert.equal(found, expected.boxes.length);
        sameCells(kept, expected.kept, 'kept');
        sameCells(large, expected.large, 'large');
        sameCells(huge, expected.huge, 'huge');
        const view = new DataView(boxes.bytes.buffer, boxes.at, boxes.bytes.length);
        expected.boxes.slice(0, mostBoxes).forEach((box, i) => {
          const [left, top, right, bottom] = [0, 2, 4, 6].map((offset) => view.getUint16(12 * i + offset, true));
          assert.deepEqual({ left, top, right, bottom, mass: view.getUint32(12 * i + 8, true) }, box);
        });
      }),
    );
  });

  it('fill holes up to a size, and nothing that is open to the border', () => {
    check(
      100,
      fc.property(shapes, contents, fc.nat(120), (shape, content, most) => {
        arena.clear();
        const cells = drawCells(shape, content);
        const [plane, inverse] = [bitArea(cells), emptyBits(shape)];
        const tables = tablesOf(shape);
        arena.run([plane, inverse, tables], (k) =>
          k.fillHoles(plane.at, inverse.at, ...bitShape(shape), most, tables.at),
        );
        sameCells(plane, components.fillHoles(cells, most), `holes up to ${most}`);
      }),
    );
  });

  it('ring each cell at its own time, frame after frame, also where the milliseconds wrap', () => {
    const steps = fc.array(fc.record({ step: fc.integer({ min: 1, max: 700 }), content: contents }), {
      minLength: 2,
      maxLength: 25,
    });
    const starts = fc.constantFrom(0, 2 ** 31 - 3000, 2 ** 32 - 3000);
    const waits = fc.record({ gap: fc.nat(1500), mergeTime: fc.integer({ min: 1, max: 4000 }) });
    check(
      60,
      fc.property(smallShapes, starts, steps, waits, (shape, start, frames, { gap, mergeTime }) => {
        arena.clear();
        const { columns, rows } = shape;
        const clocks = makePlane(
          columns,
          rows,
          (): timers.Clock => ({ present: false, started: 0, lastSeen: undefined }),
        );
        const [now, before, ringing] = [emptyBits(shape), emptyBits(shape), emptyBits(shape)];
        const cells = () => arena.area(4 * strideOf(columns) * rows);
        const [started, lastSeen, due, armed] = [cells(), cells(), arena.area(4 * rows), arena.area(rows)];
        for (const area of [before, armed]) area.bytes.fill(0);
        const longAgo = (start - 0x40000000) >>> 0;
        new Uint32Array(lastSeen.bytes.buffer, lastSeen.at, lastSeen.bytes.length / 4).fill(longAgo);
        let previousTime = start;
        for (const { step, content } of frames) {
          const time = previousTime + step;
          const present = drawCells(shape, content);
          now.bytes.set(packBits(present));
          const count = arena.run([started, lastSeen, due, armed, ringing], (k) =>
            k.tick(
              ...([now.at, before.at, started.at, lastSeen.at, due.at, armed.at, ringing.at] as const),
              ...([rows, strideOf(columns), bitStrideOf(columns)] as const),
              ...([time >>> 0, previousTime >>> 0, gap, mergeTime] as const),
            ),
          );
          const rings = timers.tick(clocks, present, { time, previousTime, gap, mergeTime });
          sameCells(ringing, rings, `ringing at ${time}`);
          assert.equal(count, bits.countBits(rings));
          before.bytes.set(now.bytes);
          previousTime = time;
        }
      }),
    );
  });
});

describe('the kernels of the background and their references', () => {
  const arena = new Arena();
  const { GROUP, SAMPLES } = background;
  const check = (runs: number, property: fc.IRawProperty<unknown>) => fc.assert(property, { numRuns: runs });

  type Picture = background.Colour[][];
  const PLANES = [0, 1, 2] as const;

  /** Colours that lie about a common one, so that some are near to each other and some are not. */
  function drawPicture({ columns, rows }: Shape, seed: number, spread: number): Picture {
    const random = makeRandom(seed);
    const value = () => Math.min(255, Math.max(0, Math.round(128 + (random() - 0.5) * 2 * spread)));
    return makePlane(columns, rows, () => [value(), value(), value()] as const);
  }

  function drawModel(shape: Shape, seed: number, spread: number): background.Model {
    const pictures = Array.from({ length: SAMPLES }, (_, k) => drawPicture(shape, seed + k + 1, spread));
    return makePlane(shape.columns, shape.rows, (x, y) => pictures.map((picture) => picture[y][x]));
  }

  /** Luma, u and v of a picture, as three byte planes one after the other. */
  function packPicture(picture: Picture): Uint8Array {
    return Buffer.concat(PLANES.map((c) => packBytes(picture.map((row) => row.map((colour) => colour[c])))));
  }

  function pictureArea(picture: Picture): [number, number, number] {
    const { at, bytes } = arena.area(packPicture(picture));
    return [at, at + bytes.length / 3, at + (bytes.length / 3) * 2];
  }

  /** Group by group, sample by sample: 16 Y, 16 U, 16 V. Padding cells are zero. */
  function packModel(model: background.Model): Uint8Array {
    const groupsPerRow = strideOf(model[0].length) / GROUP;
    const groups = groupsPerRow * model.length;
    const bytes = new Uint8Array(groups * SAMPLES * 3 * GROUP);
    model.forEach((row, y) => {
      row.forEach((samples, x) => {
        const group = y * groupsPerRow + Math.floor(x / GROUP);
        samples.forEach((colour, k) => {
          for (const c of PLANES)
            bytes[((Math.floor(k / 4) * groups + group) * 12 + (k % 4) * 3 + c) * GROUP + (x % GROUP)] = colour[c];
        });
      });
    });
    return bytes;
  }

  /** What padding cells hold is nobody's concern: they are cleared before comparing. */
  function sameModel(area: Area, expected: background.Model, what: string): void {
    const inPicture = packModel(
      expected.map((row) => row.map((samples) => samples.map(() => [255, 255, 255] as const))),
    );
    const actual = area.bytes.map((byte, i) => byte & inPicture[i]);
    assertSameBytes(actual, packModel(expected), what);
  }

  const groupsOf = ({ columns, rows }: Shape) => (strideOf(columns) / GROUP) * rows;
  const seeds = fc.nat(2 ** 32 - 1);
  const spreads = fc.constantFrom(3, 12, 40, 128);
  const strides = ({ columns, rows }: Shape) => [rows, strideOf(columns), bitStrideOf(columns)] as const;

  it('compare every cell with its samples, chroma by a share of the radius', () => {
    const limits = fc.record({ chromaShare: fc.nat(256), chromaLeast: fc.nat(20) });
    check(
      60,
      fc.property(
        smallShapes,
        seeds,
        spreads,
        limits,
        fc.constantFrom(0, 10, 40, 255),
        (shape, seed, spread, limit, most) => {
          arena.clear();
          const picture = drawPicture(shape, seed, spread);
          const model = drawModel(shape, seed + 1, spread);
          const random = makeRandom(seed);
          const radius = makePlane(shape.columns, shape.rows, () => Math.round(random() * most));
          const inputs = [
            ...pictureArea(picture),
            arena.area(packModel(model)).at,
            arena.area(packBytes(radius)).at,
          ] as const;
          const foreground = arena.area(bitStrideOf(shape.columns) * shape.rows);
          const { columns, rows } = shape;
          const { chromaShare, chromaLeast } = limit;
          arena.run([foreground], (k) =>
            k.compare(...inputs, foreground.at, columns, ...strides({ columns, rows }), chromaShare, chromaLeast),
          );
          assert.deepEqual(
            unpackBits(foreground.bytes, columns, rows),
            background.compare(picture, model, radius, limit),
          );
          assertSameBytes(foreground.bytes, packBits(unpackBits(foreground.bytes, columns, rows)), 'padding');
        },
      ),
    );
  });

  it('absorb the picture, of each group one sample, and never from a frozen cell', () => {
    check(
      100,
      fc.property(smallShapes, seeds, contents, fc.nat(200), fc.nat(200), (shape, seed, content, a, b) => {
        arena.clear();
        const picture = drawPicture(shape, seed, 128);
        const model = drawModel(shape, seed + 1, 128);
        const frozen = drawCells(shape, content);
        const [first, last] = [Math.min(a, b), Math.max(a, b)].map((n) => Math.min(n, groupsOf(shape)));
        const inputs = pictureArea(picture);
        const [target, freeze] = [arena.area(packModel(model)), arena.area(packBits(frozen))];
        arena.run([target], (k) =>
          k.absorb(...inputs, target.at, freeze.at, shape.columns, ...strides(shape), first, last, seed),
        );
        sameModel(target, background.absorb(picture, model, frozen, { first, last, seed }), 'absorbed');
      }),
    );
  });

  it('adopt the picture where told to, and rescale all', () => {
    check(
      60,
      fc.property(
        smallShapes,
        seeds,
        contents,
        fc.nat(4096),
        fc.constantFrom(0, 16),
        (shape, seed, content, gain, black) => {
          arena.clear();
          const picture = drawPicture(shape, seed, 128);
          const model = drawModel(shape, seed + 1, 128);
          const which = drawCells(shape, content);
          const inputs = pictureArea(picture);
          const [target, where] = [arena.area(packModel(model)), arena.area(packBits(which))];
          arena.run([target], (k) => k.adopt(...inputs, target.at, where.at, ...strides(shape)));
          const adopted = background.adopt(picture, model, which);
          sameModel(target, adopted, 'adopted');
          arena.run([target], (k) => k.rescale(target.at, groupsOf(shape), gain, black));
          sameModel(target, background.rescale(adopted, gain, black), `gain ${gain}`);
        },
      ),
    );
  });

  it('widen the radius of cells that blink and narrow those whose turn it is, within their limits', () => {
    check(
      60,
      fc.property(
        smallShapes,
        seeds,
        fc.tuple(contents, contents, contents),
        fc.nat(9),
        fc.nat(99),
        fc.nat(99),
        (shape, seed, planes, grow, a, b) => {
          arena.clear();
          const random = makeRandom(seed);
          const most = 40;
          const floor = makePlane(shape.columns, shape.rows, () => Math.round(random() * most));
          const radius = floor.map((row) => row.map((least) => Math.round(least + random() * (most - least))));
          const [now, before, frozen] = planes.map((content) => drawCells(shape, content));
          const [first, last] = [Math.min(a, b), Math.max(a, b)].map((n) => Math.min(n, groupsOf(shape)));
          const target = arena.area(packBytes(radius));
          const inputs = [
            arena.area(packBytes(floor)),
            ...[now, before, frozen].map((cells) => arena.area(packBits(cells))),
          ];
          const [floorAt, nowAt, beforeAt, frozenAt] = inputs.map(({ at }) => at);
          arena.run([target], (k) =>
            k.adaptRadius(target.at, floorAt, nowAt, beforeAt, frozenAt, ...strides(shape), first, last, grow, most),
          );
          const expected = background.adaptRadius(radius, floor, now, before, frozen, { first, last, grow, most });
          assert.deepEqual(unpackBytes(target.bytes, shape.columns, shape.rows), expected);
        },
      ),
    );
  });

  it('learn from stored pictures: median, restlessness, and samples near to the median', () => {
    const counts = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 64 }));
    check(
      40,
      fc.property(smallShapes, seeds, counts, spreads, contents, (shape, seed, count, spread, content) => {
        arena.clear();
        const store = Array.from({ length: count }, (_, k) => drawPicture(shape, seed + k, spread));
        const model = drawModel(shape, seed - 1, 128);
        const which = drawCells(shape, content);
        const stored = arena.area(Buffer.concat(store.map(packPicture)));
        const pictureBytes = stored.bytes.length / count;
        const [middle, target] = [arena.area(pictureBytes), arena.area(packModel(model))];
        const where = arena.area(packBits(which));
        const ofAll = (c: 0 | 1 | 2, x: number, y: number) =>
          background.median(store.map((picture) => picture[y][x][c]));
        const median = makePlane(
          shape.columns,
          shape.rows,
          (x, y) => [ofAll(0, x, y), ofAll(1, x, y), ofAll(2, x, y)] as const,
        );

        arena.run([middle], (k) => k.median(stored.at, pictureBytes, count, middle.at, pictureBytes));
        assertSameBytes(middle.bytes, packPicture(median), 'median');
        const noise = arena.area(pictureBytes);
        arena.run([noise], (k) => k.restlessness(stored.at, pictureBytes, count, noise.at, pictureBytes));
        const changes = (c: 0 | 1 | 2) => (x: number, y: number) =>
          background.restlessness(store.map((picture) => picture[y][x][c]));
        const planes = PLANES.map((c) => packBytes(makePlane(shape.columns, shape.rows, changes(c))));
        assertSameBytes(noise.bytes, Buffer.concat(planes), 'restlessness');

        const reach = drawBytes(shape, { kind: 'noise', seed }).map((row) => row.map((byte) => byte % 60));
        const reaches = arena.area(packBytes(reach));
        arena.run([target], (k) =>
          k.seed(stored.at, pictureBytes / 3, count, middle.at, reaches.at, target.at, where.at, ...strides(shape)),
        );
        sameModel(target, background.seed(store, median, reach, model, which), 'seeded');
      }),
    );
  });
});
