// Scores masks against the truth of an evaluation set: how much of each person can still be seen, and how much of the
// rest was masked for nothing. The figures and their names are those of the sets' own scorer, so that both can be laid
// side by side; a test holds the two together.
//
// A person-frame LEAKS when more than 5 % of its person pixels are unmasked (its polygons, else the ellipse in its box,
// less what is `hidden`). A HEAD leaks when more than 10 % of the head is (top sixth of the box, middle 60 % of its
// width). Left out: people lower than 40 px and people of whose box more than half lies in `ignore`.

import { ellipseOf, fillRect, isEmpty, polygonsOf, type Rect, type Region, rectOf, regionOf } from './raster.js';
import type { Box, Person, Truth } from './truth.js';

const LEAK = 0.05;
const HEAD_LEAK = 0.1;
/** Pixels of box height. */
const MIN_HEIGHT = 40;
/** Boxes grow by this share before what lies outside them counts as background. */
const GROW = 0.25;
/** Pixels: what is smaller cannot be judged. */
const MIN_PERSON = 20;
const MIN_HEAD = 8;
/** Frames: shorter tracks do not count among the tracks. */
const MIN_TRACK = 5;

export interface Rates {
  readonly persons: number;
  readonly leaks: number;
}

/** Shares are 0..1, rates are leaks in 10,000; null where there is nothing to count. */
export interface Score {
  readonly set: string;
  readonly frames: number;
  readonly persons: number;
  readonly not_counted: { readonly low: number; readonly ignored: number; readonly tiny: number };
  readonly visible_mean: number | null;
  readonly leaks: number;
  readonly leaks_per_10000: number | null;
  readonly half_visible_per_10000: number | null;
  readonly head_leaks: number;
  readonly head_leaks_per_10000: number | null;
  readonly tracks: number;
  readonly clean_tracks: number;
  readonly clean_track_rate: number | null;
  readonly longest_leak_frames: number | null;
  readonly background_clear: number | null;
  readonly masked_area_mean: number | null;
  readonly by_source: Readonly<Record<string, Rates>>;
  readonly silhouette?: { readonly persons: number; readonly visible_mean: number; readonly leaks_per_10000: number };
  readonly faces?: { readonly faces: number; readonly leaks: number; readonly leaks_per_10000: number };
}

/** How much of one person was seen in one frame. */
export interface PersonFrame {
  /** Shares of person and head pixels that are unmasked. */
  readonly visible: number;
  readonly head: number;
  readonly at: number | string;
  readonly track: number | null;
  readonly box: Box;
  readonly source: string;
}

interface Track {
  frames: number;
  leaks: number;
  run: number;
  longest: number;
}

/** Takes frames in order; a pixel of 128 or more is masked. */
export class Scorer {
  readonly #people: PersonFrame[] = [];
  readonly #silhouettes: number[] = [];
  readonly #faces: number[] = [];
  readonly #tracks = new Map<number, Track>();
  readonly #masked: number[] = [];
  readonly #notCounted = { low: 0, ignored: 0, tiny: 0 };
  #background = 0;
  #backgroundClear = 0;

  /** @param mask one byte a pixel, `truth.width * truth.height` of them */
  add(truth: Truth, mask: Uint8Array): void {
    const { width, height } = truth;
    if (mask.length !== width * height)
      throw new RangeError(`a mask of ${mask.length} bytes does not fit ${width}x${height} pixels`);
    this.#addBackground(truth, mask);
    for (const person of truth.persons) this.#addPerson(person, truth, mask);
    for (const { box } of truth.faces ?? []) {
      const rect = rectOf(box, width, height);
      if (rect.x1 - rect.x0 < 4 || rect.y1 - rect.y0 < 4) continue;
      const face = ellipseOf(box, rect);
      if (count(face) > 0) this.#faces.push(visibleShare(face, mask, width));
    }
  }

  /** Every person-frame counted so far, in order. */
  get people(): readonly PersonFrame[] {
    return this.#people;
  }

  /** The masked share of each frame so far. */
  get maskedShares(): readonly number[] {
    return this.#masked;
  }

  result(set: string): Score {
    const visible = this.#people.map((person) => person.visible);
    const leaks = visible.filter((share) => share > LEAK).length;
    const headLeaks = this.#people.filter((person) => person.head > HEAD_LEAK).length;
    const tracks = [...this.#tracks.values()].filter((track) => track.frames >= MIN_TRACK);
    const clean = tracks.filter((track) => track.leaks === 0).length;
    return {
      set,
      frames: this.#masked.length,
      persons: visible.length,
      not_counted: { ...this.#notCounted },
      visible_mean: mean(visible),
      leaks,
      leaks_per_10000: rate(leaks, visible.length),
      half_visible_per_10000: rate(visible.filter((share) => share > 0.5).length, visible.length),
      head_leaks: headLeaks,
      head_leaks_per_10000: rate(headLeaks, visible.length),
      tracks: tracks.length,
      clean_tracks: clean,
      clean_track_rate: tracks.length === 0 ? null : round(clean / tracks.length, 4),
      longest_leak_frames: tracks.length === 0 ? null : Math.max(...tracks.map((track) => track.longest)),
      background_clear: this.#background === 0 ? null : round(this.#backgroundClear / this.#background, 4),
      masked_area_mean: mean(this.#masked),
      by_source: this.#bySource(),
      ...(this.#silhouettes.length > 0 && {
        silhouette: {
          persons: this.#silhouettes.length,
          visible_mean: mean(this.#silhouettes)!,
          leaks_per_10000: rate(this.#silhouettes.filter((share) => share > LEAK).length, this.#silhouettes.length)!,
        },
      }),
      ...(this.#faces.length > 0 && {
        faces: {
          faces: this.#faces.length,
          leaks: this.#faces.filter((share) => share > HEAD_LEAK).length,
          leaks_per_10000: rate(this.#faces.filter((share) => share > HEAD_LEAK).length, this.#faces.length)!,
        },
      }),
    };
  }

  #addBackground({ width, height, persons, ignore = [] }: Truth, mask: Uint8Array): void {
    const background = regionOf({ x0: 0, y0: 0, x1: width, y1: height }, 1);
    for (const box of [...persons.map((person) => person.box), ...ignore])
      fillRect(background, rectOf(box, width, height, GROW), 0);
    let masked = 0;
    let outside = 0;
    let clear = 0;
    for (let i = 0; i < mask.length; i++) {
      const isMasked = mask[i] >> 7;
      const isBackground = background.data[i];
      masked += isMasked;
      outside += isBackground;
      clear += isBackground & (isMasked ^ 1);
    }
    this.#masked.push(masked / mask.length);
    this.#background += outside;
    this.#backgroundClear += clear;
  }

  #addPerson(person: Person, truth: Truth, mask: Uint8Array): void {
    const { width, height } = truth;
    const { box } = person;
    const polygons = person.polygons?.length ? person.polygons : undefined;
    if (box[3] < MIN_HEIGHT) {
      this.#notCounted.low++;
      return;
    }
    const rect = boundsOf(person, width, height);
    if (isEmpty(rect)) return;
    if (ignoredShare(truth, box) > 0.5) {
      this.#notCounted.ignored++;
      return;
    }
    const standing = regionOf(rect, 1);
    for (const hidden of person.hidden ?? []) fillRect(standing, rectOf(hidden, width, height), 0);
    const whole = polygons ? polygonsOf(polygons, rect) : ellipseOf(box, rect);
    const body = inSight(whole, standing, MIN_PERSON);
    if (count(body) < MIN_PERSON) {
      this.#notCounted.tiny++;
      return;
    }
    const visible = visibleShare(body, mask, width);
    const head = visibleShare(headOf(box, polygons && body, standing, truth), mask, width);
    if (person.silhouette && person.silhouette.length > 0) {
      const silhouette = polygonsOf(person.silhouette, rect);
      if (count(silhouette) >= MIN_PERSON) this.#silhouettes.push(visibleShare(silhouette, mask, width));
    }
    const at = truth.frame ?? truth.image ?? '?';
    this.#people.push({ visible, head, at, track: person.track ?? null, box, source: person.source ?? '?' });
    if (person.track !== undefined) this.#follow(person.track, visible > LEAK);
  }

  #follow(id: number, leaks: boolean): void {
    const track = this.#tracks.get(id) ?? { frames: 0, leaks: 0, run: 0, longest: 0 };
    this.#tracks.set(id, track);
    track.frames++;
    track.leaks += leaks ? 1 : 0;
    track.run = leaks ? track.run + 1 : 0;
    track.longest = Math.max(track.longest, track.run);
  }

  #bySource(): Record<string, Rates> {
    const sources = [...new Set(this.#people.map((person) => person.source))].sort();
    return Object.fromEntries(
      sources.map((source) => {
        const people = this.#people.filter((person) => person.source === source);
        return [source, { persons: people.length, leaks: people.filter((person) => person.visible > LEAK).length }];
      }),
    );
  }
}

/** The box, and the polygons where they stick out of it. */
function boundsOf({ box, polygons }: Person, width: number, height: number): Rect {
  const rect = rectOf(box, width, height);
  if (!polygons || polygons.length === 0) return rect;
  const xs = polygons.flatMap((polygon) => polygon.filter((_, i) => i % 2 === 0));
  const ys = polygons.flatMap((polygon) => polygon.filter((_, i) => i % 2 === 1));
  return {
    x0: Math.max(0, Math.min(rect.x0, Math.trunc(Math.min(...xs)))),
    y0: Math.max(0, Math.min(rect.y0, Math.trunc(Math.min(...ys)))),
    x1: Math.min(width, Math.max(rect.x1, Math.trunc(Math.max(...xs)) + 1)),
    y1: Math.min(height, Math.max(rect.y1, Math.trunc(Math.max(...ys)) + 1)),
  };
}

function ignoredShare({ width, height, ignore = [] }: Truth, box: Box): number {
  const rect = rectOf(box, width, height);
  if (ignore.length === 0 || isEmpty(rect)) return 0;
  const region = regionOf(rect);
  for (const other of ignore) fillRect(region, rectOf(other, width, height), 1);
  return count(region) / region.data.length;
}

/** The head as far as it stands in sight: within the outline where there is one, else an ellipse. */
function headOf([x, y, w, h]: Box, outline: Region | undefined, standing: Region, { width, height }: Truth): Region {
  const box: Box = [x + w * 0.2, y, w * 0.6, h / 6];
  if (outline) {
    const rectangle = regionOf(outline);
    fillRect(rectangle, rectOf(box, width, height), 1);
    const head = both(rectangle, outline);
    if (count(head) >= MIN_HEAD) return head;
  }
  return inSight(ellipseOf(box, standing), standing, MIN_HEAD);
}

/** `region` less what is hidden, or all of it when too little would be left to judge. */
function inSight(region: Region, standing: Region, least: number): Region {
  const seen = both(region, standing);
  return count(seen) >= least ? seen : region;
}

function both(a: Region, b: Region): Region {
  return { ...a, data: a.data.map((value, i) => value & b.data[i]) };
}

function count(region: Region): number {
  let sum = 0;
  for (const value of region.data) sum += value;
  return sum;
}

function visibleShare(region: Region, mask: Uint8Array, width: number): number {
  let visible = 0;
  let all = 0;
  for (let y = 0, at = 0; y < region.height; y++) {
    let pixel = (region.y0 + y) * width + region.x0;
    for (let x = 0; x < region.width; x++, at++, pixel++) {
      all += region.data[at];
      visible += region.data[at] & (mask[pixel] < 128 ? 1 : 0);
    }
  }
  return visible / Math.max(1, all);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : round(values.reduce((sum, value) => sum + value, 0) / values.length, 4);
}

function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : round((1e4 * part) / whole, 1);
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
