import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { InputError } from '../../src/errors.js';
import { findFfmpeg } from '../../src/video/ffmpeg.js';
import { describeInput } from '../../src/video/probe-input.js';
import { describeExit, FfmpegProcess, parseLine, redact } from '../../src/video/process.js';
import { openSink } from '../../src/video/sink.js';
import { workshop } from './support.js';

describe('ffmpeg', () => {
  const shop = workshop();

  /** A program that answers like an ffmpeg of the given version and encoders. */
  async function fake(name: string, version: string, encoders: string): Promise<string> {
    const path = shop.path(name);
    const script = `#!/bin/sh\ncase "$2" in\n-version) echo "${version}";;\n-encoders) echo "${encoders}";;\n-protocols) printf 'Input:\\n  file\\nOutput:\\n  pipe\\n';;\nesac\n`;
    await writeFile(path, script);
    await chmod(path, 0o755);
    return path;
  }

  it('is found on PATH and asked once what it can do', async () => {
    const ffmpeg = await findFfmpeg();
    assert.ok(ffmpeg.encoders.has('libx264') && ffmpeg.encoders.has('aac') && ffmpeg.encoders.has('ffv1'));
    assert.ok(ffmpeg.protocols.has('file') && ffmpeg.protocols.has('pipe') && !ffmpeg.protocols.has('Output'));
    assert.match(ffmpeg.version, /^[nN]?[\d-]/);
    assert.equal(await findFfmpeg({ path: ffmpeg.path }), ffmpeg);
  });

  it('prefers the user, then the host, then PATH', async () => {
    const mine = await fake('mine', 'ffmpeg version 6.1 Copyright', ' V....D libx264 x');
    const host = await fake('host', 'ffmpeg version n7.1-12 Copyright', ' V....D libx264 x');
    assert.equal((await findFfmpeg({ path: mine, host })).path, mine);
    assert.equal((await findFfmpeg({ host })).path, host);
    assert.equal((await findFfmpeg({ host: shop.path('absent') })).path, shop.ffmpeg.path);
  });

  it('speaks the words of each version for keeping time stamps', async () => {
    const wordsOf = async (version: string) =>
      (await findFfmpeg({ path: await fake(version, `ffmpeg version ${version} Copyright`, '') })).keepTimeStamps.join(
        ' ',
      );
    assert.equal(await wordsOf('4.4.2-0ubuntu0'), '-vsync passthrough -enc_time_base -1 -copyts');
    assert.equal(await wordsOf('5.1.9'), '-fps_mode passthrough -enc_time_base -1 -copyts');
    assert.equal(await wordsOf('6.1.1'), '-fps_mode passthrough -enc_time_base demux -copyts');
    assert.equal(await wordsOf('N-118000-gabcdef'), '-fps_mode passthrough -enc_time_base demux -copyts');
  });

  it('says how to get it when it is absent, broken, something else or too old', async () => {
    const refused = (promise: Promise<unknown>, message: RegExp) =>
      assert.rejects(promise, (error) => {
        assert.ok(error instanceof InputError, String(error));
        assert.match(error.message, message);
        return true;
      });
    await refused(
      findFfmpeg({ searchPath: '' }),
      /^ffmpeg was not found\. Install it: `.*ffmpeg`, or give the path of another by --ffmpeg PATH \(in a host: "ffmpegPath"\)\.$/,
    );
    await refused(findFfmpeg({ path: '/nowhere/ffmpeg' }), /^ffmpeg at \/nowhere\/ffmpeg does not run\. Install it/);
    await refused(findFfmpeg({ path: await fake('other', 'vlc', '') }), /other is not ffmpeg/);
    await refused(
      findFfmpeg({ path: await fake('old', 'ffmpeg version 4.3.9 x', '') }),
      /is version 4\.3\.9; 4\.4 or newer is needed\. Install it.* --ffmpeg PATH/,
    );
    const ffmpeg = await findFfmpeg({ path: await fake('bare', 'ffmpeg version 6.0 x', ' A....D aac AAC') });
    const info = { width: 64, height: 48, timeBase: { numerator: 1, denominator: 25 }, color: {} };
    await refused(
      openSink(shop.path('out.mp4'), { ffmpeg, info }),
      /bare cannot encode H\.264 \(no libx264\)\. Install ffmpeg-for-homebridge, or .* --ffmpeg PATH .*\.$/,
    );
    assert.deepEqual(await shop.leftovers(), []);
  });

  it('understands its log, and leaves none behind, whatever the environment asks of ffmpeg', async () => {
    const clip = await shop.clip('plain.mp4', 'testsrc2=s=64x48:r=5:d=1', '-pix_fmt', 'yuv420p');
    const asked = { AV_LOG_FORCE_COLOR: '1', FFREPORT: `file=${shop.path('report.log')}` };
    Object.assign(process.env, asked);
    try {
      assert.equal((await describeInput(clip, shop.ffmpeg)).width, 64);
    } finally {
      for (const name of Object.keys(asked)) delete process.env[name];
    }
    assert.ok(!existsSync(shop.path('report.log')), 'a report holds addresses with their passwords');
  });

  it('keeps passwords out of what it says', () => {
    for (const text of [
      'rtsp://admin:geheim@10.0.0.2:554/live',
      "Error opening 'rtsp://admin:ge/he@geheim@10.0.0.2/live': Invalid",
      'http://10.0.0.2/video.cgi?user=a&pwd=geheim&x=1',
      '[in#0 @ 0x1] [error] rtmp://x:geheim@h/app: refused',
    ])
      assert.doesNotMatch(redact(text), /geheim/, text);
    assert.equal(redact('rtsp://10.0.0.2/live?x=1 at /home/me@work'), 'rtsp://10.0.0.2/live?x=1 at /home/me@work');
    assert.deepEqual(parseLine('[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2] [error] bad rtsp://a:b@c'), {
      level: 'error',
      text: 'bad rtsp://***@c',
    });
    assert.deepEqual(parseLine('stray'), { level: 'info', text: 'stray' });
  });

  it('tells how a child ended, with its last complaint and its CPU time', async () => {
    const args = ['-f', 'lavfi', '-i', 'testsrc2=s=640x480:r=25:d=2', '-f', 'null', '-'];
    const good = await new FfmpegProcess(shop.ffmpeg.path, args, { role: 'test' }).exited;
    assert.deepEqual([good.code, good.signal], [0, null]);
    assert.ok(good.cpuMs > 0);

    const bad = await new FfmpegProcess(shop.ffmpeg.path, ['-i', 'rtsp://me:geheim@127.0.0.1:9/', '-f', 'null', '-'], {
      role: 'test',
    }).exited;
    assert.match(describeExit('decoder', bad), /^ffmpeg \(decoder\) stopped with code \d+: .*Connection refused/);
    assert.doesNotMatch(describeExit('decoder', bad), /geheim/);

    const absent = await new FfmpegProcess('/nowhere/ffmpeg', [], { role: 'test' }).exited;
    assert.equal(absent.code, 127);

    const endless = ['-re', '-f', 'lavfi', '-i', 'testsrc2', '-f', 'null', '-'];
    const controller = new AbortController();
    const killed = new FfmpegProcess(shop.ffmpeg.path, endless, { role: 'test', signal: controller.signal });
    controller.abort();
    assert.equal((await killed.exited).signal, 'SIGKILL');
    assert.throws(
      () => new FfmpegProcess(shop.ffmpeg.path, endless, { role: 'test', signal: controller.signal }),
      /abort/,
    );
    await using stopped = new FfmpegProcess(shop.ffmpeg.path, endless, { role: 'test' });
    const exit = await stopped.stop();
    assert.ok(exit.code === 255 || exit.signal === 'SIGTERM', JSON.stringify(exit));
  });
});
