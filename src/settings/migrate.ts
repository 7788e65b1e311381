// Old settings files: each step lifts a camera from one version to the next, in memory only. A host's file is never
// rewritten behind its owner's back, and the object given is left as it was.

import { InputError } from '../errors.js';
import { VERSION } from './schema.js';

type Settings = Readonly<Record<string, unknown>>;
/** Gives the settings in the next version's form; pure. The version number itself is set by `migrate`. */
export type Step = (settings: Settings) => Settings;

/** `STEPS[0]` lifts version 1 to version 2, and so on. Version 1 is the first. */
const STEPS: readonly Step[] = [];

/**
 * The same settings in the newest form. Without a `version` they are of version 1; what is not an object passes through
 * for the schema to refuse.
 * @throws InputError when the version is not a whole number from 1, or newer than this program
 */
export function migrate(input: unknown, steps: readonly Step[] = STEPS, newest: number = VERSION): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const { version = 1 } = input as { version?: unknown };
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw new InputError(`version: not a version of these settings; use ${newest}`);
  if (version > newest)
    throw new InputError(
      `version: ${version} is newer than this program understands (${newest}); update Privacy Shield`,
    );
  let settings = input as Settings;
  for (const step of steps.slice(version - 1, newest - 1)) settings = step(settings);
  return version === newest ? settings : { ...settings, version: newest };
}
