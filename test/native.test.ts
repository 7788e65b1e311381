// Native packages are optional: present, they load; packaging.test.ts sees what happens where they are absent.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { loadNative } from '../src/native.js';

const require = createRequire(import.meta.url);

describe('native packages', () => {
  for (const name of ['onnxruntime-node', 'sharp'] as const)
    it(`${name} loads where it is installed`, function () {
      try {
        require.resolve(name);
      } catch {
        this.skip();
      }
      const native = loadNative(name);
      assert(native.ok, native.ok ? '' : native.reason);
      assert.equal(native.module, require(name));
    });
});
