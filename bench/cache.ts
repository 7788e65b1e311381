// What is dear to make (clips of megabytes) and can be made again is kept in the system's folder for temporary files,
// under a name drawn from everything it was made of.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for `parts`, made by `make` when it is not there yet. Two processes may ask at once.
 * @param parts everything that decides the content: names, bytes of inputs, the source of the maker
 */
export async function cached(
  name: string,
  parts: readonly (string | Uint8Array)[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  const root = join(tmpdir(), `privacy-shield-bench-${userInfo().uid}`);
  const folder = join(root, `${name}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const draft = mkdtempSync(join(root, '.making-'));
  try {
    await make(draft);
    if (!existsSync(folder)) renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}
