// The scene's brightness and colour over time: follows the gain of the camera's exposure, and knows how colourful the
// scene usually is. A lasting change of exposure moves the background model once, so that the gain returns to 1 and the
// model to the levels the camera really sends.

import type { Background } from './background.js';
import type { Range } from './colors.js';
import { estimateGain } from './exposure.js';
import { BLOCK, type Grid } from './grid.js';
import type { Address } from './memory.js';
import type { Planes } from './planes.js';

/** The reference follows the background at the pace of the model's samples. */
const REFERENCE_MS = 8_000;
/** A gain this far from 1 for this long is there to stay. */
const LASTING = 0.03;
const LASTING_MS = 1_000;
/** Gains closer to 1 than this are left alone: no comparison notices them. */
const NEGLIGIBLE = 0.01;
/** Codes of black and white, by range (ITU-T H.273). */
const ENDS = { limited: [16, 235], full: [0, 255] } as const;
/** Every so many cells one is asked for its chroma; of fewer answers than this share nothing is told. */
const CHROMA_STEP = 61;
const CHROMA_LEAST = 0.1;
const UNKNOWN = -1;
const CHROMA_MS = 5_000;

/** Gain and colour are measured, and the reference follows, this often; in media milliseconds ... */
const MEASURE_MS = 100;
/** ... and the gain at once when the picture's mean light has changed by this share since it was measured. */
const OTHER_LIGHT = 0.004;

export class Brightness {
  /** The code of no light. */
  readonly black: number;
  /** Light of each code of luma: 0 at black, 255 at white. */
  readonly lightOf: Uint8ClampedArray;
  readonly #grid: Grid;
  readonly #bytes: Uint8Array;
  readonly #reference: Float32Array;
  readonly #current: Uint8Array;
  readonly #eligible: Uint8Array;
  readonly #kept: { readonly reference: Float32Array; readonly usualChroma: Float32Array };
  #gain = 1;
  #level = 0;
  #trusted = true;
  /** Mean of `#current`, now and when the gain was measured. */
  #light = 0;
  #measuredLight = Number.NaN;
  #sinceMeasured = 0;
  #lastingFor = 0;
  #chroma = { now: 0, usual: 0 };
  /** Of each cell asked. */
  readonly #usualChroma: Float32Array;

  constructor(grid: Grid, memory: Uint8Array, range: Range) {
    const [black, white] = ENDS[range];
    this.black = black;
    this.lightOf = Uint8ClampedArray.from({ length: 256 }, (_, code) => ((code - black) * 255) / (white - black));
    this.#grid = grid;
    this.#bytes = memory;
    const blocks = grid.blockColumns * grid.blockRows;
    this.#reference = new Float32Array(blocks);
    this.#current = new Uint8Array(blocks);
    this.#eligible = new Uint8Array(blocks);
    this.#usualChroma = new Float32Array(Math.ceil((grid.stride * grid.rows) / CHROMA_STEP)).fill(UNKNOWN);
    this.#kept = { reference: this.#reference.slice(), usualChroma: this.#usualChroma.slice() };
  }

  /** Present picture over background, 1 when equal. */
  get gain(): number {
    return this.#gain;
  }

  /** Mean light of the scene, 0 (black) to 255 (white), as of the last picture. */
  get level(): number {
    return this.#level;
  }

  /** Mean distance of chroma from grey in levels: now, and as it usually is in the same places. */
  get chroma(): { readonly now: number; readonly usual: number } {
    return this.#chroma;
  }

  /** A picture of which nothing is known but its light. @param blocks block means of its luma */
  glance(blocks: Address): void {
    this.#level = this.#takeLight(blocks, this.#current);
  }

  /** Keeps the reference and the usual colours, as `Background.keep` keeps the background. */
  keep(): void {
    this.#kept.reference.set(this.#reference);
    this.#kept.usualChroma.set(this.#usualChroma);
  }

  /** The background is again what it was at `keep`. */
  takeBack(): void {
    this.#reference.set(this.#kept.reference);
    this.#usualChroma.set(this.#kept.usualChroma);
    this.#gain = this.#level / Math.max(1, mean(this.#reference));
    this.#measuredLight = Number.NaN;
    this.#lastingFor = 0;
  }

  /** The background was learnt anew: block means of its luma are the reference. */
  restart(reference: Address): void {
    this.#takeLight(reference, this.#reference);
    this.#gain = 1;
    this.#measuredLight = Number.NaN;
    this.#lastingFor = 0;
    this.#usualChroma.fill(UNKNOWN);
    this.#chroma = { now: 0, usual: 0 };
  }

  /**
   * Measures gain and chroma of the present picture.
   * @param blocks block means of its luma
   * @param foreground bit plane of the last frame's foreground: blocks that touch it are not asked
   * @param elapsed media milliseconds since the last frame
   * @returns whether the gain is trusted
   */
  measure(planes: Planes, blocks: Address, foreground: Address, background: Background, elapsed: number): boolean {
    this.#sinceMeasured += elapsed;
    // The last frame's foreground is known, this one's is not yet: the reference follows the last frame.
    if (this.#sinceMeasured >= MEASURE_MS && !Number.isNaN(this.#measuredLight)) this.#follow(foreground);
    this.#light = this.#takeLight(blocks, this.#current);
    const change = Math.abs(this.#light - this.#measuredLight);
    // Written so that a light never measured is another light.
    if (this.#sinceMeasured < MEASURE_MS && change <= OTHER_LIGHT * this.#measuredLight) return this.#trusted;
    this.#markEligible(foreground);
    this.#measureGain(background);
    this.#measureChroma(planes, foreground);
    this.#measuredLight = this.#light;
    this.#sinceMeasured = 0;
    return this.#trusted;
  }

  #measureGain(background: Background): void {
    const { blockColumns, blockRows } = this.#grid;
    const { gain, trusted } = estimateGain(
      ...([this.#current, this.#reference, this.#eligible] as const),
      ...([{ columns: blockColumns, rows: blockRows }, this.#gain] as const),
    );
    this.#trusted = trusted;
    this.#gain = Math.abs(gain - 1) < NEGLIGIBLE ? 1 : gain;
    this.#level = trusted ? mean(this.#reference) * gain : this.#light;
    this.#lastingFor = trusted && Math.abs(gain - 1) > LASTING ? this.#lastingFor + this.#sinceMeasured : 0;
    if (this.#lastingFor > LASTING_MS) this.#settle(background);
  }

  /** Lets the reference follow the picture where nothing is masked. */
  #follow(foreground: Address): void {
    this.#markEligible(foreground);
    const weight = Math.min(1, this.#sinceMeasured / REFERENCE_MS);
    for (let i = 0; i < this.#reference.length; i++)
      if (this.#eligible[i]) this.#reference[i] += (this.#current[i] / this.#gain - this.#reference[i]) * weight;
  }

  #settle(background: Background): void {
    background.rescale(this.#gain, this.black);
    for (let i = 0; i < this.#reference.length; i++)
      this.#reference[i] = Math.min(255, this.#reference[i] * this.#gain);
    this.#gain = 1;
    this.#lastingFor = 0;
  }

  /** @returns the mean */
  #takeLight(from: Address, to: Float32Array | Uint8Array): number {
    const { blockColumns, blockRows, bitStride } = this.#grid;
    let sum = 0;
    for (let y = 0, i = 0; y < blockRows; y++)
      for (let x = 0; x < blockColumns; x++, i++) {
        const light = this.lightOf[this.#bytes[from + y * bitStride + x]];
        to[i] = light;
        sum += light;
      }
    return sum / to.length;
  }

  /** A block is eight cells wide: one byte of each of its eight bit rows. */
  #markEligible(foreground: Address): void {
    const { blockColumns, rows, bitStride } = this.#grid;
    this.#eligible.fill(1);
    for (let y = 0; y < rows; y++) {
      const from = foreground + y * bitStride;
      const to = Math.floor(y / BLOCK) * blockColumns;
      for (let x = 0; x < blockColumns; x++) if (this.#bytes[from + x] !== 0) this.#eligible[to + x] = 0;
    }
  }

  /**
   * Somebody who hides what there is of colour is no infrared filter: the cells that show no foreground are asked, and
   * their colour is held against what is usual for the same cells.
   */
  #measureChroma({ u, v }: Planes, foreground: Address): void {
    const { stride, bitStride } = this.#grid;
    const weight = Math.min(1, this.#sinceMeasured / CHROMA_MS);
    let [now, usual, count] = [0, 0, 0];
    for (let i = 0; i < this.#usualChroma.length; i++) {
      const cell = i * CHROMA_STEP;
      const [x, y] = [cell % stride, Math.floor(cell / stride)];
      if ((this.#bytes[foreground + y * bitStride + (x >> 3)] >> (x & 7)) & 1) continue;
      const chroma = Math.abs(this.#bytes[u + cell] - 128) + Math.abs(this.#bytes[v + cell] - 128);
      if (this.#usualChroma[i] === UNKNOWN) this.#usualChroma[i] = chroma;
      now += chroma;
      usual += this.#usualChroma[i];
      count++;
      this.#usualChroma[i] += (chroma - this.#usualChroma[i]) * weight;
    }
    // Too few tell nothing: as usual, then.
    if (count < this.#usualChroma.length * CHROMA_LEAST) this.#chroma = { ...this.#chroma, now: this.#chroma.usual };
    else this.#chroma = { now: now / count, usual: usual / count };
  }
}

function mean(levels: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < levels.length; i++) sum += levels[i];
  return sum / levels.length;
}
