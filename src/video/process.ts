// One ffmpeg child, from spawn to exit. It lives exactly as long as this object says: it is started by the constructor,
// ended by its input's end, `stop`, `kill` or the AbortSignal, and never outlives Node. Its log is read line by line,
// kept short, and stripped of passwords before anybody sees it.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { atExit } from './at-exit.js';

/** Log lines kept for an error message. */
const KEPT_LINES = 8;
/** How long a child may take to end when asked, in milliseconds, before it is killed. */
const GRACE = 2000;
/** Runs a program with core dumps off: a dump of ffmpeg would hold clear pictures. */
const WITHOUT_CORE_DUMPS = ['-c', 'ulimit -c 0; exec "$0" "$@"'];
/** Every command line starts with these: no questions, no progress; a level on each line; CPU time at the end. */
const COMMON = ['-hide_banner', '-nostdin', '-nostats', '-benchmark', '-loglevel', 'repeat+level+verbose'];

/** A report file would hold addresses with their passwords; a coloured log cannot be read. */
const NOT_INHERITED = ['FFREPORT', 'AV_LOG_FORCE_COLOR', 'AV_LOG_FORCE_256COLOR'];

export type LogLevel = 'panic' | 'fatal' | 'error' | 'warning' | 'info' | 'verbose';

export interface LogLine {
  readonly level: LogLevel;
  /** Without component prefix and level; passwords removed. */
  readonly text: string;
}

export interface Exit {
  /** Null when a signal ended the child. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last warnings and errors, oldest first. */
  readonly complaints: readonly string[];
  /** User plus system time of the child in milliseconds; 0 when it died before it could say. */
  readonly cpuMs: number;
}

export interface FfmpegProcessOptions {
  /** What the child is to the reader of an error: "decoder", "encoder". */
  readonly role: string;
  /** Kills the child at once. */
  readonly signal?: AbortSignal | undefined;
  /** True when this process writes to the child's standard input, as `stdin`. */
  readonly feed?: boolean;
  /** File descriptor of the child's standard output; nothing by default. The caller closes its own copy. */
  readonly output?: number;
  /** Sees every line of the log. */
  readonly onLine?: (line: LogLine) => void;
}

export class FfmpegProcess implements AsyncDisposable {
  readonly role: string;
  /** Resolves when the child is gone and its log has been read to the end; never rejects. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;

  /** @param args ffmpeg's arguments after the common ones (no banner, no questions, log with levels) */
  constructor(path: string, args: readonly string[], options: FfmpegProcessOptions) {
    const { role, signal, onLine } = options;
    signal?.throwIfAborted();
    this.role = role;
    const command = [path, ...COMMON, ...args];
    const [program, ...rest] = process.platform === 'win32' ? command : ['sh', ...WITHOUT_CORE_DUMPS, ...command];
    const child = spawn(program!, rest, {
      env: environment(),
      stdio: [options.feed ? 'pipe' : 'ignore', options.output ?? 'ignore', 'pipe'],
      windowsHide: true,
    });
    this.#child = child;
    // A child that dies while it is written to is reported by `exited`, with its reason; EPIPE has none to give.
    child.stdin?.on('error', () => {});

    const complaints: string[] = [];
    let cpuMs = 0;
    const log = createInterface({ input: child.stderr! });
    log.on('line', (raw) => {
      const line = parseLine(raw);
      const bench = /^bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(line.text);
      if (bench) cpuMs = (Number(bench[1]) + Number(bench[2])) * 1000;
      if (line.level !== 'info' && line.level !== 'verbose') {
        complaints.push(line.text);
        if (complaints.length > KEPT_LINES) complaints.shift();
      }
      onLine?.(line);
    });

    const kill = () => child.kill('SIGKILL');
    const forget = atExit(kill);
    signal?.addEventListener('abort', kill, { once: true });
    this.exited = new Promise((resolve) => {
      const settle = (code: number | null, by: NodeJS.Signals | null) => {
        forget();
        signal?.removeEventListener('abort', kill);
        resolve({ code, signal: by, complaints, cpuMs });
      };
      child.once('error', (error) => {
        complaints.push(redact(error.message));
        if (child.pid === undefined) settle(127, null);
      });
      child.once('close', settle);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The child's standard input. @throws TypeError when the child is not fed */
  get stdin(): Writable {
    if (!this.#child.stdin) throw new TypeError(`the ${this.role} is not fed`);
    return this.#child.stdin;
  }

  /** Asks the child to end, and kills it when it does not within two seconds. */
  async stop(): Promise<Exit> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), GRACE);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  kill(): Promise<Exit> {
    this.#child.kill('SIGKILL');
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_INHERITED.includes(name)));
}

/** One line that says how a child ended, and why as far as it said. */
export function describeExit(role: string, exit: Exit): string {
  const how = exit.signal ? `was ended by ${exit.signal}` : `stopped with code ${exit.code}`;
  const why = exit.complaints.at(-1);
  return why ? `ffmpeg (${role}) ${how}: ${why}` : `ffmpeg (${role}) ${how}`;
}

/** Text without the passwords of the URLs in it. Rather too much is removed than too little. */
export function redact(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s'"]*@/gi, '$1***@')
    .replace(/\b(pass|passwd|password|pwd|token|secret|key|auth|sig)=[^&\s'"]*/gi, '$1=***');
}

/** Takes a line of `-loglevel level` apart: `[h264 @ 0x55d0] [error] text`. */
export function parseLine(raw: string): LogLine {
  const found = /^(?:\[[^\]]* @ [^\]]*\] )*\[(panic|fatal|error|warning|info|verbose)\] (.*)$/.exec(raw);
  return found ? { level: found[1] as LogLevel, text: redact(found[2]!) } : { level: 'info', text: redact(raw) };
}
