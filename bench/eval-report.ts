// What eval prints: every figure of one score, and tables over all of them.

import type { Result } from './judge.js';
import type { Score } from './score.js';
import { fixed, percent, table } from './table.js';

/** Every figure of a score by its name, as the sets' own scorer prints them. */
export function figuresOf({ set, ...score }: Score, variant: string): string {
  const lines = (value: unknown, path: string): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => lines(inner, path ? `${path}.${key}` : key))
      : [`  ${path.padEnd(34)} ${String(value)}`];
  return [`${set}, ${variant}`, ...lines(score, '')].join('\n');
}

export function summary(results: readonly Result[]): string {
  const head = [
    'set',
    'variant',
    'persons',
    'visible',
    'leaks',
    'silhouette',
    'heads',
    'clean tracks',
    'longest',
    'worst',
    'clear',
    'masked',
  ];
  const rows = results.map((one) => [
    one.set,
    one.variant,
    `${one.persons}`,
    percent(one.visible_mean),
    fixed(one.leaks_per_10000, 1),
    fixed(one.silhouette?.leaks_per_10000, 1),
    fixed(one.head_leaks_per_10000, 1),
    `${one.clean_tracks}/${one.tracks}`,
    fixed(one.longest_leak_frames, 0),
    percent(one.worst.person?.visible, 0),
    percent(one.background_clear),
    percent(one.masked_area_mean, 1),
  ]);
  return `Leaks in 10,000 person-frames.\n${table(head, rows)}`;
}

export function eventSummary(results: readonly Result[]): string {
  const head = [
    'variant',
    'at',
    'masked before',
    'after 1 s',
    'after 10 s',
    'settled',
    'leaks before',
    'leaks after',
    'clear after',
  ];
  const rows = results.flatMap(({ variant, events = [], parts = [] }) =>
    events.map((event, i) => [
      variant,
      `${event.at.toFixed(1)} s`,
      percent(event.before, 1),
      percent(event.after_1s, 1),
      percent(event.after_10s, 1),
      percent(event.settled, 1),
      fixed(parts[i]?.leaks_per_10000, 1),
      fixed(parts[i + 1]?.leaks_per_10000, 1),
      percent(parts[i + 1]?.background_clear, 1),
    ]),
  );
  return rows.length > 0 ? `\nAround what happens:\n${table(head, rows)}` : '';
}
