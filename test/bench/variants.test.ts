// The variants of evaluation clips: people stay where the truth says, things happen when the registry says.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  darkCoat,
  darkness,
  exposure,
  infrared,
  insects,
  leaves,
  noise,
  nudge,
  rain,
  screen,
  together,
} from '../../bench/disturbances.js';
import { encode, rawFrames } from '../../bench/ffmpeg.js';
import { makeVariant } from '../../bench/make-variant.js';
import { drawRect, median, type Picture, pictureOf } from '../../bench/picture.js';
import { readSet, type Truth } from '../../bench/truth.js';
import { variantsNamed } from '../../bench/variants.js';
import { InputError } from '../../src/errors.js';

const LENGTH = 100;
const momentOf = (index: number) => ({ index, seconds: index / 10, share: index / LENGTH, length: LENGTH });

function greyPicture(width = 160, height = 120): Picture {
  const picture = pictureOf(width, height);
  drawRect(picture, [0, 0, width, height], (x, y) => [60 + ((x * 7 + y * 3) % 120), 110, 140]);
  return picture;
}

const meanOf = (plane: Uint8ClampedArray) => plane.reduce((sum, value) => sum + value, 0) / plane.length;

describe('disturbances', () => {
  it('are the same every time, and touch only what they should', () => {
    for (const disturbance of [
      noise(6, 0.6),
      rain,
      leaves,
      insects,
      screen,
      darkness,
      darkCoat(0.5, 0.6),
      infrared(0.5, 1),
    ]) {
      const paint = () => {
        const painter = disturbance.painter();
        return Buffer.concat([0, 1, 52].map((index) => painter(greyPicture(), momentOf(index)).data));
      };
      assert.ok(paint().equals(paint()));
    }
    const { y: before } = greyPicture();
    const wet = rain.painter()(greyPicture(), momentOf(0));
    const changed = wet.y.filter((value, i) => value !== before[i]).length;
    assert.ok(changed > 0 && changed < wet.y.length * 0.05, `${changed} pixels wet`);
    const [x1, y1] = [160 * 0.31, 120 * 0.36];
    const bush = leaves.painter()(greyPicture(), momentOf(7));
    assert.ok(bush.y.every((value, i) => value === before[i] || (i % 160 <= x1 && i / 160 <= y1 + 1)));
  });

  it('make noise of the strength and memory asked for', () => {
    const painter = noise(6, 0.6).painter();
    const still = () => {
      const picture = pictureOf(320, 240);
      picture.y.fill(120);
      return picture;
    };
    const deviations = Array.from({ length: 12 }, (_, i) =>
      Array.from(painter(still(), momentOf(i)).y, (value) => value - 120),
    );
    const product = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, i) => sum + value * b[i], 0) / a.length;
    const variance = product(deviations[11], deviations[11]);
    assert.ok(Math.abs(Math.sqrt(variance) - 6) < 0.3, `sigma ${Math.sqrt(variance)}`);
    assert.ok(Math.abs(product(deviations[10], deviations[11]) / variance - 0.6) < 0.05);
  });

  it('let light fall without shifting black or grey', () => {
    const half = exposure(() => 0.5).painter()(greyPicture(), momentOf(0));
    assert.ok(Math.abs(meanOf(half.y) - (16 + (meanOf(greyPicture().y) - 16) / 2)) < 0.5);
    assert.equal(half.u[0], 119);
    const night = darkness.painter()(greyPicture(), momentOf(0));
    assert.ok(night.u.every((value) => value === 128) && meanOf(night.y) < 50);
  });

  it('put a coat before the lens within five frames, and into the truth', () => {
    const coat = together(darkCoat(0.5, 0.6), noise(1, 0));
    const walker = { box: [10, 40, 20, 50] as const, track: 1 };
    const free = { box: [130, 40, 20, 50] as const, track: 2 };
    const truth: Truth = { frame: 0, width: 160, height: 120, persons: [walker, free] };
    const peopleAt = (index: number) => coat.truth?.(truth, momentOf(index)).persons ?? [];
    assert.deepEqual(peopleAt(49), [walker, free]);
    assert.deepEqual(
      peopleAt(54).map(({ box }) => box),
      [free.box, [0, 0, 112, 120]],
    );
    assert.equal(peopleAt(60).at(-1)?.box[2], 90);
    assert.deepEqual(peopleAt(64), [walker, free]);
    const painted = darkCoat(0.5, 0.6).painter()(greyPicture(), momentOf(54));
    assert.ok(painted.y.subarray(0, 112).every((value) => value < 40));
    assert.equal(painted.y[113], greyPicture().y[113]);
  });

  it('push the camera and the truth alike', () => {
    const push = nudge(0.5);
    const truth: Truth = {
      width: 160,
      height: 120,
      persons: [{ box: [50, 10, 20, 50], silhouette: [[50, 10, 60, 20]] }],
    };
    const before = push.painter()(greyPicture(), momentOf(49));
    const after = push.painter()(greyPicture(), momentOf(50));
    assert.deepEqual([before.width, after.width, after.height], [152, 152, 120]);
    assert.equal(after.y[152 * 5 + 20], before.y[152 * 5 + 28]);
    const moved = push.truth?.(truth, momentOf(50));
    assert.deepEqual(
      [moved?.width, moved?.persons[0]],
      [152, { box: [42, 10, 20, 50], silhouette: [[42, 10, 52, 20]] }],
    );
  });

  it('find the empty scene as the median of pictures with somebody in them', () => {
    const pictures = Array.from({ length: 7 }, (_, i) => {
      const picture = greyPicture();
      drawRect(picture, [i * 20, 30, i * 20 + 30, 100], () => [20, 90, 90]);
      return picture;
    });
    assert.deepEqual(median(pictures).data, greyPicture().data);
  });
});

describe('variants', () => {
  it('go by name, by the beginning of names, and all', () => {
    assert.deepEqual(variantsNamed('exposure-step'), ['exposure-step-down', 'exposure-step-up']);
    assert.ok(variantsNamed('empty').includes('empty-rain') && !variantsNamed('empty').includes('rain'));
    assert.ok(variantsNamed('all').length > variantsNamed('empty').length + 10);
    assert.throws(() => variantsNamed('sunshine'), InputError);
  });

  it('become sets of their own: people who stand still stand still in clip and truth', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'variants-test-'));
    try {
      const [width, height, length] = [64, 48, 20];
      const walk = Array.from({ length }, (_, i) => {
        const picture = greyPicture(width, height);
        drawRect(picture, [i * 2, 0, i * 2 + 12, 48], () => [20, 128, 128]);
        return picture.data;
      });
      await encode(walk, { width, height, rate: 10 }, ['-c:v', 'libx264', '-crf', '5', join(folder, 'clip.mp4')]);
      const lines = walk.map((_, frame) => ({
        frame,
        width,
        height,
        persons: [{ box: [frame * 2, 0, 12, 48], track: 1 }],
      }));
      writeFileSync(join(folder, 'truth.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
      const set = readSet(folder);
      assert.equal(await makeVariant(set, 'plain'), set);
      await assert.rejects(makeVariant({ ...set, kind: 'images' }, 'night'), InputError);

      const frozen = await makeVariant(set, 'frozen');
      const boxes = frozen.truth.map((line) => line.persons[0].box[0]);
      assert.deepEqual(
        boxes,
        lines.map(({ frame }) => Math.min(frame, 11) * 2),
      );
      const frames: Uint8Array[] = [];
      for await (const frame of rawFrames(['-i', join(frozen.folder, 'clip.mp4')], 'gray', width * height))
        frames.push(frame);
      assert.equal(frames.length, length);
      const differs = (a: Uint8Array, b: Uint8Array) => a.filter((value, i) => Math.abs(value - b[i]) > 25).length;
      assert.ok(differs(frames[5], frames[11]) > 100 && differs(frames[12], frames[19]) < 10);

      const empty = await makeVariant(set, 'empty');
      assert.ok(empty.truth.length === length && empty.truth.every((line) => line.persons.length === 0));
      assert.equal((await makeVariant(set, 'empty')).folder, empty.folder, 'kept for the next time');
      rmSync(frozen.folder, { recursive: true });
      rmSync(empty.folder, { recursive: true });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
