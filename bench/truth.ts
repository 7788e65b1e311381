// What stands in an evaluation set: a folder with `truth.jsonl` (one object a line) and either `clip.mp4` or `images/`.
// Everything is in pixels of the clip or image.

import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../src/errors.js';

/** x, y of the upper left corner, width, height; may be fractional and may stick out of the picture. */
export type Box = readonly [number, number, number, number];
/** x0, y0, x1, y1, ... of a closed outline. */
export type Polygon = readonly number[];

export interface Person {
  readonly box: Box;
  /** Who says so: `hand`, `consensus`, `coco`, or `generated` for people a variant painted in. */
  readonly source?: string;
  /** The exact outline; the ellipse in the box where it is absent. Parts are united. */
  readonly polygons?: readonly Polygon[];
  /** Pixels that differ from the clip's median background. */
  readonly silhouette?: readonly Polygon[];
  /** Things standing in front. */
  readonly hidden?: readonly Box[];
  readonly track?: number;
}

/** One frame or image. */
export interface Truth {
  /** 0-based number of a clip's frame. */
  readonly frame?: number;
  /** File name under `images/`. */
  readonly image?: string;
  readonly width: number;
  readonly height: number;
  readonly persons: readonly Person[];
  readonly faces?: readonly { readonly box: Box }[];
  /** Regions that count neither way. */
  readonly ignore?: readonly Box[];
}

export interface EvaluationSet {
  readonly name: string;
  readonly folder: string;
  readonly kind: 'clip' | 'images';
  readonly truth: readonly Truth[];
}

/** True when `folder` holds an evaluation set. */
export function isSet(folder: string): boolean {
  return existsSync(join(folder, 'truth.jsonl'));
}

/** @throws InputError when the folder is no set or a line of its truth cannot be read. */
export function readSet(folder: string): EvaluationSet {
  if (!isSet(folder)) throw new InputError(`${folder} is no evaluation set: it has no truth.jsonl.`);
  const truth: Truth[] = [];
  for (const [index, line] of readFileSync(join(folder, 'truth.jsonl'), 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    const entry = parse(line);
    if (!isTruth(entry))
      throw new InputError(
        `${join(folder, 'truth.jsonl')}, line ${index + 1}: expected {frame|image, width, height, persons}.`,
      );
    truth.push(entry);
  }
  if (truth.length === 0) throw new InputError(`${join(folder, 'truth.jsonl')} is empty.`);
  const kind = truth[0].image === undefined ? 'clip' : 'images';
  return { name: basename(resolve(folder)), folder, kind, truth };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isTruth(value: unknown): value is Truth {
  if (typeof value !== 'object' || value === null) return false;
  const { frame, image, width, height, persons } = value as Record<string, unknown>;
  const named = typeof image === 'string' || Number.isInteger(frame);
  return named && Number.isInteger(width) && Number.isInteger(height) && Array.isArray(persons);
}
