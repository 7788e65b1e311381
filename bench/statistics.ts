// Figures from noisy times. Machines are never quiet, so nothing is measured alone: rivals take turns, and what is told is
// the median over the turns of their ratio.

export interface Spread {
  readonly median: number;
  /** Quartiles: half of all turns lie between them. */
  readonly low: number;
  readonly high: number;
}

/** The value below which the share `at` (0..1) of the values lies, interpolated. @throws RangeError for none */
export function quantile(values: readonly number[], at: number): number {
  if (values.length === 0) throw new RangeError('no values to take a quantile of');
  const sorted = [...values].sort((a, b) => a - b);
  const place = at * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.ceil(place);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** Of each turn's `a` over the same turn's `b`. @throws RangeError when the turns do not match */
export function pairedRatio(a: readonly number[], b: readonly number[]): Spread {
  if (a.length !== b.length) throw new RangeError(`${a.length} turns against ${b.length}`);
  return spread(a.map((value, turn) => value / b[turn]));
}

/** Something that takes a turn: does its work and says how many milliseconds one unit of it took. */
export type Contender = () => number | Promise<number>;

/**
 * Lets every contender take a turn in every round, each round beginning with another one, so that no one always runs
 * in another's wake.
 * @returns for each name its milliseconds by round
 */
export async function takeTurns<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  rounds: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, new Array<number>(rounds)])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length];
      times[name][round] = await contenders[name]();
    }
  return times;
}
