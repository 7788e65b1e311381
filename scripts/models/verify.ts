// Holds the converted nets to what they were made of: NanoDet in both forms to the literal conversion of the same graph,
// on pictures of the sample clip and invented ones.

import { Runtime } from '../../src/detect/runtime.js';
import { invented, randomFrom, sampleFrames, varied } from './pictures.js';

const SIZE = { width: 416, height: 416 };
const STRIDES = [8, 16, 32];
const CLASSES = 80;

/** How far person scores are from the reference's; of all cells the reference or the net gives at least 0.1. */
export interface Deviation {
  readonly cells: number;
  readonly mean: number;
  readonly most: number;
}

/** @param plain the literal conversion; @param converted what is to be held to it */
export async function compareNanoDet(plain: Uint8Array, converted: Uint8Array): Promise<Deviation> {
  const runtime = new Runtime();
  try {
    const [reference, net] = [await runtime.load(plain), await runtime.load(converted)];
    const deviations: number[] = [];
    for (const rgb of pictures()) {
      const expected = await reference.run({
        input_1: { data: normalised(rgb), shape: [1, 3, SIZE.height, SIZE.width] },
      });
      const outputs = await net.run({ rgb: { data: rgb, shape: [1, SIZE.height, SIZE.width, 3] } });
      for (const stride of STRIDES) {
        const cells = (SIZE.width / stride) * (SIZE.height / stride);
        const scores = Object.values(expected).find(({ length }) => length === cells * CLASSES)!;
        for (let cell = 0; cell < cells; cell++) {
          const score = 1 / (1 + Math.exp(-outputs[`out${stride}`][cell]));
          const wanted = scores[cell * CLASSES];
          if (Math.max(score, wanted) >= 0.1) deviations.push(Math.abs(score - wanted));
        }
      }
    }
    const sum = deviations.reduce((total, value) => total + value, 0);
    return { cells: deviations.length, mean: sum / deviations.length, most: Math.max(...deviations) };
  } finally {
    await runtime.close();
  }
}

function* pictures() {
  const random = randomFrom(2);
  for (const frame of sampleFrames(50)) yield varied(frame, SIZE, random);
  for (let i = 0; i < 2; i++) yield invented(SIZE, random);
}

/** As NanoDet was trained: BGR planes, (value - mean) / deviation. */
function normalised(rgb: Uint8Array): Float32Array {
  const [mean, deviation] = [
    [103.53, 116.28, 123.675],
    [57.375, 57.12, 58.395],
  ];
  const pixels = rgb.length / 3;
  return Float32Array.from(rgb, (_, i) => {
    const plane = Math.floor(i / pixels);
    return (rgb[(i % pixels) * 3 + 2 - plane] - mean[plane]) / deviation[plane];
  });
}

/** Named outputs of the literal conversion. */
export const PLAIN_OUTPUTS = Array.from({ length: 2 * STRIDES.length }, (_, i) =>
  i === 0 ? 'Identity' : `Identity_${i}`,
);
