// What a detector is to the rest of the house. The one of this room runs nets by onnxruntime-node (detector.ts); a
// host may bring its own. Both may fail and may be slow: whoever asks decides what a late or missing answer means.

import type { Matrix, Range } from '../engine/colors.js';

/** Pixels of the picture, from its upper left corner; may be fractional. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture to look at. A `Frame` of yuv420p is one. */
export interface Picture extends Size {
  /** yuv420p: planes Y, U, V, tightly packed, even sides. rgb24: three bytes a pixel. */
  readonly data: Uint8Array;
  /** yuv420p unless told. */
  readonly format?: 'yuv420p' | 'rgb24';
  /** Of yuv420p: limited unless told. */
  readonly range?: Range;
  /** Of yuv420p: BT.709 from 720 lines on, unless told. */
  readonly matrix?: Matrix;
}

export const KINDS = ['person', 'face', 'vehicle', 'animal', 'plate'] as const;
export type Kind = (typeof KINDS)[number];

export interface Detection {
  readonly kind: Kind;
  /** 0..1; comparable within one kind only. */
  readonly score: number;
  /** Within the picture. */
  readonly box: Rect;
  readonly silhouette?: Silhouette;
}

/** How likely each spot of a rectangle is part of the person, on a coarse grid. */
export interface Silhouette extends Rect {
  readonly columns: number;
  readonly rows: number;
  /** `columns * rows` values, 0..255 for 0..1. */
  readonly data: Uint8Array;
}

export interface Request {
  /** Look at the whole picture; yes unless told. */
  readonly whole?: boolean;
  /** Look closer at these parts as well (see tiles.ts); none unless told. */
  readonly tiles?: readonly Rect[];
  /** Draw the silhouette of each person; no unless told. */
  readonly silhouettes?: boolean;
}

export interface Detector {
  /**
   * What is in the picture, best score first. The picture's bytes are read before the first await and need not be kept.
   * Rejects when the net fails, or says what is not a number.
   */
  detect(picture: Picture, request?: Request): Promise<Detection[]>;
  /** Frees everything; what is under way rejects. */
  close(): Promise<void>;
}
