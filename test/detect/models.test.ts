// The files in models/: the bytes that were tried, answering as they did then, wherever this code is installed.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { distance, type Recorded, record } from '../../scripts/models/record.js';
import { modelPath } from '../../src/assets.js';
import { MODELS, type ModelName, readModel } from '../../src/detect/models.js';
import { loadNative } from '../../src/native.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const names = Object.keys(MODELS) as ModelName[];

describe('the models', () => {
  it('are the bytes named in the source and on their page, and weigh 12 MB at most', async () => {
    const page = await readFile(join(root, 'models/README.md'), 'utf8');
    let bytes = 0;
    for (const name of names) {
      bytes += (await readModel(name)).length;
      assert(page.includes(`${name}.onnx`) && page.includes(MODELS[name]), name);
    }
    assert(bytes <= 12e6, `${bytes}`);
  });

  it('answer as recorded, whatever processor this is', async function () {
    if (!loadNative('onnxruntime-node').ok) this.skip();
    const recorded = JSON.parse(await readFile(join(root, 'scripts/models/recorded.json'), 'utf8')) as Recorded;
    const models = await Promise.all(names.map(async (name) => [name, await readModel(name)] as const));
    const answers = await record(Object.fromEntries(models) as Record<ModelName, Uint8Array>);
    for (const name of names) {
      const found = distance(recorded, answers, name);
      assert(found < 0.02, `${name} answers otherwise than recorded, by ${found} of the largest value`);
    }
  });

  it('are found beside dist/ in the npm package and in fs/ in the Scrypted plugin, and missed with a remedy', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'privacy-shield-models-'));
    try {
      const source = await readFile(join(root, 'src/assets.ts'), 'utf8');
      const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext } });
      const place = async (module: string, models: string) => {
        await mkdir(join(folder, module, '..'), { recursive: true });
        await mkdir(join(folder, models), { recursive: true });
        await writeFile(join(folder, module), outputText);
        await writeFile(join(folder, models, 'nanodet.onnx'), '');
        return (await import(pathToFileURL(join(folder, module)).href)) as { modelPath: typeof modelPath };
      };
      const npm = await place('npm/dist/assets.mjs', 'npm/models');
      assert.equal(npm.modelPath('nanodet'), join(folder, 'npm/models/nanodet.onnx'));
      const scrypted = await place('scrypted/main.nodejs.mjs', 'scrypted/fs/models');
      assert.equal(scrypted.modelPath('nanodet'), join(folder, 'scrypted/fs/models/nanodet.onnx'));
      assert.throws(() => scrypted.modelPath('other'), /other\.onnx is missing \(looked in .*\): reinstall/);
      assert.equal(modelPath('nanodet'), join(root, 'models/nanodet.onnx'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
