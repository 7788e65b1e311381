// Both published packages, made from this checkout and loaded by their hosts. Homebridge is the real one, and npm puts
// the package in as it would for a user; the Scrypted server is the stand-in of fake-scrypted-host.ts.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import AdmZip from 'adm-zip';
import { FakeScryptedHost } from './fake-scrypted-host.js';
import { RealHomebridge } from './real-homebridge.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const READY = /Privacy Shield ready: mask engine self-check passed/;

describe('the packages', function () {
  this.timeout(180_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'privacy-shield-packages-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('homebridge-privacy-shield carries what runs and nothing else, and is ready in a real Homebridge', async function () {
    const packed = await pack(root);
    assert.equal(packed.filename, `homebridge-privacy-shield-${version}.tgz`);
    const needed = ['LICENSE', 'README.md', 'CHANGELOG.md', 'config.schema.json', 'dist/index.js', 'dist/kernels.wasm'];
    for (const name of [...needed, 'dist/cli/index.js', 'models/nanodet.onnx', 'models/README.md'])
      assert(packed.files.includes(name), `${name} is not in it`);
    const foreign = packed.files.filter((name) =>
      /^(src|test|bench|scripts)\/|\.(map|mp4)$|scrypted|main\./.test(name),
    );
    assert.deepEqual(foreign, []);

    const home = join(folder, 'homebridge');
    await mkdir(home);
    await writeFile(join(home, 'package.json'), '{"private":true}');
    const install = [
      'install',
      join(folder, packed.filename),
      '--ignore-scripts',
      '--omit=optional',
      '--prefer-offline',
    ];
    try {
      await run('npm', [...install, '--no-audit', '--no-fund'], { cwd: home });
    } catch (error) {
      if (!/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/.test(String(error))) throw error;
      process.stdout.write('      (skipped: npm cannot reach its registry to install the dependencies)\n');
      this.skip();
    }
    const plugins = join(home, 'node_modules');

    const { stdout } = await run(join(plugins, '.bin/privacy-shield'), ['--version']);
    assert.equal(stdout.trim(), version);

    const askForNative =
      'import("homebridge-privacy-shield/dist/native.js").then((m) => console.log(m.loadNative("sharp")))';
    const native = await run(process.execPath, ['--input-type=module', '-e', askForNative], { cwd: home });
    assert.match(native.stdout, /ok: false,\s+reason: .*sharp cannot be loaded on .* \(Cannot find module 'sharp'\)/);

    const configured = await RealHomebridge.start(join(folder, 'configured'), plugins, [
      { platform: 'PrivacyShield', name: 'Privacy Shield' },
    ]);
    try {
      await configured.log.line(/is running on port/);
      assert.match(await configured.log.line(READY), /^\[Privacy Shield\] /);
    } finally {
      await configured.stop();
    }

    const unconfigured = await RealHomebridge.start(join(folder, 'unconfigured'), plugins, []);
    try {
      await unconfigured.log.line(/is running on port/);
    } finally {
      await unconfigured.stop();
    }
    const ours = unconfigured.log.lines.filter((line) => /privacy.?shield/i.test(line));
    assert.deepEqual(
      ours.filter((line) => !/^(Loaded plugin|Registering platform|Loading \d+ platforms)/.test(line)),
      [],
      'not configured, it should say nothing of its own',
    );
  });

  it('scrypted-privacy-shield is the same bytes each time, and is ready in Scrypted', async () => {
    const [stage, again] = [join(folder, 'scrypted'), join(folder, 'scrypted-again')];
    const build = (out: string) =>
      run(process.execPath, ['--import', 'tsx', 'scripts/build-scrypted.ts', out], { cwd: root });
    await Promise.all([build(stage), build(again)]);
    const zipFile = await readFile(join(stage, 'dist/plugin.zip'));
    assert(zipFile.equals(await readFile(join(again, 'dist/plugin.zip'))), 'two builds of one source differ');

    const packed = await pack(stage);
    assert.equal(packed.filename, `scrypted-privacy-shield-${version}.tgz`);
    assert.deepEqual(packed.files.sort(), ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist/plugin.zip', 'package.json']);

    const plugin = join(folder, 'plugin');
    const zip = new AdmZip(zipFile);
    const names = zip.getEntries().map(({ entryName }) => entryName);
    for (const name of ['main.nodejs.js', 'sdk.json', 'README.md', 'fs/kernels.wasm', 'fs/models/nanodet.onnx'])
      assert(names.includes(name), name);
    zip.extractAllTo(plugin);
    const host = new FakeScryptedHost();
    await host.load(plugin);
    assert.match(await host.log.line(/./), READY);
    assert.equal(host.log.lines.length, 1);

    const damaged = join(folder, 'damaged');
    zip.deleteFile('fs/kernels.wasm');
    zip.extractAllTo(damaged);
    await mkdir(join(damaged, 'fs'), { recursive: true });
    const second = new FakeScryptedHost();
    await second.load(damaged);
    assert.match(
      await second.log.line(/./),
      /^error: Privacy Shield shows no camera: kernels\.wasm is missing.*reinstall/,
    );
  });

  /** Packs the package in `source` to `folder`. */
  async function pack(source: string): Promise<{ filename: string; files: string[] }> {
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: source,
    });
    const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    return { filename: packed.filename, files: packed.files.map(({ path }) => path) };
  }
});
