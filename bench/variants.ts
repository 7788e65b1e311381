// The variants of a clip set, by name: what plays, what happens to it, when. Here is the registry; a stranger who wants
// another one adds a line. How a variant becomes a set of its own stands in make-variant.ts.

import { InputError } from '../src/errors.js';
import {
  type Disturbance,
  darkCoat,
  darkness,
  exposure,
  infrared,
  insects,
  leaves,
  lightsOff,
  noise,
  nudge,
  rain,
  screen,
  together,
} from './disturbances.js';

export interface Variant {
  readonly help: string;
  /** `empty`: the clip's median picture, nobody in it. */
  readonly scene?: 'clip' | 'empty';
  /** The frame of the clip to play as frame `index`, of `length` in all; the same where absent. */
  readonly play?: (index: number, length: number) => number;
  /** Length, as a share of the clip's; 1 where absent. */
  readonly length?: number;
  readonly disturbance?: Disturbance;
  /** Options of libx264; nearly lossless where absent. */
  readonly codec?: readonly string[];
  /** Shares of the length at which something happens: figures are told apart before and after. */
  readonly events?: readonly number[];
}

const HALF = 0.5;
/** A camera by night has little light and little rate. */
const night = together(darkness, noise(6, 0.6));
const NIGHT_CODEC = ['-b:v', '600k', '-maxrate', '600k', '-bufsize', '1200k'];
/** What any sensor has by day. */
const sensor = noise(1.5, 0.3);
/** Stops at `share` of the length: whoever is in sight stands still from there on. */
const holdFrom = (share: number) => (index: number, length: number) => Math.min(index, Math.floor(share * length) - 1);

const VARIANTS: Readonly<Record<string, Variant>> = {
  plain: { help: 'the set as it is' },
  night: { help: 'grey, a quarter of the light, noise of sigma 6, 0.6 Mbit/s', disturbance: night, codec: NIGHT_CODEC },
  frozen: { help: 'people stand still from 60 % on', play: holdFrom(0.6), disturbance: sensor, events: [0.6] },
  'frozen-night': {
    help: 'people stand still by night',
    play: holdFrom(0.6),
    disturbance: night,
    codec: NIGHT_CODEC,
    events: [0.6],
  },
  drift: {
    help: 'light rises by 10 % a minute, people stand still for the last third',
    length: 1.5,
    play: holdFrom(2 / 3),
    disturbance: together(
      exposure(({ seconds }) => 1 + seconds / 600),
      sensor,
    ),
    events: [2 / 3],
  },
  'exposure-step-down': step(0.6),
  'exposure-step-up': step(1.4),
  'exposure-ramp': {
    help: 'exposure falls to 0.6 and rises to 1.4, slowly',
    disturbance: exposure(({ share }) => ramp(share, [0.25, 1], [0.5, 0.6], [0.9, 1.4])),
    events: [0.25, 0.5, 0.9],
  },
  lights: {
    help: 'lights off at 35 %, on at 55 %',
    disturbance: together(lightsOff(0.35, 0.55), sensor),
    events: [0.35, 0.55],
  },
  infrared: {
    help: 'the infrared filter goes at 35 %, and returns at 65 %',
    disturbance: together(infrared(0.35, 0.65), sensor),
    events: [0.35, 0.65],
  },
  nudge: { help: 'the camera is pushed by 5 % of the width', disturbance: nudge(HALF), events: [HALF] },
  coat: {
    help: 'a dark coat fills 70 % of the picture, from half to 60 %',
    disturbance: darkCoat(HALF, 0.6),
    events: [HALF, 0.6],
  },
  rain: { help: 'heavy rain', disturbance: rain },
  insects: { help: 'insects at the lens by night', disturbance: together(night, insects), codec: NIGHT_CODEC },
  leaves: { help: 'a bush in the wind', disturbance: leaves },
  screen: { help: 'a flickering screen', disturbance: screen },
  empty: { help: 'nobody there, by day', scene: 'empty', disturbance: sensor },
  'empty-night': { help: 'nobody there, by night', scene: 'empty', disturbance: night, codec: NIGHT_CODEC },
  'empty-rain': { help: 'nobody there, rain', scene: 'empty', disturbance: together(rain, sensor) },
  'empty-insects': {
    help: 'nobody there, insects at the lens by night',
    scene: 'empty',
    disturbance: together(night, insects),
    codec: NIGHT_CODEC,
  },
  'empty-leaves': { help: 'nobody there, leaves', scene: 'empty', disturbance: together(leaves, sensor) },
  'empty-screen': { help: 'nobody there, a screen', scene: 'empty', disturbance: together(screen, sensor) },
};

export function variantOf(name: string): Variant {
  const variant = VARIANTS[name];
  if (!variant)
    throw new InputError(`there is no variant "${name}"; there are ${Object.keys(VARIANTS).join(', ')}, all.`);
  return variant;
}

/**
 * The variants a name stands for: itself and what begins with it and a dash (`empty` is all empty scenes), or `all`.
 * @throws InputError when there is none
 */
export function variantsNamed(name: string): string[] {
  const names = Object.keys(VARIANTS).filter((one) => name === 'all' || one === name || one.startsWith(`${name}-`));
  return names.length > 0 ? names : [variantOf(name).help];
}

export function listVariants(): string {
  return Object.entries(VARIANTS)
    .map(([name, { help }]) => `  ${name.padEnd(20)} ${help}`)
    .join('\n');
}

function step(factor: number): Variant {
  return {
    help: `exposure times ${factor} at half time`,
    disturbance: exposure(({ share }) => (share < HALF ? 1 : factor)),
    events: [HALF],
  };
}

/** The straight line through the points, level before the first and after the last. */
function ramp(at: number, ...points: readonly (readonly [number, number])[]): number {
  const next = points.findIndex(([x]) => at < x);
  if (next === 0) return points[0][1];
  if (next < 0) return points.at(-1)![1];
  const [[x0, y0], [x1, y1]] = [points[next - 1], points[next]];
  return y0 + ((at - x0) / (x1 - x0)) * (y1 - y0);
}
