import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openProgress } from '../../src/cli/progress.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const clip = join(root, 'test/fixtures/pedestrians.mp4');

describe('privacy-shield mask', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'privacy-shield-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** In a process group of its own, as a terminal would start it. */
  function start(...words: string[]) {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/index.ts', 'mask', ...words], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, stdout, stderr })),
    );
    return { pid: child.pid ?? assert.fail('not started'), ended };
  }

  it('masks a recording and reports what it did; quietly, it says nothing', async () => {
    const flags = ['--limit', '20', '--learn', 'live', '--style', 'solid', '--look-ahead', '200ms'];
    await writeFile(at('settings.json'), JSON.stringify({ size: 70, style: 'blur' }));
    const files = ['--settings', at('settings.json'), '--masks', at('m.mkv'), '--report', at('r.json')];
    const [told, quiet] = await Promise.all([
      start(clip, at('out.mp4'), ...flags, ...files).ended,
      start(clip, at('quiet.mp4'), ...flags, '--quiet').ended,
    ]);
    assert.equal(told.stderr, '');
    assert.match(told.stdout, /out\.mp4: 20 frames of 768x576 [^\n]*\nmasked: [^\n]*\n[^\n]*\nprocessor: [^\n]*\n$/);
    assert.deepEqual(quiet, { code: 0, stdout: '', stderr: '' });
    const report = JSON.parse(await readFile(at('r.json'), 'utf8'));
    assert.equal(report.frames, 20);
    assert.deepEqual([report.policy.style, report.policy.size, report.policy.lookAhead], ['solid', 70, 200]);
    assert.deepEqual((await readdir(folder)).sort(), ['m.mkv', 'out.mp4', 'quiet.mp4', 'r.json', 'settings.json']);
  });

  it('leaves nothing behind when it is refused or interrupted', async () => {
    await writeFile(at('text.mp4'), 'not a video');
    const refused = await start(at('text.mp4'), at('out.mp4')).ended;
    assert.match(refused.stderr, /^privacy-shield: [^\n]*text\.mp4[^\n]*\n$/);
    assert.equal(refused.code, 2);
    await rm(at('text.mp4'));

    // Ctrl-C on a terminal reaches every process of the group; a service manager's SIGTERM only ours.
    for (const [signal, toGroup, expected] of [
      ['SIGINT', true, 130],
      ['SIGTERM', false, 143],
    ] as const) {
      const files = ['--masks', at('m.mkv'), '--report', at('r.json')];
      const { pid, ended } = start(clip, at('out.mp4'), '--learn', 'live', ...files);
      let over = false;
      void ended.then(() => {
        over = true;
      });
      while (!over && (await readdir(folder)).length < 2) await sleep(20);
      assert.ok(!over, 'ended before it was interrupted');
      if (process.platform === 'linux')
        assert.match(
          await readFile(`/proc/${pid}/coredump_filter`, 'utf8'),
          /^0+\n$/,
          'a core dump would hold pictures',
        );
      process.kill(toGroup ? -pid : pid, signal);
      const { code, stdout, stderr } = await ended;
      assert.deepEqual({ code, stdout, stderr }, { code: expected, stdout: '', stderr: '' });
      assert.deepEqual(await readdir(folder), []);
      assert.throws(() => process.kill(-pid, 0), { code: 'ESRCH' }, 'a process of the group is left');
    }
  });
}).timeout(120_000);

describe('the progress', () => {
  it('is a bar on a terminal, a count where the length is unknown, and silent elsewhere', () => {
    const drawn = (total: number | undefined, isTTY: boolean) => {
      const terminal = Object.assign(new PassThrough(), { isTTY, columns: 120 });
      const progress = openProgress(terminal as unknown as NodeJS.WriteStream);
      progress.show({ frames: 1, ...(total !== undefined && { total }) });
      progress.show({ frames: 30, ...(total !== undefined && { total }) });
      progress.close();
      return String(terminal.read() ?? '');
    };
    assert.match(drawn(20, true), /masking \[.*\| 30\/30 frames/);
    assert.match(drawn(40, true), /75 % \| 30\/40 frames/);
    assert.match(drawn(undefined, true), /masking \| 30 frames/);
    assert.equal(drawn(40, false), '');
    openProgress(undefined).close();
  });
});
