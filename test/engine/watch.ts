// Shows scenes to an engine the way a shield does, frame by frame through the look-ahead, and keeps what left: the mask,
// the gate's word and the picture.

import { readFileSync } from 'node:fs';
import { Subject } from 'rxjs';
import { kernelsPath } from '../../src/assets.js';
import { Engine, type EnginePolicy, type Evidence, LOOK_BACK_MS } from '../../src/engine/engine.js';
import type { Frame } from '../../src/engine/frame.js';
import type { GateDecision } from '../../src/engine/gate.js';
import { inWindow } from '../../src/shield/look-ahead.js';
import { type Person, Place, type Shot } from './scenes.js';

const wasm = new WebAssembly.Module(readFileSync(kernelsPath()));
const MILLISECONDS = { numerator: 1, denominator: 1000 };

export const DEFAULTS: EnginePolicy = {
  ...{ sensitivity: 50, size: 60, mergeTime: 3600, style: 'solid', color: '#808080', tint: 0, areas: [] },
};

/** A frame that left. */
export interface Seen {
  /** Milliseconds, as shown. */
  readonly at: number;
  readonly shot: Shot;
  readonly gate: GateDecision;
  /** Share of the picture that is masked, 0..1. */
  readonly share: number;
  /** 255 where masked. */
  readonly mask: Uint8Array;
  /** The picture that came, and as it left; empty where the watch does not keep pictures. */
  readonly input: Uint8Array;
  readonly output: Uint8Array;
}

interface Waiting {
  readonly kind: 'frame';
  readonly stamp: number;
  readonly at: number;
  readonly frame: Frame;
  readonly evidence: Evidence;
  readonly shot: Shot;
  readonly input: Uint8Array;
}

export interface WatchOptions {
  readonly place?: Place;
  readonly policy?: Partial<EnginePolicy>;
  /** Milliseconds. */
  readonly lookAhead?: number;
  /** Most frames that wait. */
  readonly most?: number;
  /** Keep the pictures. */
  readonly pictures?: boolean;
}

const NO_PICTURE = new Uint8Array(0);

export class Watch {
  readonly place: Place;
  readonly engine: Engine;
  /** All that left so far. */
  readonly seen: Seen[] = [];
  /** Of the pictures to learn from: whether each was. */
  readonly learnt: boolean[] = [];
  readonly #frames = new Subject<Waiting>();
  readonly #pictures: boolean;
  #now = 0;
  #stampAhead = 0;

  constructor(options: WatchOptions = {}) {
    const { place = new Place(256, 144), policy = {}, lookAhead = 200, most = 40, pictures = false } = options;
    this.#pictures = pictures;
    this.place = place;
    this.engine = new Engine(wasm, {
      ...{ width: place.width, height: place.height, slots: most + 2 },
      policy: { ...DEFAULTS, ...policy },
      ...{ matrix: 'bt709', range: 'limited' },
    });
    this.#frames.pipe(inWindow<Waiting, never>({ lookAhead, lookBack: LOOK_BACK_MS, most })).subscribe((item) => {
      if (item.kind !== 'frame') return;
      const { subject, complete } = item;
      const window = item.window.map(({ evidence }) => evidence);
      const gate = this.engine.gateOf(window, complete);
      const mask = this.engine.maskOf(window, gate);
      const { at, shot, input, frame } = subject;
      const seen = { at, shot, gate, input, share: this.engine.share(mask), mask: this.engine.picture(mask) };
      const { data } = this.engine.render(frame, mask);
      this.seen.push({ ...seen, output: this.#pictures ? data.slice() : NO_PICTURE });
      frame.slot.release();
    });
  }

  /** Milliseconds shown so far: when the next frame of `play` comes. */
  get now(): number {
    return this.#now;
  }

  /** Learns ahead from the place without anybody, unless told otherwise. @param scene of the picture of each number */
  know(scene: Shot | ((index: number) => Shot) = {}, pictures = 20): this {
    for (let i = 0; i < pictures; i++) {
      const frame = this.#shoot(typeof scene === 'function' ? scene(i) : scene, i);
      this.learnt.push(this.engine.learn(frame));
      frame.slot.release();
    }
    this.engine.finishLearning();
    return this;
  }

  /** From now on the camera's clock is ahead by so many milliseconds more; `at` and `now` know nothing of it. */
  setClockAhead(milliseconds: number): this {
    this.#stampAhead += milliseconds;
    return this;
  }

  /** Shows `seconds` of a scene. @param scene of the seconds since this call */
  play(seconds: number, scene: Shot | ((t: number) => Shot), fps = 15): this {
    const start = this.#now;
    for (let i = 0; i < Math.round(seconds * fps); i++) {
      const at = start + (i * 1000) / fps;
      this.show(typeof scene === 'function' ? scene((at - start) / 1000) : scene, at);
    }
    this.#now = start + seconds * 1000;
    return this;
  }

  /** Shows one frame. @param at milliseconds */
  show(shot: Shot, at: number): this {
    const stamp = at + this.#stampAhead;
    const frame = this.#shoot(shot, stamp);
    const input = this.#pictures ? frame.data.slice() : NO_PICTURE;
    this.#frames.next({ kind: 'frame', stamp, at, frame, evidence: this.engine.analyse(frame), shot, input });
    this.#now = at;
    return this;
  }

  /** The recording ends: what waits leaves. */
  end(): this {
    this.#frames.complete();
    return this;
  }

  /** What left of the frames from `from` to before `to`, in milliseconds. */
  between(from: number, to = Number.POSITIVE_INFINITY): Seen[] {
    return this.seen.filter(({ at }) => at >= from && at < to);
  }

  /** Share of a person that can be seen, 0..1; of everybody in the shot together, where nobody is named. */
  visible(seen: Seen, people: readonly Person[] = seen.shot.people ?? []): number {
    const pixels = people.flatMap((person) => this.place.pixelsOf(person));
    if (pixels.length === 0) return 0;
    return pixels.filter((pixel) => seen.mask[pixel] === 0).length / pixels.length;
  }

  #shoot(shot: Shot, stamp: number): Frame {
    const slot = this.engine.pool.tryTake();
    if (!slot) throw new Error('no free slot: more frames wait than the watch has room for');
    this.place.shoot(shot, slot.data);
    const { width, height } = this.place;
    return { data: slot.data, width, height, pts: Math.round(stamp), timeBase: MILLISECONDS, slot };
  }
}

/** The greatest of what `measure` finds. */
export function worst(frames: readonly Seen[], measure: (seen: Seen) => number): number {
  if (frames.length === 0) throw new Error('no frame left in this time');
  return Math.max(...frames.map(measure));
}
