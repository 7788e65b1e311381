// What the engine does with whole pictures: sizes, styles, what passes unchanged, and that it does the same every time.
import assert from 'node:assert/strict';
import type { Style } from '../../src/engine/render.js';
import { PATTERN_CONTRAST, type Person, Place } from './scenes.js';
import { Watch, worst } from './watch.js';

const STYLES: readonly Style[] = ['pixelate', 'blur', 'solid', 'tint', 'background'];
/** Stands in the middle of a picture of 256x144. */
const ann: Person = { x: 100, y: 60, height: 48 };
/** A hundredth of this is noise; a fifth, and one could guess the clothes. */
const RECOGNISABLE = PATTERN_CONTRAST / 20;

describe('the engine', () => {
  it('passes a frame unchanged when nobody is there, byte by byte', () => {
    for (const style of STYLES) {
      const watch = new Watch({ pictures: true, policy: { style, tint: style === 'blur' ? 40 : 0 } }).know();
      for (const { input, output, share } of watch.play(1, {}).end().seen) {
        assert.equal(share, 0, style);
        assert.deepEqual(output, input, style);
      }
    }
  });

  it('never lets the pattern of clothes be recognised, in no style, standing or walking, nor changes what is clear', () => {
    for (const style of STYLES) {
      const watch = new Watch({ pictures: true, policy: { style } }).know();
      const walker = (t: number): Person => ({ x: 10 + Math.round(60 * t), y: 30, height: 60 });
      watch.play(1, { people: [ann] }).play(3, (t) => ({ people: [walker(t), ann] }));
      for (const seen of watch.end().seen) {
        const { mask, input, output } = seen;
        assert.equal(watch.visible(seen), 0, `${style} at ${seen.at}`);
        assert.ok(
          mask.every((covered, i) => covered !== 0 || output[i] === input[i]),
          `${style} changed clear pixels`,
        );
        for (const person of seen.shot.people ?? []) {
          // Where one stands in front of the other there is no pattern to speak of.
          if (watch.place.patternIn(input, person) < PATTERN_CONTRAST * 0.8) continue;
          const left = watch.place.patternIn(output, person);
          assert.ok(left < RECOGNISABLE, `${style} leaves ${left} levels at ${seen.at}`);
        }
      }
    }
  });

  it('draws the scene without the person where it is known for long, and is solid until then', () => {
    const place = new Place(256, 144);
    const grey = 126; // #808080 in limited range
    const watch = new Watch({ place, pictures: true, policy: { style: 'background' } }).know();
    watch
      .play(2, { people: [ann] })
      .play(8, {})
      .play(2, { people: [ann] })
      .end();
    const empty = new Uint8Array(place.bytes);
    place.shoot({}, empty);
    const pixels = place.pixelsOf(ann);
    const offBy = (output: Uint8Array, of: (pixel: number) => number) =>
      Math.max(...pixels.map((pixel) => Math.abs(output[pixel] - of(pixel))));
    for (const { output } of watch.between(0, 2000))
      assert.equal(
        offBy(output, () => grey),
        0,
      );
    const drawn = watch.between(10_000);
    // Two pictures of the place differ by the noise of both.
    assert.ok(worst(drawn, ({ output }) => offBy(output, (pixel) => empty[pixel])) <= 4 * 2);
    assert.equal(
      worst(drawn, (seen) => watch.visible(seen)),
      0,
    );

    const again = new Watch({ place, pictures: true, policy: { style: 'background' } });
    again
      .play(11, {})
      .play(1, { people: [ann] })
      .end();
    for (const { output } of again.between(0, 9900))
      assert.equal(
        offBy(output, () => grey),
        0,
        'a gate is never drawn over',
      );
  });

  it('works on tiny, odd and large pictures', () => {
    const sizes = [
      [2, 2],
      [4, 4],
      [16, 2],
      [2, 240],
      [426, 240],
      [854, 480],
      [1922, 1082],
      [3840, 2160],
    ] as const;
    for (const [width, height] of sizes) {
      const place = new Place(width, height);
      const [x, y, tall] = [width * 0.6, height * 0.2, height * 0.4].map(Math.round) as [number, number, number];
      const person: Person = { x, y, height: tall };
      const tiny = width < 16 || height < 16;
      for (const style of height > 400 ? (['pixelate'] as const) : STYLES) {
        const name = `${width}x${height} ${style}`;
        const learning = new Watch({ place, most: 3, policy: { style } }).play(0.2, {}).end();
        assert.ok(
          learning.seen.every(({ mask }) => mask.every((covered) => covered === 255)),
          name,
        );
        const watch = new Watch({ place, most: 4, pictures: true, policy: { style } }).know({}, 3);
        watch
          .play(0.2, {})
          .play(0.2, { people: [person] })
          .end();
        assert.equal(watch.seen.length, 6, name);
        if (tiny) continue;
        const stands = watch.between(200);
        assert.equal(
          worst(stands, (seen) => watch.visible(seen)),
          0,
          name,
        );
        assert.ok(worst(stands, ({ share }) => share) < 0.3, name);
        for (const { output } of stands) assert.ok(place.patternIn(output, person) < RECOGNISABLE, name);
      }
    }
  });

  it('makes the same of the same, byte by byte', () => {
    const tell = () => {
      const watch = new Watch({ place: new Place(256, 144), pictures: true, policy: { style: 'blur' } });
      watch.play(11, (t) => ({ people: [{ x: Math.round(20 * t), y: 40, height: 50 }] })).play(2, { light: 0.7 });
      return watch.play(2, { people: [ann], light: 0.7 }).end().seen;
    };
    const [first, second] = [tell(), tell()];
    assert.equal(first.length, second.length);
    first.forEach(({ mask, output, gate }, i) => {
      assert.deepEqual(gate, second[i].gate);
      assert.deepEqual(mask, second[i].mask);
      assert.deepEqual(output, second[i].output);
    });
  });
});
