// The version of this program, as its package says; asked for by --version and written into reports.

import { readFileSync } from 'node:fs';

/** "1.2.3". The package file lies one folder above this one, in the source tree and in the npm package alike. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
