// The door of the settings: what the other rooms may ask for.

import { parsePolicy } from './read.js';
import type { Policy } from './schema.js';

export { describeFields, type FieldDescription, type FieldType } from './describe.js';
export { type DurationUnit, formatDuration, parseDuration } from './duration.js';
export { migrate } from './migrate.js';
export { nearest } from './nearest.js';
export { dotted, type NameOf, oneLine, type Path, parseCamera, parsePolicy } from './read.js';
export type { Area, AreaKind, Camera, Method, Policy, Style } from './schema.js';

/** Every field at its default. */
export const defaultPolicy: Readonly<Policy> = Object.freeze(parsePolicy({}));
