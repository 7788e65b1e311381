// Holds our scorer and the evaluation sets' own scorer together on the same masks.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { encode } from '../../bench/ffmpeg.js';
import { judge } from '../../bench/judge.js';
import { makeRandom } from '../../bench/random.js';
import { ellipseOf, fillRect, polygonsOf, rectOf, regionOf } from '../../bench/raster.js';
import { Scorer } from '../../bench/score.js';
import { type Box, readSet, type Truth } from '../../bench/truth.js';

const SETS = join(import.meta.dirname, '../../../shared/eval');
const PYTHON = '/usr/bin/python3';

/** A mask as a poor detector would leave it: some people boxed, shifted and cut, and patches where nobody is. */
function drawMask(truth: Truth, random: () => number): Uint8Array {
  const region = regionOf({ x0: 0, y0: 0, x1: truth.width, y1: truth.height });
  const draw = (box: Box) => fillRect(region, rectOf(box, truth.width, truth.height), 255);
  for (const { box } of truth.persons) {
    const [x, y, w, h] = box;
    const kind = random();
    if (kind < 0.5) draw([x - w * 0.1, y - h * 0.1, w * 1.2, h * 1.2]);
    else if (kind < 0.9)
      draw([x + w * (random() - 0.5) * 0.3, y + h * (random() - 0.3) * 0.3, w, h * (0.7 + random() / 2)]);
  }
  for (let i = 0; i < 4; i++) draw([random() * truth.width, random() * truth.height, random() * 90, random() * 60]);
  return region.data;
}

function assertClose(ours: unknown, theirs: unknown, path: string): void {
  if (typeof theirs === 'number' && typeof ours === 'number') {
    assert.ok(
      Math.abs(ours - theirs) <= Math.max(1e-4, Math.abs(theirs) * 1e-3),
      `${path}: ours ${ours}, theirs ${theirs}`,
    );
  } else if (typeof theirs === 'object' && theirs !== null && typeof ours === 'object' && ours !== null) {
    const [a, b] = [ours as Record<string, unknown>, theirs as Record<string, unknown>];
    assert.deepEqual(Object.keys(a).sort(), Object.keys(b).sort(), path);
    for (const key of Object.keys(b)) assertClose(a[key], b[key], `${path}.${key}`);
  } else assert.deepEqual(ours, theirs, path);
}

describe('the scorer', () => {
  it('counts a person as leaking from the first pixel over 5 %, and blames nobody for what is hidden or ignored', () => {
    const person = { box: [20, 20, 40, 60] as const, track: 1, source: 'hand' };
    const truth: Truth = { frame: 0, width: 100, height: 100, persons: [person] };
    const score = (line: Truth, masked: readonly Box[]) => {
      const mask = regionOf({ x0: 0, y0: 0, x1: 100, y1: 100 });
      for (const box of masked) fillRect(mask, rectOf(box, 100, 100), 255);
      const scorer = new Scorer();
      scorer.add(line, mask.data);
      return { ...scorer.result('x'), person: scorer.people[0] };
    };

    const covered = score(truth, [person.box]);
    assert.deepEqual([covered.leaks, covered.head_leaks, covered.background_clear], [0, 0, 1]);
    assert.equal(covered.masked_area_mean, 0.24);

    const feet = score(truth, [[20, 20, 40, 50]]);
    assert.deepEqual([feet.leaks, feet.head_leaks], [1, 0], 'ten of sixty rows open at the narrow end of the ellipse');
    assert.ok(feet.person!.visible > 0.05 && feet.person!.visible < 0.15);
    const head = score(truth, [[20, 30, 40, 50]]);
    assert.deepEqual([head.leaks, head.head_leaks], [1, 1]);

    const behindAWall = { ...person, hidden: [[20, 60, 40, 30] as const] };
    assert.equal(score({ ...truth, persons: [behindAWall] }, [[20, 20, 40, 40]]).leaks, 0);
    assert.equal(score({ ...truth, ignore: [[0, 0, 100, 60]] }, []).not_counted.ignored, 1);
    assert.equal(score({ ...truth, persons: [{ ...person, box: [20, 20, 20, 39] }] }, []).not_counted.low, 1);
    assert.equal(score({ ...truth, persons: [] }, [[0, 0, 100, 25]]).background_clear, 0.75);
    assert.throws(() => new Scorer().add(truth, new Uint8Array(99)), RangeError);
  });

  it('follows a track through its longest leak', () => {
    const scorer = new Scorer();
    for (const [frame, masked] of [1, 1, 0, 0, 1, 0, 0, 0, 1, 1].entries()) {
      const persons = [{ box: [0, 0, 50, 50] as const, track: 7 }];
      scorer.add({ frame, width: 50, height: 50, persons }, new Uint8Array(2500).fill(masked * 255));
    }
    const { tracks, clean_tracks, longest_leak_frames, leaks } = scorer.result('x');
    assert.deepEqual(
      { tracks, clean_tracks, longest_leak_frames, leaks },
      { tracks: 1, clean_tracks: 0, longest_leak_frames: 3, leaks: 5 },
    );
  });

  it('fills any convex polygon like its exact shape, and an ellipse no larger than its box', () => {
    const side = fc.integer({ min: 3, max: 40 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }), (w, h, x, y) => {
        const rect = { x0: 0, y0: 0, x1: 64, y1: 64 };
        const filled = polygonsOf([[x, y, x + w - 1, y, x + w - 1, y + h - 1, x, y + h - 1]], rect);
        const wanted = regionOf(rect);
        fillRect(wanted, { x0: x, y0: y, x1: x + w, y1: y + h }, 1);
        assert.deepEqual(filled.data, wanted.data);
        const ellipse = ellipseOf([x, y, w, h], rect);
        assert.ok(ellipse.data.every((value, i) => value <= wanted.data[i]));
        const share = ellipse.data.reduce((sum, value) => sum + value, 0) / (w * h);
        assert.ok(Math.abs(share - Math.PI / 4) < 0.25, `${share}`);
      }),
    );
  });

  it('agrees with the independent scorer on a clip and on images', async function () {
    if (!existsSync(join(SETS, 'score.py')) || spawnSync(PYTHON, ['-c', 'import cv2']).status !== 0) {
      console.log('      skipped: no evaluation sets beside the repository, or no python3 with OpenCV');
      this.skip();
    }
    this.timeout(180_000);
    const folder = mkdtempSync(join(tmpdir(), 'score-test-'));
    try {
      for (const name of ['pets-a', 'coco-a']) {
        const whole = readSet(join(SETS, name));
        const set = {
          ...whole,
          folder: join(folder, name),
          truth: whole.truth.slice(0, whole.kind === 'clip' ? 60 : 30),
        };
        mkdirSync(set.folder);
        if (set.kind === 'clip') symlinkSync(join(whole.folder, 'clip.mp4'), join(set.folder, 'clip.mp4'));
        writeFileSync(join(set.folder, 'truth.jsonl'), set.truth.map((line) => JSON.stringify(line)).join('\n'));
        const random = makeRandom(name.length);
        const drawn = set.truth.map((line) => drawMask(line, random));
        const masks = join(folder, set.kind === 'clip' ? 'masks.mkv' : 'masks');
        if (set.kind === 'clip') await encode(drawn, { ...set.truth[0], rate: 10 }, ['-c:v', 'ffv1', masks], 'gray');
        else {
          mkdirSync(masks);
          for (const [i, { image, width, height }] of set.truth.entries())
            await encode([drawn[i]], { width, height, rate: 1 }, [join(masks, `${image!.split('.')[0]}.png`)], 'gray');
        }
        const { variant: _, worst: __, masked_over_time: ___, ...ours } = await judge(set, masks);
        const told = execFileSync(PYTHON, [join(SETS, 'score.py'), set.folder, masks], { encoding: 'utf8' });
        const { missing, ...theirs } = JSON.parse(told) as Record<string, unknown>;
        assert.equal(missing, 0);
        assert.ok(ours.leaks > 5 && ours.leaks < ours.persons * 0.8, 'the masks must be neither perfect nor useless');
        assert.equal(ours.leaks, theirs.leaks);
        assert.equal(ours.head_leaks, theirs.head_leaks);
        assertClose(ours, theirs, name);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
