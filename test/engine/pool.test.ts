import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FrameSlot } from '../../src/engine/frame.js';
import { SlotPool } from '../../src/engine/pool.js';

function makePool(slots: number): SlotPool {
  return new SlotPool(
    4,
    2,
    Array.from({ length: slots }, () => new Uint8Array(12)),
  );
}

describe('the pool of frame slots', () => {
  it('lends each slot to one taker at a time, and lets the others wait in the order of asking', async () => {
    const pool = makePool(2);
    assert.equal(pool.capacity, 2);
    const [first, second] = [await pool.take(), await pool.take()];
    assert.notEqual(first.index, second.index);
    assert.notEqual(first.data, second.data);
    assert.equal(pool.tryTake(), undefined);

    const order: string[] = [];
    const ask = async (name: string) => {
      const slot = await pool.take();
      order.push(name);
      return slot;
    };
    const [third, fourth] = [ask('third'), ask('fourth')];
    second.release();
    first.release();
    assert.equal((await third).index, second.index);
    assert.equal((await fourth).index, first.index);
    assert.deepEqual(order, ['third', 'fourth']);
    assert.equal(pool.tryTake(), undefined);
  });

  it('refuses a second release, whoever has the slot by then', async () => {
    const pool = makePool(1);
    const slot = await pool.take();
    slot.release();
    assert.throws(() => slot.release(), /frame slot 0 was released twice/);

    const mine = await pool.take();
    const waiting = pool.take();
    mine.release();
    const theirs = await waiting;
    assert.deepEqual([mine.released, theirs.released], [true, false]);
    assert.throws(() => mine.release(), /frame slot 0 was released twice/);
    assert.equal(pool.tryTake(), undefined, 'a picture in use was given away');
    theirs.release();
    assert.equal(pool.tryTake()?.index, 0);
  });

  it('never lends a slot twice nor loses one, whatever the order of taking and releasing', async () => {
    const steps = fc.array(fc.oneof(fc.constant('take' as const), fc.nat(20)), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), steps, async (capacity, story) => {
        const pool = makePool(capacity);
        const taken: FrameSlot[] = [];
        let asked = 0;
        for (const step of story) {
          if (step === 'take') {
            asked++;
            void pool.take().then((slot) => taken.push(slot));
          } else if (taken.length > 0) {
            asked--;
            taken.splice(step % taken.length, 1)[0].release();
          }
          await Promise.resolve();
          await Promise.resolve();
          assert.equal(taken.length, Math.min(asked, capacity));
          assert.equal(new Set(taken.map(({ index }) => index)).size, taken.length);
        }
      }),
      { numRuns: 100 },
    );
  });
});
