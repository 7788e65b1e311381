import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import type { FrameSlot } from '../../src/engine/frame.js';
import { InputError } from '../../src/errors.js';
import { type DecodePlan, planDecoding } from '../../src/video/decode-plan.js';
import { nutFrameHead, nutHead } from '../../src/video/nut-writer.js';
import { describeInput, parseDescription } from '../../src/video/probe-input.js';
import { nutVideo } from '../../src/video/sink.js';
import { openSource } from '../../src/video/source.js';
import { decode, makePool, readPictures, sameTimes, workshop } from './support.js';

describe('a source', () => {
  const shop = workshop();
  const open = (input: string, options: { audio?: boolean; limit?: number; signal?: AbortSignal } = {}) =>
    openSource(input, { ffmpeg: shop.ffmpeg, ...options });

  /** Reads a clip through the source and compares every picture and stamp with what ffmpeg decodes by itself. */
  async function assertSameAsDecoded(clip: string, pixelFormat = 'yuv420p'): Promise<number> {
    const pictures = await readPictures(await open(clip));
    const truth = await decode(shop.ffmpeg, clip, pixelFormat);
    assert.ok(
      sameTimes(
        pictures.map(({ seconds }) => seconds),
        truth.stamps,
      ),
      `${clip}: ${pictures.slice(0, 5).map((picture) => picture.seconds)} is not ${truth.stamps.slice(0, 5)}`,
    );
    assert.ok(Buffer.concat(pictures.map(({ data }) => data)).equals(truth.data), `${clip}: other pictures`);
    return pictures.length;
  }

  const clipOf = (frames: number) =>
    shop.clip(`${frames}.mp4`, 'testsrc2=s=64x48:r=25', '-frames:v', `${frames}`, '-pix_fmt', 'yuv420p');
  before(() => clipOf(400));

  it('gives all of 1, 2, 3 and 400 frames, bit for bit', async () => {
    for (const frames of [1, 2, 3, 400]) assert.equal(await assertSameAsDecoded(await clipOf(frames)), frames);
  });

  it('keeps every time stamp of a variable-rate camera', async () => {
    const irregular = "testsrc2=s=64x48:r=30:d=4,settb=1/1000,setpts='N*40+mod(N*N*7,31)+2000*gt(N,60)'";
    const options = [
      '-fps_mode',
      'passthrough',
      '-enc_time_base',
      '1/1000',
      '-pix_fmt',
      'yuv420p',
      '-bf',
      '2',
      '-c:v',
      'libx264',
    ];
    for (const name of ['vfr.mkv', 'vfr.mp4', 'vfr.ts'])
      assert.equal(await assertSameAsDecoded(await shop.clip(name, irregular, ...options)), 120);
  });

  it('reads one frame a second, 4x4 and 8K', async () => {
    assert.equal(
      await assertSameAsDecoded(
        await shop.clip('slow.mkv', 'testsrc2=s=64x48:r=1:d=5', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p'),
      ),
      5,
    );
    assert.equal(
      await assertSameAsDecoded(
        await shop.clip('tiny.mkv', 'testsrc2=s=4x4:r=5:d=1', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p'),
      ),
      5,
    );
    const large = await shop.clip(
      '8k.mp4',
      'color=gray:s=7680x4320:r=1',
      '-frames:v',
      '2',
      '-c:v',
      'mpeg4',
      '-pix_fmt',
      'yuv420p',
    );
    assert.equal(await assertSameAsDecoded(large), 2);
  });

  it('pads odd sizes by repeating the edge', async () => {
    for (const [width, height] of [
      [3, 3],
      [101, 64],
      [64, 77],
    ] as const) {
      const clip = await shop.clip(
        `${width}x${height}.mkv`,
        `gradients=s=${width}x${height}:r=5:d=1`,
        '-c:v',
        'ffv1',
        '-pix_fmt',
        'yuv420p',
      );
      const source = await open(clip);
      const [evenWidth, evenHeight] = [width + (width % 2), height + (height % 2)];
      assert.deepEqual([source.info.width, source.info.height], [evenWidth, evenHeight]);
      const { data } = (await readPictures(source))[0]!;
      const truth = (await decode(shop.ffmpeg, clip)).data;
      const chroma = ((width + 1) >> 1) * ((height + 1) >> 1);
      for (let y = 0; y < evenHeight; y++)
        for (let x = 0; x < evenWidth; x++) {
          const nearest = truth[Math.min(y, height - 1) * width + Math.min(x, width - 1)];
          assert.equal(data[y * evenWidth + x], nearest, `${width}x${height} at ${x},${y}`);
        }
      assert.deepEqual(
        [...data.subarray(evenWidth * evenHeight)],
        [...truth.subarray(width * height, width * height + 2 * chroma)],
      );
    }
  });

  it('turns a rotated picture upright', async () => {
    const flat = await shop.clip('flat.mp4', 'testsrc2=s=64x48:r=5:d=1', '-pix_fmt', 'yuv420p');
    // Newer versions set the tag by an input option, older ones by metadata.
    const turned = await shop
      .make('-display_rotation', '90', '-i', flat, '-c', 'copy', '{}/turned.mp4')
      .catch(() => shop.make('-i', flat, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', '{}/turned.mp4'));
    const { rotation } = await describeInput(turned, shop.ffmpeg);
    assert.equal(Math.abs(rotation), 90);
    const source = await open(turned);
    assert.deepEqual([source.info.width, source.info.height], [48, 64]);
    assert.equal((await readPictures(source)).length, 5);
    assert.equal(await assertSameAsDecoded(turned), 5);
  });

  it('deinterlaces one to one', async () => {
    const stripes = "nullsrc=s=64x48:r=50:d=1,geq=lum='128+100*sin((X+N*6)/5)':cb=128:cr=128";
    const fields = `${stripes},tinterlace=interleave_top,setfield=tff`;
    const clip = await shop.clip(
      'fields.mkv',
      fields,
      '-c:v',
      'mpeg2video',
      '-flags',
      '+ilme+ildct',
      '-q:v',
      '2',
      '-pix_fmt',
      'yuv420p',
    );
    assert.equal((await describeInput(clip, shop.ffmpeg)).interlaced, true);
    const pictures = await readPictures(await open(clip));
    const truth = await decode(shop.ffmpeg, clip);
    assert.equal(pictures.length, 25);
    assert.ok(
      sameTimes(
        pictures.map(({ seconds }) => seconds),
        truth.stamps,
      ),
    );
    const combed = (data: Uint8Array) => {
      let sum = 0;
      for (let y = 1; y < 47; y++)
        for (let x = 0; x < 64; x++)
          sum += Math.abs(2 * data[y * 64 + x]! - data[(y - 1) * 64 + x]! - data[(y + 1) * 64 + x]!);
      return sum;
    };
    const middle = 12 * 64 * 48 * 1.5;
    assert.ok(5 * combed(pictures[12]!.data) < combed(truth.data.subarray(middle, middle + 64 * 48)), 'still combed');
  });

  it('leaves full range full, in the usual, the tagged and the reduced form', async () => {
    const full = 'testsrc2=s=64x48:r=5:d=1,scale=out_range=full,format=';
    const tags = ['-color_range', 'pc', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
    const jpeg = await shop.clip('jpeg.mkv', `${full}yuvj420p`, '-c:v', 'mjpeg', '-q:v', '2');
    await assertSameAsDecoded(jpeg, 'yuvj420p');
    assert.equal((await open(jpeg).then(closed)).info.color.range, 'full');

    const h264 = await shop.clip('full.mp4', `${full}yuvj420p`, ...tags, '-c:v', 'libx264');
    await assertSameAsDecoded(h264, 'yuvj420p');
    const expected = { range: 'full', matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' };
    assert.deepEqual((await open(h264).then(closed)).info.color, expected);

    const deep = await shop.clip(
      'deep.mp4',
      `${full}yuv422p10le,setparams=range=pc`,
      ...tags,
      '-c:v',
      'libx264',
      '-qp',
      '0',
    );
    const source = await open(deep);
    assert.deepEqual(source.info.color, expected);
    assert.deepEqual(source.info.warnings, [`${deep}: 10-bit 4:2:2 pictures (yuv422p10le) become 8-bit 4:2:0.`]);
    const [picture] = await readPictures(source);
    const truth = (await decode(shop.ffmpeg, deep, 'yuv422p10le')).data;
    for (let at = 0; at < 64 * 48; at++) {
      const eight = truth.readUInt16LE(2 * at) / 4;
      assert.ok(Math.abs(picture!.data[at]! - eight) <= 1.01, `luma ${at}: ${picture!.data[at]} for ${eight}`);
    }
  });

  it('leaves the luma of grey infrared pictures alone', async () => {
    const clip = await shop.clip('grey.mkv', 'gradients=s=64x48:r=5:d=1,format=gray', '-c:v', 'ffv1');
    const [picture] = await readPictures(await open(clip));
    const truth = (await decode(shop.ffmpeg, clip, 'gray')).data.subarray(0, 64 * 48);
    assert.ok(truth.equals(picture!.data.subarray(0, 64 * 48)));
    assert.ok(picture!.data.subarray(64 * 48).every((chroma) => chroma === 128));
  });

  it('brings sound along only when asked, with its own time', async () => {
    const clip = await shop.make(
      ...['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=5:d=2', '-f', 'lavfi', '-i', 'sine=d=2'],
      '-pix_fmt',
      'yuv420p',
      '{}/sound.mp4',
    );
    assert.equal((await open(clip).then(closed)).info.audio, undefined);
    await assertSameAsDecoded(clip);
    await using source = await open(clip, { audio: true });
    const { audio, timeBase } = source.info;
    assert.equal(audio?.codec, 'aac');
    assert.deepEqual(audio.timeBase, { numerator: 1, denominator: 44_100 });
    const sound: number[] = [];
    const pictures: number[] = [];
    for await (const packet of source.packets(makePool(source.info)))
      if (packet.kind === 'audio') sound.push(packet.pts);
      else {
        pictures.push(packet.frame.pts / timeBase.denominator);
        packet.frame.slot.release();
      }
    assert.deepEqual(pictures.slice(0, 3), [0, 0.2, 0.4]);
    assert.equal(pictures.length, 10);
    assert.deepEqual(
      sound,
      sound.map((_, index) => index * 1024),
      'no run-up, no gap',
    );
    assert.ok(sound.length >= 86 && sound.length <= 88);
  });

  it('forces stamps that go backward on, and counts them', async () => {
    const timeBase = { numerator: 1, denominator: 90_000 };
    const stamps = [0, 9000, 18_000, 3000, 27_000, 27_000, 36_000];
    const picture = new Uint8Array((16 * 16 * 3) / 2).fill(99);
    const clip = shop.path('backward.nut');
    const frames = stamps.flatMap((pts) => [nutFrameHead(1, 0, pts, picture.length), picture]);
    await writeFile(clip, Buffer.concat([nutHead([nutVideo({ width: 16, height: 16, timeBase })]), ...frames]));
    const source = await open(clip);
    const { denominator } = source.info.timeBase;
    const ticks = (await readPictures(source)).map(({ seconds }) => Math.round(seconds * denominator));
    assert.deepEqual(ticks, [0, 9000, 18_000, 18_001, 27_000, 27_001, 36_000]);
    assert.equal(source.stats().backwardStamps, 2);
  });

  it('gives what can be decoded of a truncated recording, and says so', async () => {
    const options = ['-pix_fmt', 'yuv420p', '-g', '10', '-b:v', '1M'];
    for (const [name, ...more] of [['cut.mp4', '-movflags', '+faststart'], ['cut.mkv'], ['cut.avi']] as const) {
      const whole = await shop.clip(name, 'testsrc2=s=320x240:r=10:d=6', ...options, ...more);
      const bytes = await readFile(whole);
      await writeFile(whole, bytes.subarray(0, bytes.length * 0.55));
      const source = await open(whole);
      const pictures = await readPictures(source);
      assert.ok(pictures.length > 15 && pictures.length < 50, `${name}: ${pictures.length}`);
      assert.equal(source.stats().truncated, true, name);
      assert.equal(source.stats().frames, pictures.length);
    }
    const whole = await open(shop.path('400.mp4'));
    await readPictures(whole);
    assert.equal(whole.stats().truncated, false);
    assert.ok(whole.stats().cpuMs > 0);
  });

  it('names the frame at which the picture size changes', async () => {
    const part = (name: string, size: string) =>
      shop.clip(name, `testsrc2=s=${size}:r=10:d=2`, '-pix_fmt', 'yuv420p', '-f', 'h264', '-bf', '0');
    const first = await readFile(await part('a.h264', '64x48'));
    for (const [size, where] of [
      ['96x64', 'at frame 21'],
      ['32x32', 'at frame 21'],
      ['48x64', 'near frame \\d+'],
    ] as const) {
      const clip = shop.path(`changes-${size}.h264`);
      await writeFile(clip, Buffer.concat([first, await readFile(await part('b.h264', size))]));
      const source = await open(clip);
      const message = new RegExp(`changes-${size}.h264: the picture size changes ${where}. Split the file there`);
      await assert.rejects(readPictures(source), (error) => error instanceof InputError && message.test(error.message));
    }
  });

  it('refuses what is no video in one line that names it', async () => {
    await writeFile(shop.path('empty.mp4'), '');
    await writeFile(shop.path('text.txt'), 'Dear camera,\nhow are you?\n'.repeat(50));
    await writeFile(shop.path('text.mp4'), 'Dear camera,\nhow are you?\n'.repeat(50));
    await shop.clip('sound.m4a', 'sine=d=1');
    const whole = await readFile(shop.path('400.mp4'));
    await writeFile(shop.path('noindex.mp4'), whole.subarray(0, whole.length / 2));
    const cases: [string, RegExp][] = [
      ['missing.mp4', /missing.mp4: there is no such file\.$/],
      ['', /: is a folder, not a video\.$/],
      ['empty.mp4', /empty.mp4: the file is empty\.$/],
      ['text.txt', /text.txt: is not a video\.$/],
      ['text.mp4', /text.mp4: is not a video\.$/],
      ['sound.m4a', /sound.m4a: has no video, only sound\.$/],
      ['noindex.mp4', /noindex.mp4: the recording is incomplete, the index at its end is missing\.$/],
    ];
    for (const [name, message] of cases)
      await assert.rejects(open(shop.path(name)), (error) => {
        assert.ok(error instanceof InputError, `${name}: ${error}`);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
    await assert.rejects(
      open('rtsp://me:geheim@127.0.0.1:9/x'),
      (error) => error instanceof InputError && !/geheim/.test(error.message),
    );
  });

  it('waits for the pool, and goes on in the slot that is given back', async () => {
    await using source = await open(shop.path('400.mp4'));
    const packets = source.packets(makePool(source.info, 2));
    const held: FrameSlot[] = [];
    for (let taken = 0; taken < 2; taken++) {
      const { value } = await packets.next();
      if (value?.kind === 'frame') held.push(value.frame.slot);
    }
    let arrived = false;
    const third = packets.next().then((result) => {
      arrived = true;
      return result;
    });
    // Time for the decoder to have sent a hundred pictures of this size.
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(arrived, false);
    held[1]!.release();
    const { value } = await third;
    assert.ok(value?.kind === 'frame' && value.frame.slot.index === held[1]!.index);
    await packets.return();
    assert.equal(source.stats().frames, 3);
  });

  it('stops at the limit, when left early, when closed and when aborted', async () => {
    const limited = await open(shop.path('400.mp4'), { limit: 7 });
    assert.equal((await readPictures(limited)).length, 7);
    assert.equal(limited.info.frameCount, 7);

    const closing = await open(shop.path('400.mp4'));
    const packets = closing.packets(makePool(closing.info));
    await packets.next();
    await closing.close();
    assert.equal((await packets.next()).done, true);

    const controller = new AbortController();
    const aborted = await open(shop.path('400.mp4'), { signal: controller.signal });
    await assert.rejects(async () => {
      for await (const packet of aborted.packets(makePool(aborted.info))) {
        if (packet.kind === 'frame') packet.frame.slot.release();
        controller.abort(new Error('enough'));
      }
    }, /enough/);
  });

  it('plans: 8-bit 4:2:0 is never touched, everything else with a word', () => {
    const plan = (pixelFormat: string, range?: 'full' | 'limited'): DecodePlan =>
      planDecoding({
        width: 64,
        height: 48,
        pixelFormat,
        color: { range },
        interlaced: false,
        rotation: 0,
        codec: 'x',
      });
    const words = (pixelFormat: string) => plan(pixelFormat).warnings[0]?.split(' pictures')[0];
    for (const [format, range] of [
      ['yuv420p', 'limited'],
      ['yuv420p', 'full'],
      ['yuvj420p', 'full'],
    ] as const)
      assert.deepEqual([plan(format, range).filters, plan(format, range).pixelFormat], [[], format]);
    assert.equal(plan('yuvj420p').color.range, 'full');
    assert.deepEqual(plan('yuv444p', 'full').pixelFormat, 'yuvj420p');
    assert.deepEqual(plan('gray').color.range, 'full');
    assert.deepEqual(plan('gray', 'limited').color.range, 'limited');
    assert.deepEqual(plan('nv12').warnings, []);
    assert.equal(plan('bgr0').color.matrix, 'bt709');
    assert.deepEqual(
      ['yuv420p10le', 'yuv422p', 'yuvj444p', 'p010le', 'gray10le', 'bgr0', 'yuyv422', 'yuv444p12le'].map(words),
      [
        '10-bit 4:2:0',
        '8-bit 4:2:2',
        '8-bit 4:4:4',
        '10-bit 4:2:0',
        '10-bit grey',
        'RGB',
        '8-bit 4:2:2',
        '12-bit 4:4:4',
      ],
    );
  });

  it('understands the log of newer versions', () => {
    const log = [
      "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:x.mp4':",
      '  Duration: 01:00:02.50, start: 0.000000, bitrate: 6577 kb/s',
      '  Stream #0:0[0x1](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 69 kb/s (default)',
      '  Stream #0:1[0x2](und): Video: hevc (Main 10) (hvc1 / 0x31637668), yuv420p10le(tv, bt709), 704x576 [SAR 12:11 DAR 4:3], 29.97 fps, 29.97 tbr, 30k tbn (default)',
      '  Stream #0:1 -> #0:0 (hevc (native) -> wrapped_avframe (native))',
      'n:   0 pts:      0 pts_time:0       duration:    512 duration_time:0.0333333 fmt:yuv420p10le cl:left sar:12/11 s:704x576 i:T iskey:1 type:I checksum:0 ',
      'color_range:tv color_space:bt709 color_primaries:unknown color_trc:bt709',
    ];
    assert.deepEqual(parseDescription(log), {
      ...{ width: 704, height: 576, pixelFormat: 'yuv420p10le', interlaced: true, rotation: 0 },
      color: { range: 'limited', matrix: 'bt709', primaries: undefined, transfer: 'bt709' },
      pixelAspect: { numerator: 12, denominator: 11 },
      duration: 3602.5,
      frameRate: { numerator: 30_000, denominator: 1001 },
      codec: 'hevc',
      audioCodec: 'aac',
    });
    assert.equal(parseDescription(log.slice(0, 5)), undefined);
    assert.equal(parseDescription(["Input #0, tty, from 'file:x.txt':", ...log.slice(1)]), undefined);
  });
});

/** A source of which only the description is wanted. */
async function closed<T extends { close(): Promise<void> }>(source: T): Promise<T> {
  await source.close();
  return source;
}
