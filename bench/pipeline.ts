// The whole way, from file to file: processor time of everything `privacy-shield mask` starts, against one ffmpeg that
// decodes and encodes the same clip with the same codec options and masks nothing. They take turns. And what the Node
// process holds in memory meanwhile, over minutes if asked.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encoderArguments, SOFTWARE } from '../src/video/encoder.js';
import { cameraClip, looped } from './clips.js';
import { countFrames } from './ffmpeg.js';
import { costOf } from './process-tree.js';
import { median, pairedRatio, type Spread, spread, takeTurns } from './statistics.js';

const ROOT = join(import.meta.dirname, '..');
/** Built, as users run it: the TypeScript loader would count as cost and memory. */
const CLI = join(ROOT, 'dist/cli/index.js');
const CAMERA = { width: 1920, height: 1080, rate: 30 };
const MEMORY_PROBE = pathToFileURL(join(import.meta.dirname, 'peak-memory.mjs')).href;

export interface PipelinePlan {
  readonly rounds: number;
  /** Of the clip. */
  readonly seconds: number;
  /** Minutes of video through which memory is watched; 0 for none. */
  readonly soakMinutes: number;
}

export interface PipelineFigures {
  /** Processor time of mask over that of one ffmpeg. */
  readonly ffmpegRatio: number;
  readonly ffmpegRatioSpread: Spread;
  /** The same without what a clip of two frames costs: start-up. */
  readonly ffmpegRatioSteady: number;
  readonly cpuMsPerFrame: { readonly mask: Spread; readonly ffmpeg: Spread };
  readonly framesPerSecond: { readonly mask: number; readonly ffmpeg: number };
  readonly frames: number;
  /** Most memory of the Node process, in the worst round. */
  readonly peakRssMb: number;
  readonly soak: { readonly minutes: number; readonly peakRssMb: number; readonly growthMb: number } | null;
  readonly encoder: readonly string[];
}

interface Memory {
  readonly peakMb: number;
  /** Seconds since the start, megabytes. */
  readonly samples: readonly (readonly [number, number])[];
}

export async function benchPipeline(plan: PipelinePlan, say: (what: string) => void): Promise<PipelineFigures> {
  say(`making a clip, 1080p30, ${plan.seconds} s`);
  const clip = await cameraClip({ ...CAMERA, seconds: plan.seconds });
  const frames = await countFrames(clip);
  const folder = mkdtempSync(join(tmpdir(), 'bench-pipeline-'));
  const encoder = encoderOptions();
  try {
    const memories: Memory[] = [];
    const mask = async (input: string, flags: readonly string[] = []) => {
      const file = join(folder, 'memory.json');
      const command = [CLI, 'mask', input, join(folder, 'masked.mp4'), '--learn', 'live', '--quiet', ...flags];
      const cost = await costOf([process.execPath, '--import', MEMORY_PROBE, ...command], { BENCH_MEMORY_FILE: file });
      memories.push(JSON.parse(readFileSync(file, 'utf8')) as Memory);
      return cost;
    };
    const plain = (input: string, flags: readonly string[] = []) => {
      const way = ['-hide_banner', '-v', 'error', '-nostdin', '-y', '-i', input, '-map', '0:V:0', ...flags];
      return costOf(['ffmpeg', ...way, '-fps_mode', 'passthrough', ...encoder, join(folder, 'plain.mp4')]);
    };

    const elapsed = { mask: [] as number[], ffmpeg: [] as number[] };
    say(`mask and ffmpeg in turns, ${plan.rounds} rounds`);
    const cpu = await takeTurns(
      {
        mask: async () => {
          const cost = await mask(clip);
          elapsed.mask.push(cost.elapsedMs);
          return cost.cpuMs / frames;
        },
        ffmpeg: async () => {
          const cost = await plain(clip);
          elapsed.ffmpeg.push(cost.elapsedMs);
          return cost.cpuMs / frames;
        },
        maskStart: async () => (await mask(clip, ['--limit', '2'])).cpuMs / frames,
        ffmpegStart: async () => (await plain(clip, ['-frames:v', '2'])).cpuMs / frames,
      },
      plan.rounds,
    );
    const steady = (whole: readonly number[], start: readonly number[]) => whole.map((ms, i) => ms - start[i]);
    const ratio = pairedRatio(cpu.mask, cpu.ffmpeg);
    const peakRssMb = Math.max(...memories.map(({ peakMb }) => peakMb));
    return {
      ffmpegRatio: ratio.median,
      ffmpegRatioSpread: ratio,
      ffmpegRatioSteady: pairedRatio(steady(cpu.mask, cpu.maskStart), steady(cpu.ffmpeg, cpu.ffmpegStart)).median,
      cpuMsPerFrame: { mask: spread(cpu.mask), ffmpeg: spread(cpu.ffmpeg) },
      framesPerSecond: {
        mask: (frames * 1000) / median(elapsed.mask),
        ffmpeg: (frames * 1000) / median(elapsed.ffmpeg),
      },
      frames,
      peakRssMb,
      soak: plan.soakMinutes > 0 ? await soak() : null,
      encoder,
    };

    async function soak() {
      say(`${plan.soakMinutes} minutes of video, watching memory`);
      await mask(await looped(clip, plan.soakMinutes * 60));
      const { peakMb, samples } = memories.at(-1)!;
      return { minutes: plan.soakMinutes, peakRssMb: peakMb, growthMb: growth(samples.map(([, mb]) => mb)) };
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What `mask` tells the encoder for this very clip. */
function encoderOptions(): readonly string[] {
  const { width, height, rate } = CAMERA;
  const times = { frameRate: { numerator: rate, denominator: 1 }, timeBase: { numerator: 1, denominator: rate } };
  const { filters, output } = encoderArguments(
    { encoder: SOFTWARE, use: 'file' },
    { width, height, ...times, color: {} },
  );
  return filters.length > 0 ? ['-vf', filters.join(','), ...output] : output;
}

/** Median of the last third over that of the middle third: what start-up and the first frames take is left out. */
export function growth(samples: readonly number[]): number {
  const third = Math.floor(samples.length / 3);
  if (third === 0) return 0;
  return median(samples.slice(-third)) - median(samples.slice(third, 2 * third));
}
