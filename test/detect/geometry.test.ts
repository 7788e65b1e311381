// Rectangles, tiles and letterboxes hold what they promise, whatever the sizes.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { overlap, suppress, within } from '../../src/detect/boxes.js';
import type { Detection, Picture, Rect, Size } from '../../src/detect/detection.js';
import { fromLetterbox, letterboxRgb, letterboxScale } from '../../src/detect/letterbox.js';
import { nextTiles, tilesOf } from '../../src/detect/tiles.js';

const length = fc.double({ min: 0.5, max: 500, noNaN: true });
const place = fc.double({ min: -200, max: 500, noNaN: true });
const rects = fc.record({ x: place, y: place, width: length, height: length });
const sizes = fc.record({ width: fc.integer({ min: 16, max: 4000 }), height: fc.integer({ min: 16, max: 4000 }) });

describe('boxes', () => {
  it('overlap between nothing and wholly, whichever is asked first', () => {
    fc.assert(
      fc.property(rects, rects, (a, b) => {
        const share = overlap(a, b);
        assert(share >= 0 && share <= 1 + 1e-9);
        assert.equal(share, overlap(b, a));
        assert(Math.abs(overlap(a, a) - 1) < 1e-9);
      }),
    );
    const left = { x: 0, y: 0, width: 2, height: 2 };
    assert.equal(overlap(left, { ...left, x: 1 }), 1 / 3);
    assert.equal(overlap(left, { ...left, x: 2 }), 0);
  });

  it('are cut to the picture', () => {
    fc.assert(
      fc.property(rects, sizes, (rect, size) => {
        const cut = within(rect, size);
        assert(cut.x >= 0 && cut.y >= 0 && cut.width >= 0 && cut.height >= 0);
        assert(cut.x + cut.width <= size.width + 1e-9 && cut.y + cut.height <= size.height + 1e-9);
        assert(cut.width <= rect.width + 1e-9 && cut.height <= rect.height + 1e-9);
        const again = within(cut, size);
        assert(Math.abs(again.width - cut.width) < 1e-9 && Math.abs(again.height - cut.height) < 1e-9);
      }),
    );
    assert.deepEqual(within({ x: -5, y: 8, width: 10, height: 10 }, { width: 20, height: 10 }), {
      x: 0,
      y: 8,
      width: 5,
      height: 2,
    });
  });

  it('that overlap are one thing, unless of two kinds: the best is kept, and nothing kept overlaps', () => {
    const kinds = fc.constantFrom('person', 'animal') as fc.Arbitrary<'person' | 'animal'>;
    const scores = fc.double({ min: 0, max: 1, noNaN: true });
    const detections = fc.array(fc.record({ kind: kinds, score: scores, box: rects }), { maxLength: 30 });
    fc.assert(
      fc.property(detections, (all: Detection[]) => {
        const kept = suppress(all, 0.5);
        for (const [i, a] of kept.entries())
          for (const b of kept.slice(i + 1)) {
            assert(a.score >= b.score);
            assert(a.kind !== b.kind || overlap(a.box, b.box) <= 0.5);
          }
        for (const one of all)
          assert(
            kept.some(
              (k) => k === one || (k.kind === one.kind && k.score >= one.score && overlap(k.box, one.box) > 0.5),
            ),
          );
      }),
    );
  });
});

describe('tiles', () => {
  it('cover the picture, stay in it, and hold whole whoever is smaller than what neighbours have in common', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (size, across, at) => {
          const tiles = tilesOf(size, across);
          assert.equal(tiles.length, across * across);
          for (const tile of tiles) {
            assert(tile.x >= 0 && tile.x + tile.width <= size.width + 1e-6);
            assert(tile.y >= 0 && tile.y + tile.height <= size.height + 1e-6);
          }
          const [{ width, height }] = tiles;
          const person = { width: width * 0.24, height: height * 0.24 };
          const [x, y] = [at * (size.width - person.width), (1 - at) * (size.height - person.height)];
          const holds = ({ x: left, y: top }: Rect) =>
            left <= x + 1e-6 &&
            top <= y + 1e-6 &&
            left + width >= x + person.width - 1e-6 &&
            top + height >= y + person.height - 1e-6;
          assert(tiles.some(holds));
        },
      ),
    );
  });

  it('come first where foreground is unexplained, but none is forgotten for it', () => {
    const tiles = tilesOf({ width: 1920, height: 1080 }, 3);
    const waited = tiles.map(() => 0);
    const foreground = [{ x: 1800, y: 1000, width: 50, height: 80 }];
    const seen = tiles.map(() => 0);
    for (let round = 0; round < 60; round++) {
      const [next, ...others] = nextTiles(tiles, waited, foreground, 1);
      assert.equal(others.length, 0);
      if (round === 0) assert.equal(next, 8);
      for (const i of waited.keys()) waited[i] = i === next ? 0 : waited[i] + 1;
      seen[next]++;
    }
    assert(
      seen.every((times) => times >= 2),
      `${seen}`,
    );
    assert(seen[8] >= 2 * Math.max(...seen.slice(0, 8)), `${seen}`);
    assert.deepEqual(
      nextTiles(
        tiles,
        tiles.map(() => 0),
        [],
        9,
      ),
      [...tiles.keys()],
    );
  });
});

describe('the letterbox', () => {
  const yuv = (size: Size, y: number, u: number, v: number): Picture => {
    const pixels = size.width * size.height;
    const data = new Uint8Array((pixels * 3) / 2)
      .fill(y, 0, pixels)
      .fill(u, pixels, pixels * 1.25)
      .fill(v, pixels * 1.25);
    return { ...size, data };
  };
  const whole = ({ width, height }: Size): Rect => ({ x: 0, y: 0, width, height });
  const pixel = (rgb: Uint8Array, width: number, x: number, y: number) => [
    ...rgb.subarray((y * width + x) * 3).slice(0, 3),
  ];
  const isNear = (found: readonly number[], wanted: readonly number[]) =>
    assert(
      found.every((value, i) => Math.abs(value - wanted[i]) <= 2),
      `${found} instead of ${wanted}`,
    );

  it('keeps the shape, fills up with grey, and knows the colours of both standards and ranges', () => {
    const size = { width: 416, height: 256 };
    // primary red, as ITU-R BT.601 and BT.709 write it in limited range
    const standard = yuv({ width: 640, height: 480 }, 81, 90, 240);
    const tall = letterboxRgb(standard, whole(standard), size);
    isNear(pixel(tall, 416, 0, 0), [255, 0, 0]);
    isNear(pixel(tall, 416, 340, 255), [255, 0, 0]);
    assert.deepEqual(pixel(tall, 416, 342, 128), [114, 114, 114]);

    const high = yuv({ width: 1920, height: 1080 }, 63, 102, 240);
    const wide = letterboxRgb(high, whole(high), size);
    isNear(pixel(wide, 416, 415, 233), [255, 0, 0]);
    assert.deepEqual(pixel(wide, 416, 415, 234), [114, 114, 114]);

    const full: Picture = { ...yuv({ width: 64, height: 64 }, 76, 85, 255), range: 'full' };
    isNear(pixel(letterboxRgb(full, whole(full), size), 416, 10, 10), [254, 0, 0]);
  });

  it('shows each part of the picture where the way back says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 300 }),
        fc.integer({ min: 40, max: 300 }),
        fc.constantFrom({ width: 96, height: 64 }, { width: 320, height: 240 }, { width: 64, height: 96 }),
        (halfWidth, halfHeight, size) => {
          const picture = { width: 2 * halfWidth, height: 2 * halfHeight };
          const data = new Uint8Array(picture.width * picture.height * 3);
          const mark: Rect = { x: halfWidth / 2, y: halfHeight / 2, width: halfWidth, height: halfHeight };
          for (let y = 0; y < picture.height; y++)
            for (let x = 0; x < picture.width; x++)
              if (x >= mark.x && x < mark.x + mark.width && y >= mark.y && y < mark.y + mark.height)
                data.fill(255, (y * picture.width + x) * 3, (y * picture.width + x) * 3 + 3);
          const region = { x: 10, y: 5, width: picture.width - 10, height: picture.height - 5 };
          const rgb = letterboxRgb({ ...picture, data, format: 'rgb24' }, region, size);
          // centre of mass of what is white, and its area
          const shown = { width: Math.round(region.width * letterboxScale(region, size)), height: size.height };
          let [mass, sumX, sumY] = [0, 0, 0];
          for (let y = 0; y < Math.min(size.height, Math.round(region.height * letterboxScale(region, size))); y++)
            for (let x = 0; x < Math.min(size.width, shown.width); x++) {
              const light = rgb[(y * size.width + x) * 3] / 255;
              mass += light;
              sumX += light * (x + 0.5);
              sumY += light * (y + 0.5);
            }
          const middle = fromLetterbox({ x: sumX / mass, y: sumY / mass, width: 0, height: 0 }, region, size);
          const pixelSize = 1 / letterboxScale(region, size);
          assert(Math.abs(middle.x - (mark.x + mark.width / 2)) < 0.6 + 0.3 * pixelSize, `${middle.x}`);
          assert(Math.abs(middle.y - (mark.y + mark.height / 2)) < 0.6 + 0.3 * pixelSize, `${middle.y}`);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('averages what it makes smaller, and repeats the edge where the part sticks out', () => {
    const stripes: Picture = { ...yuv({ width: 512, height: 512 }, 0, 128, 128), range: 'full' };
    for (let at = 0; at < 512 * 512; at += 2) stripes.data[at] = 255;
    const small = letterboxRgb(stripes, whole(stripes), { width: 32, height: 32 });
    const inner = Array.from({ length: 30 }, (_, x) => pixel(small, 32, x + 1, 16)[0]);
    isNear(
      inner,
      inner.map(() => 127),
    );

    const bright: Picture = { ...yuv({ width: 64, height: 64 }, 200, 128, 128), range: 'full' };
    const beyond = letterboxRgb(bright, { x: -100, y: -100, width: 264, height: 264 }, { width: 32, height: 32 });
    assert(beyond.every((value) => value === 200));
  });
});
