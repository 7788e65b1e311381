// From whatever a file, a form or a flag holds to settings that can be trusted: migrated, checked, completed. A mistake
// is told in one line: the field, what was given (never a secret) and what is allowed.

import type { z } from 'zod';
import { InputError } from '../errors.js';
import { isAvailable } from './availability.js';
import { allowedFor, fieldPath, type Node, nodeAt } from './describe.js';
import { migrate } from './migrate.js';
import { nearest } from './nearest.js';
import { type Camera, cameraSchema, type Policy, policySchema } from './schema.js';

/** Where in the settings: keys and list positions. */
export type Path = readonly PropertyKey[];
/** How a message names a place; the command line names the flag it came from. */
export type NameOf = (path: Path) => string;

/**
 * Reads a whole camera, of this or an older version. The input is left as it was.
 * @throws InputError in one line
 */
export function parseCamera(input: unknown, nameOf: NameOf = dotted): Camera {
  return read(cameraSchema, migrate(input), [], nameOf);
}

/**
 * Reads the `policy` part alone; messages name its fields as in a camera ("policy.size").
 * @throws InputError in one line
 */
export function parsePolicy(input: unknown, nameOf: NameOf = dotted): Policy {
  return read(policySchema, input, ['policy'], nameOf);
}

/** "policy.areas[0].points[2]". */
export function dotted(path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    '',
  );
}

function read<T>(schema: z.ZodType<T>, input: unknown, base: Path, nameOf: NameOf): T {
  const result = schema.safeParse(input);
  if (!result.success) {
    // A mistyped key is the cause of the key that is missing, so it is told first.
    const { issues } = result.error;
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
    throw new InputError(oneLine(explain(issue, input, [...base, ...issue.path], issue.path, nameOf)));
  }
  refuseWhatIsNotBuilt(result.data, base, nameOf);
  return result.data;
}

function explain(issue: z.core.$ZodIssue, input: unknown, path: Path, within: Path, nameOf: NameOf): string {
  const node = nodeAt(path);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(node?.properties ?? {});
    const meant = nearest(issue.keys[0], known);
    return `${nameOf([...path, shortened(issue.keys[0])])}: no such setting; ${
      meant ? `did you mean "${meant}"?` : `known here: ${known.join(', ')}`
    }`;
  }
  const name = nameOf(path) || 'settings';
  if (issue.code === 'custom') return `${name}: ${issue.message}`;
  const value = valueAt(input, within);
  const allowed = node ? allowedFor(node, fieldPath(path)) : 'another value';
  return value === undefined
    ? `${name}: is missing; use ${allowed}`
    : `${name}: ${shown(value, isSecret(path))} is not allowed; use ${allowed}`;
}

function refuseWhatIsNotBuilt(value: unknown, path: Path, nameOf: NameOf): void {
  const node = nodeAt(path);
  if (node?.properties) {
    for (const [key, inner] of Object.entries(value as object)) refuseWhatIsNotBuilt(inner, [...path, key], nameOf);
    return;
  }
  const entries = Array.isArray(value) && typeof node?.items === 'object' && node.items.enum ? value : [value];
  for (const entry of entries) {
    if (!node || isAvailable(fieldPath(path), entry, node.default)) continue;
    throw new InputError(
      oneLine(
        `${nameOf(path)}: ${shown(entry, isSecret(path))} is not available in this version; use ${instead(node, path)}`,
      ),
    );
  }
}

function instead(node: Node, path: Path): string {
  const choice = node.enum ? node : typeof node.items === 'object' && node.items.enum ? node.items : undefined;
  return choice ? allowedFor(choice, fieldPath(path)) : JSON.stringify(node.default);
}

function isSecret(path: Path): boolean {
  return path.some((_, i) => nodeAt(path.slice(0, i + 1))?.secret);
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

/** A value as a message may show it: short, and of lists and objects only that they are. */
function shown(value: unknown, secret: boolean): string {
  if (secret) return 'this value';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : String(value);
}

function shortened(text: string): string {
  const safe = oneLine(text);
  return safe.length > 40 ? `${safe.slice(0, 39)}…` : safe;
}

/**
 * Text fit for a message or a log: a user and password in an address (it may be pasted into any field) are struck out,
 * and line breaks and other control characters become spaces.
 */
export function oneLine(text: string): string {
  return text.replace(/\/\/[^\s"]*@/g, '//***@').replace(/\p{Cc}+/gu, ' ');
}
