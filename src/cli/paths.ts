// The files of one run, looked at before any work: the input is there, each output can be made, and no file is named
// twice, be it through a link, a relative path or another spelling.

import { constants } from 'node:fs';
import { access, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../errors.js';
import { oneLine } from '../settings/index.js';

export interface NamedFile {
  /** How messages call it: "INPUT", "--masks", ... */
  readonly as: string;
  readonly path: string;
}

/**
 * @param inputs files to be read; all must exist
 * @param outputs files to be written; each may exist and is then replaced
 * @throws InputError when an input is not a file, an output cannot be written, or an output is also named otherwise
 */
export async function checkFiles(inputs: readonly NamedFile[], outputs: readonly NamedFile[]): Promise<void> {
  for (const input of inputs) await checkInput(input);
  for (const output of outputs) await checkOutput(output);
  const seen = new Map<string, NamedFile>();
  for (const file of [...inputs, ...outputs]) {
    for (const identity of await identities(file.path)) {
      const other = seen.get(identity);
      if (other && other !== file && outputs.includes(file))
        throw new InputError(`${file.as}: ${shown(file)} is the same file as ${other.as}; choose another name`);
      seen.set(identity, file);
    }
  }
}

async function checkInput(file: NamedFile): Promise<void> {
  const found = await stat(file.path).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file.as}: cannot read ${shown(file)} (${reason(error)})`);
  });
  if (found.isDirectory())
    throw new InputError(
      `${file.as}: ${shown(file)} is a folder; still images need the AI method, which is not available in this version`,
    );
  if (!found.isFile()) throw new InputError(`${file.as}: ${shown(file)} is not a regular file; use a recording`);
  if (found.size === 0) throw new InputError(`${file.as}: ${shown(file)} is empty`);
  await access(file.path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file.as}: cannot read ${shown(file)} (${reason(error)})`);
  });
}

async function checkOutput(file: NamedFile): Promise<void> {
  const existing = await stat(file.path).catch(() => undefined);
  if (existing && !existing.isFile()) throw new InputError(`${file.as}: ${shown(file)} is not a file; name a file`);
  const folder = dirname(resolve(file.path));
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new InputError(`${file.as}: cannot write ${shown(file)} (no folder ${oneLine(folder)}); make it first`);
  await access(folder, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file.as}: cannot write ${shown(file)} (${reason(error)})`);
  });
}

/** By name, and by device and inode where it exists: the second sees through hard links and letter case. */
async function identities(path: string): Promise<readonly string[]> {
  const folder = await realpath(dirname(resolve(path)));
  const name = await realpath(path)
    .catch(async () => resolve(folder, await readlink(path)))
    .catch(() => join(folder, basename(resolve(path))));
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? [name, `${found.dev}:${found.ino}`] : [name];
}

function reason({ code }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'no permission';
    case 'EROFS':
      return 'read-only file system';
    default:
      return code ?? 'unknown reason';
  }
}

function shown({ path }: NamedFile): string {
  return oneLine(path);
}
