// Reads the headers of a NUT stream and tells where payloads lie; no payload passes through here. The reader is pure:
// it looks at bytes, says how many of them one header takes, or how many it must see to tell.

import type { TimeBase } from '../engine/frame.js';
import { checksum, FILE_ID, FLAGS, LONG, N, type NutStream, STARTCODES } from './nut-format.js';

/** Bounds against damaged streams: no header is nearly as long, no frame (8K is 50 MB) nearly as large. */
const MAX_HEADER = 1 << 20;
const MAX_PAYLOAD = 2 ** 31;
const MAX_STREAMS = 64;

/** The stream is not NUT, or damaged. */
export class NutError extends Error {
  override readonly name = 'NutError';
}

export interface NutFrame {
  readonly stream: NutStream;
  /** In ticks of the stream's time base. */
  readonly pts: number;
  /** First bytes of the payload, left out of the stream because they are always the same; usually none. */
  readonly prefix: Uint8Array;
  /** Bytes of payload that follow the header in the stream. */
  readonly size: number;
}

export interface NutHeader {
  /** Bytes this header takes. */
  readonly length: number;
  /** The frame whose payload follows; undefined for headers about streams and positions. */
  readonly frame?: NutFrame;
}

interface FrameCode {
  flags: number;
  stream: number;
  sizeFactor: number;
  size: number;
  ptsStep: number;
  reserved: number;
  headerIndex: number;
}

interface StreamState {
  readonly stream: NutStream;
  /** Bits of a short time stamp. */
  readonly ptsShift: number;
  lastPts: number;
}

export class NutReader {
  #opened = false;
  #timeBases: TimeBase[] = [];
  #codes: FrameCode[] = [];
  #elided: Uint8Array[] = [];
  #expected = 0;
  readonly #streams: StreamState[] = [];
  #needed = 1;

  /** Streams announced so far, in order of their ids. */
  get streams(): readonly NutStream[] {
    return this.#streams.map((state) => state.stream);
  }

  /** True when every stream has been announced. */
  get complete(): boolean {
    return this.#expected > 0 && this.streams.length === this.#expected;
  }

  /** How many bytes `next` must be shown after it has answered undefined. */
  get needed(): number {
    return this.#needed;
  }

  /**
   * Reads one header at the start of `bytes`, which must begin where the last header (and payload) ended.
   * @returns undefined when `bytes` ends before the header does
   * @throws NutError
   */
  next(bytes: Uint8Array): NutHeader | undefined {
    const cursor = new Cursor(bytes);
    try {
      return this.#next(cursor);
    } catch (error) {
      if (error !== SHORT) throw error;
      this.#needed = Math.max(cursor.wanted, bytes.length + 1);
      return undefined;
    }
  }

  #next(cursor: Cursor): NutHeader {
    if (!this.#opened) {
      const id = cursor.take(FILE_ID.length);
      if (!id.every((byte, at) => byte === FILE_ID[at])) throw new NutError('not a NUT stream');
      this.#opened = true;
      return { length: cursor.at };
    }
    return cursor.peekByte() === N ? this.#packet(cursor) : this.#frame(cursor);
  }

  #packet(cursor: Cursor): NutHeader {
    const kind = cursor.word();
    cursor.word();
    const length = cursor.number();
    if (length < 4 || length > MAX_HEADER) throw new NutError(`a header of ${length} bytes`);
    if (length > LONG) cursor.word();
    const packet = cursor.take(length);
    const end = cursor.at;
    const body = packet.subarray(0, length - 4);
    if (checksum(body) !== new Cursor(packet.subarray(length - 4)).word()) throw new NutError('a damaged header');
    try {
      const fields = new Cursor(body);
      if (kind === STARTCODES.main[0]) this.#main(fields);
      else if (kind === STARTCODES.stream[0]) this.#stream(fields);
      else if (kind === STARTCODES.syncpoint[0]) this.#syncpoint(fields);
    } catch (error) {
      throw error === SHORT ? new NutError('a header that ends early') : error;
    }
    return { length: end };
  }

  #main(fields: Cursor): void {
    if (this.complete) return; // repeated now and then for late joiners
    const version = fields.number();
    if (version > 3) fields.skip();
    this.#expected = fields.number();
    if (this.#expected < 1 || this.#expected > MAX_STREAMS) throw new NutError(`${this.#expected} streams`);
    fields.skip(); // largest distance between syncpoints
    this.#timeBases = fields.list(fields.number(), () => {
      const [numerator, denominator] = [fields.number(), fields.number()];
      if (numerator < 1 || denominator < 1) throw new NutError(`a time base of ${numerator}/${denominator}`);
      return { numerator, denominator };
    });
    this.#codes = readFrameCodes(fields);
    this.#elided = [new Uint8Array(0), ...fields.list(fields.number(), () => new Uint8Array(fields.bytes()))];
  }

  #stream(fields: Cursor): void {
    const id = fields.number();
    const kind = fields.number();
    const tag = new Uint8Array(fields.bytes());
    const timeBase = this.#timeBases[fields.number()];
    const ptsShift = fields.number();
    if (id >= this.#expected || !timeBase || ptsShift > 16) throw new NutError(`a bad header of stream ${id}`);
    if (this.#streams[id]) return;
    if (id !== this.#streams.length) throw new NutError(`stream ${id} out of order`);
    for (let skipped = 0; skipped < 3; skipped++) fields.skip(); // pts distance, decode delay, flags
    const common = { id, tag, timeBase, codecSpecific: new Uint8Array(fields.bytes()) };
    const [first, second] = kind < 2 ? [fields.number(), fields.number()] : [0, 0];
    const stream: NutStream =
      kind === 0
        ? { ...common, class: 'video', video: { width: first, height: second } }
        : kind === 1
          ? { ...common, class: 'audio', audio: { sampleRate: first / (second || 1), channels: fields.number() } }
          : { ...common, class: 'other' };
    this.#streams.push({ stream, ptsShift, lastPts: 0 });
  }

  /** Gives every stream the time from which short time stamps count on. */
  #syncpoint(fields: Cursor): void {
    const coded = fields.number();
    const from = this.#timeBases[coded % this.#timeBases.length];
    if (!from) throw new NutError('a syncpoint before the main header');
    const pts = BigInt(Math.floor(coded / this.#timeBases.length));
    for (const state of this.#streams) {
      const to = state.stream.timeBase;
      const ticks = pts * BigInt(from.numerator) * BigInt(to.denominator);
      state.lastPts = Number(ticks / (BigInt(from.denominator) * BigInt(to.numerator)));
    }
  }

  #frame(cursor: Cursor): NutHeader {
    const code = this.#codes[cursor.byte()];
    if (!code || code.flags & FLAGS.invalid) throw new NutError('a bad frame code');
    let flags = code.flags;
    if (flags & FLAGS.coded) flags ^= cursor.number();
    if (flags & FLAGS.sideData) throw new NutError('side data, which is not understood');
    const id = flags & FLAGS.streamId ? cursor.number() : code.stream;
    const state = this.#streams[id];
    if (!state) throw new NutError(`a frame of stream ${id}, which was not announced`);
    const pts = flags & FLAGS.codedPts ? wholePts(cursor.number(), state) : state.lastPts + code.ptsStep;
    let size = code.size;
    if (flags & FLAGS.sizeMsb) size += code.sizeFactor * cursor.number();
    if (flags & FLAGS.matchTime) cursor.skip();
    const headerIndex = flags & FLAGS.headerIndex ? cursor.number() : code.headerIndex;
    const reserved = flags & FLAGS.reserved ? cursor.number() : code.reserved;
    if (reserved > MAX_STREAMS) throw new NutError(`${reserved} reserved fields`);
    for (let skipped = 0; skipped < reserved; skipped++) cursor.skip();
    const covered = cursor.since();
    if (flags & FLAGS.checksum && cursor.word() !== checksum(covered)) throw new NutError('a damaged frame header');

    const prefix = size > LONG ? this.#elided[0]! : this.#elided[headerIndex];
    if (!prefix || prefix.length > size || size > MAX_PAYLOAD || !Number.isSafeInteger(pts))
      throw new NutError(`a frame of ${size} bytes at ${pts}`);
    state.lastPts = pts;
    return { length: cursor.at, frame: { stream: state.stream, pts, prefix, size: size - prefix.length } };
  }
}

/** A coded time stamp is whole (plus 2^shift), or the low bits of one near the last. */
function wholePts(coded: number, { ptsShift, lastPts }: StreamState): number {
  const span = 2 ** ptsShift;
  if (coded >= span) return coded - span;
  const lowest = lastPts - Math.floor(span / 2);
  return ((((coded - lowest) % span) + span) % span) + lowest;
}

/** The table that gives each first byte of a frame its meaning, run-length coded in the main header. */
function readFrameCodes(fields: Cursor): FrameCode[] {
  const codes: FrameCode[] = [];
  const invalid: FrameCode = {
    flags: FLAGS.invalid,
    stream: 0,
    sizeFactor: 1,
    size: 0,
    ptsStep: 0,
    reserved: 0,
    headerIndex: 0,
  };
  let [ptsStep, sizeFactor, stream, headerIndex] = [0, 1, 0, 0];
  while (codes.length < 256) {
    const flags = fields.number();
    const given = fields.number();
    if (given > 0) ptsStep = fields.signed();
    if (given > 1) sizeFactor = fields.number();
    if (given > 2) stream = fields.number();
    const size = given > 3 ? fields.number() : 0;
    const reserved = given > 4 ? fields.number() : 0;
    const count = given > 5 ? fields.number() : sizeFactor - size;
    if (given > 6) fields.skip();
    if (given > 7) headerIndex = fields.number();
    if (given > MAX_STREAMS) throw new NutError('a bad frame code table');
    for (let skipped = 8; skipped < given; skipped++) fields.skip();
    if (count < 1 || count > 256) throw new NutError('a bad frame code table');
    for (let step = 0; step < count && codes.length < 256; step++) {
      if (codes.length === N) codes.push(invalid);
      codes.push({ flags, stream, sizeFactor, size: size + step, ptsStep, reserved, headerIndex });
    }
  }
  return codes;
}

/** Thrown, without the cost of a stack, when the bytes end before the header does. */
const SHORT = Symbol('more bytes needed');

class Cursor {
  at = 0;
  /** Bytes that must be there for the field that was too long. */
  wanted = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  peekByte(): number {
    this.#need(1);
    return this.#bytes[this.at]!;
  }

  byte(): number {
    this.#need(1);
    return this.#bytes[this.at++]!;
  }

  word(): number {
    const [a, b, c, d] = this.take(4);
    return ((a! << 24) | (b! << 16) | (c! << 8) | d!) >>> 0;
  }

  /** A number of seven bits a byte, most significant first. */
  number(): number {
    let value = 0;
    for (;;) {
      const byte = this.byte();
      value = value * 128 + (byte & 127);
      if (!Number.isSafeInteger(value)) throw new NutError('a number beyond 2^53');
      if (byte < 128) return value;
    }
  }

  /** 0, 1, -1, 2, -2 ... */
  signed(): number {
    const value = this.number() + 1;
    return value % 2 === 0 ? value / 2 : -(value - 1) / 2;
  }

  /** Passes over a number, which may be of any size. */
  skip(): void {
    while (this.byte() >= 128);
  }

  bytes(): Uint8Array {
    const length = this.number();
    if (length > MAX_HEADER) throw new NutError(`a field of ${length} bytes`);
    return this.take(length);
  }

  take(count: number): Uint8Array {
    this.#need(count);
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  list<T>(count: number, read: () => T): T[] {
    if (count > MAX_HEADER) throw new NutError(`a list of ${count}`);
    const values: T[] = [];
    while (values.length < count) values.push(read());
    return values;
  }

  /** All bytes read so far. */
  since(): Uint8Array {
    return this.#bytes.subarray(0, this.at);
  }

  #need(count: number): void {
    this.wanted = this.at + count;
    if (this.wanted > this.#bytes.length) throw SHORT;
  }
}
