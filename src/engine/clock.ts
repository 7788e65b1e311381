// Media time as the engine lives it: milliseconds that only go forward, at the pace of the time stamps, except that a jump
// (a camera that sets its clock, a gap in a recording) counts as one ordinary frame. Merge times and learning run on it.

/** A step is a jump when it exceeds both this many milliseconds and this many times the usual step. */
const LEAST_JUMP_MS = 2000;
const JUMP_FACTOR = 5;
/** Weight of the newest step in the usual one. */
const WEIGHT = 0.1;

export class MediaClock {
  #stamp: number | undefined;
  #usual: number | undefined;
  #now = 0;

  /** Milliseconds since the first frame, jumps left out. */
  get now(): number {
    return this.#now;
  }

  /** The usual distance between two frames in milliseconds; 40 until two frames are known. */
  get interval(): number {
    return this.#usual ?? 40;
  }

  /** @param stamp the frame's time stamp in milliseconds, on any origin. @returns the new `now` */
  advance(stamp: number): number {
    if (this.#stamp !== undefined) {
      const step = stamp - this.#stamp;
      const usual = this.#usual ?? Math.min(Math.max(step, 1), LEAST_JUMP_MS);
      const jump = step <= 0 || step > Math.max(LEAST_JUMP_MS, JUMP_FACTOR * usual);
      this.#now += jump ? usual : step;
      this.#usual = jump ? usual : usual + (step - usual) * WEIGHT;
    }
    this.#stamp = stamp;
    return this.#now;
  }
}
