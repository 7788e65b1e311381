// The frames on their way, as slots of the engine's memory. A fixed number: when all are taken the source waits.

import type { FramePool, FrameSlot } from './frame.js';

export class SlotPool implements FramePool {
  readonly width: number;
  readonly height: number;
  readonly capacity: number;
  readonly #free: FrameSlot[] = [];
  readonly #waiting: ((slot: FrameSlot) => void)[] = [];

  /** @param pictures one view of `width * height * 3 / 2` bytes a slot */
  constructor(width: number, height: number, pictures: readonly Uint8Array[]) {
    this.width = width;
    this.height = height;
    this.capacity = pictures.length;
    pictures.forEach((data, index) => {
      let free = true;
      const slot: FrameSlot = {
        index,
        data,
        release: () => {
          if (free) throw new Error(`frame slot ${index} was released twice`);
          const next = this.#waiting.shift();
          if (next) return next(slot);
          free = true;
          this.#free.push(slot);
        },
      };
      this.#taken.set(slot, () => {
        free = false;
      });
      this.#free.push(slot);
    });
  }

  readonly #taken = new Map<FrameSlot, () => void>();

  take(): Promise<FrameSlot> {
    const slot = this.tryTake();
    return slot ? Promise.resolve(slot) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  tryTake(): FrameSlot | undefined {
    const slot = this.#free.pop();
    if (slot) this.#taken.get(slot)?.();
    return slot;
  }
}
