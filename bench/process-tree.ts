// What a command costs with all the processes it starts: the shell's own `times` counts every child that was waited for,
// and their children, on any Unix.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Cost {
  /** User and system time of the whole process tree, milliseconds. */
  readonly cpuMs: number;
  readonly elapsedMs: number;
}

/** @throws Error with the command's last words when it fails */
export async function costOf(command: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-times-'));
  const file = join(folder, 'times');
  const script = '"$@"; status=$?; times > "$BENCH_TIMES"; exit $status';
  try {
    const started = performance.now();
    const child = spawn('/bin/sh', ['-c', script, 'sh', ...command], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...environment, BENCH_TIMES: file },
    });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-2000);
    });
    const code = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
    if (code !== 0) throw new Error(`${command.slice(0, 3).join(' ')} ... failed (${code}): ${words.trim()}`);
    return { cpuMs: childrenMs(readFileSync(file, 'utf8')), elapsedMs: performance.now() - started };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of what `times` prints (POSIX): the second line is user and system time of the children, as `1m2.345s 0m0.678s`. */
export function childrenMs(printed: string): number {
  const line = printed.trim().split('\n')[1] ?? '';
  const times = [...line.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  if (times.length !== 2) throw new Error(`the shell's times are not understood: ${printed}`);
  return (times[0] + times[1]) * 1000;
}
