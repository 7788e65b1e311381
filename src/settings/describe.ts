// The schema as plain data, one entry a field: what flags, forms and tables are made from, and how messages say what is
// allowed. Read from the schema itself, so that nothing about a setting is said twice.

import { z } from 'zod';
import { isAvailable } from './availability.js';
import { type DurationUnit, formatDuration } from './duration.js';
import { cameraSchema } from './schema.js';

export type FieldType =
  | 'choice'
  | 'choices'
  | 'integer'
  | 'number'
  | 'duration'
  | 'color'
  | 'boolean'
  | 'text'
  | 'list'
  | 'areas';

export interface FieldDescription {
  /** Dotted place in a camera, such as "policy.mergeTime". */
  readonly path: string;
  readonly type: FieldType;
  /** Absent when the field must be given. */
  readonly default?: unknown;
  /** "s", "ms", "%", "px", ... of numbers. */
  readonly unit?: string;
  /** Limits of a number in `unit`, of a text in characters, of a list in entries. */
  readonly min?: number;
  readonly max?: number;
  /** What may be chosen in this version. */
  readonly choices?: readonly string[];
  /** Choices that are settled but refused in this version. */
  readonly later?: readonly string[];
  readonly title: string;
  readonly help: string;
  /** Never to be shown, logged or echoed. */
  readonly secret: boolean;
  /** False when this version accepts the default only. */
  readonly available: boolean;
}

/** What is used of JSON Schema, with the meta data of our own. */
export interface Node {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node | false | string;
  readonly prefixItems?: readonly Node[];
  readonly kind?: 'duration' | 'color' | 'areas';
  readonly unit?: string;
  readonly secret?: boolean;
  readonly allowed?: string;
  readonly entries?: string;
}

const root = z.toJSONSchema(cameraSchema, { io: 'output' }) as unknown as Node;

/** Every field of a camera, in the order of the schema. */
export function describeFields(): readonly FieldDescription[] {
  return fields;
}

/** The part of the schema at a place, list positions counted; undefined where there is none. */
export function nodeAt(path: readonly PropertyKey[]): Node | undefined {
  let node: Node | undefined = root;
  for (const key of path) {
    if (node === undefined) return undefined;
    if (typeof key === 'number')
      node = node.prefixItems?.[key] ?? (typeof node.items === 'object' ? node.items : undefined);
    else
      node =
        node.properties && Object.hasOwn(node.properties, key as string) ? node.properties[key as string] : undefined;
  }
  return node;
}

/** The dotted path of a field, list positions left out: ["policy", "areas", 0, "kind"] is "policy.areas.kind". */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path.filter((key) => typeof key !== 'number').join('.');
}

/** What may be given for a field, as the end of "use ...". */
export function allowedFor(node: Node, path: string): string {
  if (node.allowed) return node.allowed;
  const unit = node.unit && node.kind !== 'duration' ? ` ${node.unit}` : '';
  if (node.enum) return either(availableChoices(node, path).map((choice) => JSON.stringify(choice)));
  if (node.kind === 'duration') {
    const unit = node.unit as DurationUnit;
    const [least, most] = [node.minimum ?? 0, node.maximum ?? 0].map((limit) => formatDuration(limit, unit));
    return `a duration from ${least} to ${most}, such as "${formatDuration(Number(node.default ?? most), unit)}"`;
  }
  switch (node.type) {
    case 'integer':
      return `a whole number from ${node.minimum} to ${node.maximum}${unit}`;
    case 'number':
      return node.const !== undefined ? String(node.const) : `a number from ${node.minimum} to ${node.maximum}${unit}`;
    case 'boolean':
      return isAvailable(path, !node.default, node.default) ? 'true or false' : String(node.default);
    case 'string':
      return `a text of ${node.minLength ?? 0} to ${node.maxLength} characters, in one line`;
    case 'array':
      return node.prefixItems
        ? 'a point as [x, y], each from 0 to 1'
        : `a list of ${node.minItems ?? 0} to ${node.maxItems} ${node.entries ?? 'entries'}`;
    default:
      return 'an object { ... }';
  }
}

/** "a", "a or b", "a, b or c". */
export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}

function availableChoices(node: Node, path: string): readonly string[] {
  return (node.enum ?? []).filter((choice) => isAvailable(path, choice, node.default));
}

const fields: readonly FieldDescription[] = [...describe(root, [])];

function* describe(node: Node, path: readonly string[]): Generator<FieldDescription> {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    if (child.properties) yield* describe(child, [...path, key]);
    else yield describeField(child, [...path, key].join('.'));
  }
}

function describeField(node: Node, path: string): FieldDescription {
  const chosen = node.enum ? node : typeof node.items === 'object' && node.items.enum ? node.items : undefined;
  const choices = chosen && availableChoices(chosen, path);
  const later = chosen?.enum?.filter((choice) => !choices?.includes(choice)) ?? [];
  const min = node.minimum ?? node.minLength ?? node.minItems;
  const max = node.maximum ?? node.maxLength ?? node.maxItems;
  return {
    path,
    type: typeOf(node),
    ...(node.default !== undefined && { default: node.default }),
    ...(node.unit !== undefined && { unit: node.unit }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(choices && { choices }),
    ...(later.length > 0 && { later }),
    title: node.title ?? path,
    help: node.description ?? '',
    secret: node.secret ?? false,
    available: isAvailable(path, otherThan(node), node.default),
  };
}

/** Some value that is not the default: what a field is asked with to learn whether it may be changed at all. */
function otherThan(node: Node): unknown {
  return typeof node.default === 'boolean' ? !node.default : Symbol.for('another value');
}

function typeOf(node: Node): FieldType {
  if (node.kind) return node.kind;
  if (node.enum) return 'choice';
  switch (node.type) {
    case 'integer':
    case 'number':
    case 'boolean':
      return node.type;
    case 'array':
      return typeof node.items === 'object' && node.items.enum ? 'choices' : 'list';
    default:
      return 'text';
  }
}
