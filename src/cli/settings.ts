// The settings of one run: a file, if one is named, with the flags laid over it. Messages name the flag or the file a
// bad value came from.

import { readFile } from 'node:fs/promises';
import { InputError } from '../errors.js';
import { type Camera, describeFields, dotted, migrate, oneLine, type Path, parseCamera } from '../settings/index.js';
import type { Chosen } from './arguments.js';

type Raw = Readonly<Record<string, unknown>>;

/** Camera files are told from policy files by their keys. */
const CAMERA_KEYS = new Set(describeFields().map(({ path }) => path.split('.')[0]));

/**
 * The camera that the file and the flags describe. A file holds a policy or a camera; the areas of flags come on top of
 * the file's, every other flag goes before it.
 * @throws InputError in one line
 */
export async function chooseSettings(file: string | undefined, chosen: Chosen): Promise<Camera> {
  const raw = file === undefined ? {} : await readSettingsFile(file);
  const whole = isObject(raw) && Object.keys(raw).some((key) => CAMERA_KEYS.has(key));
  let camera: unknown = whole ? migrated(raw, file ?? '') : { name: 'mask', source: { url: 'INPUT' }, policy: raw };
  for (const [path, { value }] of chosen.fields) camera = withValue(camera, path.split('.'), value);
  const ofFile = valueAt(camera, 'areas') ?? [];
  if (chosen.areas.length > 0 && Array.isArray(ofFile))
    camera = withValue(camera, ['policy', 'areas'], [...ofFile, ...chosen.areas]);

  return parseCamera(camera, (path) => {
    const flag = chosen.fields.get(dotted(path.filter((key) => typeof key !== 'number')))?.flag;
    const area = flag === undefined && Array.isArray(ofFile) && areaFlag(path, ofFile.length, chosen);
    return flag || area || [file && oneLine(file), dotted(path)].filter(Boolean).join(': ');
  });
}

async function readSettingsFile(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new InputError(`--settings: cannot read ${oneLine(file)} (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The engine's own message quotes the file, which may hold a camera's password.
    const position = /position (\d+)/.exec(String(error))?.[1];
    const line = position && text.slice(0, Number(position)).split('\n').length;
    throw new InputError(`${oneLine(file)}: is not valid JSON${line ? ` (line ${line})` : ''}`);
  }
}

function migrated(raw: Raw, file: string): unknown {
  try {
    return migrate(raw);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${oneLine(file)}: ${error.message}`) : error;
  }
}

/** A copy with the value put in place. What is not an object on the way is left for the schema to refuse. */
function withValue(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (target !== undefined && !isObject(target)) return target;
  return { ...target, [key]: withValue(target?.[key], rest, value) };
}

function valueAt(camera: unknown, key: string): unknown {
  const policy = isObject(camera) ? camera.policy : undefined;
  return isObject(policy) ? policy[key] : undefined;
}

/** "--include, point 2" for a place in an area that came from a flag. */
function areaFlag([section, field, index, , point]: Path, ofFile: number, chosen: Chosen): string | undefined {
  if (section !== 'policy' || field !== 'areas' || typeof index !== 'number' || index < ofFile) return undefined;
  const flag = `--${chosen.areas[index - ofFile].kind}`;
  return typeof point === 'number' ? `${flag}, point ${point + 1}` : flag;
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
