// How fast is it? npm run bench -- [--json FILE] [--only engine|pipeline] [--rounds N] [--soak MINUTES]
// Everything is a ratio of things that took turns in this one run; milliseconds are for the record.

import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { InputError } from '../src/errors.js';
import { sampleClip } from './clips.js';
import { benchEngine, COVERS, type EngineFigures, STYLES } from './engine-bench.js';
import { benchPipeline, type PipelineFigures } from './pipeline.js';
import { run } from './run.js';
import { fixed, percent, table } from './table.js';

interface Figures {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string; readonly load: number };
  readonly engine?: EngineFigures;
  readonly pipeline?: PipelineFigures;
}

const say = (what: string) => process.stderr.write(`... ${what}\n`);

export function engineReport(figures: EngineFigures): string {
  const cell = (style: string, cover: number) => {
    const one = figures.styles.find((entry) => entry.style === style && entry.cover === cover);
    return one ? `${fixed(one.ms.median)} (${fixed(one.memcpyRatio.median, 1)}x)` : '-';
  };
  const styles = table(
    ['ms a 1080p frame (copies of a frame)', ...COVERS.map((cover) => `${cover * 100} %`)],
    STYLES.map((style) => [style, ...COVERS.map((cover) => cell(style, cover))]),
  );
  const stages = table(
    ['stage', 'ms', 'share'],
    figures.stages.map(({ stage, ms, share }) => [stage, fixed(ms, 3), percent(share, 1)]),
  );
  const kernels = table(
    ['kernel', 'ms', 'calls', 'share'],
    figures.kernels
      .slice(0, 12)
      .map(({ kernel, ms, calls, share }) => [kernel, fixed(ms, 3), fixed(calls, 1), percent(share, 1)]),
  );
  const sizes = table(
    ['size', 'ms', 'copies', 'ns a pixel'],
    figures.sizes.map(({ size, ms, memcpyRatio, nsPerPixel }) => [
      size,
      fixed(ms.median),
      fixed(memcpyRatio.median, 1),
      fixed(nsPerPixel),
    ]),
  );
  const { opencv } = figures;
  const rival = opencv
    ? `engine.opencvRatio  ${fixed(figures.opencvRatio)} times faster than OpenCV ${opencv.version} on 480x270 (${fixed(opencv.smallMs.median)} ms); ${fixed(opencv.fullRatio, 1)} times than at full size (${fixed(opencv.fullMs.median)} ms)`
    : 'engine.opencvRatio  - (no python3 with OpenCV here)';
  return [
    styles,
    stages,
    kernels,
    sizes,
    `engine.memcpyRatio  ${fixed(figures.memcpyRatio)} (a copy takes ${fixed(figures.memcpyMs.median, 3)} ms); blur ${fixed(figures.blurMemcpyRatio)}\n${rival}`,
  ].join('\n\n');
}

export function pipelineReport(figures: PipelineFigures): string {
  const { cpuMsPerFrame: cpu, ffmpegRatioSpread: ratio, soak } = figures;
  return [
    `pipeline.ffmpegRatio  ${fixed(ratio.median)} (half of the rounds ${fixed(ratio.low)} to ${fixed(ratio.high)}; without start-up ${fixed(figures.ffmpegRatioSteady)})`,
    `  mask ${fixed(cpu.mask.median)} ms, ffmpeg ${fixed(cpu.ffmpeg.median)} ms of processor time a 1080p frame; ${fixed(figures.framesPerSecond.mask, 1)} and ${fixed(figures.framesPerSecond.ffmpeg, 1)} frames a second`,
    `pipeline.peakRssMb  ${fixed(figures.peakRssMb, 0)}`,
    ...(soak
      ? [
          `  over ${soak.minutes} minutes of video ${fixed(soak.peakRssMb, 0)}, growing by ${fixed(soak.growthMb, 1)} in the last third`,
        ]
      : []),
  ].join('\n');
}

await run(async () => {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      only: { type: 'string' },
      rounds: { type: 'string' },
      soak: { type: 'string' },
    },
  });
  const number = (name: 'rounds' | 'soak', usual: number, least: number): number => {
    const value = Number(values[name] ?? usual);
    if (!(value >= least)) throw new InputError(`--${name} is ${least} or more, got ${values[name]}.`);
    return value;
  };
  const { only } = values;
  if (only !== undefined && only !== 'engine' && only !== 'pipeline')
    throw new InputError(`--only is engine or pipeline, got ${only}.`);
  const rounds = number('rounds', 9, 1);
  const soakMinutes = number('soak', 0, 0);
  const figures: Figures = {
    machine: { cpu: cpus()[0]?.model ?? '?', cores: cpus().length, node: process.version, load: loadavg()[0] },
    ...(only !== 'pipeline' && { engine: await benchEngine({ clip: sampleClip(), rounds, turn: 16 }, say) }),
    ...(only !== 'engine' && {
      pipeline: await benchPipeline({ rounds: Math.ceil(rounds / 2), seconds: 20, soakMinutes }, say),
    }),
  };
  if (figures.engine) console.log(engineReport(figures.engine));
  if (figures.pipeline) console.log(`\n${pipelineReport(figures.pipeline)}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 1)}\n`);
});
