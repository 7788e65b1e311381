// OpenCV as a contender: a Python process of its own that masks the same frames when it is its turn.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Scene } from './scene.js';

/** Debian's Python, to which python3-opencv belongs; then whatever is called python3. */
const PYTHONS = ['/usr/bin/python3', 'python3'];

export type Way = 'small' | 'full';

export interface OpenCv {
  readonly version: string;
  /** Milliseconds a frame, over `count` frames. */
  turn(way: Way, count: number): Promise<number>;
  close(): Promise<void>;
}

/** @returns undefined where there is no Python with OpenCV */
export async function openOpenCv(scene: Scene): Promise<OpenCv | undefined> {
  const tell = 'import cv2; print(cv2.__version__)';
  const found = PYTHONS.map((python) => ({ python, told: spawnSync(python, ['-c', tell], { encoding: 'utf8' }) }));
  const best = found.find(({ told }) => told.status === 0);
  if (!best) return undefined;

  const folder = mkdtempSync(join(tmpdir(), 'bench-opencv-'));
  const frames = join(folder, 'frames.yuv');
  for (const frame of scene.frames) writeFileSync(frames, frame, { flag: 'a' });
  const script = join(import.meta.dirname, 'opencv.py');
  const child = spawn(best.python, [script, frames, `${scene.width}`, `${scene.height}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    version: best.told.stdout.trim(),
    turn: async (way, count) => {
      child.stdin.write(`${way} ${count}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('opencv.py ended before its time');
      return Number(value);
    },
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'close');
      rmSync(folder, { recursive: true });
    },
  };
}
