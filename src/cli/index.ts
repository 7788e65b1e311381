#!/usr/bin/env node
// The command line's outer shell: runs the command, turns its end into an exit code, and a signal into an orderly stop.
// 0: done. 2: a mistake in what was given. 1: a failure. 128 + n: ended by signal n.

import { constants } from 'node:os';
import { InputError } from '../errors.js';
import { oneLine } from '../settings/index.js';
import { programVersion } from '../version.js';
import { parseCommandLine } from './arguments.js';
import { helpText } from './help.js';

/** A command that was asked to stop may tidy up for this long, in milliseconds. */
const GRACE = 5000;

process.exitCode = await run(process.argv.slice(2));

async function run(words: readonly string[]): Promise<number> {
  const stop = stopOnSignals();
  // A reader that goes away early (`| head`) is no failure of ours.
  process.stdout.on('error', () => {});
  try {
    await execute(words, stop.signal);
    return stop.exitCode() ?? 0;
  } catch (error) {
    if (stop.exitCode() !== undefined) return stop.exitCode() ?? 1;
    const message = oneLine(error instanceof Error ? error.message : String(error));
    process.stderr.write(`privacy-shield: ${message}\n`);
    if (error instanceof InputError) return 2;
    if (process.env.PRIVACY_SHIELD_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return 1;
  } finally {
    stop.release();
  }
}

/** Commands load what they need when they are called, so that --help does not wait for the mask engine. */
async function execute(words: readonly string[], signal: AbortSignal): Promise<void> {
  const command = parseCommandLine(words);
  switch (command.name) {
    case 'help':
      process.stdout.write(helpText(command.about));
      return;
    case 'version':
      process.stdout.write(`${programVersion()}\n`);
      return;
    case 'probe':
      return (await import('./probe.js')).probe(command, signal);
    case 'mask':
      return (await import('./mask.js')).mask(command, signal);
  }
}

/** The first signal asks the command to stop; a second one, or a command that does not heed it, ends the process. */
function stopOnSignals(): { signal: AbortSignal; exitCode(): number | undefined; release(): void } {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const controller = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (name: (typeof signals)[number]) => {
    if (exitCode !== undefined) process.exit(exitCode);
    const code = 128 + constants.signals[name];
    exitCode = code;
    setTimeout(() => process.exit(code), GRACE).unref();
    controller.abort();
  };
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    release: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
