// The learned background: samples and radius of every cell, learnt from pictures of the scene as a temporal median, kept
// current where nothing is masked, and brought up to date where something has stayed for the merge time.

import type { Grid } from './grid.js';
import type { Kernels } from './kernels.js';
import type { Address, Layout } from './memory.js';
import type { Planes } from './planes.js';
import type { Thresholds } from './thresholds.js';

/** The model holds, for each group of 16 cells, 16 samples of 16 Y, 16 U and 16 V, four by four (background.as.ts). */
const SAMPLES = 16;
const SAMPLE_BYTES = 48;
const QUAD_BYTES = 4 * SAMPLE_BYTES;
/** Bytes a cell of what `keep` keeps: samples, radius, floor, noise and median. */
const KEPT_BYTES = 3 * SAMPLES + 6;
/** Pictures from which the background is learnt: enough for a median of a busy street, few enough to hold. */
export const MOST_PICTURES = 40;
/** Every cell takes in one present value in this time, so a sample lives 16 times as long: 8 s. */
const ABSORB_PERIOD_MS = 500;
/**
 * Luma levels by which a blinking cell's radius grows where the scene is dim and where it is not, and the widest radius.
 * Leaves ask for much growth; by night noise blinks round people, and a radius that grows with it would lose them.
 */
const DIM_GROWTH = 2;
const RADIUS_GROWTH = 8;
const WIDEST_RADIUS = 40;
/** The radius of a restless cell: this many times the median change from one learnt picture to the next. */
const NOISE_FACTOR = 2;
/** Below this luma level the radius shrinks with the light, down to this share of it. */
const DIM_LEVEL = 80;
const DARKEST_SHARE = 0.2;

export class Background {
  readonly #grid: Grid;
  readonly #kernels: Kernels;
  readonly #memory: Uint8Array;
  readonly #samples: Address;
  readonly #radius: Address;
  readonly #floor: Address;
  readonly #noise: Address;
  readonly #median: Address;
  readonly #store: Address;
  readonly #kept: Address;
  readonly #planeBytes: number;
  #pictures = 0;
  /** Of the pictures offered, each `#stride`th is kept, so that they span the whole learning time. */
  #stride = 1;
  #offered = 0;
  #cursor = 0;
  #due = 0;
  #seed = 1;
  #growth = DIM_GROWTH;

  /** Reserves the model's memory. Call `attach` with the kernels before anything else. */
  static layout(layout: Layout, grid: Grid) {
    const planeBytes = grid.stride * grid.rows;
    return {
      planeBytes,
      samples: layout.reserve((planeBytes / 16) * SAMPLE_BYTES * SAMPLES),
      radius: layout.bytePlane(grid),
      floor: layout.bytePlane(grid),
      noise: layout.bytePlane(grid),
      median: layout.reserve(planeBytes * 3),
      store: layout.reserve(planeBytes * 3 * MOST_PICTURES),
      kept: layout.reserve(planeBytes * KEPT_BYTES),
    };
  }

  constructor(grid: Grid, kernels: Kernels, memory: Uint8Array, at: ReturnType<typeof Background.layout>) {
    this.#grid = grid;
    this.#kernels = kernels;
    this.#memory = memory;
    this.#samples = at.samples;
    this.#radius = at.radius;
    this.#floor = at.floor;
    this.#noise = at.noise;
    this.#median = at.median;
    this.#store = at.store;
    this.#kept = at.kept;
    this.#planeBytes = at.planeBytes;
  }

  /** Pictures learnt so far since the last `forget`. */
  get pictures(): number {
    return this.#offered;
  }

  /** Starts a new learning time. The present model stays until `conclude`. */
  forget(): void {
    this.#pictures = 0;
    this.#offered = 0;
    this.#stride = 1;
  }

  /** Offers a picture for learning. When the store is full every second one is given up and the pace halved. */
  learn(planes: Pick<Planes, 'luma' | 'u' | 'v'>): void {
    const index = this.#offered++;
    if (index % this.#stride !== 0) return;
    if (this.#pictures === MOST_PICTURES) {
      this.#pictures = MOST_PICTURES / 2;
      for (let k = 1; k < this.#pictures; k++)
        this.#memory.copyWithin(this.#picture(k), this.#picture(2 * k), this.#picture(2 * k + 1));
      this.#stride *= 2;
      if (index % this.#stride !== 0) return;
    }
    const to = this.#picture(this.#pictures++);
    [planes.luma, planes.u, planes.v].forEach((plane, i) => {
      this.#memory.copyWithin(to + i * this.#planeBytes, plane, plane + this.#planeBytes);
    });
  }

  #picture(index: number): Address {
    return this.#store + index * 3 * this.#planeBytes;
  }

  /**
   * Makes the median of what was offered the background of the cells in `which` (a bit plane).
   * @throws Error when no picture was offered
   */
  conclude(which: Address, thresholds: Thresholds): void {
    if (this.#pictures === 0) throw new Error('no picture to learn the background from');
    const { rows, stride, bitStride } = this.#grid;
    const bytes = 3 * this.#planeBytes;
    const k = this.#kernels;
    k.median(this.#store, bytes, this.#pictures, this.#median, bytes);
    k.restlessness(this.#store, bytes, this.#pictures, this.#noise, this.#planeBytes);
    this.#setFloor(thresholds);
    // What lies within the cell's radius of the median is the scene, and what is farther off somebody.
    k.seed(
      ...([this.#store, this.#planeBytes, this.#pictures, this.#median, this.#floor, this.#samples] as const),
      ...([which, rows, stride, bitStride] as const),
    );
    this.#memory.copyWithin(this.#radius, this.#floor, this.#floor + this.#planeBytes);
    this.forget();
  }

  /**
   * The least radius of each cell: from the sensitivity, less where it is dark (there is less light to differ in), and
   * never below the noise seen while learning.
   */
  setThresholds(thresholds: Thresholds): void {
    this.present(this.#median);
    this.#setFloor(thresholds);
  }

  #setFloor({ radius }: Thresholds): void {
    const quiet = Uint8Array.from({ length: 256 }, (_, level) =>
      Math.round(radius * Math.min(1, Math.max(DARKEST_SHARE, level / DIM_LEVEL))),
    );
    let light = 0;
    for (let i = 0; i < this.#planeBytes; i++) {
      const noise = this.#memory[this.#noise + i] * NOISE_FACTOR;
      const least = quiet[this.#memory[this.#median + i]];
      light += this.#memory[this.#median + i] / this.#planeBytes;
      this.#memory[this.#floor + i] = Math.min(WIDEST_RADIUS, Math.max(least, noise));
    }
    // All of the growth at DIM_LEVEL, the least at half of it.
    const lit = Math.min(1, Math.max(0, (2 * light) / DIM_LEVEL - 1));
    this.#growth = Math.round(DIM_GROWTH + (RADIUS_GROWTH - DIM_GROWTH) * lit);
  }

  /** The learnt background as a luma, a u and a v plane, one after the other. */
  get median(): Address {
    return this.#median;
  }

  /** Writes the background's luma as it is now (the first sample of every cell) to a byte plane. */
  present(plane: Address): void {
    for (let i = 0; i < this.#planeBytes; i += 16) {
      const sample = this.#samples + (i / 16) * QUAD_BYTES;
      this.#memory.copyWithin(plane + i, sample, sample + 16);
    }
  }

  /** Sets the bits of `foreground` where the picture differs from the background. */
  compare(planes: Planes, foreground: Address, thresholds: Thresholds): void {
    const { columns, rows, stride, bitStride } = this.#grid;
    const { chromaShare, chromaLeast } = thresholds;
    this.#kernels.compare(
      ...([planes.level, planes.levelU, planes.levelV, this.#samples, this.#radius, foreground] as const),
      ...([columns, rows, stride, bitStride, chromaShare, chromaLeast] as const),
    );
  }

  /**
   * Takes in the present picture wherever `frozen` has no bit, at a pace in media time.
   * @param now raw foreground of this frame, @param before of the last
   * @param elapsed media milliseconds since the last frame
   */
  update(planes: Planes, frozen: Address, now: Address, before: Address, elapsed: number): void {
    const { columns, rows, stride, bitStride } = this.#grid;
    const groups = this.#planeBytes / 16;
    this.#due = Math.min(groups, this.#due + (groups * elapsed) / ABSORB_PERIOD_MS);
    let count = Math.floor(this.#due);
    this.#due -= count;
    let [grow, first] = [this.#growth, this.#cursor];
    do {
      const last = Math.min(groups, first + count);
      this.#kernels.absorb(
        ...([planes.level, planes.levelU, planes.levelV, this.#samples, frozen] as const),
        ...([columns, rows, stride, bitStride, first, last, this.#seed++ >>> 0] as const),
      );
      this.#kernels.adaptRadius(
        ...([this.#radius, this.#floor, now, before, frozen] as const),
        ...([rows, stride, bitStride, first, last, grow, WIDEST_RADIUS] as const),
      );
      grow = 0;
      count -= last - first;
      first = last === groups ? 0 : last;
    } while (count > 0);
    this.#cursor = first;
  }

  /** Keeps a copy of the background as it is. */
  keep(): void {
    this.#forEachPart((part, bytes, copy) => this.#memory.copyWithin(copy, part, part + bytes));
  }

  /** The background is again what it was at `keep`. */
  takeBack(): void {
    this.#forEachPart((part, bytes, copy) => this.#memory.copyWithin(part, copy, copy + bytes));
    this.forget();
  }

  #forEachPart(visit: (part: Address, bytes: number, copy: Address) => void): void {
    const plane = this.#planeBytes;
    let copy = this.#kept;
    for (const [part, bytes] of [
      [this.#samples, 3 * SAMPLES * plane],
      [this.#median, 3 * plane],
      ...[this.#radius, this.#floor, this.#noise].map((one) => [one, plane] as const),
    ] as const) {
      visit(part, bytes, copy);
      copy += bytes;
    }
  }

  /** The cells in `which` are background from now on, as they look now. */
  adopt(planes: Planes, which: Address): void {
    const { rows, stride, bitStride } = this.#grid;
    const { level, levelU, levelV } = planes;
    this.#kernels.adopt(level, levelU, levelV, this.#samples, which, rows, stride, bitStride);
  }

  /** The scene became `gain` times as bright, above `black`, for good: the model follows. */
  rescale(gain: number, black = 0): void {
    this.#kernels.rescale(this.#samples, this.#planeBytes / 16, Math.round(gain * 256), black);
  }
}
