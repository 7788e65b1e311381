// docs/dependencies.md promises to be complete and right about licences, and the lock file to serve every platform.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

interface Package {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly license?: string;
}

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const manifest: Package = JSON.parse(read('package.json'));
const locked: Record<string, Package> = JSON.parse(read('package-lock.json')).packages;

describe('the dependencies', () => {
  it('are all listed in docs/dependencies.md, with their licences', () => {
    const listed = [...read('docs/dependencies.md').matchAll(/^\| ([@a-z][^ |]*) \| ([^|]+) \| [^|]+ \|$/gm)]
      .map(([, name, licence]) => [name, licence])
      .filter(([name]) => name !== 'package');
    const { dependencies, optionalDependencies, devDependencies } = manifest;
    const needed = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
    assert.deepEqual(
      listed,
      needed.map((name) => [name, locked[`node_modules/${name}`]?.license]),
    );
  });

  it('are locked for every platform: npm ci refuses a lock file without the builds for other machines', () => {
    const missing = Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(name, path)),
    );
    assert.deepEqual(missing, []);
  });
});

/** Whether the package at `path` finds `name` as Node would: in its own node_modules, or in one above. */
function isLocked(name: string, path: string): boolean {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')));
  return `${path}/node_modules/${name}`.replace(/^\//, '') in locked || (path !== '' && isLocked(name, parent));
}
