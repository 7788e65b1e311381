// Reference of kernels/timers.as.ts: a clock a cell, each looked at in every frame.
import type { Cells } from '../arena.js';

export interface Clock {
  present: boolean;
  started: number;
  lastSeen: number | undefined;
}

/** Times in milliseconds, of any size. */
export interface Moment {
  readonly time: number;
  readonly previousTime: number;
  readonly gap: number;
  readonly mergeTime: number;
}

/** Moves every clock on to the frame in which the cells of `now` are foreground; returns the cells that ring. */
export function tick(clocks: Clock[][], now: Cells, { time, previousTime, gap, mergeTime }: Moment): boolean[][] {
  return clocks.map((row, y) =>
    row.map((clock, x) => {
      const present = now[y][x];
      if (clock.present && !present) clock.lastSeen = previousTime;
      const forgotten = clock.lastSeen === undefined || time - clock.lastSeen > gap;
      if (!clock.present && present && forgotten) clock.started = time;
      clock.present = present;
      const rings = present && time - clock.started >= mergeTime;
      if (rings) clock.started = time;
      return rings;
    }),
  );
}
