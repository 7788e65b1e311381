// Compiles the mask engine's kernels (AssemblyScript, SIMD) to dist/kernels.wasm. Skips when nothing changed, so that
// `npm start` and `npm test` may call it every time.
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const kernels = join(root, 'src/engine/kernels');
const output = join(root, 'dist/kernels.wasm');

const newestSource = Math.max(
  statSync(fileURLToPath(import.meta.url)).mtimeMs,
  ...readdirSync(kernels).map((name) => statSync(join(kernels, name)).mtimeMs),
);
const built = statSync(output, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (built < newestSource) {
  mkdirSync(dirname(output), { recursive: true });
  const { error, stderr } = await asc.main(
    [
      join(kernels, 'index.as.ts'),
      ...['--outFile', output],
      ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'],
      ...['--runtime', 'stub', '--importMemory', '--enable', 'simd'],
      ...['--use', 'abort='],
    ],
    {},
  );
  if (error) {
    process.stderr.write(`${stderr.toString()}\n`);
    process.exit(1);
  }
}
