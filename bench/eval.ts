// How good are the masks? Runs `privacy-shield mask` on evaluation sets and on what a bad day makes of them, and scores
// what comes out: npm run eval -- SET... [--variant NAME]... [--json FILE] [--score MASKS] [--keep DIR] [flags of mask]

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InputError } from '../src/errors.js';
import { type EvalArguments, parseEvalArguments } from './eval-arguments.js';
import { eventSummary, figuresOf, summary } from './eval-report.js';
import { judge, type Result } from './judge.js';
import { makeVariant } from './make-variant.js';
import { run } from './run.js';
import { isSet, readSet } from './truth.js';
import { listVariants, variantsNamed } from './variants.js';

const ROOT = join(import.meta.dirname, '..');

async function evaluate(name: string, variant: string, options: EvalArguments): Promise<Result> {
  const set = await makeVariant(readSet(name), variant);
  if (options.score) return { ...(await judge(set, options.score, variant)), flags: [] };
  if (set.kind === 'images')
    throw new InputError(
      `${set.name} is a set of images: \`mask\` takes folders of images once there is the AI method; score masks made elsewhere by --score DIR.`,
    );
  const folder = options.keep ? resolve(options.keep, `${set.name}-${variant}`) : mkdtempSync(join(tmpdir(), 'eval-'));
  mkdirSync(folder, { recursive: true });
  try {
    const [output, masks, report] = ['masked.mp4', 'masks.mkv', 'report.json'].map((file) => join(folder, file)) as [
      string,
      string,
      string,
    ];
    await mask([resolve(set.folder, 'clip.mp4'), output, '--masks', masks, '--report', report, ...options.pass]);
    const judged = await judge(set, masks, variant);
    return { ...judged, flags: options.pass, report: JSON.parse(readFileSync(report, 'utf8')) as unknown };
  } finally {
    if (!options.keep) rmSync(folder, { recursive: true });
  }
}

/** Runs the command line from its source. @throws InputError with what it said, when it fails */
async function mask(args: readonly string[]): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(ROOT, 'src/cli/index.ts'), 'mask', ...args, '--quiet'],
    {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4000);
  });
  const code = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
  if (code !== 0) throw new InputError(`mask failed with status ${code}: ${words.trim()}`);
}

const USAGE = `usage: npm run eval -- SET... [--variant NAME]... [--json FILE] [--score MASKS] [--keep DIR] [flags of mask]

  --variant NAME   a variant made of the clip (all of them: all); the set as it is where none is named
  --json FILE      every figure
  --score MASKS    score these masks (a grey video; a folder of PNG for images) instead of running mask
  --keep DIR       keep the masked videos, masks and reports
Variants:
${listVariants()}`;

if (import.meta.filename === process.argv[1])
  await run(async () => {
    const options = parseEvalArguments(process.argv.slice(2), isSet);
    if (options.help) return console.log(USAGE);
    if (options.sets.length === 0) throw new InputError(USAGE);
    const variants = [...new Set(options.variants.flatMap(variantsNamed))];
    const results: Result[] = [];
    for (const set of options.sets)
      for (const variant of variants.length > 0 ? variants : ['plain']) {
        const result = await evaluate(set, variant, options);
        results.push(result);
        const { worst: _, masked_over_time: __, events: ___, parts: ____, report: _____, flags, ...score } = result;
        const { variant: name, ...figures } = score;
        console.log(`${figuresOf(figures, name)}\n`);
        if (options.json) writeFileSync(options.json, `${JSON.stringify({ flags, results }, null, 1)}\n`);
      }
    console.log(`${summary(results)}\n${eventSummary(results)}`);
  });
