// The mask engine of one camera: clear frames in, masked frames out. It owns the memory in which frames live and joins the
// rooms around it: analyse (what is to be seen), maskOf (what is to be hidden), render (the only way out).

import { Analyser, type Evidence } from './analyser.js';
import { Backdrop } from './backdrop.js';
import type { Matrix, Range } from './colors.js';
import { Composer } from './compose.js';
import type { EvidencePlanes } from './evidence.js';
import type { Frame, FramePool } from './frame.js';
import { decideGate, type GateDecision, type GateSnapshot } from './gate.js';
import { type Grid, makeGrid } from './grid.js';
import { instantiate, KERNEL_BASE, type Kernels } from './kernels.js';
import { LongClear } from './long-clear.js';
import type { Mask } from './mask.js';
import { type Address, Layout } from './memory.js';
import { type BlockMeans, layoutBlockMeans } from './planes.js';
import { SlotPool } from './pool.js';
import { type MaskedFrame, Renderer, type Style } from './render.js';
import type { LearningCause } from './scene.js';
import { type Margins, marginsOf, thresholdsOf } from './thresholds.js';
import { type Area, rasterise } from './zones.js';

export type { Evidence } from './analyser.js';
export { LOOK_BACK_MS } from './compose.js';

/** What the settings say to the engine: the policy of src/settings, as far as the motion method needs it. */
export interface EnginePolicy {
  /** 0..100. */
  readonly sensitivity: number;
  readonly size: number;
  /** Seconds. */
  readonly mergeTime: number;
  readonly style: Style;
  /** '#rrggbb'. */
  readonly color: string;
  /** Percent. */
  readonly tint: number;
  readonly areas: readonly Area[];
}

export interface EngineOptions {
  /** Pixels, even. */
  readonly width: number;
  readonly height: number;
  /** Frames that may be on their way at once. */
  readonly slots: number;
  readonly policy: EnginePolicy;
  readonly matrix: Matrix;
  readonly range: Range;
}

/** Evidence outlives its frame by at least this many frames, for the windows of those that come after. */
const EVIDENCE_BEYOND_SLOTS = 16;
/** The gain of the scene matters to the gate only when so much of the picture differs. */
const GAIN_MATTERS = 0.3;

export class Engine {
  readonly grid: Grid;
  readonly pool: FramePool;
  readonly #kernels: Kernels;
  readonly #analyser: Analyser;
  readonly #composer: Composer;
  readonly #renderer: Renderer;
  readonly #backdrop: { readonly learnt: Backdrop; readonly clear: LongClear } | undefined;
  readonly #bytes: Uint8Array;
  readonly #ring: readonly EvidencePlanes[];
  /** What lies in the ring now, by place. */
  readonly #held: Evidence[] = [];
  readonly #blocks: readonly BlockMeans[];
  readonly #maskPicture: Address;
  readonly #margins: Margins;
  readonly #areasDrawn: boolean;
  #next = 0;

  /** Bytes of memory for one frame on its way. */
  static bytesPerFrame(width: number, height: number): number {
    return (width * height * 3) / 2;
  }

  /** @param wasm the compiled kernels */
  constructor(wasm: WebAssembly.Module, options: EngineOptions) {
    const { width, height, slots, policy, matrix, range } = options;
    const grid = makeGrid(width, height);
    const layout = new Layout(KERNEL_BASE);
    const analyser = Analyser.layout(layout, grid);
    const composer = Composer.layout(layout, grid);
    const renderer = Renderer.layout(layout, grid);
    const backdrop = policy.style === 'background' ? layoutBackdrop(layout, grid) : undefined;
    this.#maskPicture = layout.reserve(width * height);
    this.#ring = Array.from({ length: 2 * slots + EVIDENCE_BEYOND_SLOTS }, () => ({
      foreground: layout.bitPlane(grid),
      large: layout.bitPlane(grid),
      huge: layout.bitPlane(grid),
    }));
    this.#blocks = Array.from({ length: slots }, () => layoutBlockMeans(layout, grid));
    const pictures = Array.from({ length: slots }, () => layout.picture(grid));

    const { kernels, memory } = instantiate(wasm, layout.pages);
    const { buffer } = memory;
    this.grid = grid;
    this.#kernels = kernels;
    this.#bytes = new Uint8Array(buffer);
    this.#margins = marginsOf(policy.size, grid);
    const frameBytes = Engine.bytesPerFrame(width, height);
    const views = pictures.map((at) => new Uint8Array(buffer, at, frameBytes));
    this.pool = new SlotPool(width, height, views);
    this.#analyser = new Analyser(grid, kernels, buffer, analyser, {
      thresholds: thresholdsOf(policy.sensitivity, grid),
      margins: this.#margins,
      mergeTime: policy.mergeTime * 1000,
      range,
    });
    this.#backdrop = backdrop && {
      learnt: new Backdrop(grid, kernels, buffer, backdrop.learnt),
      clear: new LongClear(grid, kernels, this.#bytes, backdrop.clear),
    };
    this.#renderer = new Renderer(grid, kernels, buffer, renderer, this.#backdrop?.learnt);
    this.#renderer.configure({ style: policy.style, color: policy.color, tint: policy.tint, matrix, range });
    const zones = rasterise(policy.areas, grid);
    this.#areasDrawn = zones.drawn;
    this.#composer = new Composer(grid, kernels, this.#bytes, composer);
    this.#composer.setZones(zones);
  }

  /**
   * Learning ahead: offers a picture of the scene. Its slot may be released afterwards.
   * @returns whether it shows the scene of the first one offered: no other is learnt from
   */
  learn(frame: Frame): boolean {
    return this.#analyser.learn(frame.data.byteOffset);
  }

  /** Ends learning ahead; from here on what differs is masked. @throws Error when nothing was offered */
  finishLearning(): void {
    this.#analyser.finishLearning();
  }

  /** Learns the background anew; until then everything maskable is masked. */
  reset(): void {
    this.#analyser.reset();
    this.#backdrop?.learnt.forget();
    this.#backdrop?.clear.forget();
  }

  /** What the frame shows. Frames come in the order of their time stamps. The pixels are not changed. */
  analyse(frame: Frame): Evidence {
    const place = this.#next++ % this.#ring.length;
    const evidence = this.#analyser.analyse(frame, this.#ring[place], this.#blocks[frame.slot.index]);
    this.#held[place] = evidence;
    this.#learnBackdrop(frame, evidence);
    return evidence;
  }

  /**
   * The gate's word on a frame.
   * @param window evidence of the frames around it, itself included
   * @param complete false when the frame has to leave before the frames after it were seen
   */
  gateOf(window: readonly Evidence[], complete: boolean): GateDecision {
    // A burst of frames can push evidence out of the ring while a window still asks for it: that window is not complete.
    const held = window.every((evidence) => this.#held.includes(evidence));
    return decideGate(snapshotOf(window, complete && held, this.#areasDrawn));
  }

  /** The mask of a frame. Valid until the next call. */
  maskOf(window: readonly Evidence[], gate: GateDecision): Mask {
    return this.#composer.compose(window, gate.state, this.#margins);
  }

  /** Masks the frame, in place. */
  render(frame: Frame, mask: Mask): MaskedFrame {
    return this.#renderer.render(frame, mask, this.#blocks[frame.slot.index]);
  }

  /** Share of the picture that a mask covers, 0..1. */
  share(mask: Mask): number {
    return this.#composer.share(mask);
  }

  /** The mask as a grey picture of the frame's size, 255 where a pixel is masked. A copy. */
  picture(mask: Mask): Uint8Array {
    const { width, height, cell, bitStride } = this.grid;
    this.#kernels.expandMask(mask.covered, bitStride, cell, this.#maskPicture, width, height);
    return this.#bytes.slice(this.#maskPicture, this.#maskPicture + width * height);
  }

  /** Keeps the full-size background current, from what is clear for long; a new scene starts it anew. */
  #learnBackdrop(frame: Frame, { scene, foreground, time }: Evidence): void {
    if (!this.#backdrop) return;
    const { learnt, clear } = this.#backdrop;
    if (scene.phase === 'steady') {
      const { base, huge } = this.#margins;
      learnt.learn(frame, clear.after(foreground, base + huge, time));
    } else {
      clear.forget();
      if (scene.phase === 'learning') learnt.forget();
    }
  }
}

function layoutBackdrop(layout: Layout, grid: Grid) {
  return { learnt: Backdrop.layout(layout, grid), clear: LongClear.layout(layout, grid) };
}

/** What the gate needs to know of a window: the worst that any frame of it saw. */
function snapshotOf(window: readonly Evidence[], complete: boolean, areasDrawn: boolean): GateSnapshot {
  const learns = (...causes: LearningCause[]) =>
    window.some(({ scene }) => scene.phase === 'learning' && causes.includes(scene.cause));
  return {
    method: 'motion',
    readable: true,
    started: window.length > 0,
    camera: learns('moved') ? 'moving' : window.some(({ elsewhere }) => elsewhere) ? 'elsewhere' : 'steady',
    areas: areasDrawn ? 'drawn' : 'none',
    sceneCut: learns('changed'),
    unexplainedChange: Math.max(...window.map(({ share }) => share)),
    learning: learns('start', 'reset'),
    infraredSwitch: learns('infrared'),
    gainTrusted: window.every(({ gainTrusted, share, lit }) => lit && (gainTrusted || share < GAIN_MATTERS)),
    revealed: false,
    proven: complete,
  };
}
