// The detector with its real nets, on the sample clip; with nets of the user, made here; and with what goes wrong.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { OnnxGraph } from '../../scripts/models/onnx.js';
import { sampleFrames } from '../../scripts/models/pictures.js';
import { overlap } from '../../src/detect/boxes.js';
import type { Detection, Picture } from '../../src/detect/detection.js';
import { openDetector } from '../../src/detect/detector.js';
import { readModel } from '../../src/detect/models.js';
import { Runtime } from '../../src/detect/runtime.js';
import { tilesOf } from '../../src/detect/tiles.js';
import { InputError } from '../../src/errors.js';
import { loadNative } from '../../src/native.js';

/** People standing free in frame 200 of the sample clip, marked by eye: x, y, width, height. */
const PEOPLE = [
  [569, 200, 27, 88],
  [643, 306, 26, 104],
  [457, 303, 48, 115],
  [285, 433, 50, 142],
  [188, 146, 23, 68],
  [673, 209, 32, 87],
];

describe('the detector', () => {
  let frame: Picture;
  let folder: string;

  before(async function () {
    if (!loadNative('onnxruntime-node').ok) this.skip();
    frame = sampleFrames(200)[1];
    folder = await mkdtemp(join(tmpdir(), 'privacy-shield-detect-'));
  });
  after(async () => {
    if (folder) await rm(folder, { recursive: true });
  });

  it('finds the people of the sample clip, in integers as in float, and holds nothing up meanwhile', async () => {
    const detector = await openDetector({ kinds: ['person'] });
    const float = await openDetector({ kinds: ['person'], float: true });
    try {
      let turns = 0;
      let isDone = false;
      const detecting = detector.detect(frame).finally(() => {
        isDone = true;
      });
      for (; !isDone; turns++) await setImmediate();
      assert(turns > 20, `the event loop turned only ${turns} times during one detection`);

      const found = await detecting;
      for (const [x, y, width, height] of PEOPLE) assert(isFound({ x, y, width, height }, found), `${x},${y}`);
      const sure = ({ score }: Detection) => score >= 0.4;
      const reference = await float.detect(frame);
      for (const { box } of reference.filter(sure))
        assert(isFound(box, found), `float alone sees ${JSON.stringify(box)}`);
      for (const { box } of found.filter(sure))
        assert(isFound(box, reference), `integers alone see ${JSON.stringify(box)}`);

      const closer = await detector.detect(frame, { tiles: tilesOf(frame) });
      const certainty = (all: readonly Detection[]) => all.reduce((sum, { score }) => sum + score, 0);
      assert(certainty(closer) > certainty(found), 'tiles make people larger, and so surer');
      assert.deepEqual(await detector.detect(frame, { whole: false }), []);
    } finally {
      await Promise.all([detector.close(), float.close()]);
    }
  });

  it('draws silhouettes that lie about the person, and looks for faces only where they are wanted', async () => {
    const detector = await openDetector({ kinds: ['person', 'face', 'vehicle', 'animal'] });
    try {
      const found = await detector.detect(frame, { silhouettes: true });
      const people = found.filter(({ kind }) => kind === 'person');
      assert(people.length >= 3);
      const shares = people.map(({ silhouette }) => {
        const { data } = silhouette!;
        return data.reduce((sum, value) => sum + (value >= 51 ? 1 : 0), 0) / data.length;
      });
      assert(Math.max(...shares) > 0.1, `${shares}`);
      assert(
        shares.every((share) => share < 0.95),
        `${shares}`,
      );
      assert(found.every(({ kind, silhouette }) => kind === 'person' || silhouette === undefined));
    } finally {
      await detector.close();
    }
    const faces = await openDetector({ kinds: ['face'] });
    try {
      assert((await faces.detect(frame)).every(({ kind }) => kind === 'face'));
    } finally {
      await faces.close();
    }
  });

  it('finds a face on the whole picture, and again where the person is a small part of it', async function () {
    const sharp = loadNative('sharp');
    const path = join(import.meta.dirname, '../../../shared/eval/coco-a/images/000000000036.jpg');
    if (!sharp.ok || !existsSync(path)) {
      process.stdout.write('      (skipped: the evaluation set coco-a is not here)\n');
      this.skip();
    }
    const detector = await openDetector({ kinds: ['face'] });
    try {
      const face = { x: 220, y: 180, width: 85, height: 115 }; // by eye
      for (const width of [480, 1920]) {
        // in the second, the same picture stands in a corner of a grey one four times as wide
        const { data } = await sharp
          .module(path)
          .resize(480, 640, { fit: 'fill' })
          .extend({ right: width - 480, bottom: width === 480 ? 0 : 440, background: '#808080' })
          .removeAlpha()
          .raw()
          .toBuffer({ resolveWithObject: true });
        const picture = { data, width, height: width === 480 ? 640 : 1080, format: 'rgb24' } as const;
        const [found] = await detector.detect(picture);
        assert.equal(found?.kind, 'face');
        assert(overlap(found.box, face) > 0.4, JSON.stringify(found));
      }
    } finally {
      await detector.close();
    }
  });

  it('rejects what is under way when it is closed, and what comes after', async () => {
    const detector = await openDetector({ kinds: ['person'] });
    const late = detector.detect(frame);
    const closing = detector.close();
    await assert.rejects(late, /closed/);
    await closing;
    await assert.rejects(detector.detect(frame), /closed/);
  });

  it('says what a net cannot take, and goes on', async () => {
    const runtime = new Runtime();
    try {
      await assert.rejects(runtime.load(Buffer.from('no net at all')), /./);
      const net = await runtime.load(await readModel('nanodet'));
      assert.deepEqual(net.inputs, [{ name: 'rgb', type: 'uint8', shape: [1, 'height', 'width', 3] }]);
      await assert.rejects(net.run({ rgb: { data: new Uint8Array(12), shape: [1, 2, 3, 3] } }), /./);
      const { out32 } = await net.run({ rgb: { data: new Uint8Array(96 * 64 * 3), shape: [1, 64, 96, 3] } });
      assert.equal(out32.length, 63 * 2 * 3);
    } finally {
      await runtime.close();
    }
  });

  it('takes a net of the user for plates, when it is the file meant and of the layout meant', async () => {
    // a net that finds one plate whatever it sees: in the last cell of a 64x32 input, 32 pixels wide and high
    const constant = new Float32Array(42 * 6);
    constant.set([0.5, 0.5, 0, 0, 1, 0.75], 41 * 6);
    const path = join(folder, 'plates.onnx');
    const bytes = netOf([42, 6], constant);
    await writeFile(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');

    const detector = await openDetector({ kinds: ['plate'], own: { plate: { path, sha256: sha256.toUpperCase() } } });
    try {
      const picture = { width: 128, height: 64, data: new Uint8Array(128 * 64 * 1.5) };
      assert.deepEqual(await detector.detect(picture), [
        { kind: 'plate', score: 0.75, box: { x: 64, y: 0, width: 64, height: 64 } },
      ]);
    } finally {
      await detector.close();
    }

    const refused = async (own: Parameters<typeof openDetector>[0]['own'], kind: 'plate' | 'face', reason: RegExp) =>
      assert.rejects(openDetector({ kinds: [kind], own: own ?? {} }), (error: Error) => {
        assert(error instanceof InputError, String(error));
        assert.match(error.message, reason);
        assert(!error.message.includes('\n'));
        return true;
      });
    await refused(undefined, 'plate', /"plates" needs a model of your own/);
    await refused(
      { plate: { path: join(folder, 'none.onnx'), sha256 } },
      'plate',
      /none\.onnx cannot be read \(ENOENT\)/,
    );
    await refused({ plate: { path, sha256: '0'.repeat(64) } }, 'plate', new RegExp(`${sha256}, not 000`));
    await refused({ face: { path, sha256 } }, 'face', /not of the layout yunet: it has the outputs .*cls_8/);

    const odd = netOf([42, 5], new Float32Array(42 * 5));
    await writeFile(path, odd);
    const oddSum = createHash('sha256').update(odd).digest('hex');
    await refused({ plate: { path, sha256: oddSum } }, 'plate', /not of the layout yolox: it has the outputs boxes/);
    await writeFile(path, 'text');
    const textSum = createHash('sha256').update('text').digest('hex');
    await refused({ plate: { path, sha256: textSum } }, 'plate', /plates\.onnx cannot be loaded/);
  });
});

function isFound(person: Detection['box'], found: readonly Detection[]): boolean {
  return found.some(({ kind, box }) => kind === 'person' && overlap(box, person) >= 0.5);
}

/** Gives the same answer to every picture of 64x32. */
function netOf([rows, columns]: [number, number], answer: Float32Array): Uint8Array {
  const graph = new OnnxGraph('constant');
  graph.input('images', 'float32', [1, 3, 32, 64]);
  const nothing = graph.node('Mul', [graph.node('ReduceMean', ['images'], { keepdims: 0 }), graph.floats([0], [])]);
  graph.node('Add', [graph.floats(answer, [1, rows, columns]), nothing], {}, ['boxes']);
  graph.output('boxes', 'float32', [1, rows, columns]);
  return graph.encode(13);
}
