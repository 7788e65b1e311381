// Does the mask engine work on this machine? One kernel, from the WASM file that came along, averages a known picture.
// Whatever may be wrong (a missing file, a Node without SIMD, a damaged package) is then found when the host starts, not
// when the first person walks by.

import { readKernels } from '../assets.js';
import { instantiate, KERNEL_BASE } from '../engine/kernels.js';
import { Layout } from '../engine/memory.js';

/** The picture: one row of flat cells, 4x4 pixels each. */
const CELL = 4;
const CELLS = 16;
const WIDTH = CELL * CELLS;

/** Says in the host's log, in one line, whether this machine can mask. Never rejects. */
export async function reportSelfCheck(log: { info(line: string): void; error(line: string): void }): Promise<void> {
  try {
    await selfCheck();
    log.info('Privacy Shield ready: mask engine self-check passed');
  } catch (error) {
    log.error(`Privacy Shield shows no camera: ${error instanceof Error ? error.message : error}`);
  }
}

/** Resolves when the engine's answer is right. @throws Error which names what is wrong and the remedy */
export async function selfCheck(): Promise<void> {
  const expected = Uint8Array.from({ length: CELLS }, (_, cell) => 10 + 15 * cell);
  const answer = await cellMeans((x) => expected[Math.floor(x / CELL)] as number);
  if (answer.some((mean, cell) => mean !== expected[cell]))
    throw new Error(
      `the mask engine computes ${answer.join()} where ${expected.join()} is right ` +
        `(Node ${process.version} on ${process.arch}): update Node, or reinstall Privacy Shield`,
    );
}

/** @param brightness of each column of pixels, 0 to 255 */
async function cellMeans(brightness: (x: number) => number): Promise<Uint8Array> {
  const layout = new Layout(KERNEL_BASE);
  const picture = layout.reserve(WIDTH * CELL);
  const means = layout.reserve(CELLS);
  const { kernels, memory } = instantiate(new WebAssembly.Module(await readKernels()), layout.pages);
  const bytes = new Uint8Array(memory.buffer);
  for (let i = 0; i < WIDTH * CELL; i++) bytes[picture + i] = brightness(i % WIDTH);
  kernels.downscale(picture, WIDTH, CELL, CELL, means, CELLS, CELLS, 1);
  return bytes.slice(means, means + CELLS);
}
