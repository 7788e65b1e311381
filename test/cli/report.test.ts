import assert from 'node:assert/strict';
import { reportJson, summary } from '../../src/cli/report.js';
import { defaultPolicy } from '../../src/settings/index.js';
import type { MaskReport } from '../../src/shield/mask-job.js';

const report: MaskReport = {
  frames: 400,
  dropped: 0,
  seconds: 57.142857142,
  elapsedSeconds: 8.04,
  fps: 49.75,
  cpuMsPerFrame: { total: 23.0912345, engine: 3.21, decode: 4.15, encode: 13.9, learn: 1.8 },
  maskedShare: 0.136,
  gates: { mask: 398, learning: 2, fault: 0 },
  size: { width: 768, height: 576 },
  truncated: true,
  backwardStamps: 0,
  warnings: ['in.mp4 is cut off'],
  versions: { 'privacy-shield': '0.1.0' },
  learned: { pictures: 64, seconds: 56.5 },
};

describe('the report', () => {
  it('is the whole report as JSON, rounded, with the policy that was used', () => {
    const read = JSON.parse(reportJson(report, { ...defaultPolicy, style: 'solid' }));
    assert.deepEqual(read, {
      ...report,
      seconds: 57.1429,
      cpuMsPerFrame: { ...report.cpuMsPerFrame, total: 23.0912 },
      policy: { ...defaultPolicy, style: 'solid' },
    });
  });

  it('is told in four lines on the terminal', () => {
    assert.deepEqual(summary('out.mp4', report).split('\n'), [
      'out.mp4: 400 frames of 768x576 (57.1 s) in 8.0 s, 49.8 a second',
      'masked: 13.6 % of the picture; frames by gate: mask 398, learning 2',
      'learned from: 64 pictures over 56.5 s',
      'processor: 23.1 ms a frame (engine 3.2, decode 4.2, encode 13.9, learn 1.8)',
      '',
    ]);
    assert.match(summary('out.mp4', { ...report, dropped: 3 }), /, 3 dropped\n/);
  });
});
