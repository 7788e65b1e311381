import assert from 'node:assert/strict';
import { link, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { checkFiles } from '../../src/cli/paths.js';

describe('the files of a run', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'privacy-shield-'));
    await writeFile(at('in.mp4'), 'something');
    await writeFile(at('empty.mp4'), '');
    await mkdir(at('pictures'));
    await symlink(at('in.mp4'), at('link.mp4'));
    await link(at('in.mp4'), at('hard.mp4'));
    await symlink(folder, at('same'));
    await symlink(at('out.mp4'), at('dangling.mp4'));
  });
  after(() => rm(folder, { recursive: true }));

  function check(input: string, output: string, masks?: string): Promise<void> {
    const outputs = [{ as: 'OUTPUT', path: output }, ...(masks ? [{ as: '--masks', path: masks }] : [])];
    return checkFiles([{ as: 'INPUT', path: input }], outputs);
  }

  it('are taken when the input is there and every output has a name of its own', async () => {
    const before = await readdir(folder);
    await check(at('in.mp4'), at('out.mp4'), at('masks.mkv'));
    await check(at('link.mp4'), at('empty.mp4'), relative('.', at('same/masks.mkv')));
    await check(at('in.mp4'), 'out.mp4');
    assert.deepEqual(await readdir(folder), before);
  });

  it('are refused in one line that names the file', async () => {
    const input = at('in.mp4');
    const table: readonly (readonly [Parameters<typeof check>, RegExp])[] = [
      [[at('none.mp4'), at('out.mp4')], /^INPUT: cannot read .*none\.mp4 \(no such file\)$/],
      [[at('empty.mp4'), at('out.mp4')], /^INPUT: .*empty\.mp4 is empty$/],
      [[at('pictures'), at('out.mp4')], /^INPUT: .*pictures is a folder; still images need the AI method/],
      [['/dev/null', at('out.mp4')], /^INPUT: \/dev\/null is not a regular file/],
      [[input, at('none/out.mp4')], /^OUTPUT: cannot write .*out\.mp4 \(no folder .*none\); make it first$/],
      [[input, at('in.mp4/out.mp4')], /^OUTPUT: cannot write .*out\.mp4 \(no folder .*in\.mp4\); make it first$/],
      [[input, at('pictures')], /^OUTPUT: .*pictures is not a file; name a file$/],
    ];
    for (const [files, message] of table) await assert.rejects(check(...files), { name: 'InputError', message });
  });

  it('are refused when an output is also named otherwise, however it is spelled', async () => {
    const input = at('in.mp4');
    const spellings = [input, relative('.', input), at('link.mp4'), at('hard.mp4'), at('same/in.mp4')];
    for (const output of spellings)
      await assert.rejects(check(input, output), {
        message: `OUTPUT: ${output} is the same file as INPUT; choose another name`,
      });
    await assert.rejects(check(at('link.mp4'), input), { message: /is the same file as INPUT/ });
    for (const masks of [at('out.mp4'), at('same/out.mp4'), at('pictures/../out.mp4'), at('dangling.mp4')])
      await assert.rejects(
        check(input, at('out.mp4'), masks),
        { message: /^--masks: .* is the same file as OUTPUT/ },
        masks,
      );
  });
});
