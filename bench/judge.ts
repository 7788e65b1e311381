// Lays masks against the truth of a set and of a variant of it: the score, and what the score alone hides.

import { join } from 'node:path';
import { probe } from './ffmpeg.js';
import { aroundEvents, type EventFigures, overTime, type Worst, worstOf } from './figures.js';
import { readMasks } from './masks.js';
import { type Score, Scorer } from './score.js';
import type { EvaluationSet } from './truth.js';
import { variantOf } from './variants.js';

/** One row of the JSON: the score under its own names, and what only we tell. */
export interface Result extends Score {
  readonly variant: string;
  readonly flags: readonly string[];
  readonly worst: Worst;
  /** Clips only: the masked share of each second, and around what happens in the variant. */
  readonly masked_over_time?: readonly (number | null)[];
  readonly events?: readonly EventFigures[];
  /** The score before, between and after the events. */
  readonly parts?: readonly Score[];
  /** The report that `mask` wrote. */
  readonly report?: unknown;
}

/** Scores masks against a set; the variant says where the recording falls into parts. */
export async function judge(
  set: EvaluationSet,
  masks: string,
  variant = 'plain',
): Promise<Omit<Result, 'flags' | 'report'>> {
  const whole = new Scorer();
  if (set.kind === 'images') {
    for await (const [truth, mask] of readMasks(set, masks)) whole.add(truth, mask);
    return { ...whole.result(set.name), variant, worst: worstOf(whole.people) };
  }
  const { rate } = await probe(join(set.folder, 'clip.mp4'));
  const length = set.truth.reduce((most, line) => Math.max(most, line.frame! + 1), 0);
  const cuts = (variantOf(variant).events ?? []).map((share) => Math.ceil(share * length - 1e-6));
  const parts = [...cuts, length].map(() => new Scorer());
  for await (const [truth, mask] of readMasks(set, masks)) {
    whole.add(truth, mask);
    if (cuts.length > 0) parts[cuts.filter((cut) => truth.frame! >= cut).length].add(truth, mask);
  }
  return {
    ...whole.result(set.name),
    variant,
    worst: worstOf(whole.people),
    masked_over_time: overTime(whole.maskedShares, rate),
    ...(cuts.length > 0 && {
      events: aroundEvents(whole.maskedShares, rate, cuts),
      parts: parts.map((part) => part.result(set.name)),
    }),
  };
}
