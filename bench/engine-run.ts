// The only file of the benches that knows how the engine is called: one engine with its look-ahead, fed frame by frame as
// the shield feeds it, every copy counted, each stage timed.

import { readKernels } from '../src/assets.js';
import { Engine, type Evidence, LOOK_BACK_MS } from '../src/engine/engine.js';
import type { Frame } from '../src/engine/frame.js';
import type { Grid } from '../src/engine/grid.js';
import type { Style } from '../src/engine/render.js';
import { defaultPolicy } from '../src/settings/index.js';
import { processorMs } from './clock.js';

/** Frames a second of media time. */
export const RATE = 30;
const TIME_BASE = { numerator: 1, denominator: RATE };
const LOOK_AHEAD = Math.ceil((defaultPolicy.lookAhead * RATE) / 1000);
const LOOK_BACK = Math.ceil((LOOK_BACK_MS * RATE) / 1000);
/** Where masked frames go, in turns: nothing stays in the processor's cache. */
const OUTPUTS = 8;

export const STAGES = ['copy in', 'analyse', 'mask', 'render', 'copy out'] as const;
export type Stage = (typeof STAGES)[number];

interface Waiting {
  readonly frame: Frame;
  readonly evidence: Evidence;
}

export class EngineRun {
  /** Milliseconds of processor time so far. */
  readonly stages: Record<Stage, number> = { 'copy in': 0, analyse: 0, mask: 0, render: 0, 'copy out': 0 };
  readonly #engine: Engine;
  readonly #outputs: readonly Uint8Array[];
  readonly #waiting: Waiting[] = [];
  readonly #window: Evidence[] = [];
  #pts = 0;

  private constructor(engine: Engine, frameBytes: number) {
    this.#engine = engine;
    this.#outputs = Array.from({ length: OUTPUTS }, () => new Uint8Array(frameBytes));
  }

  /** @param pictures of the scene without those who walk through it: the background is learnt from them */
  static async create(
    width: number,
    height: number,
    style: Style,
    pictures: readonly Uint8Array[],
  ): Promise<EngineRun> {
    const engine = new Engine(await WebAssembly.compile(await readKernels()), {
      width,
      height,
      slots: LOOK_AHEAD + 3,
      policy: { ...defaultPolicy, style },
      matrix: 'bt709',
      range: 'limited',
    });
    const run = new EngineRun(engine, (width * height * 3) / 2);
    for (const picture of pictures) {
      const frame = run.#take(picture, 0);
      engine.learn(frame);
      frame.slot.release();
    }
    engine.finishLearning();
    return run;
  }

  get grid(): Grid {
    return this.#engine.grid;
  }

  /**
   * Takes a frame in and, once the look-ahead is full, the oldest one out.
   * @param cover the cells to paint instead of those the engine chose (a bit plane over the grid)
   * @returns the masked frame, or undefined while the look-ahead fills
   */
  step(source: Uint8Array, cover?: Uint8Array): Uint8Array | undefined {
    const engine = this.#engine;
    let mark = processorMs();
    const lap = (stage: Stage) => {
      const now = processorMs();
      this.stages[stage] += now - mark;
      mark = now;
    };

    const frame = this.#take(source, this.#pts++);
    lap('copy in');
    const evidence = engine.analyse(frame);
    this.#waiting.push({ frame, evidence });
    this.#window.push(evidence);
    lap('analyse');
    if (this.#waiting.length <= LOOK_AHEAD) return undefined;

    const subject = this.#waiting.shift()!;
    const mask = engine.maskOf(this.#window, engine.gateOf(this.#window, true));
    if (this.#window.length > LOOK_AHEAD + LOOK_BACK) this.#window.shift();
    if (cover) {
      const memory = new Uint8Array(subject.frame.data.buffer);
      memory.set(cover, mask.covered);
      memory.fill(0, mask.gated, mask.gated + cover.length);
    }
    lap('mask');
    const masked = engine.render(subject.frame, mask);
    lap('render');
    const output = this.#outputs[this.#pts % OUTPUTS];
    output.set(masked.data);
    masked.slot.release();
    lap('copy out');
    return output;
  }

  #take(source: Uint8Array, pts: number): Frame {
    const { pool } = this.#engine;
    const slot = pool.tryTake();
    if (!slot) throw new Error('the pool is empty: a frame was not released');
    slot.data.set(source);
    return { data: slot.data, width: pool.width, height: pool.height, pts, timeBase: TIME_BASE, slot };
  }
}

/** By name of the kernel. */
export type KernelTimes = ReadonlyMap<string, { readonly ms: number; readonly calls: number }>;

/** Milliseconds (wall clock: a call is too short for anything else) and calls of each kernel while `work` runs. Engines made within are watched, others are not. */
export async function watchKernels(work: (seen: KernelTimes) => Promise<void>): Promise<KernelTimes> {
  const seen = new Map<string, { ms: number; calls: number }>();
  const { Instance } = WebAssembly;
  class Watched {
    readonly exports: Record<string, unknown>;
    constructor(...args: ConstructorParameters<typeof Instance>) {
      const { exports } = new Instance(...args);
      this.exports = Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, watch(name, value)]));
    }
  }
  const watch = (name: string, value: unknown): unknown => {
    if (typeof value !== 'function') return value;
    const total = { ms: 0, calls: 0 };
    seen.set(name, total);
    return (...args: unknown[]): unknown => {
      const start = performance.now();
      const result: unknown = value(...args);
      total.ms += performance.now() - start;
      total.calls++;
      return result;
    };
  };
  Object.assign(WebAssembly, { Instance: Watched });
  try {
    await work(seen);
  } finally {
    Object.assign(WebAssembly, { Instance });
  }
  return seen;
}
