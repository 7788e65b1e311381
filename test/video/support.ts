// What the tests of this room share: clips made by ffmpeg's own generators, a pool, and a way to read a file's truth
// by other means than the room's own.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Frame, FramePool } from '../../src/engine/frame.js';
import { makeGrid } from '../../src/engine/grid.js';
import type { Mask } from '../../src/engine/mask.js';
import { layoutBlockMeans } from '../../src/engine/planes.js';
import { SlotPool } from '../../src/engine/pool.js';
import { type MaskedFrame, Renderer } from '../../src/engine/render.js';
import { type Ffmpeg, findFfmpeg } from '../../src/video/ffmpeg.js';
import { openSink, type SinkOptions } from '../../src/video/sink.js';
import { openSource, type Source, type SourceOptions } from '../../src/video/source.js';
import { stage } from '../engine/scenery.js';

const run = promisify(execFile);

/** A folder for one file of tests, and the ffmpeg it uses. */
export interface Workshop {
  readonly ffmpeg: Ffmpeg;
  path(name: string): string;
  /** Makes a clip: `source` is a lavfi graph, `rest` are output options. */
  clip(name: string, source: string, ...rest: string[]): Promise<string>;
  /** Runs ffmpeg with `{}` in arguments standing for the folder. */
  make(...args: string[]): Promise<string>;
  /** Names in the folder which begin with a dot: half-written files. */
  leftovers(): Promise<string[]>;
}

export function workshop(): Workshop {
  let folder = '';
  let ffmpeg: Ffmpeg;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'video-test-'));
    ffmpeg = await findFfmpeg();
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  const make = async (...args: string[]) => {
    const words = ['-v', 'error', '-nostdin', '-y', ...args].map((word) => word.replaceAll('{}', folder));
    await run(ffmpeg.path, words, { maxBuffer: 1 << 26 });
    return words.at(-1)!;
  };
  return {
    get ffmpeg() {
      return ffmpeg;
    },
    path,
    make,
    clip: (name, source, ...rest) => make('-f', 'lavfi', '-i', source, ...rest, path(name)),
    leftovers: async () => (await readdir(folder)).filter((name) => name.startsWith('.')),
  };
}

export function makePool({ width, height }: { width: number; height: number }, capacity = 4): FramePool {
  const pictures = Array.from({ length: capacity }, () => new Uint8Array((width * height * 3) / 2));
  return new SlotPool(width, height, pictures);
}

export interface Picture {
  readonly seconds: number;
  readonly data: Uint8Array;
}

/** A pool in an engine's memory, and a renderer whose masks cover nothing: what sinks take, with the picture unchanged. */
export function maskNothing({ width, height }: { width: number; height: number }) {
  const grid = makeGrid(width, height);
  const { at, kernels, memory } = stage((layout) => ({
    renderer: Renderer.layout(layout, grid),
    means: layoutBlockMeans(layout, grid),
    nowhere: layout.bitPlane(grid),
    pictures: Array.from({ length: 4 }, () => layout.picture(grid)),
  }));
  const { nowhere } = at;
  const mask: Mask = { covered: nowhere, solid: nowhere, gated: nowhere, coarse: [nowhere, nowhere] };
  const renderer = new Renderer(grid, kernels, memory, at.renderer);
  const pictures = at.pictures.map((picture) => new Uint8Array(memory, picture, (width * height * 3) / 2));
  return {
    pool: new SlotPool(width, height, pictures) as FramePool,
    masked: (frame: Frame): MaskedFrame => renderer.render(frame, mask, at.means),
  };
}

/** Everything a source gives. Closes it. */
export async function readPictures(source: Source): Promise<Picture[]> {
  const { numerator, denominator } = source.info.timeBase;
  const pictures: Picture[] = [];
  for await (const packet of source.packets(makePool(source.info))) {
    if (packet.kind !== 'frame') continue;
    pictures.push({ seconds: (packet.frame.pts * numerator) / denominator, data: packet.frame.data.slice() });
    packet.frame.slot.release();
  }
  return pictures;
}

/** A file through source, renderer and sink, with nothing of it masked. */
export async function passThrough(
  input: string,
  output: string,
  options: SourceOptions & Pick<SinkOptions, 'encoder'>,
): Promise<void> {
  await using source = await openSource(input, options);
  await using sink = await openSink(output, { ...options, info: source.info });
  const { pool, masked } = maskNothing(source.info);
  for await (const packet of source.packets(pool))
    if (packet.kind === 'audio') await sink.writeAudio(packet);
    else {
      await sink.write(masked(packet.frame));
      packet.frame.slot.release();
    }
  await sink.finish();
}

/** What ffmpeg decodes: time stamps in seconds, and all pictures in one piece in the given pixel format. */
export async function decode(
  ffmpeg: Ffmpeg,
  file: string,
  pixelFormat = 'yuv420p',
): Promise<{ stamps: number[]; data: Buffer }> {
  const args = ['-hide_banner', '-nostdin', '-copyts', '-i', file, '-map', '0:V:0', '-vf', 'showinfo=checksum=0'];
  const output = [...ffmpeg.keepTimeStamps, '-pix_fmt', pixelFormat, '-f', 'rawvideo', '-'];
  const { stdout, stderr } = await run(ffmpeg.path, [...args, ...output], { encoding: 'buffer', maxBuffer: 1 << 28 });
  const log = stderr.toString();
  const [, numerator, denominator] = /config in time_base: (\d+)\/(\d+)/.exec(log) ?? [];
  const stamps = [...log.matchAll(/ n: *\d+ pts: *(-?\d+) /g)].map(
    (match) => (Number(match[1]) * Number(numerator)) / Number(denominator),
  );
  return { stamps, data: stdout };
}

/** How ffmpeg describes a file, in its own words. */
export async function words(ffmpeg: Ffmpeg, file: string): Promise<string> {
  return run(ffmpeg.path, ['-hide_banner', '-i', file]).then(
    ({ stderr }) => stderr,
    (error: { stderr: string }) => error.stderr,
  );
}

/** Whether two lists of seconds agree to `tolerance`. */
export function sameTimes(a: readonly number[], b: readonly number[], tolerance = 1e-6): boolean {
  return a.length === b.length && a.every((time, index) => Math.abs(time - b[index]!) <= tolerance);
}

/** Process ids of ffmpegs whose parent is `parent`, by the role their command line shows. Linux only. */
export async function ffmpegsOf(parent: number): Promise<{ decoder?: number; encoder?: number }> {
  const found: { decoder?: number; encoder?: number } = {};
  for (const pid of (await readdir('/proc')).map(Number).filter((name) => name > 0)) {
    const [status, command] = await Promise.all(
      ['stat', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    if (Number(status!.split(') ')[1]?.split(' ')[1]) !== parent || !command!.includes('nut')) continue;
    found[command!.includes('rawvideo') ? 'decoder' : 'encoder'] = pid;
  }
  return found;
}
