// A contact sheet of a video, for eyes: `npm run sheet -- VIDEO OUT.png [--count 12]`.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { InputError } from '../src/errors.js';
import { countFrames, ffmpeg } from './ffmpeg.js';
import { run } from './run.js';

/** Pixels: wide enough to see a foot that sticks out. */
const TILE_WIDTH = 480;

/** Lays `count` frames, evenly spread from first to last, out in a PNG. */
export async function makeSheet(video: string, output: string, count = 12): Promise<void> {
  if (!existsSync(video)) throw new InputError(`there is no video ${video}.`);
  const frames = await countFrames(video);
  if (frames === 0) throw new InputError(`${video} is not a video that ffmpeg can read.`);
  const tiles = Math.min(count, frames);
  const columns = Math.ceil(Math.sqrt(tiles));
  const wanted = Array.from({ length: tiles }, (_, i) => Math.round((i * (frames - 1)) / Math.max(1, tiles - 1)));
  const select = wanted.map((frame) => `eq(n\\,${frame})`).join('+');
  const tile = `tile=${columns}x${Math.ceil(tiles / columns)}:padding=4`;
  const filters = `select='${select}',scale=${TILE_WIDTH}:-2,${tile}`;
  await ffmpeg(['-i', video, '-map', '0:v:0', '-fps_mode', 'passthrough', '-vf', filters, '-frames:v', '1', output]);
}

if (import.meta.filename === process.argv[1])
  await run(async () => {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { count: { type: 'string' } } });
    const [video, output] = positionals;
    const count = Number(values.count ?? 12);
    if (!video || !output || !Number.isInteger(count) || count < 1)
      throw new InputError('usage: npm run sheet -- VIDEO OUT.png [--count 12]');
    await makeSheet(video, output, count);
  });
