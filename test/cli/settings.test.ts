import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MaskCommand, parseCommandLine } from '../../src/cli/arguments.js';
import { chooseSettings } from '../../src/cli/settings.js';
import { InputError } from '../../src/errors.js';
import type { Camera } from '../../src/settings/index.js';

describe('the settings of a run', () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'privacy-shield-'));
    file = join(folder, 'settings.json');
  });
  after(() => rm(folder, { recursive: true }));

  async function choose(content: unknown, ...flags: string[]): Promise<Camera> {
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return chooseSettings(file, flagsOf(flags));
  }

  function flagsOf(flags: readonly string[]): MaskCommand['chosen'] {
    return (parseCommandLine(['mask', 'in.mp4', 'out.mp4', ...flags]) as MaskCommand).chosen;
  }

  async function refusal(content: unknown, ...flags: string[]): Promise<string> {
    try {
      await choose(content, ...flags);
    } catch (error) {
      assert.ok(error instanceof InputError, String(error));
      return error.message.replaceAll(file, 'FILE');
    }
    return assert.fail('accepted');
  }

  it('come from a policy or a camera, and flags take their place', async () => {
    const policy = { style: 'blur', size: 70, mergeTime: '2 h' };
    const camera = { name: 'Door', source: { url: 'rtsp://192.0.2.7/' }, policy, audio: { enabled: true } };
    for (const content of [policy, camera]) {
      const chosen = await choose(content, '--style', 'solid', '--look-ahead', '1s');
      const { style, size, mergeTime, lookAhead, sensitivity } = chosen.policy;
      assert.deepEqual([style, size, mergeTime, lookAhead, sensitivity], ['solid', 70, 7200, 1000, 50]);
      assert.equal(chosen.audio.enabled, content === camera);
    }
    assert.equal(JSON.parse(await readFile(file, 'utf8')).policy.style, 'blur');
    assert.equal((await choose('\uFEFF{}')).policy.style, 'pixelate');
    assert.equal((await chooseSettings(undefined, flagsOf(['--encoder', 'vaapi']))).outputs.encoder, 'vaapi');
    assert.equal((await choose({ color: 3 }, '--color', '#010203')).policy.color, '#010203');
  });

  it('add the areas of flags to those of the file', async () => {
    const points = [
      [0, 0],
      [1, 0],
      [1, 1],
    ];
    const { policy } = await choose(
      { areas: [{ name: 'Street', kind: 'exclude', points }] },
      ...['--always', '0,0 1,1 0,1', '--include', '0,0 1,0 1,1'],
    );
    assert.deepEqual(
      policy.areas.map(({ kind }) => kind),
      ['exclude', 'always', 'include'],
    );
  });

  it('name the flag or the file a bad value came from', async () => {
    const areas = [
      {
        kind: 'always',
        points: [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      },
    ];
    assert.match(await refusal({}, '--size', '101'), /^--size: 101 is not allowed; use a whole number from 0 to 100$/);
    assert.match(await refusal({ size: 101 }), /^FILE: policy\.size: 101 is not allowed/);
    assert.match(await refusal({ size: 101 }, '--style', 'blur'), /^FILE: policy\.size: 101 is not allowed/);
    assert.match(
      await refusal({}, '--merge-time', 'Infinity'),
      /^--merge-time: "Infinity" is not allowed; use a duration/,
    );
    assert.match(
      await refusal({}, '--method', 'ai'),
      /^--method: "ai" is not available in this version; use "motion"$/,
    );
    assert.match(await refusal({}, '--targets', 'people,dogs'), /^--targets: "dogs" is not allowed/);
    assert.match(await refusal({ areas }, '--include', '0,0 1,1'), /^--include: a list of 2 is not allowed/);
    assert.match(await refusal({ areas }, '--exclude', '0,0 1,1 0,1.5'), /^--exclude, point 3: 1\.5 is not allowed/);
    assert.match(
      await refusal({ areas: [{}] }, '--always', '0,0 1,1 0,1'),
      /^FILE: policy\.areas\[0\]\.kind: is missing/,
    );
    assert.match(
      await refusal({ mergTime: 3 }),
      /^FILE: policy\.mergTime: no such setting; did you mean "mergeTime"\?$/,
    );
    assert.match(await refusal({ name: 'Door', policy: {} }), /^FILE: source: is missing/);
    assert.match(await refusal({ version: 9 }), /^FILE: version: 9 is newer than this program understands/);
  });

  it('are never half read: what is no settings object is refused whatever the flags say', async () => {
    for (const content of [
      '[]',
      'null',
      '3',
      '"text"',
      '{"version": 1, "name": "D", "source": {"url": "x"}, "policy": 3}',
    ])
      assert.match(
        await refusal(content, '--size', '5', '--include', '0,0 1,1 0,1'),
        /is not allowed; use an object/,
        content,
      );
    assert.match(
      await refusal({ areas: 'none' }, '--include', '0,0 1,1 0,1'),
      /^FILE: policy\.areas: "none" is not allowed/,
    );
  });

  it('refuse a file that cannot be read without quoting it', async () => {
    const broken = ['{"source": {"url": "rtsp://u:hunter2@h"}, }', '{\n"size": NaN}', '', 'hunter2', '{"size": 1'];
    for (const text of broken) assert.match(await refusal(text), /^FILE: is not valid JSON( \(line [12]\))?$/, text);
    assert.match(await refusal('{"size": 1e999}'), /^FILE: policy\.size: Infinity is not allowed/);
    await assert.rejects(
      chooseSettings(join(folder, 'none.json'), flagsOf([])),
      /^InputError: --settings: cannot read/,
    );
    await assert.rejects(chooseSettings(folder, flagsOf([])), /^InputError: --settings: cannot read/);
  });
});
