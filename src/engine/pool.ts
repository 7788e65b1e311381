// The frames on their way, as slots of the engine's memory. A fixed number: when all are taken the source waits.

import type { FramePool, FrameSlot } from './frame.js';

export class SlotPool implements FramePool {
  readonly width: number;
  readonly height: number;
  readonly #pictures: readonly Uint8Array[];
  readonly #free: number[];
  readonly #waiting: ((slot: FrameSlot) => void)[] = [];

  /** @param pictures one view of `width * height * 3 / 2` bytes a slot */
  constructor(width: number, height: number, pictures: readonly Uint8Array[]) {
    this.width = width;
    this.height = height;
    this.#pictures = pictures;
    this.#free = [...pictures.keys()];
  }

  get capacity(): number {
    return this.#pictures.length;
  }

  take(): Promise<FrameSlot> {
    const slot = this.tryTake();
    return slot ? Promise.resolve(slot) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  tryTake(): FrameSlot | undefined {
    const index = this.#free.pop();
    return index === undefined ? undefined : this.#lend(index);
  }

  /** A slot of its own for each taker, so that a second release can never give away what another has taken since. */
  #lend(index: number): FrameSlot {
    let released = false;
    const release = () => {
      if (released) throw new Error(`frame slot ${index} was released twice`);
      released = true;
      const next = this.#waiting.shift();
      if (next) next(this.#lend(index));
      else this.#free.push(index);
    };
    const data = this.#pictures[index];
    return {
      ...{ index, data, release },
      get released() {
        return released;
      },
    };
  }
}
