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
/** Ratios up to MOST_RATIO are counted in bins of 1 / BINS. */
const BINS = 1024;
const MOST_RATIO = 16;
/** Scratch of every call: counts of the bins, and the ratio of each block (0 where there is none). */
const histogram = new Uint16Array(BINS * MOST_RATIO);
let ratios = new Float32Array(0);

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
  if (ratios.length < current.length) ratios = new Float32Array(current.length);
  ratios.fill(0);
  histogram.fill(0);
  let total = 0;
  for (let i = 0; i < current.length; i++) {
    const light = current[i];
    const usual = reference[i];
    if (!eligible[i] || usual < DARKEST || usual > BRIGHTEST || light > BRIGHTEST || light === 0) continue;
    const ratio = light / usual;
    if (ratio >= MOST_RATIO) continue;
    ratios[i] = ratio;
    histogram[(ratio * BINS) | 0]++;
    total++;
  }
  if (total < Math.max(1, current.length * LEAST_ELIGIBLE)) return { gain: previous, trusted: false };
  const gain = medianRatio(total);

  const agreeing = [0, 0, 0, 0];
  const present = [0, 0, 0, 0];
  let unchanged = 0;
  const [least, most] = [gain * (1 - AGREEMENT), gain * (1 + AGREEMENT)];
  const [leastOld, mostOld] = [previous * (1 - AGREEMENT), previous * (1 + AGREEMENT)];
  for (let y = 0, i = 0; y < grid.rows; y++)
    for (let x = 0; x < grid.columns; x++, i++) {
      const ratio = ratios[i];
      if (ratio === 0) continue;
      const quadrant = (x < grid.columns / 2 ? 0 : 1) + (y < grid.rows / 2 ? 0 : 2);
      present[quadrant]++;
      if (ratio >= least && ratio <= most) agreeing[quadrant]++;
      if (ratio >= leastOld && ratio <= mostOld) unchanged++;
    }
  const all = agreeing.reduce((sum, n) => sum + n, 0);
  const everywhere = present.every((n, q) => n < QUADRANT_LEAST || agreeing[q] >= n * QUADRANT_QUORUM);
  const vetoed = Math.abs(gain / previous - 1) > 2 * AGREEMENT && unchanged > total * VETO;
  const trusted = all >= total * QUORUM && everywhere && !vetoed;
  return { gain: trusted ? gain : previous, trusted };
}

/** The median of the `total` binned ratios, interpolated within its bin. */
function medianRatio(total: number): number {
  let below = 0;
  let bin = 0;
  while (below + histogram[bin] < total / 2) below += histogram[bin++];
  return (bin + (total / 2 - below) / histogram[bin]) / BINS;
}
