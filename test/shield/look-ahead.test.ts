import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { type Companion, type Horizon, type InWindow, inWindow, type Stamped } from '../../src/shield/look-ahead.js';

interface Tone extends Companion {
  readonly after: number;
}

const frame = (stamp: number): Stamped => ({ kind: 'frame', stamp });
const tone = (after: number): Tone => ({ kind: 'audio', after });

/** Sends items one by one. Returns what left, and how many frames had been sent by then. */
function pass(horizon: Horizon, items: readonly (Stamped | Tone)[]) {
  const left: { item: InWindow<Stamped> | Tone; sent: number }[] = [];
  const stream = new Subject<Stamped | Tone>();
  let sent = 0;
  let completed = false;
  stream.pipe(inWindow<Stamped, Tone>(horizon)).subscribe({
    next: (item) => left.push({ item, sent }),
    complete: () => {
      completed = true;
    },
  });
  for (const item of items) {
    if (item.kind === 'frame') sent++;
    stream.next(item);
  }
  const before = left.length;
  stream.complete();
  assert.ok(completed);
  return { left, before, frames: left.map(({ item }) => item).filter((item) => item.kind === 'frame') };
}

const stamps = fc
  .array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 })
  .map((steps) => steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step, 0)));

describe('the look-ahead', () => {
  it('gives each frame all that is from its look-back to its look-ahead, a neighbour to either side at least, in order', () => {
    fc.assert(
      fc.property(stamps, fc.nat(1500), fc.nat(400), (times, lookAhead, lookBack) => {
        const { frames } = pass({ lookAhead, lookBack, most: 100 }, times.map(frame));
        assert.deepEqual(
          frames.map(({ subject }) => subject.stamp),
          times,
        );
        for (const [i, { window, complete }] of frames.entries()) {
          const expected = times.filter(
            (time, k) => (time >= times[i] - lookBack && time <= times[i] + lookAhead) || Math.abs(k - i) === 1,
          );
          assert.deepEqual(
            window.map(({ stamp }) => stamp),
            expected,
          );
          assert.ok(complete);
        }
      }),
    );
  });

  it('lets a frame go as soon as the last of its window has come, and not before', () => {
    fc.assert(
      fc.property(stamps, fc.nat(1500), (times, lookAhead) => {
        const { left, before } = pass({ lookAhead, lookBack: 100, most: 100 }, times.map(frame));
        for (const [i, { sent }] of left.slice(0, before).entries()) {
          // The frame that shows that the window is complete: at its end or beyond it, and never the frame itself.
          const last = times.findIndex((time, k) => k > i && time >= times[i] + lookAhead);
          assert.equal(sent, last + 1);
        }
        const waiting = times.slice(before);
        assert.ok(
          waiting.every((time) => time + lookAhead > times[times.length - 1] || time === times[times.length - 1]),
        );
      }),
    );
  });

  it('marks a frame that had to leave for want of room, and never holds more than there is room for', () => {
    fc.assert(
      fc.property(stamps, fc.integer({ min: 1, max: 8 }), (times, most) => {
        const lookAhead = 1000;
        const { left, before, frames } = pass({ lookAhead, lookBack: 100, most }, times.map(frame));
        for (const [i, { complete }] of frames.entries()) {
          const { sent } = left[i];
          assert.ok(sent - i <= most + 1, 'one leaves for each that comes too many');
          const seen = times.slice(0, sent).some((time, k) => k > i && time >= times[i] + lookAhead);
          assert.equal(complete, seen || i >= before, 'complete is what was complete, or the end');
        }
      }),
    );
  });

  it('keeps sound at its place between the frames', () => {
    fc.assert(
      fc.property(stamps, fc.array(fc.nat(40)), fc.integer({ min: 1, max: 30 }), (times, places, most) => {
        const items = times.flatMap((time, i) => [
          frame(time),
          ...places.filter((place) => place === i).map(() => tone(i)),
        ]);
        const { left } = pass({ lookAhead: 500, lookBack: 100, most }, items);
        const order = left.map(({ item }) => (item.kind === 'audio' ? item : item.subject));
        assert.deepEqual(order, items);
      }),
    );
  });

  it('hands an error on, and lets nothing go that waited', () => {
    const stream = new Subject<Stamped>();
    const seen: unknown[] = [];
    stream.pipe(inWindow<Stamped, never>({ lookAhead: 500, lookBack: 100, most: 9 })).subscribe({
      next: (item) => seen.push(item),
      error: (error) => seen.push(error),
    });
    stream.next(frame(0));
    stream.next(frame(40));
    const broken = new Error('decoder died');
    stream.error(broken);
    assert.deepEqual(seen, [broken]);
  });
});
