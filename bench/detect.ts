// How good and how fast are the detectors by themselves? Runs them over a set of images, grows each box by a tenth a side,
// and scores the boxes as masks; measures NanoDet against its plain conversion, both in this run:
// npm run bench:detect -- [SET] [--threshold 0.2] [--float] [--no-speed]
// The plain conversion is what `npm run models` leaves in out/models; without it, the float model stands in.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { modelPath } from '../src/assets.js';
import type { Detection, Picture, Request } from '../src/detect/detection.js';
import { openDetector } from '../src/detect/detector.js';
import { nanoDetSize } from '../src/detect/nanodet.js';
import { Runtime } from '../src/detect/runtime.js';
import { tilesOf } from '../src/detect/tiles.js';
import { loadNative } from '../src/native.js';
import { fillRect, rectOf, regionOf } from './raster.js';
import { Scorer } from './score.js';
import { type Person, readSet, type Truth } from './truth.js';

const ROOT = join(import.meta.dirname, '..');
/** Share of its side by which a box grows on each side. */
const GROW = 0.1;
/** From this overlap on, a detection has found the person. */
const FOUND = 0.3;

interface Variant {
  readonly name: string;
  readonly request: (picture: Picture) => Request;
}

const VARIANTS: readonly Variant[] = [
  { name: 'whole picture', request: () => ({}) },
  { name: 'whole and 2x2 tiles', request: (picture) => ({ tiles: tilesOf(picture) }) },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threshold: { type: 'string', default: '0.2' },
    float: { type: 'boolean', default: false },
    'no-speed': { type: 'boolean', default: false },
  },
});
const set = readSet(positionals[0] ?? join(ROOT, '../shared/eval/coco-a'));

await measureQuality(Number(values.threshold), values.float);
await measureFaces();
if (!values['no-speed']) await measureSpeed();

async function measureQuality(threshold: number, float: boolean): Promise<void> {
  const detector = await openDetector({ kinds: ['person'], thresholds: { person: threshold }, float });
  try {
    for (const { name, request } of VARIANTS) {
      const scorer = new Scorer();
      const tally = { near: [0, 0], far: [0, 0], right: 0, wrong: 0, disturbed: 0, empty: 0 };
      for (const truth of set.truth) {
        const picture = await read(truth);
        const detections = await detector.detect(picture, request(picture));
        scorer.add(truth, boxMask(truth, detections));
        count(tally, truth, detections);
      }
      const score = scorer.result(set.name);
      const recall = ([hit, all]: readonly number[]) => `${((100 * hit) / all).toFixed(1)} % of ${all}`;
      print(`people, ${name}, from ${threshold}${float ? ', float' : ''}:`);
      print(`  found > 60 px: ${recall(tally.near)}; 30-60 px: ${recall(tally.far)}`);
      print(
        `  precision ${((100 * tally.right) / (tally.right + tally.wrong)).toFixed(1)} %, ` +
          `empty images disturbed ${tally.disturbed} of ${tally.empty}`,
      );
      print(
        `  leaks ${score.leaks} and heads ${score.head_leaks} of ${score.persons}, background clear ` +
          `${((score.background_clear ?? 0) * 100).toFixed(1)} %`,
      );
    }
  } finally {
    await detector.close();
  }
}

type Tally = { near: number[]; far: number[]; right: number; wrong: number; disturbed: number; empty: number };

function count(tally: Tally, { persons }: Truth, detections: readonly Detection[]): void {
  for (const person of persons) {
    const height = person.box[3];
    const group = height > 60 ? tally.near : height > 30 ? tally.far : undefined;
    if (group === undefined) continue;
    group[1]++;
    if (detections.some((detection) => agreement(person, detection) >= FOUND)) group[0]++;
  }
  for (const detection of detections)
    if (persons.some((person) => agreement(person, detection) >= FOUND)) tally.right++;
    else tally.wrong++;
  if (persons.length > 0) return;
  tally.empty++;
  if (detections.length > 0) tally.disturbed++;
}

function agreement({ box: [x, y, width, height] }: Person, { box }: Detection): number {
  const across = Math.min(x + width, box.x + box.width) - Math.max(x, box.x);
  const down = Math.min(y + height, box.y + box.height) - Math.max(y, box.y);
  if (across <= 0 || down <= 0) return 0;
  return (across * down) / (width * height + box.width * box.height - across * down);
}

function boxMask({ width, height }: Truth, detections: readonly Detection[]): Uint8Array {
  const mask = regionOf({ x0: 0, y0: 0, x1: width, y1: height });
  for (const { box } of detections)
    fillRect(mask, rectOf([box.x, box.y, box.width, box.height], width, height, 2 * GROW), 255);
  return mask.data;
}

/** No truth of faces here: tells how many heads of people the face net finds, from people of 100 px on. */
async function measureFaces(): Promise<void> {
  const detector = await openDetector({ kinds: ['face', 'person'] });
  try {
    const heads = { found: 0, all: 0 };
    const elsewhere: number[] = [];
    for (const truth of set.truth) {
      const picture = await read(truth);
      const faces = (await detector.detect(picture, { tiles: tilesOf(picture) })).filter(({ kind }) => kind === 'face');
      const people = truth.persons.filter(({ box }) => box[3] >= 100);
      heads.all += people.length;
      heads.found += people.filter((person) => faces.some((face) => isHeadOf(face, person))).length;
      elsewhere.push(faces.filter((face) => !truth.persons.some((person) => isHeadOf(face, person))).length);
    }
    const most = Math.max(...elsewhere); // of an unmarked crowd
    const rest = elsewhere.reduce((sum, faces) => sum + faces, -most);
    print(`faces, whole, 2x2 tiles and heads: on ${heads.found} of ${heads.all} people >= 100 px (many look away)`);
    print(`  elsewhere: ${rest} in ${set.truth.length - 1} images, ${most} in the one with the most`);
  } finally {
    await detector.close();
  }
}

/** The face's middle lies in the upper half of the person. */
function isHeadOf({ box }: Detection, { box: [x, y, width, height] }: Person): boolean {
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
  return cx >= x && cx <= x + width && cy >= y - 0.05 * height && cy <= y + height / 2;
}

/** Processor time, as medians of the ratio between runs right after one another: load of the machine moves the clock. */
async function measureSpeed(rounds = 40): Promise<void> {
  const plainPath = join(ROOT, 'out/models/nanodet-plain.onnx');
  const runtime = new Runtime();
  try {
    const plain = existsSync(plainPath) ? await runtime.load(readFileSync(plainPath)) : undefined;
    const float = await runtime.load(readFileSync(modelPath('nanodet-float')));
    const integer = await runtime.load(readFileSync(modelPath('nanodet')));
    const values = Float32Array.from({ length: 416 * 416 * 3 }, (_, i) => 2 * Math.sin(i * 13));
    const normalised = { input_1: { data: values, shape: [1, 3, 416, 416] } };
    const runs = [
      ...(plain ? [{ name: 'plain float 416x416', run: () => plain.run(normalised) }] : []),
      ...[
        { net: float, name: 'float' },
        { net: integer, name: 'integer' },
      ].flatMap(({ net, name }) =>
        [416, 312, 234].map((height) => {
          const size = nanoDetSize({ width: 416, height });
          const data = Uint8Array.from(
            { length: size.width * size.height * 3 },
            (_, i) => 128 + 100 * Math.sin(i * 13),
          );
          const input = { rgb: { data, shape: [1, size.height, size.width, 3] } };
          return { name: `${name} ${size.width}x${size.height}`, run: () => net.run(input) };
        }),
      ),
    ].map((run) => ({ ...run, times: [] as number[] }));
    for (let round = -3; round < rounds; round++)
      for (const { run, times } of runs) {
        const start = process.cpuUsage();
        await run();
        const { user, system } = process.cpuUsage(start);
        if (round >= 0) times.push((user + system) / 1000);
      }
    print(`one thread, ${rounds} rounds, against ${runs[0].name}:`);
    for (const { name, times } of runs) {
      const ratio = median(times.map((time, i) => runs[0].times[i] / time));
      print(
        `  ${name.padEnd(20)} ${median(times).toFixed(1)} ms (least ${Math.min(...times).toFixed(1)})  ${ratio.toFixed(2)}x`,
      );
    }
  } finally {
    await runtime.close();
  }
}

async function read({ image, width, height }: Truth): Promise<Picture> {
  const sharp = loadNative('sharp');
  if (!sharp.ok) throw new Error(sharp.reason);
  const pixels = sharp
    .module(join(set.folder, 'images', image!))
    .removeAlpha()
    .toColourspace('srgb')
    .raw();
  return { data: new Uint8Array(await pixels.toBuffer()), width, height, format: 'rgb24' };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
