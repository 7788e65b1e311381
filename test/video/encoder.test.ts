import assert from 'node:assert/strict';
import { InputError } from '../../src/errors.js';
import { afterDeath, chooseEncoder, encoderArguments, HARDWARE } from '../../src/video/encoder.js';
import type { Ffmpeg } from '../../src/video/ffmpeg.js';
import { probeEncoders } from '../../src/video/probe-encoders.js';
import type { VideoInfo } from '../../src/video/source.js';
import { workshop } from './support.js';

const info: VideoInfo = {
  width: 1920,
  height: 1080,
  timeBase: { numerator: 1, denominator: 90_000 },
  frameRate: { numerator: 30, denominator: 1 },
  color: { range: 'full', matrix: 'bt709', primaries: 'bt709', transfer: 'iec61966-2-1' },
};

describe('the choice of an encoder', () => {
  const shop = workshop();

  it('falls back to software when hardware dies twice within ten seconds, and only then', () => {
    const table: [string, number[], ReturnType<typeof afterDeath>][] = [
      ['h264_vaapi', [5000], 'again'],
      ['h264_vaapi', [5000, 15_000], 'software'],
      ['h264_vaapi', [5000, 15_001], 'again'],
      ['h264_vaapi', [0, 60_000, 61_000], 'software'],
      ['h264_vaapi', [0, 1000, 60_000], 'again'],
      ['libx264', [0, 1, 2], 'again'],
      ['h264_vaapi', [], 'again'],
    ];
    for (const [encoder, deaths, expected] of table) assert.equal(afterDeath(encoder, deaths), expected, `${deaths}`);
  });

  it('bounds the bit rate live and keeps quality constant in files', () => {
    const live = encoderArguments({ encoder: 'libx264', use: 'live' }, info).output.join(' ');
    assert.match(live, /-tune zerolatency .*-b:v 4043520 -maxrate 4043520 -bufsize 4043520/);
    assert.match(live, /-g 30 /);
    const file = encoderArguments({ encoder: 'libx264', use: 'file' }, info).output.join(' ');
    assert.match(file, /-crf 23/);
    assert.doesNotMatch(file, /zerolatency|-b:v/);
    assert.match(
      encoderArguments({ encoder: 'libx264', use: 'file', bitRate: 1e6 }, info).output.join(' '),
      /-b:v 1000000/,
    );
  });

  it('carries all four colour tags, and full range through the scaler of hardware encoders', () => {
    const tags = 'setparams=range=pc:colorspace=bt709:color_primaries=bt709:color_trc=iec61966-2-1';
    for (const encoder of ['libx264', ...Object.keys(HARDWARE)]) {
      const { filters, output } = encoderArguments({ encoder, use: 'live' }, info);
      assert.equal(filters[0], tags);
      assert.match(
        output.join(' '),
        /-color_range pc -colorspace bt709 -color_primaries bt709 -color_trc iec61966-2-1/,
      );
      if (filters.includes('format=nv12')) assert.equal(filters[1], 'scale=in_range=full:out_range=full');
    }
    const unknown = encoderArguments({ encoder: 'libx264', use: 'file' }, { ...info, color: {} });
    assert.deepEqual(unknown.filters, []);
    assert.doesNotMatch(unknown.output.join(' '), /color/);
  });

  it('refuses an encoder that is not there, with the remedy', () => {
    const bare: Ffmpeg = {
      ...{ path: '/usr/bin/ffmpeg', version: '6.0', protocols: new Set(), keepTimeStamps: [] },
      encoders: new Set(['aac', 'h264_vaapi']),
    };
    const refused = (wish: string | undefined, message: string) =>
      assert.throws(() => chooseEncoder(bare, wish), new InputError(message));
    refused(
      undefined,
      'ffmpeg at /usr/bin/ffmpeg cannot encode H.264 (no libx264). Install ffmpeg-for-homebridge, or ' +
        'give the path of another by --ffmpeg PATH (in a host: "ffmpegPath").',
    );
    refused('h264_qsv', 'ffmpeg at /usr/bin/ffmpeg has no encoder "h264_qsv"; leave the choice out to use libx264.');
    assert.throws(() => chooseEncoder(bare, 'h265'), /encoder "h265" is not known; use libx264, h264_videotoolbox/);
    assert.equal(chooseEncoder(bare, 'h264_vaapi'), 'h264_vaapi');
  });

  it('tries each encoder of this machine: software works, missing devices say why', async () => {
    const states = await probeEncoders(shop.ffmpeg);
    const software = states.find((state) => state.encoder === 'libx264');
    assert.deepEqual(software, { encoder: 'libx264', label: 'software (x264)', works: true });
    for (const state of states) assert.ok(state.works || state.reason, `${state.encoder} fails without a reason`);
    assert.equal(await probeEncoders(shop.ffmpeg), states, 'asked once');
  });
});
