// What each net answers to a picture of the sample clip and to an invented one: a few numbers of each output, so that a net
// that was converted or is run differently is noticed. `npm run models -- --record` writes them to recorded.json; the program
// and the tests hold the nets to it, on whatever processor they run.

import { letterboxRgb } from '../../src/detect/letterbox.js';
import type { ModelName } from '../../src/detect/models.js';
import { type Net, Runtime, type Tensor } from '../../src/detect/runtime.js';
import { ultraFaceInput } from '../../src/detect/ultraface.js';
import { invented, randomFrom, sampleFrames } from './pictures.js';

/** By net, then by output. */
export type Recorded = Readonly<Record<ModelName, Readonly<Record<string, readonly number[]>>>>;

const SIZES: Readonly<Record<ModelName, { readonly width: number; readonly height: number }>> = {
  nanodet: { width: 416, height: 256 },
  'nanodet-float': { width: 416, height: 256 },
  ultraface: { width: 320, height: 240 },
  selfie: { width: 256, height: 256 },
};
/** Part of the sample clip's frame 200 in which someone stands. */
const PERSON = { x: 230, y: 410, width: 160, height: 166 };
/** Values kept of each output and picture. */
const KEPT = 24;

export async function record(models: Readonly<Record<ModelName, Uint8Array>>): Promise<Recorded> {
  const runtime = new Runtime();
  try {
    const of = async (name: ModelName) => answers(await runtime.load(models[name]), name);
    return {
      nanodet: await of('nanodet'),
      'nanodet-float': await of('nanodet-float'),
      ultraface: await of('ultraface'),
      selfie: await of('selfie'),
    };
  } finally {
    await runtime.close();
  }
}

/** The largest distance between two records, as a share of the largest value of the same output. */
export function distance(a: Recorded, b: Recorded, name: ModelName): number {
  const outputs = Object.entries(a[name]).map(([output, values]) => {
    const others = b[name][output] ?? [];
    const largest = Math.max(...values.map(Math.abs));
    return Math.max(...values.map((value, i) => Math.abs(value - (others[i] ?? Number.POSITIVE_INFINITY)) / largest));
  });
  return Math.max(...outputs);
}

async function answers(net: Net, name: ModelName): Promise<Record<string, number[]>> {
  const size = SIZES[name];
  const random = randomFrom(3);
  const kept: Record<string, number[]> = {};
  const [, frame] = sampleFrames(200);
  for (const rgb of [letterboxRgb(frame, PERSON, size), invented(size, random)]) {
    const [input] = net.inputs;
    const outputs = await net.run({ [input.name]: tensorOf(rgb, input.type, size) });
    for (const [output, values] of Object.entries(outputs)) {
      const step = values.length / KEPT;
      const some = Array.from({ length: KEPT }, (_, i) => values[Math.floor((i + 0.5) * step)]);
      kept[output] = [...(kept[output] ?? []), ...some.map((value) => Number(value.toPrecision(4)))];
    }
  }
  return kept;
}

function tensorOf(rgb: Uint8Array, type: string, { width, height }: { width: number; height: number }): Tensor {
  return type === 'uint8'
    ? { data: rgb, shape: [1, height, width, 3] }
    : { data: ultraFaceInput(rgb), shape: [1, 3, height, width] };
}
