// The bytes a child writes, pulled by whoever needs them, and read by the kernel straight into the memory where they
// are to stay. A named pipe and `onread` are the cheapest transport Node has: `data` events allocate and copy each
// 64 KiB once more, 0.6 ms of every 1080p frame.

import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Bytes that may arrive before their place is known. Large enough for a header, small enough to copy for nothing. */
const LANDING = 4096;

export interface Fifo {
  /** Non-blocking, for a ByteReader, which closes it. */
  readonly readEnd: number;
  /** For the child; to be closed here once the child has it, or the reader never sees the end. */
  readonly writeEnd: number;
}

/** Both ends of a pipe that has no name any more when this returns. */
export async function openFifo(): Promise<Fifo> {
  const folder = await mkdtemp(join(tmpdir(), 'privacy-shield-'));
  try {
    const path = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    // Non-blocking, the read end opens without a writer; then the write end finds its reader.
    const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return { readEnd, writeEnd: openSync(path, 'w') };
    } catch (error) {
      closeSync(readEnd);
      throw error;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads only while somebody waits: one `peek` or `fill` at a time. */
export class ByteReader {
  readonly #socket: Socket;
  readonly #landing = new Uint8Array(LANDING);
  /** Bytes that came before anybody asked for them are `#early[#start..#end)`. */
  #early = new Uint8Array(2 * LANDING);
  #start = 0;
  #end = 0;
  /** The memory now being filled, if any, and how much of it is. */
  #target: Uint8Array | undefined;
  #filled = 0;
  #over = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  /** @param fd the read end of a pipe; it belongs to the reader from now on */
  constructor(fd: number) {
    const options: SocketConstructorOpts & ConnectOpts = {
      fd,
      readable: true,
      writable: false,
      onread: { buffer: () => this.#room(), callback: (count, buffer) => this.#arrived(count, buffer) },
    };
    this.#socket = new Socket(options);
    this.#socket.on('error', (error) => {
      this.#failure = error;
      this.#finish();
    });
    this.#socket.on('end', () => this.#finish());
    this.#socket.on('close', () => this.#finish());
  }

  /** The next bytes without taking them: at least `count`, fewer only at the end. Valid until the next call. */
  async peek(count: number): Promise<Uint8Array> {
    this.#makeRoom(count);
    while (this.#end - this.#start < count && !this.#over) await this.#more();
    if (this.#failure) throw this.#failure;
    return this.#early.subarray(this.#start, this.#end);
  }

  /** Takes `count` bytes which `peek` has shown. */
  skip(count: number): void {
    this.#start += count;
  }

  /** Fills all of `into` and takes these bytes. Resolves to false when the stream ends before. */
  async fill(into: Uint8Array): Promise<boolean> {
    const ready = this.#early.subarray(this.#start, Math.min(this.#end, this.#start + into.length));
    into.set(ready);
    this.#start += ready.length;
    this.#target = into;
    this.#filled = ready.length;
    while (this.#filled < into.length && !this.#over) await this.#more();
    this.#target = undefined;
    if (this.#failure) throw this.#failure;
    return this.#filled === into.length;
  }

  /** Closes the pipe; whoever waits sees the end of the stream. */
  close(): void {
    this.#socket.destroy();
    this.#finish();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#socket.resume();
    });
  }

  #finish(): void {
    this.#over = true;
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** Where the next read goes. After a pause that is the landing: Node asks before the next target is known. */
  #room(): Uint8Array {
    const rest = this.#target?.subarray(this.#filled);
    return rest?.length ? rest : this.#landing;
  }

  /** Answers whether to read on. */
  #arrived(count: number, buffer: Uint8Array): boolean {
    if (buffer === this.#landing) this.#sort(buffer.subarray(0, count));
    else this.#filled += count;
    if (this.#target && this.#filled < this.#target.length) return true;
    this.#notify();
    return false;
  }

  /** Bytes from the landing go on into the target; those beyond it wait. */
  #sort(bytes: Uint8Array): void {
    let rest = bytes;
    if (this.#target) {
      const part = bytes.subarray(0, this.#target.length - this.#filled);
      this.#target.set(part, this.#filled);
      this.#filled += part.length;
      rest = bytes.subarray(part.length);
    }
    this.#makeRoom(this.#end - this.#start);
    this.#early.set(rest, this.#end);
    this.#end += rest.length;
  }

  /** Moves the early bytes to the front, in memory for `count` bytes and a landing beyond. */
  #makeRoom(count: number): void {
    const early = this.#early.subarray(this.#start, this.#end);
    if (count + LANDING > this.#early.length) this.#early = new Uint8Array(2 * (count + LANDING));
    this.#early.set(early);
    this.#start = 0;
    this.#end = early.length;
  }
}
