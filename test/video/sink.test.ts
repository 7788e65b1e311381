import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { MaskedFrame } from '../../src/engine/render.js';
import { InputError } from '../../src/errors.js';
import { openMaskSink, openSink } from '../../src/video/sink.js';
import { openSource } from '../../src/video/source.js';
import { decode, ffmpegsOf, maskNothing, passThrough, sameTimes, words, workshop } from './support.js';

describe('a sink', () => {
  const shop = workshop();
  const pass = (input: string, output: string, audio = false) =>
    passThrough(input, shop.path(output), { ffmpeg: shop.ffmpeg, audio }).then(() => shop.path(output));

  const clipOf = (frames: number) =>
    shop.clip(`${frames}.mp4`, 'testsrc2=s=64x48:r=25', '-frames:v', `${frames}`, '-pix_fmt', 'yuv420p');
  before(() => clipOf(400));

  it('writes all of 1, 2, 3 and 400 frames, each with the picture it came with', async () => {
    for (const frames of [1, 2, 3, 400]) {
      const clip = await clipOf(frames);
      const [truth, copy] = [
        await decode(shop.ffmpeg, clip),
        await decode(shop.ffmpeg, await pass(clip, `copy${frames}.mkv`)),
      ];
      assert.equal(copy.stamps.length, frames);
      assert.ok(sameTimes(copy.stamps, truth.stamps, 0.001));
      let worst = 0;
      for (let at = 0; at < frames; at++) {
        const picture = (from: Buffer) => from.subarray(at * 4608, at * 4608 + 3072);
        const [a, b] = [picture(truth.data), picture(copy.data)];
        worst = Math.max(worst, a.reduce((sum, value, index) => sum + Math.abs(value - b[index]!), 0) / a.length);
      }
      assert.ok(worst < 8, `mean difference ${worst}: frames are mixed up`);
    }
  });

  it('keeps irregular time stamps and all four colour tags in every container', async () => {
    const irregular = "testsrc2=s=64x48:r=30:d=2,settb=1/1000,setpts='1500+N*40+mod(N*N*7,31)'";
    const kinds = [
      { tags: ['tv', 'bt709', 'bt709', 'bt709'], copies: ['mp4'], said: /yuv420p\(tv, bt709/ },
      { tags: ['tv', 'smpte170m', 'bt470bg', 'bt709'], copies: ['mov'], said: /\(tv, smpte170m\/bt470bg\/bt709/ },
      {
        tags: ['pc', 'bt470bg', 'bt709', 'smpte170m'],
        copies: ['mp4', 'mkv', 'ts'],
        said: /\(pc, bt470bg\/bt709\/smpte170m/,
      },
    ];
    for (const { tags, copies, said } of kinds) {
      const names = ['-color_range', '-colorspace', '-color_primaries', '-color_trc'];
      const colour = names.flatMap((name, index) => [name, tags[index]!]);
      const timing = ['-fps_mode', 'passthrough', '-enc_time_base', '1/1000', '-copyts'];
      const format = tags[0] === 'pc' ? 'yuvj420p' : 'yuv420p';
      const clip = await shop.clip(
        `${tags[1]}.mp4`,
        irregular,
        ...timing,
        ...colour,
        '-pix_fmt',
        format,
        '-c:v',
        'libx264',
      );
      const truth = await decode(shop.ffmpeg, clip, format);
      for (const extension of copies) {
        const copy = await pass(clip, `${tags[1]}-copy.${extension}`);
        const { stamps, data } = await decode(shop.ffmpeg, copy, format);
        assert.ok(
          sameTimes(stamps, truth.stamps, extension === 'mkv' ? 1 / 1000 : 1 / 90_000),
          `${copy}: ${stamps.slice(0, 4)} for ${truth.stamps.slice(0, 4)}`,
        );
        assert.match(await words(shop.ffmpeg, copy), said, copy);
        // A conversion of range would move the mean luma by several steps.
        const mean = (pictures: Buffer) => pictures.subarray(0, 3072).reduce((sum, value) => sum + value, 0) / 3072;
        assert.ok(Math.abs(mean(data) - mean(truth.data)) < 1.5, `${copy}: luma ${mean(data)} for ${mean(truth.data)}`);
      }
    }
  });

  it('leaves unknown tags unknown and keeps the shape of pixels', async () => {
    const clip = await shop.clip(
      'wide.mkv',
      'testsrc2=s=64x48:r=5:d=1,setsar=12/11',
      '-c:v',
      'ffv1',
      '-pix_fmt',
      'yuv420p',
    );
    assert.match(
      await words(shop.ffmpeg, await pass(clip, 'wide-copy.mp4')),
      /yuv420p(\(progressive\))?, 64x48 \[SAR 12:11 /,
    );
  });

  it('drops place, comments and chapters', async () => {
    const chapters =
      ';FFMETADATA1\ncomment=our garden\nlocation=+47.37+008.54/\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=secret\n';
    await writeFile(shop.path('meta.txt'), chapters);
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=5:d=1', '-i', '{}/meta.txt'];
    const clip = await shop.make(
      ...picture,
      '-map_metadata',
      '1',
      '-map_chapters',
      '1',
      '-movflags',
      'use_metadata_tags',
      '{}/meta.mp4',
    );
    const secrets = /garden|47\.37|secret|Chapter/;
    assert.match(await words(shop.ffmpeg, clip), secrets);
    for (const copy of ['meta-copy.mp4', 'meta-copy.mkv'])
      assert.doesNotMatch(await words(shop.ffmpeg, await pass(clip, copy)), secrets);
  });

  it('carries sound: copied where the container knows it, else as AAC, in step with the picture', async () => {
    const inputs = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=64x48:r=10:d=2',
      '-f',
      'lavfi',
      '-i',
      'sine=d=2',
      '-pix_fmt',
      'yuv420p',
    ];
    const table: [string, string[], string, RegExp][] = [
      ['a.mp4', ['-c:a', 'aac'], 'a-copy.mp4', /Audio: aac .* 44100 Hz/],
      ['a.mp4', [], 'a-copy.ts', /Audio: aac .* 44100 Hz/],
      ['b.ts', ['-c:a', 'aac'], 'b-copy.mp4', /Audio: aac .* 44100 Hz/],
      ['c.mkv', ['-c:a', 'libopus'], 'c-copy.mkv', /Audio: opus, 48000 Hz/],
      ['c.mkv', [], 'c-copy.mp4', /Audio: aac .* 48000 Hz/],
      ['d.mkv', ['-c:a', 'pcm_mulaw', '-ar', '8000'], 'd-copy.mov', /Audio: pcm_mulaw .* 8000 Hz/],
      ['d.mkv', [], 'd-copy.mp4', /Audio: aac .* 8000 Hz/],
      ['e.mkv', ['-c:a', 'wmav2'], 'e-copy.mp4', /Audio: aac .* 44100 Hz/],
    ];
    for (const [name, options, output, expected] of table) {
      if (options.length > 0) await shop.make(...inputs, ...options, `{}/${name}`);
      const copy = await pass(shop.path(name), output, true);
      const about = await words(shop.ffmpeg, copy);
      assert.match(about, expected, `${name} to ${output}`);
      const { stamps } = await decode(shop.ffmpeg, copy);
      assert.ok(sameTimes(stamps, (await decode(shop.ffmpeg, shop.path(name))).stamps, 0.001));
      const [, seconds] = /Duration: 00:00:([\d.]+)/.exec(about)!;
      // A transport stream begins late, and its copy as late.
      assert.ok(Math.abs(Number(seconds) - stamps[0]! - 2) < 0.15, `${output} lasts ${seconds} s`);
    }
    assert.doesNotMatch(await words(shop.ffmpeg, await pass(shop.path('a.mp4'), 'mute.mp4')), /Audio/);
  });

  it('writes masks without loss, one for each frame', async () => {
    const info = { width: 34, height: 18, timeBase: { numerator: 1, denominator: 1000 } };
    const sink = await openMaskSink(shop.path('masks.mkv'), { ffmpeg: shop.ffmpeg, info });
    const masks = Array.from({ length: 9 }, (_, n) =>
      Uint8Array.from({ length: 34 * 18 }, (_, at) => ((at * 7) ^ n) & 1 && 255),
    );
    const stamps = [0, 1, 40, 80, 81, 500, 1000, 1001, 9000];
    for (const [n, mask] of masks.entries()) await sink.write(mask, stamps[n]!);
    await assert.rejects(sink.write(new Uint8Array(5), 9001), RangeError);
    await sink.finish();
    assert.equal(sink.stats().frames, 9);
    const back = await decode(shop.ffmpeg, shop.path('masks.mkv'), 'gray');
    assert.ok(back.data.equals(Buffer.concat(masks)));
    assert.ok(
      sameTimes(
        back.stamps,
        stamps.map((stamp) => stamp / 1000),
      ),
    );
    assert.match(await words(shop.ffmpeg, shop.path('masks.mkv')), /Video: ffv1 .*, gray\(/);
  });

  it('refuses what it cannot write before any work', async () => {
    const info = { width: 64, height: 48, timeBase: { numerator: 1, denominator: 25 }, color: {} };
    const refused = (name: string, message: RegExp, encoder?: string) =>
      assert.rejects(openSink(shop.path(name), { ffmpeg: shop.ffmpeg, info, encoder }), (error) => {
        assert.ok(error instanceof InputError, String(error));
        assert.match(error.message, message);
        return true;
      });
    await refused('out.wmv', /out.wmv: unknown kind of video; name it \.mp4, \.m4v, \.mov, \.mkv, \.ts\.$/);
    await refused('out', /unknown kind of video/);
    await refused('nowhere/out.mp4', /nowhere\/out.mp4: cannot be written \(there is no folder .*nowhere\)\.$/);
    await refused('out.mp4', /encoder "best" is not known/, 'best');
    await shop.make('-f', 'lavfi', '-i', 'color=s=16x16:d=0.1', '{}/file.mp4');
    await refused('file.mp4/out.mp4', /cannot be written/);
    await assert.rejects(
      openMaskSink(shop.path('masks.mp4'), { ffmpeg: shop.ffmpeg, info }),
      /masks are written as \.mkv/,
    );
    assert.deepEqual(await shop.leftovers(), []);
  });

  it('takes nothing but what the renderer made, and that only while it is in its slot', async () => {
    await using source = await openSource(shop.path('400.mp4'), { ffmpeg: shop.ffmpeg });
    await using sink = await openSink(shop.path('never.mp4'), { ffmpeg: shop.ffmpeg, info: source.info });
    const { pool, masked } = maskNothing(source.info);
    const { value } = await source.packets(pool).next();
    assert.ok(value?.kind === 'frame');
    const impostors = [value.frame, { ...masked(value.frame) }, Object.create(MaskedFrame.prototype)];
    for (const impostor of impostors) await assert.rejects(sink.write(impostor as MaskedFrame), /not a masked frame/);
    const frame = masked(value.frame);
    await sink.write(frame);
    frame.slot.release();
    await assert.rejects(sink.write(frame), /not a masked frame/);
    assert.equal(sink.stats().frames, 1);
  });

  it('leaves no output when aborted, and an older output untouched', async () => {
    await writeFile(shop.path('old.mp4'), 'precious');
    for (const how of ['abort', 'signal', 'dispose']) {
      const controller = new AbortController();
      await using source = await openSource(shop.path('400.mp4'), { ffmpeg: shop.ffmpeg });
      const options = { ffmpeg: shop.ffmpeg, info: source.info, signal: controller.signal };
      const sink = await openSink(shop.path('old.mp4'), options);
      const { pool, masked } = maskNothing(source.info);
      const { value } = await source.packets(pool).next();
      assert.ok(value?.kind === 'frame');
      const frame = masked(value.frame);
      await sink.write(frame);
      if (how === 'abort') await sink.abort();
      else if (how === 'dispose') await sink[Symbol.asyncDispose]();
      else {
        controller.abort(new Error('the user left'));
        await assert.rejects(sink.finish(), /the user left/);
      }
      await assert.rejects(sink.write(frame), Error);
      assert.equal(await readFile(shop.path('old.mp4'), 'utf8'), 'precious');
      assert.deepEqual(await shop.leftovers(), []);
    }
  });

  for (const victim of ['decoder', 'encoder'] as const)
    it(`fails clearly when the ${victim} is killed midway: no output, no process left`, async function () {
      if (process.platform !== 'linux') this.skip();
      await using source = await openSource(shop.path('400.mp4'), { ffmpeg: shop.ffmpeg });
      await using sink = await openSink(shop.path(`${victim}.mp4`), { ffmpeg: shop.ffmpeg, info: source.info });
      const work = async () => {
        let frames = 0;
        const { pool, masked } = maskNothing(source.info);
        for await (const packet of source.packets(pool)) {
          if (packet.kind !== 'frame') continue;
          if (++frames === 20) process.kill((await ffmpegsOf(process.pid))[victim]!, 'SIGKILL');
          await sink.write(masked(packet.frame));
          packet.frame.slot.release();
        }
        await sink.finish();
      };
      await assert.rejects(work(), (error: Error) => {
        assert.ok(!(error instanceof InputError));
        return new RegExp(`^ffmpeg \\(${victim}\\) was ended by SIGKILL`).test(error.message);
      });
      await sink.abort();
      await source.close();
      await assert.rejects(stat(shop.path(`${victim}.mp4`)));
      assert.deepEqual(await shop.leftovers(), []);
      assert.deepEqual(await ffmpegsOf(process.pid), {});
    });

  it('takes its children and half a file along when the process exits', async function () {
    if (process.platform !== 'linux') this.skip();
    const script = fileURLToPath(new URL('leave-midway.ts', import.meta.url));
    const args = ['--import', 'tsx', script, shop.path('400.mp4'), shop.path('left.mp4')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const { decoder, encoder } = JSON.parse(said.toString()) as { decoder: number; encoder: number };
    const [code] = await once(child, 'exit');
    assert.equal(code, 7);
    assert.deepEqual(await shop.leftovers(), []);
    for (const pid of [decoder, encoder])
      await assert.rejects(async () => {
        // Killed is not gone: the kernel takes a moment to bury it.
        for (let look = 0; look < 100; look++) {
          const status = await readFile(`/proc/${pid}/stat`, 'utf8');
          if (status.split(') ')[1]?.startsWith('Z')) throw new Error('dead');
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      });
  });
});
