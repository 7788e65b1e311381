import assert from 'node:assert/strict';
import { InputError } from '../../src/errors.js';
import { openSource } from '../../src/video/source.js';
import { openStills, planStills } from '../../src/video/stills.js';
import { makePool, readPictures, workshop } from './support.js';

describe('stills for learning ahead', () => {
  const shop = workshop();

  async function stillsOf(clip: string, count: number): Promise<{ seconds: number; data: Uint8Array }[]> {
    await using stills = await openStills(clip, { ffmpeg: shop.ffmpeg, count });
    const { numerator, denominator } = stills.info.timeBase;
    const pictures: { seconds: number; data: Uint8Array }[] = [];
    for await (const { pts, data, slot } of stills.frames(makePool(stills.info))) {
      pictures.push({ seconds: (pts * numerator) / denominator, data: data.slice() });
      slot.release();
    }
    assert.ok(stills.cpuMs() > 0);
    return pictures;
  }

  it('spread evenly over a short clip and are the very pictures of the source', async () => {
    const clip = await shop.clip('short.mp4', 'testsrc2=s=64x48:r=10:d=8', '-pix_fmt', 'yuv420p');
    const all = await readPictures(await openSource(clip, { ffmpeg: shop.ffmpeg }));
    const stills = await stillsOf(clip, 16);
    assert.deepEqual(
      stills.map(({ seconds }) => seconds),
      Array.from({ length: 16 }, (_, index) => index / 2),
    );
    for (const [index, { data }] of stills.entries()) assert.deepEqual(data, all[5 * index]!.data);
    assert.equal((await stillsOf(clip, 64)).length, 64);
    assert.equal(
      (await stillsOf(await shop.clip('two.mp4', 'testsrc2=s=64x48:r=10', '-frames:v', '2', '-pix_fmt', 'yuv420p'), 64))
        .length,
      2,
    );
  });

  it('are keyframes of a long file, where it has enough of them, else any picture', async () => {
    const long = [
      'testsrc2=s=32x32:r=4:d=200',
      '-pix_fmt',
      'yuv420p',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
    ] as const;
    const often = await stillsOf(await shop.clip('often.mp4', ...long, '-g', '12', '-sc_threshold', '0'), 40);
    assert.ok(often.length >= 30 && often.length <= 40, `${often.length}`);
    assert.ok(often.every(({ seconds }) => seconds % 3 === 0));
    assert.ok(often.at(-1)!.seconds > 180);
    const rare = await stillsOf(await shop.clip('rare.mp4', ...long, '-g', '400', '-sc_threshold', '0'), 40);
    const [keyframes, everything] = [rare.slice(0, 2), rare.slice(2)];
    assert.deepEqual(
      keyframes.map(({ seconds }) => seconds),
      [0, 100],
    );
    assert.deepEqual(
      everything.map(({ seconds }) => seconds),
      Array.from({ length: 40 }, (_, index) => index * 5),
    );
  });

  it('look at keyframes only when pictures lie two seconds apart or more', () => {
    const passes = (duration: number | undefined) =>
      planStills(duration, 64).map(({ inputOptions }) => (inputOptions.length > 0 ? 'keyframes' : 'all'));
    assert.deepEqual(passes(60), ['all']);
    assert.deepEqual(passes(128), ['keyframes', 'all']);
    assert.deepEqual(passes(undefined), ['all']);
  });

  it('are refused as a source would be', async () => {
    await assert.rejects(stillsOf(shop.path('missing.mp4'), 8), InputError);
  });
});
