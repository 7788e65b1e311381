// A picture on its way through the house, and the pool that bounds how many may be on the way. The pixels live in the
// engine's WASM memory from the moment the source reads them until the sink has written them.

/** Seconds per tick as a fraction: a time stamp of `n` is `n * numerator / denominator` seconds. */
export interface TimeBase {
  readonly numerator: number;
  readonly denominator: number;
}

/** A clear picture: yuv420p, Y then U then V, each plane tightly packed, 8 bits a sample. */
export interface Frame {
  /** `width * height * 3 / 2` bytes, a view on WASM memory which is valid until the slot is released. */
  readonly data: Uint8Array;
  /** Pixels, even. */
  readonly width: number;
  /** Pixels, even. */
  readonly height: number;
  /** Presentation time stamp in ticks of `timeBase`; strictly increasing within a stream. */
  readonly pts: number;
  readonly timeBase: TimeBase;
  readonly slot: FrameSlot;
}

/** Room for one frame. Whoever takes a slot hands it on with the frame; the last one to need the pixels releases it. */
export interface FrameSlot {
  /** 0 to capacity - 1. */
  readonly index: number;
  readonly data: Uint8Array;
  /** True from `release` on: by then the pixels may be another frame's, and clear ones. */
  readonly released: boolean;
  /** Gives the slot back to the pool. Releasing twice is an error. */
  release(): void;
}

/** The bounded store of frames. A source that finds no free slot waits: that is the whole of the backpressure. */
export interface FramePool {
  /** Pixels, even: every frame of the pool has this size. */
  readonly width: number;
  readonly height: number;
  readonly capacity: number;
  /** Resolves as soon as a slot is free, in the order of asking. */
  take(): Promise<FrameSlot>;
  /** A free slot, or undefined when there is none. */
  tryTake(): FrameSlot | undefined;
}

/** Time of a stamp in milliseconds. */
export function milliseconds(pts: number, timeBase: TimeBase): number {
  return (pts * timeBase.numerator * 1000) / timeBase.denominator;
}
