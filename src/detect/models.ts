// The nets there are: those that come along (how each was made: models/README.md) and a file of the user's own. A net is
// used only when its bytes are those it was tried with, named by their SHA-256: another file is an error, never a reason to
// fall back to something else.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { modelPath } from '../assets.js';
import { InputError } from '../errors.js';

/** SHA-256 of the files in models/, as `npm run models` writes them. */
export const MODELS = {
  nanodet: '2b14d12903e8ff475b070fa2b112c94e4c7f0e9d727ceae676272f733f29726e',
  'nanodet-float': 'd03687a6dd38a0264337216609511ab56e8de66150aaa41061021e676175ed15',
  ultraface: '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854',
  selfie: '8038ed710dc6f17d8d4bd3e467321a8aa337e88468ca0ed1939256b2158a2bde',
} as const;
export type ModelName = keyof typeof MODELS;

/** A file of the user's own. */
export interface OwnModel {
  readonly path: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/**
 * The bytes of a model that came along.
 * @throws Error when the file is missing or damaged, with the remedy
 */
export async function readModel(name: ModelName): Promise<Uint8Array> {
  const path = modelPath(name);
  const bytes = await readFile(path);
  if (sha256(bytes) !== MODELS[name]) throw new Error(`${path} is damaged: reinstall Privacy Shield`);
  return bytes;
}

/** The bytes of a user's file. @throws InputError when it cannot be read or is not the file meant */
export async function readOwnModel({ path, sha256: expected }: OwnModel): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new InputError(
      `the model ${path} cannot be read (${(error as NodeJS.ErrnoException).code}): give another path`,
    );
  }
  const found = sha256(bytes);
  if (found !== expected.toLowerCase())
    throw new InputError(
      `the model ${path} has the SHA-256 ${found}, not ${expected}: fetch it again, or correct the sum`,
    );
  return bytes;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
