// Words of the NUT container which reader and writer share. NUT is how frames travel between ffmpeg and this process:
// a few bytes of header with the exact time stamp before each raw picture, and sound beside it.
// Source: the NUT specification, https://git.ffmpeg.org/gitweb/nut.git/blob/HEAD:/docs/nut.txt

import type { TimeBase } from '../engine/frame.js';

/** The stream opens with these 25 bytes. */
export const FILE_ID = new TextEncoder().encode('nut/multimedia container\0');

/** Headers begin with eight bytes; the first four tell them apart. All begin with 'N', which is no frame code. */
export const STARTCODES = {
  main: [0x4e4d7a56, 0x1f5f04ad],
  stream: [0x4e531140, 0x5bf2f9db],
  syncpoint: [0x4e4be4ad, 0xeeca4569],
  info: [0x4e49ab68, 0xb596ba78],
} as const;

export const N = 0x4e;

/** Flags of a frame code. */
export const FLAGS = {
  key: 1,
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  sideData: 256,
  headerIndex: 1024,
  matchTime: 2048,
  coded: 4096,
  invalid: 8192,
} as const;

/** Headers longer than this carry a checksum of their own length field, and larger frames elide no header. */
export const LONG = 4096;

export type StreamClass = 'video' | 'audio' | 'other';

/** What a stream header says. */
export interface NutStream {
  readonly id: number;
  readonly class: StreamClass;
  /** Two or four bytes that name the codec: `I420` and `Y800` are raw pictures. */
  readonly tag: Uint8Array;
  readonly timeBase: TimeBase;
  /** The codec's own header, often empty. */
  readonly codecSpecific: Uint8Array;
  readonly video?: { readonly width: number; readonly height: number };
  readonly audio?: { readonly sampleRate: number; readonly channels: number };
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 24;
  for (let bit = 0; bit < 8; bit++) rest = rest & 0x80000000 ? (rest << 1) ^ 0x04c11db7 : rest << 1;
  return rest >>> 0;
});

/** CRC-32 of polynomial 0x04C11DB7, most significant bit first, starting at 0, not inverted. */
export function checksum(bytes: Uint8Array): number {
  let rest = 0;
  for (const byte of bytes) rest = (rest << 8) ^ TABLE[((rest >>> 24) ^ byte) & 255]!;
  return rest >>> 0;
}
