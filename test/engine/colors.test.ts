import assert from 'node:assert/strict';
import fc from 'fast-check';
import { yuvOf } from '../../src/engine/colors.js';

describe('colours', () => {
  it('become the codes that ffmpeg gives them', () => {
    const codes = (...from: Parameters<typeof yuvOf>) => Object.values(yuvOf(...from));
    assert.deepEqual(codes('#ffffff', 'bt709', 'limited'), [235, 128, 128]);
    assert.deepEqual(codes('#000000', 'bt601', 'limited'), [16, 128, 128]);
    assert.deepEqual(codes('#FFFFFF', 'bt601', 'full'), [255, 128, 128]);
    assert.deepEqual(codes('#808080', 'bt709', 'limited'), [126, 128, 128]);
    assert.deepEqual(codes('#ff0000', 'bt601', 'limited'), [81, 90, 240]);
    assert.deepEqual(codes('#ff0000', 'bt709', 'limited'), [63, 102, 240]);
    assert.deepEqual(codes('#0000ff', 'bt709', 'limited'), [32, 240, 118]);
    assert.deepEqual(codes('#ff00ff', 'bt709', 'limited'), [78, 214, 230]);
    assert.deepEqual(codes('#ff0000', 'bt601', 'full'), [76, 85, 255]);
  });

  it('come back as they were, to the precision of the codes', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    const matrix = fc.constantFrom('bt601' as const, 'bt709' as const);
    fc.assert(
      fc.property(channel, channel, channel, matrix, (r, g, b, which) => {
        const { y, u, v } = yuvOf(`#${Buffer.from([r, g, b]).toString('hex')}`, which, 'limited');
        const [red, blue] = which === 'bt601' ? [0.299, 0.114] : [0.2126, 0.0722];
        const luma = ((y - 16) * 255) / 219;
        const backR = luma + (2 - 2 * red) * (((v - 128) * 255) / 224);
        const backB = luma + (2 - 2 * blue) * (((u - 128) * 255) / 224);
        const backG = (luma - red * backR - blue * backB) / (1 - red - blue);
        for (const [found, wanted] of [
          [backR, r],
          [backG, g],
          [backB, b],
        ] as const)
          assert.ok(Math.abs(found - wanted) < 2, `${found} for ${wanted}`);
      }),
    );
    for (const bad of ['grey', '#fff', '#80808', '#8080801', '#80808g', ''])
      assert.throws(() => yuvOf(bad, 'bt601', 'full'), RangeError);
  });
});
