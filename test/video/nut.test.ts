import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { NutError, NutReader } from '../../src/video/nut.js';
import type { NutStream } from '../../src/video/nut-format.js';
import { nutFrameHead, nutHead } from '../../src/video/nut-writer.js';
import { nutVideo } from '../../src/video/sink.js';
import { workshop } from './support.js';

interface Seen {
  id: number;
  pts: number;
  data: Uint8Array;
}

/** Reads a stream that arrives in pieces, as the decoder does; stops at the end of what is there. */
function readAll(pieces: readonly Uint8Array[]): { frames: Seen[]; streams: readonly NutStream[] } {
  const reader = new NutReader();
  const frames: Seen[] = [];
  let rest = Buffer.alloc(0);
  let payload: { id: number; pts: number; prefix: Uint8Array; size: number } | undefined;
  let shown = 0;
  for (const piece of pieces) {
    rest = Buffer.concat([rest, piece]);
    for (;;) {
      if (payload) {
        if (rest.length < payload.size) break;
        const { id, pts, prefix, size } = payload;
        frames.push({ id, pts, data: Buffer.concat([prefix, rest.subarray(0, size)]) });
        rest = rest.subarray(size);
        payload = undefined;
      }
      const header = reader.next(rest);
      if (++shown > 100_000) assert.fail('the reader makes no progress');
      if (!header) {
        assert.ok(reader.needed > rest.length, 'it must want more than it was shown');
        break;
      }
      assert.ok(header.length > 0 && header.length <= rest.length);
      rest = rest.subarray(header.length);
      const { frame } = header;
      if (frame) payload = { id: frame.stream.id, pts: frame.pts, prefix: frame.prefix, size: frame.size };
    }
  }
  return { frames, streams: reader.streams };
}

/** Cuts bytes at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), 0, bytes.length].sort((a, b) => a - b);
  return ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
}

const timeBases = fc
  .tuple(fc.integer({ min: 1, max: 1001 }), fc.integer({ min: 1, max: 1 << 24 }))
  .map(([numerator, denominator]) => ({ numerator, denominator }));
const streamLists = fc
  .tuple(timeBases, fc.option(fc.tuple(timeBases, fc.uint8Array({ maxLength: 5000 }))))
  .map(([timeBase, sound]): NutStream[] => {
    const video = nutVideo({ width: 4, height: 2, timeBase });
    if (!sound) return [video];
    const [ticks, codecSpecific] = sound;
    const tag = Uint8Array.of(255, 0);
    return [
      video,
      { id: 1, class: 'audio', tag, timeBase: ticks, codecSpecific, audio: { sampleRate: 48000, channels: 2 } },
    ];
  });
const streamsAndFrames = streamLists.chain((streams) =>
  fc.tuple(
    fc.constant(streams),
    fc.array(
      fc.record({
        id: fc.nat(streams.length - 1),
        pts: fc.oneof(fc.nat(1000), fc.nat(2 ** 48)),
        data: fc.uint8Array({ maxLength: 300 }),
      }),
      { maxLength: 12 },
    ),
  ),
);

function write(streams: readonly NutStream[], frames: readonly Seen[]): Buffer {
  return Buffer.concat([
    nutHead(streams, { frameRate: { numerator: 25, denominator: 1 } }),
    ...frames.flatMap(({ id, pts, data }) => [nutFrameHead(streams.length, id, pts, data.length), data]),
  ]);
}

describe('NUT', () => {
  const shop = workshop();

  it('reads back what it wrote, in whatever pieces it arrives', () => {
    fc.assert(
      fc.property(streamsAndFrames, fc.array(fc.nat(), { maxLength: 30 }), ([streams, frames], places) => {
        const seen = readAll(cut(write(streams, frames), places));
        assert.deepEqual(
          seen.frames.map(({ id, pts, data }) => ({ id, pts, data: [...data] })),
          frames.map(({ id, pts, data }) => ({ id, pts, data: [...data] })),
        );
        assert.deepEqual(seen.streams, streams);
      }),
    );
  });

  it('gives up with its own error, or waits for more, on garbage, damage and truncation', () => {
    const tryToRead = (bytes: Uint8Array) => {
      try {
        readAll([bytes]);
      } catch (error) {
        assert.ok(error instanceof NutError, String(error));
      }
    };
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(streamsAndFrames, damage, fc.nat(), fc.uint8Array(), ([streams, frames], hits, end, garbage) => {
        const bytes = write(streams, frames);
        tryToRead(garbage);
        tryToRead(bytes.subarray(0, end % bytes.length));
        tryToRead(Buffer.concat([bytes.subarray(0, end % bytes.length), garbage]));
        for (const [place, value] of hits) bytes[place % bytes.length] = value;
        tryToRead(bytes);
      }),
    );
  });

  it('reads what ffmpeg writes: small pictures, sound with elided headers, every byte', async () => {
    const source = 'testsrc2=s=32x16:r=10:d=2';
    const input = [
      '-f',
      'lavfi',
      '-i',
      source,
      '-f',
      'lavfi',
      '-i',
      'sine=d=2',
      '-c:v',
      'rawvideo',
      '-pix_fmt',
      'yuv420p',
    ];
    const file = await shop.make(...input, '-c:a', 'mp2', '-f', 'nut', '{}/small.nut');
    const sound = await shop.make('-i', file, '-map', '0:a', '-c', 'copy', '-f', 'mp2', '{}/sound.mp2');
    const picture = await shop.make('-i', file, '-map', '0:v', '-c', 'copy', '-f', 'rawvideo', '{}/picture.raw');
    const { frames, streams } = readAll([await readFile(file)]);
    assert.deepEqual(streams[0]?.video, { width: 32, height: 16 });
    assert.deepEqual(streams[1]?.audio, { sampleRate: 44100, channels: 1 });
    const payloadOf = (id: number) =>
      Buffer.concat(frames.filter((frame) => frame.id === id).map((frame) => frame.data));
    assert.ok(payloadOf(0).equals(await readFile(picture)));
    assert.ok(payloadOf(1).equals(await readFile(sound)));
    const { numerator, denominator } = streams[0]!.timeBase;
    const stamps = frames.filter((frame) => frame.id === 0).map(({ pts }) => pts);
    // ffmpeg moves all of it a little, to make room for the run-up of the sound.
    const seconds = stamps.map((pts) => ((pts - stamps[0]!) * numerator) / denominator);
    assert.deepEqual(
      seconds,
      Array.from({ length: 20 }, (_, index) => index / 10),
    );
  });

  it('writes what ffmpeg reads: size, pixel shape, rate and every time stamp', () => {
    const timeBase = { numerator: 1, denominator: 90_000 };
    const streams = [nutVideo({ width: 320, height: 240, timeBase })];
    const stamps = [0, 1, 3000, 3001, 90_000, 2 ** 40];
    const picture = new Uint8Array(115_200).fill(90);
    const input = Buffer.concat([
      nutHead(streams, {
        frameRate: { numerator: 30_000, denominator: 1001 },
        pixelAspect: { numerator: 4, denominator: 3 },
      }),
      ...stamps.flatMap((pts) => [nutFrameHead(1, 0, pts, picture.length), picture]),
    ]);
    const args = [
      '-hide_banner',
      '-probesize',
      '32',
      '-f',
      'nut',
      '-i',
      'pipe:0',
      '-copyts',
      '-vf',
      'showinfo',
      '-f',
      'null',
      '-',
    ];
    const { stderr, status } = spawnSync(shop.ffmpeg.path, args, { input, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /rawvideo \(I420 .*, yuv420p, 320x240, SAR 4:3 DAR 16:9, 29.97 tbr/);
    assert.deepEqual(
      [...stderr.matchAll(/ n: *\d+ pts: *(\d+) /g)].map((match) => Number(match[1])),
      stamps,
    );
  });
});
