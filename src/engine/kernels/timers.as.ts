// How long each cell has been foreground, in media time. A cell's clock starts when it first turns foreground, survives
// gaps of up to `gap`, and rings at `mergeTime`. Only cells that turn on or off are touched; rows are scanned for due
// cells only when the earliest of their clocks may ring. Times are u32 milliseconds and may wrap.

/**
 * `now` and `before` are the foreground planes of this frame and the last; `started` and `lastSeen` are u32 planes of
 * `stride` cells a row; `due` holds, for each row, the earliest time at which a cell may ring (u32), or 0 in `armed` (a
 * byte a row) when none is running. Cells that ring get their bit in `ringing` (cleared first). Returns their number.
 */
export function tick(
  now: usize,
  before: usize,
  started: usize,
  lastSeen: usize,
  due: usize,
  armed: usize,
  ringing: usize,
  rows: i32,
  stride: i32,
  bitStride: i32,
  time: u32,
  previousTime: u32,
  gap: u32,
  mergeTime: u32,
): i32 {
  let count = 0;
  memory.fill(ringing, 0, rows * bitStride);
  for (let y = 0; y < rows; y++) {
    const row = <usize>(y * bitStride);
    const cells = (<usize>(y * stride)) << 2;
    const dueAt = due + ((<usize>y) << 2);
    for (let i = 0; i < bitStride; i += 8) {
      const present = load<u64>(now + row + i);
      const past = load<u64>(before + row + i);
      let rising = present & ~past;
      let falling = past & ~present;
      const at = cells + ((<usize>i) << 5);
      while (falling) {
        store<u32>(lastSeen + at + ((<usize>ctz<u64>(falling)) << 2), previousTime);
        falling &= falling - 1;
      }
      while (rising) {
        const cell = at + ((<usize>ctz<u64>(rising)) << 2);
        rising &= rising - 1;
        if (time - load<u32>(lastSeen + cell) > gap) store<u32>(started + cell, time);
        const rings = load<u32>(started + cell) + mergeTime;
        if (!load<u8>(armed + y) || <i32>(rings - load<u32>(dueAt)) < 0) store<u32>(dueAt, rings);
        store<u8>(armed + y, 1);
      }
    }
    if (!load<u8>(armed + y) || <i32>(time - load<u32>(dueAt)) < 0) continue;
    // Some clock of this row may ring: look at every running one, and find the next.
    let next: u32 = 0;
    let any = false;
    for (let i = 0; i < bitStride; i += 8) {
      let present = load<u64>(now + row + i);
      const at = cells + ((<usize>i) << 5);
      while (present) {
        const bit = ctz<u64>(present);
        present &= present - 1;
        const age = time - load<u32>(started + at + ((<usize>bit) << 2));
        if (age >= mergeTime) {
          const word = ringing + row + i;
          store<u64>(word, load<u64>(word) | ((<u64>1) << bit));
          // A clock that rang starts anew: what moves there next has the whole merge time before it.
          store<u32>(started + at + ((<usize>bit) << 2), time);
          count++;
        }
        const left = age >= mergeTime ? mergeTime : mergeTime - age;
        if (!any || left < next) next = left;
        any = true;
      }
    }
    store<u8>(armed + y, any ? 1 : 0);
    store<u32>(dueAt, time + next);
  }
  return count;
}
