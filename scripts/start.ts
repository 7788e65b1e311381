// `npm start`: the newcomer's first minute. Masks the sample clip by the command line, as anybody would, and puts one
// frame before and after side by side.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureFfmpeg } from './ensure-ffmpeg.js';

/** A frame in which people are near and far, walking and standing. */
const SHOWN = 160;

const root = fileURLToPath(new URL('..', import.meta.url));
const sample = join(root, 'test/fixtures/pedestrians.mp4');
const masked = join(root, 'out/pedestrians-masked.mp4');
const picture = join(root, 'out/before-after.png');
const cli = join(root, 'src/cli/index.ts');

ensureFfmpeg();
mkdirSync(join(root, 'out'), { recursive: true });
try {
  execFileSync(process.execPath, ['--import', 'tsx', cli, 'mask', sample, relative('.', masked)], { stdio: 'inherit' });
  const frame = `trim=start_frame=${SHOWN}:end_frame=${SHOWN + 1},setpts=0`;
  const sideBySide = `[0:v]${frame}[before];[1:v]${frame}[after];[before][after]hstack`;
  const inputs = ['-i', sample, '-i', masked];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, '-filter_complex', sideBySide, '-frames:v', '1', picture]);
  process.stdout.write(`masked video: ${relative('.', masked)}\nbefore and after: ${relative('.', picture)}\n`);
} catch {
  process.exitCode = 1; // the program that failed has said why
}
