// Stages the second package, scrypted-privacy-shield, from the same source: `tsx scripts/build-scrypted.ts [FOLDER]`
// (out/scrypted unless told). One manifest cannot serve both hosts: the Scrypted server reads `type`, `exports` and
// `optionalDependencies` in ways of its own. The Scrypted SDK's own build makes the plugin.zip; only its clock is taken
// out afterwards, so that the same source gives the same bytes.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import AdmZip from 'adm-zip';
import ts from 'typescript';
import { kernelsPath } from '../src/assets.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const stage = resolve(process.argv[2] ?? join(root, 'out/scrypted'));

rmSync(stage, { recursive: true, force: true });
mkdirSync(join(stage, 'fs'), { recursive: true });
for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE']) cpSync(join(root, name), join(stage, name));
cpSync(join(root, 'src'), join(stage, 'src'), { recursive: true, filter: belongs });
cpSync(kernelsPath(), join(stage, 'fs/kernels.wasm'));
cpSync(join(root, 'models'), join(stage, 'fs/models'), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(stage, 'node_modules'), 'junction');
writeJson('package.json', manifest());
writeJson('tsconfig.json', compilerSettings());
execFileSync(process.execPath, [join(root, 'node_modules/@scrypted/sdk/bin/scrypted-webpack.js')], {
  cwd: stage,
  env: { ...process.env, NODE_ENV: 'production' },
  stdio: 'pipe', // silent, unless it fails: then the error holds what it said
});
takeOutClock(join(stage, 'dist/plugin.zip'));

/** Neither the other doors nor what is compiled to WASM. */
function belongs(path: string): boolean {
  return !/[\\/]src[\\/](index\.ts|homebridge|cli)$|\.as\.ts$/.test(path);
}

/** The package as npm and the Scrypted server see it. No dependencies: the bundle holds them. */
function manifest(): object {
  const { version, description, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    name: 'scrypted-privacy-shield',
    version,
    description,
    license,
    type: 'module',
    // "scrypted" is the keyword by which the server's plugin search finds it
    keywords: ['scrypted', 'plugin', 'camera', 'privacy', 'mask'],
    engines: { node: engines.node },
    files: ['dist/plugin.zip', 'CHANGELOG.md'],
    scrypted: {
      name: 'Privacy Shield',
      type: 'DeviceProvider',
      interfaces: ['DeviceProvider'],
      rollup: true,
      realfs: true,
    },
  };
}

/** The root's compiler settings as a bundler wants them. */
function compilerSettings(): object {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { noEmit: _, ...compilerOptions } = config.compilerOptions;
  return {
    compilerOptions: {
      ...compilerOptions,
      module: 'ESNext',
      moduleResolution: 'Bundler',
      types: ['node'],
      sourceMap: true,
      inlineSources: true,
      noCheck: true, // `npm run lint` checks the types
    },
    include: ['src/**/*'],
  };
}

/** Writes a zip anew with its files in order of name, at one fixed time and with the same rights for all. */
function takeOutClock(path: string): void {
  const made = new AdmZip(path);
  const again = new AdmZip();
  for (const entry of made.getEntries())
    again.addFile(entry.entryName, entry.getData(), '', 0o644).header.time = new Date(2000, 0, 1);
  again.writeZip(path);
}

function writeJson(name: string, value: object): void {
  writeFileSync(join(stage, name), `${JSON.stringify(value, null, 2)}\n`);
}
