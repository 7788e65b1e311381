// Did the whole scene become brighter or darker? A camera's exposure multiplies every pixel, a person does not. The ratio
// of the present picture to the background is measured on blocks of cells; it is believed only when blocks all over the
// picture agree on it, so that a dark coat close to the lens does not pass for dusk.

/** Light, 0 at black and 255 at white, outside of which a block is too dark or too bright to tell a ratio. */
const DARKEST = 10;
const BRIGHTEST = 235;
/** Blocks agree when they lie within this share of the median ratio. */
const AGREEMENT = 0.1;
/** Share of the blocks that must agree, over all and in each quadrant that has enough of them. */
const QUORUM = 0.6;
const QUADRANT_QUORUM = 0.4;
const QUADRANT_LEAST = 8;
/** Least share of all blocks that must be eligible: of a picture full of people nothing is believed. */
const LEAST_ELIGIBLE = 0.08;
/** Share of blocks still at the old gain which says that not everything changed. */
const VETO = 0.15;
/** Ratios are counted in bins of 1/BINS of an octave. */
const BINS = 64;
const OCTAVES = 4;

export interface BlockGrid {
  readonly columns: number;
  readonly rows: number;
}

export interface GainEstimate {
  /** Present picture over background; the previous gain where it is not trusted. */
  readonly gain: number;
  readonly trusted: boolean;
}

/**
 * @param current mean light (0 black, 255 white) of each block of the present picture
 * @param reference the same of the background
 * @param eligible 1 where the block showed no foreground in the last frame
 * @param previous the gain of the last frame
 */
export function estimateGain(
  current: Uint8Array,
  reference: Float32Array,
  eligible: Uint8Array,
  grid: BlockGrid,
  previous: number,
): GainEstimate {
  const histogram = new Uint32Array(2 * OCTAVES * BINS);
  let total = 0;
  const usable = (i: number) =>
    eligible[i] === 1 &&
    reference[i] >= DARKEST &&
    reference[i] <= BRIGHTEST &&
    current[i] <= BRIGHTEST &&
    current[i] > 0;
  const blocks = grid.columns * grid.rows;
  for (let i = 0; i < blocks; i++) {
    if (!usable(i)) continue;
    const bin = Math.floor((Math.log2(current[i] / reference[i]) + OCTAVES) * BINS);
    if (bin < 0 || bin >= histogram.length) continue;
    histogram[bin]++;
    total++;
  }
  if (total < Math.max(1, blocks * LEAST_ELIGIBLE)) return { gain: previous, trusted: false };
  const gain = medianRatio(histogram, total);

  const agreeing = [0, 0, 0, 0];
  const present = [0, 0, 0, 0];
  let unchanged = 0;
  for (let i = 0; i < blocks; i++) {
    if (!usable(i)) continue;
    const quadrant = (i % grid.columns < grid.columns / 2 ? 0 : 1) + (i < blocks / 2 ? 0 : 2);
    const ratio = current[i] / reference[i];
    present[quadrant]++;
    if (Math.abs(ratio / gain - 1) <= AGREEMENT) agreeing[quadrant]++;
    if (Math.abs(ratio / previous - 1) <= AGREEMENT) unchanged++;
  }
  const all = agreeing.reduce((sum, n) => sum + n, 0);
  const everywhere = present.every((n, q) => n < QUADRANT_LEAST || agreeing[q] >= n * QUADRANT_QUORUM);
  const vetoed = Math.abs(gain / previous - 1) > 2 * AGREEMENT && unchanged > total * VETO;
  const trusted = all >= total * QUORUM && everywhere && !vetoed;
  return { gain: trusted ? gain : previous, trusted };
}

/** The median of the binned ratios, interpolated within its bin. */
function medianRatio(histogram: Uint32Array, total: number): number {
  let below = 0;
  let bin = 0;
  while (below + histogram[bin] < total / 2) below += histogram[bin++];
  const within = (total / 2 - below) / histogram[bin];
  return 2 ** ((bin + within) / BINS - OCTAVES);
}
