// The flags that stand for settings, made from the descriptions of the schema: `policy.mergeTime` is `--merge-time`.
// Text becomes the raw value a settings file would hold; whether that value is allowed is for the schema to say.

import { InputError } from '../errors.js';
import { describeFields, type FieldDescription, formatDuration, oneLine } from '../settings/index.js';

export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  /** What follows the flag, for the help; absent for a switch. */
  readonly value?: string;
  readonly help: string;
  /** The setting it stands for. */
  readonly field?: FieldDescription;
}

/** Settings beside the policy that `mask` obeys, and their flags. */
const BESIDE_POLICY: Readonly<Record<string, string>> = { 'audio.enabled': 'audio', 'outputs.encoder': 'encoder' };

/** One flag for each setting that `mask` knows, in the order of the schema. */
export const settingFlags: readonly Flag[] = describeFields().flatMap((field) => {
  const name = flagName(field.path);
  return name === undefined || field.type === 'areas' ? [] : [settingFlag(name, field)];
});

/** `--include 'x,y x,y x,y'` and its like: repeatable, one area each. */
export const areaFlags: readonly Flag[] = [
  { name: 'include', value: "'x,y x,y x,y'", help: 'An area to mask in; nothing outside such areas is masked.' },
  { name: 'exclude', value: "'x,y x,y x,y'", help: 'An area that is never masked.' },
  { name: 'always', value: "'x,y x,y x,y'", help: 'An area that is always masked, in plain colour.' },
];

/** The raw setting that the text after a flag (or "true" and "false" of a switch) stands for. */
export function readSetting(field: FieldDescription, text: string): unknown {
  switch (field.type) {
    case 'integer':
    case 'number':
      return readNumber(text) ?? text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'choices':
      return text.split(',').map((choice) => choice.trim());
    default:
      return text;
  }
}

/**
 * Reads "x,y x,y x,y".
 * @throws InputError when it is not a list of points; their number and range are for the schema
 */
export function readPolygon(flag: string, text: string): readonly (readonly [number, number])[] {
  return text
    .trim()
    .split(/\s+/)
    .map((point) => {
      const [x, y, ...more] = point.split(',').map(readNumber);
      if (x === undefined || y === undefined || more.length > 0)
        throw new InputError(
          `--${flag}: "${oneLine(point).slice(0, 40)}" is not a point; ` +
            `use 'x,y x,y x,y' with shares of the picture from 0 to 1`,
        );
      return [x, y] as const;
    });
}

function readNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function flagName(path: string): string | undefined {
  if (!path.startsWith('policy.')) return BESIDE_POLICY[path];
  return path.slice('policy.'.length).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function settingFlag(name: string, field: FieldDescription): Flag {
  return field.type === 'boolean'
    ? { name, field, help: field.help }
    : { name, field, help: `${field.help} ${range(field)}`, value: placeholder(field) };
}

function placeholder(field: FieldDescription): string {
  switch (field.type) {
    case 'choice':
      return (field.choices ?? []).join('|');
    case 'choices':
      return (field.choices ?? []).join(',');
    case 'duration':
      return 'DURATION';
    case 'color':
      return "'#rrggbb'";
    default:
      return 'N';
  }
}

function range({ type, min = 0, max = 0, unit, default: fallback }: FieldDescription): string {
  if (type === 'duration' && (unit === 's' || unit === 'ms')) {
    const [least, most, usual] = [min, max, Number(fallback)].map((value) => formatDuration(value, unit));
    return `(${least} to ${most}, default ${usual})`;
  }
  return type === 'integer' ? `(${min} to ${max}, default ${fallback})` : `(default ${fallback})`;
}
