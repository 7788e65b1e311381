// The engine's cost: milliseconds a frame by style and cover, against copying a frame and against OpenCV, by stage and by
// kernel, and by picture size. Everything that is compared takes turns on the same moving frames, in processor time.

import type { Style } from '../src/engine/render.js';
import { processorMs } from './clock.js';
import { EngineRun, type KernelTimes, STAGES, watchKernels } from './engine-run.js';
import { openOpenCv } from './opencv.js';
import { coverOf, enlarge, frameAt, populate, type Scene } from './scene.js';
import { type Contender, median, pairedRatio, type Spread, spread, takeTurns } from './statistics.js';

export const STYLES: readonly Style[] = ['pixelate', 'blur', 'solid', 'tint', 'background'];
export const COVERS = [0.05, 0.2, 0.6, 1] as const;
/** The cover at which the engine is measured against its rivals. */
const USUAL_COVER = 0.2;
const SIZES = [
  ['480p', 854, 480],
  ['720p', 1280, 720],
  ['1080p', 1920, 1080],
  ['4K', 3840, 2160],
] as const;

export interface Plan {
  /** A real clip of a fixed camera. */
  readonly clip: string;
  readonly rounds: number;
  /** Frames a turn. */
  readonly turn: number;
}

export interface EngineFigures {
  /** One Buffer.copy of a 1080p frame between rotating buffers. */
  readonly memcpyMs: Spread;
  /** The worse of pixelate and solid at 20 % cover, copies in and out counted, in copies of a frame. */
  readonly memcpyRatio: number;
  readonly blurMemcpyRatio: number;
  /** How many times faster than OpenCV on 480x270 (the engine with blur, at 20 % cover); null without OpenCV. */
  readonly opencvRatio: number | null;
  readonly opencv: {
    readonly version: string;
    readonly smallMs: Spread;
    readonly fullMs: Spread;
    readonly fullRatio: number;
  } | null;
  readonly styles: readonly {
    readonly style: Style;
    readonly cover: number;
    readonly ms: Spread;
    readonly memcpyRatio: Spread;
  }[];
  readonly stages: readonly { readonly stage: string; readonly ms: number; readonly share: number }[];
  readonly kernels: readonly {
    readonly kernel: string;
    readonly ms: number;
    readonly calls: number;
    readonly share: number;
  }[];
  readonly sizes: readonly {
    readonly size: string;
    readonly ms: Spread;
    readonly memcpyRatio: Spread;
    readonly nsPerPixel: number;
  }[];
}

export async function benchEngine(plan: Plan, say: (what: string) => void): Promise<EngineFigures> {
  const empty = await enlarge(plan.clip, 1920, 1080, 24);
  const styles: EngineFigures['styles'][number][] = [];
  let memcpyMs: Spread | undefined;
  let opencv: EngineFigures['opencv'] = null;
  let opencvRatio: number | null = null;
  for (const cover of COVERS) {
    say(`1080p, ${cover * 100} % covered`);
    const scene = populate(empty, cover);
    const contenders: Record<string, Contender> = { memcpy: copying(scene, plan.turn) };
    for (const style of STYLES) contenders[style] = await masking(scene, empty, style, cover, plan.turn);
    const rival = cover === USUAL_COVER ? await openOpenCv(scene) : undefined;
    if (rival) {
      await rival.turn('small', scene.frames.length);
      contenders.small = () => rival.turn('small', plan.turn);
      contenders.full = () => rival.turn('full', Math.ceil(plan.turn / 4));
    }
    const times = await takeTurns(contenders, plan.rounds);
    await rival?.close();
    const memcpy = times.memcpy!;
    for (const style of STYLES) {
      const own = times[style];
      styles.push({ style, cover, ms: spread(own), memcpyRatio: pairedRatio(own, memcpy) });
    }
    if (cover === USUAL_COVER) memcpyMs = spread(memcpy);
    if (rival) {
      opencvRatio = pairedRatio(times.small!, times.blur!).median;
      const fullRatio = pairedRatio(times.full!, times.blur!).median;
      opencv = { version: rival.version, smallMs: spread(times.small!), fullMs: spread(times.full!), fullRatio };
    }
  }
  const ratio = (style: Style) =>
    styles.find((one) => one.style === style && one.cover === USUAL_COVER)!.memcpyRatio.median;
  return {
    memcpyMs: memcpyMs!,
    memcpyRatio: Math.max(ratio('pixelate'), ratio('solid')),
    blurMemcpyRatio: ratio('blur'),
    opencvRatio,
    opencv,
    styles,
    ...(await benchSteps(empty, plan, say)),
    sizes: await benchSizes(plan, say),
  };
}

/** Where a frame's time goes: by stage, and by kernel in a run of its own (watching costs a little). */
async function benchSteps(empty: Scene, plan: Plan, say: (what: string) => void) {
  say('the share of each step');
  const scene = populate(empty, USUAL_COVER);
  const frames = plan.rounds * plan.turn;
  const plain = await EngineRun.create(scene.width, scene.height, 'pixelate', empty.frames);
  play(plain, scene, USUAL_COVER, 0, 60);
  const before = { ...plain.stages };
  play(plain, scene, USUAL_COVER, 60, frames);
  const stages = STAGES.map((stage) => ({ stage, ms: (plain.stages[stage] - before[stage]) / frames }));
  const sum = stages.reduce((all, { ms }) => all + ms, 0);

  let learnt: KernelTimes = new Map();
  let watchedMs = 0;
  const kernels = await watchKernels(async (seen) => {
    const watched = await EngineRun.create(scene.width, scene.height, 'pixelate', empty.frames);
    play(watched, scene, USUAL_COVER, 0, 60);
    learnt = new Map([...seen].map(([name, total]) => [name, { ...total }]));
    const start = performance.now();
    play(watched, scene, USUAL_COVER, 60, frames);
    watchedMs = (performance.now() - start) / frames;
  });
  const costs = [...kernels].map(([kernel, total]) => {
    const ms = (total.ms - (learnt.get(kernel)?.ms ?? 0)) / frames;
    return { kernel, ms, calls: (total.calls - (learnt.get(kernel)?.calls ?? 0)) / frames, share: ms / watchedMs };
  });
  return {
    stages: stages.map((stage) => ({ ...stage, share: stage.ms / sum })),
    kernels: costs.filter(({ calls }) => calls > 0).sort((a, b) => b.ms - a.ms),
  };
}

async function benchSizes(plan: Plan, say: (what: string) => void): Promise<EngineFigures['sizes']> {
  const figures: EngineFigures['sizes'][number][] = [];
  const contenders: Record<string, Contender> = {};
  for (const [size, width, height] of SIZES) {
    say(size);
    const empty = await enlarge(plan.clip, width, height, 12);
    const scene = populate(empty, USUAL_COVER);
    contenders[size] = await masking(scene, empty, 'pixelate', USUAL_COVER, plan.turn);
    contenders[`${size} memcpy`] = copying(scene, plan.turn);
  }
  const times = await takeTurns(contenders, plan.rounds);
  for (const [size, width, height] of SIZES) {
    const own = times[size];
    const nsPerPixel = (median(own) * 1e6) / (width * height);
    figures.push({ size, ms: spread(own), memcpyRatio: pairedRatio(own, times[`${size} memcpy`]), nsPerPixel });
  }
  return figures;
}

/** Copies frames between eight buffers and eight others. */
function copying(scene: Scene, turn: number): Contender {
  const from = Array.from({ length: 8 }, (_, i) => Buffer.from(frameAt(scene, i)));
  const to = from.map((buffer) => Buffer.alloc(buffer.length));
  let at = 0;
  const copies = 4 * turn;
  const copy = () => {
    const start = processorMs();
    for (let i = 0; i < copies; i++, at++) from[at % 8].copy(to[at % 8]);
    return (processorMs() - start) / copies;
  };
  copy();
  return copy;
}

/** Masks frames with an engine of its own, warm and with its look-ahead full. */
async function masking(scene: Scene, empty: Scene, style: Style, cover: number, turn: number): Promise<Contender> {
  const run = await EngineRun.create(scene.width, scene.height, style, empty.frames);
  const covers = Array.from({ length: 2 * scene.frames.length - 2 }, (_, i) => coverOf(run.grid, cover, i));
  let at = 0;
  const masks = (count: number) => {
    const start = processorMs();
    for (let i = 0; i < count; i++, at++) run.step(frameAt(scene, at), covers[at % covers.length]);
    return (processorMs() - start) / count;
  };
  masks(60);
  return () => masks(turn);
}

function play(run: EngineRun, scene: Scene, cover: number, from: number, count: number): void {
  const covers = Array.from({ length: 16 }, (_, i) => coverOf(run.grid, cover, i));
  for (let at = from; at < from + count; at++) run.step(frameAt(scene, at), covers[at % covers.length]);
}
