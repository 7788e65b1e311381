// Measures in which range each tensor of NanoDet moves, on pictures that are not scored on. A range too wide wastes steps, one
// too narrow clips what is large: the one with the least squared error over all pictures is taken.

import { Runtime } from '../../src/detect/runtime.js';
import { buildNanoDet, type Ranges, rangedTensors } from './nanodet.js';
import type { Network } from './network.js';
import { invented, randomFrom, sampleFrames, varied } from './pictures.js';

const SIZES = [
  { width: 416, height: 256 },
  { width: 416, height: 320 },
  { width: 320, height: 416 },
];
const VARIATIONS = 3;
const INVENTED = 16;
const BINS = 2048;
/** Significant digits kept, so that the last bits of another processor's arithmetic do not show. */
const DIGITS = 4;

export async function measureRanges(network: Network, threads: number): Promise<Ranges> {
  const runtime = new Runtime(threads);
  try {
    const net = await runtime.load(buildNanoDet(network, undefined, true));
    const tensors = rangedTensors(network);
    const histograms = new Map(tensors.map((name) => [name, new Histogram()]));
    for (const { width, height, rgb } of calibrationPictures()) {
      const outputs = await net.run({ rgb: { data: rgb, shape: [1, height, width, 3] } });
      for (const name of tensors) histograms.get(name)!.add(outputs[name]);
    }
    return Object.fromEntries(tensors.map((name) => [name, histograms.get(name)!.bestRange()]));
  } finally {
    await runtime.close();
  }
}

function* calibrationPictures() {
  const random = randomFrom(1);
  const sizes = Array.from({ length: SIZES.length * 1000 }, (_, i) => SIZES[i % SIZES.length]).values();
  for (const frame of sampleFrames(20))
    for (let i = 0; i < VARIATIONS; i++) {
      const size = sizes.next().value!;
      yield { ...size, rgb: varied(frame, size, random) };
    }
  for (let i = 0; i < INVENTED; i++) {
    const size = sizes.next().value!;
    yield { ...size, rgb: invented(size, random) };
  }
}

/** Counts of values; its bins widen as larger values come. */
class Histogram {
  #counts = new Float64Array(2 * BINS);
  /** Bins are this wide; the middle is 0. */
  #step = 2 ** -12;

  add(values: Float32Array): void {
    let most = 0;
    for (const value of values) most = Math.max(most, Math.abs(value));
    while (most >= BINS * this.#step) this.#widen();
    for (const value of values) this.#counts[Math.floor(value / this.#step) + BINS]++;
  }

  #widen(): void {
    const counts = new Float64Array(2 * BINS);
    for (let i = 0; i < 2 * BINS; i++) counts[((i - BINS) >> 1) + BINS] += this.#counts[i];
    this.#counts = counts;
    this.#step *= 2;
  }

  bestRange(): [number, number] {
    const used = [...this.#counts.keys()].filter((i) => this.#counts[i] > 0);
    const least = Math.min(0, (used[0] - BINS) * this.#step);
    const most = Math.max(0, (used.at(-1)! + 1 - BINS) * this.#step);
    let best: { error: number; range: [number, number] } | undefined;
    for (let below = 20; below > 0; below--)
      for (let above = 20; above > 6; above--) {
        const range: [number, number] = [(least * below) / 20, (most * above) / 20];
        const error = this.#error(range);
        if (best === undefined || error < best.error) best = { error, range };
      }
    return best!.range.map((value) => Number(value.toPrecision(DIGITS))) as [number, number];
  }

  /** Squared error: a twelfth of the step's square within, the square of the distance outside. */
  #error([low, high]: readonly [number, number]): number {
    const rounding = ((high - low) / 255) ** 2 / 12;
    let sum = 0;
    for (let i = 0; i < 2 * BINS; i++) {
      if (this.#counts[i] === 0) continue;
      const value = (i - BINS + 0.5) * this.#step;
      const clipped = value < low ? low - value : value > high ? value - high : 0;
      sum += this.#counts[i] * (rounding + clipped * clipped);
    }
    return sum;
  }
}
