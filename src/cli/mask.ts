// `privacy-shield mask`: looks at everything that was given before any work, masks one file, and tells what was done.

import { writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { oneLine } from '../settings/index.js';
import type { MaskJob } from '../shield/mask-job.js';
import type { MaskCommand } from './arguments.js';
import { checkFiles, type NamedFile } from './paths.js';
import { openProgress } from './progress.js';
import { reportJson, summary } from './report.js';
import { chooseSettings } from './settings.js';

/**
 * @throws InputError for what the user can mend
 * @throws Error when it failed or `signal` stopped it; no output is left then
 */
export async function mask(command: MaskCommand, signal: AbortSignal): Promise<void> {
  keepOutOfCoreDumps();
  const { input, output, masks, report: reportFile } = command;
  await checkFiles(
    named([
      ['INPUT', input],
      ['--settings', command.settings],
    ]),
    named([
      ['OUTPUT', output],
      ['--masks', masks],
      ['--report', reportFile],
    ]),
  );
  const { policy, audio, outputs } = await chooseSettings(command.settings, command.chosen);
  const job: MaskJob = {
    input,
    output,
    ...(masks !== undefined && { masks }),
    policy,
    learn: command.learn,
    ...(command.limit !== undefined && { limit: command.limit }),
    audio: audio.enabled,
    ...(outputs.encoder !== 'auto' && { encoder: outputs.encoder }),
    ...(command.ffmpeg !== undefined && { ffmpeg: command.ffmpeg }),
  };

  const { maskFile } = await import('../shield/mask-file.js');
  const progress = openProgress(command.quiet ? undefined : process.stderr);
  const report = await maskFile(job, progress.show, signal).finally(progress.close);
  const written = [output, ...(masks === undefined ? [] : [masks])];
  try {
    // Ctrl-C reaches the decoder too, whose early end may look like the end of the file.
    signal.throwIfAborted();
    if (reportFile !== undefined) {
      written.push(reportFile);
      await writeFile(reportFile, reportJson(report, policy));
    }
  } catch (error) {
    for (const path of written) await rm(path, { force: true });
    throw error;
  }
  for (const warning of report.warnings) process.stderr.write(`privacy-shield: warning: ${oneLine(warning)}\n`);
  if (!command.quiet) process.stdout.write(summary(output, report));
}

/** A dump of this process would hold clear pictures. Node cannot forbid it, but Linux lets its memory be left out. */
function keepOutOfCoreDumps(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Another system, or one that forbids it: docs/privacy.md tells what to do.
  }
}

function named(files: readonly (readonly [as: string, path: string | undefined])[]): readonly NamedFile[] {
  return files.flatMap(([as, path]) => (path === undefined ? [] : [{ as, path }]));
}
