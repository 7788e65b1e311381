// Durations as people write them: "1h", "15 min", "1 h 30 min", "500ms", or a bare number in the setting's own unit.
// Pure text arithmetic, shared by the schema, the command line and the texts made from the schema.

/** The units in which settings keep durations: seconds or milliseconds. */
export type DurationUnit = 's' | 'ms';

/** Milliseconds of each spelling, longest unit first (the order in which durations are written out). */
const UNITS: readonly [milliseconds: number, ...spellings: string[]][] = [
  [86_400_000, 'd', 'day', 'days'],
  [3_600_000, 'h', 'hour', 'hours'],
  [60_000, 'min', 'm', 'minute', 'minutes'],
  [1000, 's', 'sec', 'second', 'seconds'],
  [1, 'ms', 'millisecond', 'milliseconds'],
];

/**
 * Reads a duration. A number, or text that is only a number, is taken to be in `unit`.
 * @returns the duration in `unit`, or undefined when the text is not a duration
 */
export function parseDuration(text: string, unit: DurationUnit): number | undefined {
  const rest = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(rest)) return Number(rest);
  const part = /(\d+(?:\.\d+)?)\s*([a-z]+)\s*/y;
  let milliseconds = 0;
  do {
    const found = part.exec(rest);
    const size = found && UNITS.find(([, ...spellings]) => spellings.includes(found[2]))?.[0];
    if (!size) return undefined;
    milliseconds += Number(found[1]) * size;
  } while (part.lastIndex < rest.length);
  // Decimal fractions are not exact in binary: "1.1s" is 1100 ms, not 1100.0000000000002.
  return Math.round((milliseconds / sizeOf(unit)) * 1e6) / 1e6;
}

/** Writes a duration of `value` `unit`s with the largest unit that leaves a whole number: "1 h", "90 min", "500 ms". */
export function formatDuration(value: number, unit: DurationUnit): string {
  const milliseconds = value * sizeOf(unit);
  const [size, spelling] = UNITS.find(([size]) => milliseconds >= size && milliseconds % size === 0) ?? [
    sizeOf(unit),
    unit,
  ];
  return `${milliseconds / size} ${spelling}`;
}

function sizeOf(unit: DurationUnit): number {
  return unit === 's' ? 1000 : 1;
}
