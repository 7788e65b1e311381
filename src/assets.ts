// The only place that locates the files which come along: the kernels and the models today, worker entry and page later. They
// lie in another place for each of the three ways this code runs, so all are tried, nearest first, from where this
// module stands. Never from the working directory: that is the host's.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

const homes = [
  here, // the npm package: dist/assets.js beside dist/kernels.wasm
  join(here, 'fs'), // the Scrypted plugin: main.nodejs.js, and its files in fs/
  join(here, '..', 'dist'), // the source tree: src/assets.ts, and what the build made in dist/
];

/**
 * Absolute path of the mask engine's WASM module.
 * @throws Error when it is nowhere, with the remedy
 */
export function kernelsPath(): string {
  return locate('kernels.wasm', 'reinstall Privacy Shield, or in a source checkout run "npm run build:kernels"');
}

const modelHomes = [
  join(here, '..', 'models'), // the npm package and the source tree: models/ beside dist/ or src/
  join(here, 'fs', 'models'), // the Scrypted plugin
];

/**
 * Absolute path of a model that comes along.
 * @param name without `.onnx`
 * @throws Error when it is nowhere, with the remedy
 */
export function modelPath(name: string): string {
  return locate(`${name}.onnx`, 'reinstall Privacy Shield, or in a source checkout run "npm run models"', modelHomes);
}

/** The mask engine's WASM module, ready for WebAssembly.compile. Rejects as `kernelsPath` throws. */
export async function readKernels(): Promise<Buffer> {
  return readFile(kernelsPath());
}

function locate(name: string, remedy: string, folders: readonly string[] = homes): string {
  const found = folders.map((home) => join(home, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is missing (looked in ${folders.join(', ')}): ${remedy}`);
  return found;
}
