import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Ended {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function run(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const args = ['--import', 'tsx', 'src/cli/index.ts', ...words];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}

describe('the program', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'privacy-shield-'));
    await writeFile(at('in.mp4'), 'not a video');
  });
  after(() => rm(folder, { recursive: true }));

  it('says what it is', async () => {
    const [help, version] = await Promise.all([run(['--help']), run(['--version'])]);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /privacy-shield mask INPUT OUTPUT/);
    assert.equal(help.stderr, '');
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('ends with code 2 and one line for whatever is wrong with the words, and writes nothing', async () => {
    const [input, output] = [at('in.mp4'), at('out.mp4')];
    const table: readonly (readonly [string[], RegExp])[] = [
      [[], /no command given/],
      [['mask', at('none.mp4'), output], /INPUT: cannot read .*none\.mp4 \(no such file\)/],
      [['mask', 'rtsp://admin:hunter2@192.0.2.7/', output], /INPUT: cannot read rtsp:\/\/\*\*\*@192\.0\.2\.7\/ /],
      [['mask', input, input], /OUTPUT: .*in\.mp4 is the same file as INPUT/],
      [['mask', input, output, '--style', 'mosaic'], /--style: "mosaic" is not allowed; use "pixelate", /],
      [['mask', input, output, '--stlye', 'blur'], /unknown flag "--stlye"; did you mean "--style"\?/],
    ];
    const ends = await Promise.all(table.map(([words]) => run(words)));
    for (const [i, { code, stdout, stderr }] of ends.entries()) {
      assert.match(stderr, new RegExp(`^privacy-shield: ${table[i][1].source}[^\\n]*\\n$`));
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '');
    }
    assert.deepEqual(await readdir(folder), ['in.mp4']);
  });

  it('probes what this machine can do, and names a missing ffmpeg with the remedy', async () => {
    const [here, wrong, none] = await Promise.all([
      run(['probe']),
      run(['probe', '--ffmpeg', at('none/ffmpeg')]),
      run(['probe'], { PATH: folder }),
    ]);
    assert.match(here.stdout, /^mask engine +works/m);
    assert.match(here.stdout, /^cores +[1-9]/m);
    assert.match(here.stdout, /^ffmpeg +\S+ at \//m);
    assert.match(here.stdout, /^libx264 +works/m);
    assert.deepEqual([here.code, here.stderr], [0, '']);
    for (const { code, stdout, stderr } of [wrong, none]) {
      assert.match(stdout, /^ffmpeg +not usable$/m);
      assert.match(stderr, /^privacy-shield: ffmpeg .*Install it: [^\n]*\n$/);
      assert.equal(code, 2);
    }
  });
});
