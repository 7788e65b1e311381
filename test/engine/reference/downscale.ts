// Reference of kernels/downscale.as.ts: one cell at a time.
import { makePlane, type Plane } from '../arena.js';

/** The mean of each box of `factor` x `factor`, rounded half up; of a partial box, the mean of what there is. */
export function downscale(picture: Plane<number>, factor: number, columns: number, rows: number): number[][] {
  return makePlane(columns, rows, (x, y) => {
    const box = picture.slice(y * factor, (y + 1) * factor).flatMap((row) => row.slice(x * factor, (x + 1) * factor));
    return Math.floor(box.reduce((sum, value) => sum + value, 0) / box.length + 0.5);
  });
}

/** `gain` is 8.8 fixed point, `zero` stays where it is. */
export function scaleByte(value: number, gain: number, zero: number): number {
  return Math.min(255, Math.max(0, zero + Math.floor(((value - zero) * gain + 128) / 256)));
}
