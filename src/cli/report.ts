// What a run did, for programs (a JSON file) and for people (a few lines). Pure: texts in, texts out.

import type { Policy } from '../settings/index.js';
import type { MaskReport } from '../shield/mask-job.js';

/** Decimals kept in the file: more would be noise. */
const DECIMALS = 4;

/** The report file's text: the report with the policy that was used, numbers rounded to four decimals. */
export function reportJson(report: MaskReport, policy: Policy): string {
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 10 ** DECIMALS) / 10 ** DECIMALS : value;
  return `${JSON.stringify({ ...report, policy }, rounded, 2)}\n`;
}

/** What was written, how fast, how much was masked and why, in four lines. */
export function summary(output: string, report: MaskReport): string {
  const { frames, size, seconds, elapsedSeconds, fps, cpuMsPerFrame: cpu, maskedShare, learned } = report;
  const parts = [
    ['engine', cpu.engine],
    ['decode', cpu.decode],
    ['encode', cpu.encode],
    ['learn', cpu.learn],
  ] as const;
  const gates = Object.entries(report.gates).filter(([, count]) => count > 0);
  return [
    `${output}: ${frames} frames of ${size.width}x${size.height} (${fixed(seconds)} s) in ${fixed(elapsedSeconds)} s, ` +
      `${fixed(fps)} a second${report.dropped > 0 ? `, ${report.dropped} dropped` : ''}`,
    `masked: ${fixed(maskedShare * 100)} % of the picture; frames by gate: ` +
      gates.map(([state, count]) => `${state} ${count}`).join(', '),
    `learned from: ${learned.pictures} pictures over ${fixed(learned.seconds)} s`,
    `processor: ${fixed(cpu.total)} ms a frame (${parts.map(([part, ms]) => `${part} ${fixed(ms)}`).join(', ')})`,
    '',
  ].join('\n');
}

function fixed(value: number): string {
  return value.toFixed(1);
}
