// Writes NUT: the way masked pictures and sound go to the encoder. The headers are our own, not the source's, because a
// live shield leaves frames out. Every frame stands alone: its own syncpoint, its whole time stamp, a checksum.

import { checksum, FILE_ID, FLAGS, LONG, type NutStream, STARTCODES } from './nut-format.js';

const VERSION = 3;
/** Largest distance between syncpoints the format allows, in bytes. Frames larger than that carry a checksum. */
const MAX_DISTANCE = 65536;
/** The frame code in use; what it means is written into the main header. */
const FRAME_CODE = 1;
const FRAME_FLAGS = FLAGS.key | FLAGS.codedPts | FLAGS.streamId | FLAGS.sizeMsb | FLAGS.checksum;

/** A fraction without a unit: frames a second, or width to height of a pixel. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

export interface NutVideoDetails {
  /** Only a hint to the encoder, for its level; time stamps rule. */
  readonly frameRate?: Ratio | undefined;
  /** Width to height of a pixel; square unless given. */
  readonly pixelAspect?: Ratio | undefined;
}

/** What must come before the first frame. Stream ids are the places in the list; each stream has its own time base. */
export function nutHead(streams: readonly NutStream[], details: NutVideoDetails = {}): Uint8Array {
  return concat([
    FILE_ID,
    packet('main', mainHeader(streams)),
    ...streams.map((stream, id) => packet('stream', streamHeader(stream, id, details.pixelAspect))),
    ...(details.frameRate
      ? streams
          .filter((stream) => stream.class === 'video')
          .map((stream) => packet('info', frameRateInfo(streams.indexOf(stream), details.frameRate!)))
      : []),
  ]);
}

/**
 * What must come before the payload of a frame.
 * @param streams how many streams the head announced
 * @param pts not negative, in ticks of the stream's time base
 * @param size bytes of payload
 */
export function nutFrameHead(streams: number, id: number, pts: number, size: number): Uint8Array {
  if (!Number.isSafeInteger(pts) || pts < 0) throw new RangeError(`a time stamp of ${pts}`);
  // A syncpoint holds the time with the number of its time base, and the way back to the last one: none.
  const syncpoint = packet('syncpoint', concat([number(pts * streams + id), number(0)]));
  // A time stamp is whole when 2^shift (here 1) is added; the size counts in units of 1.
  const frame = concat([[FRAME_CODE], number(id), number(pts + 1), number(size)]);
  return concat([syncpoint, frame, word(checksum(frame))]);
}

function mainHeader(streams: readonly NutStream[]): Uint8Array {
  const timeBases = streams.flatMap(({ timeBase }) => [number(timeBase.numerator), number(timeBase.denominator)]);
  // Runs of the frame code table: flags, number of fields, then pts step, size factor, stream, size, reserved, count.
  const run = (flags: number, count: number) => [flags, 6, 0, 1, 0, 0, 0, count].map(number);
  return concat([
    ...[VERSION, streams.length, MAX_DISTANCE, streams.length].map(number),
    ...timeBases,
    ...run(FLAGS.invalid, FRAME_CODE),
    ...run(FRAME_FLAGS, 1),
    ...run(FLAGS.invalid, 255 - FRAME_CODE - 1),
    number(0), // no elided headers
  ]);
}

function streamHeader(stream: NutStream, id: number, pixelAspect: Ratio | undefined): Uint8Array {
  const kind = { video: 0, audio: 1, other: 3 }[stream.class];
  const { video, audio } = stream;
  const media = video
    ? [video.width, video.height, pixelAspect?.numerator ?? 0, pixelAspect?.denominator ?? 0, 0]
    : audio
      ? [audio.sampleRate, 1, audio.channels]
      : [];
  return concat([
    ...[id, kind].map(number),
    bytes(stream.tag),
    ...[id, 0, 0, 0, 0].map(number), // time base, bits of a short time stamp, pts distance, decode delay, flags
    bytes(stream.codecSpecific),
    ...media.map(number),
  ]);
}

/** The one piece of information the encoder wants: without it, it takes the time base for the frame rate. */
function frameRateInfo(id: number, rate: Ratio): Uint8Array {
  const text = (value: string) => bytes(new TextEncoder().encode(value));
  const UTF8 = number(2); // -1 as a signed number: the value is text
  return concat([
    ...[id + 1, 0, 0, 0, 1].map(number), // stream, chapter, its start and length, number of entries
    text('r_frame_rate'),
    UTF8,
    text(`${rate.numerator}/${rate.denominator}`),
  ]);
}

function packet(kind: keyof typeof STARTCODES, body: Uint8Array): Uint8Array {
  const length = body.length + 4;
  const [high, low] = STARTCODES[kind];
  const head = concat([word(high), word(low), number(length)]);
  return concat([head, ...(length > LONG ? [word(checksum(head))] : []), body, word(checksum(body))]);
}

/** Seven bits a byte, most significant first. */
function number(value: number): number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest % 128) | 128);
  return digits;
}

function bytes(value: Uint8Array): Uint8Array {
  return concat([number(value.length), value]);
}

function word(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function concat(parts: readonly ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
