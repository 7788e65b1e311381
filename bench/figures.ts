// What a score over a whole recording hides: the worst single person, the masked share over time, and what a sudden event
// does to both. Pure: from what the scorer saw of each frame and person.

import type { PersonFrame } from './score.js';

export interface Worst {
  /** The person-frame of which most could be seen. */
  readonly person: PersonFrame | null;
  /** The track of at least 5 frames of which most could be seen, on average. */
  readonly track: { readonly track: number; readonly frames: number; readonly visible_mean: number } | null;
}

/** Masked shares (0..1) around an event; null where the recording does not reach. */
export interface EventFigures {
  /** Seconds. */
  readonly at: number;
  /** Mean over two seconds, up to one before: the look-ahead lets an event mask what comes just before it. */
  readonly before: number | null;
  /** Means over half a second, from one and from ten seconds after it; null when the next event comes before. */
  readonly after_1s: number | null;
  readonly after_10s: number | null;
  /** Mean over the last half second before the next event or the end. */
  readonly settled: number | null;
}

const MIN_TRACK = 5;

export function worstOf(people: readonly PersonFrame[]): Worst {
  const person = people.reduce<PersonFrame | null>(
    (worst, one) => (one.visible > (worst?.visible ?? -1) ? one : worst),
    null,
  );
  const tracks = new Map<number, number[]>();
  for (const { track, visible } of people)
    if (track !== null) tracks.set(track, [...(tracks.get(track) ?? []), visible]);
  const averages = [...tracks]
    .filter(([, shares]) => shares.length >= MIN_TRACK)
    .map(([track, shares]) => ({ track, frames: shares.length, visible_mean: average(shares)! }))
    .sort((a, b) => b.visible_mean - a.visible_mean);
  return { person, track: averages[0] ?? null };
}

/** The mean masked share of each second. @param rate frames a second */
export function overTime(shares: readonly number[], rate: number): (number | null)[] {
  return Array.from({ length: Math.ceil(shares.length / rate) }, (_, second) =>
    between(shares, rate, second, second + 1),
  );
}

/** @param frames numbers of the frames at which something happens, in order */
export function aroundEvents(shares: readonly number[], rate: number, frames: readonly number[]): EventFigures[] {
  return frames.map((frame, i) => {
    const at = frame / rate;
    const end = (frames[i + 1] ?? shares.length) / rate;
    const after = (seconds: number) =>
      at + seconds < end ? between(shares, rate, at + seconds, at + seconds + 0.5) : null;
    return {
      at,
      before: between(shares, rate, at - 3, at - 1),
      after_1s: after(1),
      after_10s: after(10),
      settled: between(shares, rate, end - 0.5, end),
    };
  });
}

/** Mean over the frames from `from` (inclusive) to `to` (exclusive) seconds, at least one. */
function between(shares: readonly number[], rate: number, from: number, to: number): number | null {
  const first = Math.max(0, Math.ceil(from * rate - 1e-6));
  return average(shares.slice(first, Math.max(first + 1, Math.ceil(to * rate - 1e-6))));
}

function average(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 1e4) / 1e4;
}
