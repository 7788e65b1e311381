// No frame leaves before its own mask is known: each waits here until the frames after it, up to the look-ahead, have
// been seen. An operator on the stream of a shield; media time only, so the same file gives the same windows anywhere.

import { Observable, type OperatorFunction } from 'rxjs';

/** Something with a place in media time. */
export interface Stamped {
  readonly kind: 'frame';
  /** Milliseconds. */
  readonly stamp: number;
}

/** What travels with the frames and keeps its place among them: sound. */
export interface Companion {
  readonly kind: 'audio';
}

export interface InWindow<F extends Stamped> {
  readonly kind: 'frame';
  readonly subject: F;
  /** The frames from `lookBack` before the subject to `lookAhead` after it, in order, itself included. */
  readonly window: readonly F[];
  /** False when the frame had to leave before its window was complete: it must leave wholly masked. */
  readonly complete: boolean;
}

export interface Horizon {
  /** Milliseconds. */
  readonly lookAhead: number;
  readonly lookBack: number;
  /** Frames that may wait at most: the room the pool has, less what the ends of the stream need. */
  readonly most: number;
}

/** Delays each frame until its window is complete; at the end of the stream a window holds the frames there are. */
export function inWindow<F extends Stamped, C extends Companion>(
  horizon: Horizon,
): OperatorFunction<F | C, InWindow<F> | C> {
  return (stream) =>
    new Observable((subscriber) => {
      const waiting: (F | C)[] = [];
      let past: F[] = [];
      let frames = 0;
      let ended = false;

      const leave = (complete: boolean) => {
        const item = waiting.shift();
        if (!item || item.kind === 'audio') return item && subscriber.next(item);
        frames--;
        // Never fewer than one frame before and after, however slow the camera.
        const after = waiting.filter((other): other is F => other.kind === 'frame');
        const ahead = after.filter((other, i) => i === 0 || other.stamp <= item.stamp + horizon.lookAhead);
        const before = past.filter((other, i) => i === past.length - 1 || other.stamp >= item.stamp - horizon.lookBack);
        past = [...before, item];
        subscriber.next({ kind: 'frame', subject: item, window: [...before, item, ...ahead], complete });
      };

      /** Lets out, from the front, all that need not wait any longer. `newest` is the last frame that arrived. */
      const release = (newest: F | undefined) => {
        for (let head = waiting[0]; head !== undefined; head = waiting[0]) {
          if (head.kind === 'frame' && !ended) {
            const seen = newest !== undefined && newest !== head && newest.stamp >= head.stamp + horizon.lookAhead;
            if (!seen && frames <= horizon.most) return;
            leave(seen);
          } else leave(true);
        }
      };

      let newest: F | undefined;
      return stream.subscribe({
        next: (item) => {
          waiting.push(item);
          if (item.kind === 'frame') {
            frames++;
            newest = item;
          }
          release(newest);
        },
        error: (error) => subscriber.error(error),
        complete: () => {
          ended = true;
          release(newest);
          subscriber.complete();
        },
      });
    });
}
