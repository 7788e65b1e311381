import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { judge } from '../../bench/judge.js';
import { isSet, readSet } from '../../bench/truth.js';
import { InputError } from '../../src/errors.js';
import { parsePolicy } from '../../src/settings/index.js';
import { maskFile } from '../../src/shield/mask-file.js';
import type { MaskJob } from '../../src/shield/mask-job.js';
import { probeEncoders } from '../../src/video/probe-encoders.js';
import { decode, sameTimes, workshop } from '../video/support.js';

const ROOT = join(import.meta.dirname, '../..');
const PEDESTRIANS = join(ROOT, 'test/fixtures/pedestrians.mp4');
const PETS = join(ROOT, '../shared/eval/pets-a');

const job = (input: string, output: string, more: Partial<MaskJob> = {}): MaskJob => ({
  ...{ input, output, policy: parsePolicy({}), learn: 'ahead', audio: false },
  ...more,
});

describe('masking a file', () => {
  const shop = workshop();
  const at = (name: string) => shop.path(name);
  /** Something red crosses a textured wall between the second and the fourth second. */
  const street = (name: string, seconds: number, ...rest: string[]) =>
    shop.clip(
      name,
      `color=0x707860:s=320x180:r=10:d=${seconds},noise=alls=24:all_seed=1[wall];` +
        'color=red:s=40x90:r=10[red];[wall][red]overlay=x=160*(t-2):y=60:enable=between(t\\,2\\,4):shortest=1',
      ...['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', ...rest],
    );

  it('writes one frame for each frame, with the same time stamps, and tells what it did', async () => {
    const uneven = ['-vf', 'setpts=PTS+gte(N\\,20)*0.7/TB+mod(N\\,3)*0.02/TB', '-fps_mode', 'passthrough'];
    const input = await street('uneven.mkv', 7, ...uneven);
    const told: number[] = [];
    const files = { masks: at('masks.mkv') };
    const report = await maskFile(job(input, at('out.mkv'), files), ({ frames }) => told.push(frames));

    const [before, after, masks] = await Promise.all([
      decode(shop.ffmpeg, input),
      decode(shop.ffmpeg, at('out.mkv')),
      decode(shop.ffmpeg, at('masks.mkv'), 'gray'),
    ]);
    assert.equal(before.stamps.length, 70);
    assert.ok(sameTimes(after.stamps, before.stamps, 0.0011), 'the time stamps of the video');
    assert.ok(sameTimes(masks.stamps, before.stamps, 0.0011), 'the time stamps of the masks');
    assert.deepEqual(
      told,
      before.stamps.map((_, i) => i + 1),
    );

    const { frames, dropped, seconds, gates, size, truncated, backwardStamps, warnings, versions, learned } = report;
    assert.deepEqual(
      { frames, dropped, gates, size },
      {
        ...{ frames: 70, dropped: 0, gates: { proven: 70 } },
        size: { width: 320, height: 180 },
      },
    );
    assert.ok(Math.abs(seconds - (before.stamps[69] - before.stamps[0])) < 0.002, `${seconds} s`);
    assert.deepEqual({ truncated, backwardStamps, warnings }, { truncated: false, backwardStamps: 0, warnings: [] });
    assert.deepEqual(Object.keys(versions), ['privacy-shield', 'node', 'ffmpeg']);
    assert.ok(learned.pictures >= 10 && learned.seconds > 5, `${learned.pictures} pictures of ${learned.seconds} s`);
    const { total, engine, decode: decoding, encode, learn } = report.cpuMsPerFrame;
    assert.ok(engine > 0 && decoding > 0 && encode > 0 && learn > 0 && total > engine + learn);

    // What the masks say is what was masked, and what the report says.
    const share = masks.data.reduce((sum, value) => sum + (value === 255 ? 1 : 0), 0) / masks.data.length;
    assert.ok(masks.data.every((value) => value === 0 || value === 255));
    assert.ok(Math.abs(share - report.maskedShare) < 0.005, `${share}, reported ${report.maskedShare}`);
    const covered = (i: number) => masks.data.subarray(i * 57_600, (i + 1) * 57_600).some((value) => value === 255);
    assert.ok(!covered(0) && covered(26) && !covered(69));
  });

  it('masks a clip wholly while it learns: one of two frames, or one that is learnt live', async () => {
    for (const [name, seconds, learn] of [
      ['two.mp4', 0.2, 'ahead'],
      ['short.mp4', 4, 'ahead'],
      ['live.mp4', 7, 'live'],
    ] as const) {
      // biome-ignore format: a table
      const input = await street(name, seconds);
      const report = await maskFile(job(input, at(`out-${name}`), { masks: at(`${name}.mkv`), learn }));
      const { stamps, data } = await decode(shop.ffmpeg, at(`${name}.mkv`), 'gray');
      assert.equal(stamps.length, seconds * 10, name);
      assert.deepEqual(report.gates, { learning: seconds * 10 }, name);
      assert.deepEqual(report.learned, { pictures: 0, seconds: 0 }, name);
      assert.ok(
        data.every((value) => value === 255),
        name,
      );
    }
  });

  it('learns ahead only from what is really there: a file cut short, or of few pictures, is learnt live', async () => {
    const cut = at('cut.mp4');
    await writeFile(cut, (await readFile(PEDESTRIANS)).subarray(0, 200_000));
    const slow = await shop.clip('slow.mp4', 'testsrc2=s=64x48:r=0.1:d=20', '-c:v', 'libx264');
    for (const [input, truncated] of [
      [cut, true],
      [slow, false],
    ] as const) {
      const report = await maskFile(job(input, at('learnt-live.mp4')));
      assert.ok(report.frames >= 2, input);
      assert.equal(report.truncated, truncated, input);
      assert.deepEqual(report.gates, { learning: report.frames }, input);
      assert.deepEqual(report.learned, { pictures: 0, seconds: 0 }, input);
    }
  });

  it('names the frame at which the picture size changes, also when it learns ahead', async () => {
    for (const [name, size, seconds] of [
      ['wide', '96x64', 6],
      ['high', '64x80', 1],
    ] as const)
      await shop.clip(`${name}.h264`, `testsrc2=s=${size}:r=10:d=${seconds}`, '-c:v', 'libx264', '-bf', '0');
    await writeFile(
      at('both.h264'),
      Buffer.concat(await Promise.all(['wide', 'high'].map((name) => readFile(at(`${name}.h264`))))),
    );
    const input = await shop.make('-r', '10', '-i', '{}/both.h264', '-c', 'copy', '{}/both.ts');
    await assert.rejects(
      maskFile(job(input, at('never.mp4'))),
      /the picture size changes at frame 61\. Split the file there/,
    );
    assert.ok(!existsSync(at('never.mp4')));
  });

  it('gives the same masks of the same input, byte by byte, however busy the machine is', async () => {
    const masksOf = async (name: string) => {
      await maskFile(job(PEDESTRIANS, at(`${name}.mp4`), { masks: at(`${name}.mkv`), limit: 60 }));
      const { data } = await decode(shop.ffmpeg, at(`${name}.mkv`), 'gray');
      return createHash('sha256').update(data).digest('hex');
    };
    const idle = await masksOf('idle');
    const busy = [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
    try {
      assert.equal(await masksOf('busy'), idle);
    } finally {
      const ended = busy.map((child) => once(child, 'exit'));
      for (const child of busy) child.kill('SIGKILL');
      await Promise.all(ended);
    }
  });

  it('refuses a look-ahead that does not fit, with the sum and what would fit', async () => {
    const input = await shop.clip(
      'large.mp4',
      'color=s=3840x2160:r=30:d=0.1',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
    );
    const attempt = (output: string, lookAhead: string) =>
      maskFile(job(input, at(output), { policy: parsePolicy({ lookAhead }) }));
    const refusal = await attempt('never.mp4', '2s').then(
      () => assert.fail('was not refused'),
      (error: Error) => error,
    );
    assert.ok(refusal instanceof InputError);
    assert.match(
      refusal.message,
      /^[^\n]*large\.mp4: a look-ahead of 2000 ms at 30 frames of 3840x2160 a second needs 63 frames of [^\n]*$/,
    );
    assert.ok(!existsSync(at('never.mp4')));
    const [, advice] =
      /"policy\.lookAhead" \(--look-ahead\) to (\d+) ms/.exec(refusal.message) ?? assert.fail(refusal.message);
    assert.equal((await attempt('fits.mp4', `${advice}ms`)).frames, 3);
  });

  it('refuses an encoder that does not work on this machine, before any work', async function () {
    const broken = (await probeEncoders(shop.ffmpeg)).find(({ works }) => !works);
    if (!broken) return this.skip();
    const name = broken.encoder.replace('h264_', '');
    await assert.rejects(maskFile(job(PEDESTRIANS, at('never.mp4'), { encoder: name })), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, new RegExp(`--encoder.*"${name}" does not work here .*leave it out to use libx264$`));
      return true;
    });
    assert.ok(!existsSync(at('never.mp4')));
  });

  it('leaves nothing behind when it is aborted, and says so', async () => {
    const abort = new AbortController();
    const stop = ({ frames }: { frames: number }) => {
      if (frames === 10) abort.abort(new Error('enough'));
    };
    const output = at('aborted.mp4');
    const files = { masks: at('aborted.mkv') };
    await assert.rejects(maskFile(job(PEDESTRIANS, output, files), stop, abort.signal), /enough|abort/i);
    const left = (await readdir(dirname(output))).filter((name) => name.includes('aborted'));
    assert.deepEqual(left, []);
    assert.deepEqual(await shop.leftovers(), []);
  });

  it('leaves neither file when one of them cannot get its name', async () => {
    const input = await street('named.mp4', 1);
    for (const taken of ['video.mp4', 'masks.mkv']) {
      const folder = await mkdtemp(at('names-'));
      const files = { masks: join(folder, 'masks.mkv') };
      // While the last frames are written, somebody puts a folder where the file should go.
      const stand = ({ frames }: { frames: number }) => {
        if (frames === 10) mkdirSync(join(folder, taken));
      };
      await assert.rejects(maskFile(job(input, join(folder, 'video.mp4'), files), stand), /EISDIR|ENOTEMPTY|EEXIST/);
      assert.deepEqual(await readdir(folder), [taken]);
    }
  });

  it('masks the people of the sample clip and little else', async () => {
    const report = await maskFile(job(PEDESTRIANS, at('sample.mp4'), { limit: 150 }));
    assert.equal(report.frames, 150);
    assert.deepEqual(report.gates, { proven: 150 });
    assert.ok(report.maskedShare > 0.03 && report.maskedShare < 0.25, `${report.maskedShare}`);
  });

  it('leaks no more, and hides no more of the background, than was promised for the evaluation set', async function () {
    if (!isSet(PETS)) {
      console.log(`      (${PETS} is not there: skipped)`);
      return this.skip();
    }
    const masks = at('pets.mkv');
    await maskFile(job(join(PETS, 'clip.mp4'), at('pets.mp4'), { masks }));
    const score = await judge(readSet(PETS), masks);
    assert.equal(score.frames, 400);
    assert.ok((score.leaks_per_10000 ?? 1e4) <= 150, `leaks ${score.leaks_per_10000}`);
    assert.ok((score.silhouette?.leaks_per_10000 ?? 1e4) <= 40, `silhouette ${score.silhouette?.leaks_per_10000}`);
    assert.ok((score.background_clear ?? 0) >= 0.93, `clear ${score.background_clear}`);
  }).timeout(180_000);
}).timeout(120_000);
