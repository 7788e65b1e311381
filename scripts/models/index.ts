// Makes models/ anew: npm run models [-- --measure] [-- --record]
// Fetches the nets' sources, converts them, holds them to their references and writes the files with their README. The same
// sources give the same bytes: the ranges NanoDet is quantised by are kept in ranges.json, which --measure measures anew; what the nets
// answer is kept in recorded.json, which --record writes anew.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MODELS, type ModelName } from '../../src/detect/models.js';
import { convertLiterally } from './literal.js';
import { buildNanoDet, type Ranges } from './nanodet.js';
import { readNanoDet } from './network.js';
import { measureRanges } from './ranges.js';
import { describeModels } from './readme.js';
import { distance, type Recorded, record } from './record.js';
import { fetchSources, sha256 } from './sources.js';
import { readTfjs } from './tfjs.js';
import { compareNanoDet, type Deviation, PLAIN_OUTPUTS } from './verify.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rangesFile = fileURLToPath(new URL('ranges.json', import.meta.url));
const recordedFile = fileURLToPath(new URL('recorded.json', import.meta.url));
/** Mean and largest distance of a person's score from the reference's that pass. */
const PASSES = { 'nanodet-float': [0.002, 0.03], nanodet: [0.03, 0.3] } as const;

const cache = join(root, 'out/models');
const sources = fetchSources(cache);
const network = readNanoDet(sources.nanodet);
if (process.argv.includes('--measure')) writeJson(rangesFile, await measureRanges(network, 2));
const ranges = JSON.parse(readFileSync(rangesFile, 'utf8')) as Ranges;

const models: Record<ModelName, Uint8Array> = {
  nanodet: buildNanoDet(network, ranges),
  'nanodet-float': buildNanoDet(network),
  ultraface: readFileSync(sources.ultraface),
  selfie: convertLiterally('selfie', readTfjs(sources.selfie), ['activation_10'], true),
};
mkdirSync(join(root, 'models'), { recursive: true });
for (const [name, bytes] of Object.entries(models)) writeFileSync(join(root, 'models', `${name}.onnx`), bytes);
writeFileSync(join(root, 'models/README.md'), describeModels(models));

// the reference: for the comparison, and for bench/detect.ts to measure against
const plain = convertLiterally('nanodet', readTfjs(sources.nanodet), PLAIN_OUTPUTS);
writeFileSync(join(cache, 'nanodet-plain.onnx'), plain);
for (const [name, limits] of Object.entries(PASSES))
  report(name, await compareNanoDet(plain, models[name as ModelName]), limits);

const answers = await record(models);
if (process.argv.includes('--record')) writeFileSync(recordedFile, `${JSON.stringify(answers)}\n`);
const recorded = JSON.parse(readFileSync(recordedFile, 'utf8')) as Recorded;
for (const name of Object.keys(models) as ModelName[])
  if (!(distance(recorded, answers, name) <= 0.01)) fail(`${name} does not answer as recorded in recorded.json`);

for (const [name, bytes] of Object.entries(models))
  if (MODELS[name as ModelName] !== sha256(bytes)) fail(`src/detect/models.ts needs: ${name}: '${sha256(bytes)}'`);

function report(
  name: string,
  { cells, mean, most }: Deviation,
  [meanLimit, mostLimit]: readonly [number, number],
): void {
  const figures = `scores of people differ by ${mean.toFixed(4)} on average, ${most.toFixed(3)} at most (${cells} cells)`;
  process.stdout.write(`${name}: ${figures}\n`);
  if (!(mean <= meanLimit && most <= mostLimit)) fail(`${name} is too far from its reference`);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

function writeJson(path: string, ranges: Ranges): void {
  const lines = Object.entries(ranges).map(([name, range]) => `  "${name}": [${range.join(', ')}]`);
  writeFileSync(path, `{\n${lines.join(',\n')}\n}\n`);
}
