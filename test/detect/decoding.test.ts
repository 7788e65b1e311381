// What the nets answer, decoded: boxes written down as a net would are found again, and an answer that is no number is no
// answer.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeNanoDet, nanoDetSize, STRIDES } from '../../src/detect/nanodet.js';
import { decodeYolox, decodeYuNet, planarBgr } from '../../src/detect/own-models.js';
import { decodeSelfie, surroundings } from '../../src/detect/selfie.js';
import { decodeUltraFace, headOf, ultraFaceInput } from '../../src/detect/ultraface.js';

const NOTHING = -20;
const CHANNELS = 19 + 44;
const picture = { width: 832, height: 512, data: new Uint8Array(832 * 512 * 1.5) };
const whole = { x: 0, y: 0, width: 832, height: 512 };
const size = { width: 416, height: 256 };

type Outputs = Record<'out8' | 'out16' | 'out32', Float32Array>;

function silence(): Outputs {
  const outputs = STRIDES.map((stride) => {
    const cells = (size.width / stride) * (size.height / stride);
    return [`out${stride}`, new Float32Array(cells * CHANNELS).fill(NOTHING, 0, cells * 19)];
  });
  return Object.fromEntries(outputs) as Outputs;
}

describe('NanoDet', () => {
  it('is shown a picture in its own shape, at sides that are multiples of 32', () => {
    assert.deepEqual(nanoDetSize({ width: 1920, height: 1080 }), { width: 416, height: 256 });
    assert.deepEqual(nanoDetSize({ width: 640, height: 480 }), { width: 416, height: 320 });
    assert.deepEqual(nanoDetSize({ width: 1080, height: 1920 }), { width: 256, height: 416 });
    assert.deepEqual(nanoDetSize({ width: 500, height: 500 }), { width: 416, height: 416 });
    assert.deepEqual(nanoDetSize({ width: 5000, height: 10 }), { width: 416, height: 32 });
  });

  it('finds the box its bins describe, wherever the cell, in the kind its class belongs to', () => {
    const distance = fc.integer({ min: 0, max: 10 });
    const cases = fc.record({
      stride: fc.constantFrom(...STRIDES),
      share: fc.double({ min: 0, max: 0.999, noNaN: true }),
      channel: fc.integer({ min: 0, max: 18 }),
      sides: fc.tuple(distance, distance, distance, distance),
      score: fc.double({ min: 0.35, max: 0.99, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ stride, share, channel, sides, score }) => {
        const outputs = silence();
        const output = outputs[`out${stride}`];
        const columns = size.width / stride;
        const cells = output.length / CHANNELS;
        const cell = Math.floor(share * cells);
        output[channel * cells + cell] = Math.log(score / (1 - score));
        for (const [side, bin] of sides.entries()) output[(19 + side * 11 + bin) * cells + cell] = 30;
        const found = decodeNanoDet(outputs, picture, whole, ['person', 'vehicle', 'animal'], 0.3);

        const [x, y] = [((cell % columns) + 0.5) * stride * 2, (Math.floor(cell / columns) + 0.5) * stride * 2];
        const [left, top, right, bottom] = sides.map((side) => side * stride * 2);
        const wanted = {
          x: Math.max(0, x - left),
          y: Math.max(0, y - top),
          right: Math.min(832, x + right),
          bottom: Math.min(512, y + bottom),
        };
        if (wanted.right - wanted.x < 1e-3 || wanted.bottom - wanted.y < 1e-3) return;
        assert.equal(found.length, 1);
        const [{ kind, score: given, box }] = found;
        assert.equal(kind, channel === 0 ? 'person' : channel < 9 ? 'vehicle' : 'animal');
        assert(Math.abs(given - score) < 1e-5);
        const near = (a: number, b: number) => assert(Math.abs(a - b) < 1e-3, `${a} instead of ${b}`);
        near(box.x, wanted.x);
        near(box.y, wanted.y);
        near(box.x + box.width, wanted.right);
        near(box.y + box.height, wanted.bottom);
      }),
    );
  });

  it('finds nothing in silence, and only what was asked for', () => {
    assert.deepEqual(decodeNanoDet(silence(), picture, whole, ['person', 'vehicle', 'animal'], 0.2), []);
    const outputs = silence();
    outputs.out16[9 * 416 + 100] = 5; // a bird
    assert.equal(decodeNanoDet(outputs, picture, whole, ['animal'], 0.2).length, 1);
    assert.equal(decodeNanoDet(outputs, picture, whole, ['person', 'vehicle'], 0.2).length, 0);
  });

  it('refuses an answer that is no number or of another size: an unheard person would go unmasked', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const outputs = silence();
      outputs.out32[7] = value; // a score
      outputs.out32[(19 + 3) * 104 + 7] = value; // and a bin
      assert.throws(() => decodeNanoDet(outputs, picture, whole, ['person'], 0.2), /no numbers/);
    }
    const { out8, out16 } = silence();
    assert.throws(() => decodeNanoDet({ out8, out16 }, picture, whole, ['person'], 0.2), /out32/);
    assert.throws(() => decodeNanoDet({ ...silence(), out8: out16 }, picture, whole, ['person'], 0.2), /out8/);
  });
});

describe('UltraFace', () => {
  it('takes bytes as planes about nothing, and gives faces where they are in the picture', () => {
    assert.deepEqual([...ultraFaceInput(Uint8Array.of(127, 255, 0, 191, 63, 127))], [0, 0.5, 1, -0.5, -127 / 128, 0]);
    const view = { x: 100, y: 50, width: 640, height: 480 };
    const answer = {
      scores: Float32Array.of(0.9, 0.1, 0.2, 0.8),
      boxes: Float32Array.of(0, 0, 1, 1, 0.25, 0.5, 0.5, 0.75),
    };
    assert.deepEqual(decodeUltraFace(answer, picture, view, 0.5), [
      { kind: 'face', score: Math.fround(0.8), box: { x: 260, y: 290, width: 160, height: 120 } },
    ]);
    answer.scores[3] = Number.NaN;
    assert.throws(() => decodeUltraFace(answer, picture, view, 0.5), /no numbers/);
    assert.throws(() => decodeUltraFace({ scores: answer.scores }, picture, view, 0.5), /outputs/);
  });

  it('looks for the face of a person at the top of the box, head and all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 400 }), fc.integer({ min: 10, max: 400 }), (width, height) => {
        const head = headOf({ x: 50, y: 60, width, height });
        assert(head.y <= 60 && head.y + head.height >= 60 + height / 6 - 0.75 * Math.max(0, height - 2 * width));
        assert(Math.abs(head.x + head.width / 2 - (50 + width / 2)) < 1e-9);
        assert(Math.abs(head.width / head.height - 4 / 3) < 1e-9);
      }),
    );
  });
});

describe('a net of the user', () => {
  const view = {
    picture: { ...picture, width: 128, height: 64 },
    region: { ...whole, width: 128, height: 64 },
    size: { width: 64, height: 32 },
  };

  it('of the layout YuNet gives faces, by class and presence', () => {
    const outputs: Record<string, Float32Array> = {};
    for (const [stride, cells] of [
      [8, 32],
      [16, 8],
      [32, 2],
    ]) {
      outputs[`cls_${stride}`] = new Float32Array(cells);
      outputs[`obj_${stride}`] = new Float32Array(cells);
      outputs[`bbox_${stride}`] = new Float32Array(4 * cells);
    }
    outputs.cls_16[5] = 0.9;
    outputs.obj_16[5] = 0.4;
    outputs.bbox_16.set([0.5, 0.5, 0, 0], 20);
    const [face, ...others] = decodeYuNet(outputs, view, 0.5);
    assert.equal(others.length, 0);
    assert.equal(face.kind, 'face');
    assert(Math.abs(face.score - 0.6) < 1e-6);
    // cell (1, 1) of 16 net pixels: its middle is (24, 24); 16 wide and high; twice that in the picture
    assert.deepEqual(face.box, { x: 32, y: 32, width: 32, height: 32 });
    outputs.obj_8[0] = Number.NaN;
    assert.throws(() => decodeYuNet(outputs, view, 0.5), /no numbers/);
  });

  it('of the layout YOLOX gives people or plates, by presence and first class', () => {
    const output = new Float32Array((32 + 8 + 2) * 6);
    output.set([0.5, 0.5, 0, 0, 0.8, 0.5], (32 + 8 + 1) * 6);
    const [plate, ...others] = decodeYolox(output, view, 'plate', 0.3);
    assert.equal(others.length, 0);
    assert.equal(plate.kind, 'plate');
    assert(Math.abs(plate.score - 0.4) < 1e-6);
    assert.deepEqual(plate.box, { x: 64, y: 0, width: 64, height: 64 });
    assert.throws(() => decodeYolox(output.subarray(6), view, 'plate', 0.3), /another output/);
    output[4] = Number.NaN;
    assert.throws(() => decodeYolox(output, view, 'plate', 0.3), /no numbers/);
  });

  it('is given plain bytes, blue first', () => {
    assert.deepEqual([...planarBgr(Uint8Array.of(1, 2, 3, 4, 5, 6))], [3, 6, 2, 5, 1, 4]);
  });
});

describe('the silhouette', () => {
  it('covers what was shown of the picture, not the grey beside it', () => {
    const region = surroundings({ x: 100, y: 100, width: 100, height: 200 });
    assert.deepEqual(region, { x: 82.5, y: 65, width: 135, height: 270 });
    const output = new Float32Array(256 * 256);
    for (let y = 0; y < 256; y++) output.fill(0.5, y * 256, y * 256 + 128);
    const silhouette = decodeSelfie(output, region);
    assert.deepEqual([silhouette.columns, silhouette.rows], [128, 256]);
    assert(silhouette.data.every((value) => value === 128));
    output[0] = Number.NaN;
    assert.throws(() => decodeSelfie(output, region), /no numbers/);
  });
});
