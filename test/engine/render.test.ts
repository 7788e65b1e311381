// The way out: what a masked frame may still show, and who may make one.

import assert from 'node:assert/strict';
import { Backdrop } from '../../src/engine/backdrop.js';
import { yuvOf } from '../../src/engine/colors.js';
import type { Frame, FrameSlot } from '../../src/engine/frame.js';
import { type Grid, makeGrid } from '../../src/engine/grid.js';
import type { Mask } from '../../src/engine/mask.js';
import { layoutBlockMeans, Planes } from '../../src/engine/planes.js';
import { type Look, MaskedFrame, Renderer, type Style } from '../../src/engine/render.js';
import { bit } from './reference/paint.js';
import { dice, gridOf, noise, randomCells, setCells, stage } from './scenery.js';

const STYLES: readonly Style[] = ['pixelate', 'blur', 'solid', 'tint', 'background'];
const LOOK: Look = { style: 'pixelate', color: '#ff00ff', tint: 0, matrix: 'bt709', range: 'limited' };

/** An engine's worth of memory with one frame in it. */
function studio(grid: Grid, seed = 1) {
  const { kernels, memory, bytes, at } = stage((layout) => ({
    renderer: Renderer.layout(layout, grid),
    backdrop: Backdrop.layout(layout, grid),
    means: layoutBlockMeans(layout, grid),
    planes: new Planes(layout, grid),
    picture: layout.picture(grid),
    mask: {
      covered: layout.bitPlane(grid),
      solid: layout.bitPlane(grid),
      gated: layout.bitPlane(grid),
      coarse: [layout.bitPlane(grid), layout.bitPlane(grid)],
    } satisfies Mask,
  }));
  const size = (grid.width * grid.height * 3) / 2;
  const data = new Uint8Array(memory, at.picture, size);
  const roll = dice(seed);
  noise(roll, data);
  const slot: FrameSlot = { index: 0, data, released: false, release: () => {} };
  const { width, height } = grid;
  const frame: Frame = { data, width, height, pts: 7, timeBase: { numerator: 1, denominator: 90_000 }, slot };
  const backdrop = new Backdrop(grid, kernels, memory, at.backdrop);
  const renderer = new Renderer(grid, kernels, memory, at.renderer, backdrop);
  return {
    ...{ kernels, bytes, roll, frame, renderer, backdrop, grid, mask: at.mask, means: at.means },
    cells: (plane: number, chosen: (column: number, row: number) => boolean) => setCells(bytes, plane, grid, chosen),
    /** The frame's own block means, as the engine takes them on arrival. */
    measure: () => {
      at.planes.take(kernels, at.picture);
      at.planes.summarise(kernels, at.means);
    },
  };
}

/** Tells of each sample of a picture, whichever plane it is in, whether its cell is in a bit plane. */
function isCovered(bytes: Uint8Array, plane: number, grid: Grid): (index: number) => boolean {
  const pixels = grid.width * grid.height;
  return (index) => {
    const scale = index < pixels ? 1 : 2;
    const own = index < pixels ? index : (index - pixels) % (pixels / 4);
    const width = grid.width / scale;
    const cell = grid.cell / scale;
    const column = Math.floor((own % width) / cell);
    return bit(bytes, plane, grid.bitStride, column, Math.floor(Math.floor(own / width) / cell));
  };
}

/** Colours of a block in all three planes, read at one of its cells' first pixels. */
function colorAt({ frame, grid }: ReturnType<typeof studio>, column: number, row: number): number[] {
  const { width, height, cell } = grid;
  const pixels = width * height;
  const chroma = ((row * cell) / 2) * (width / 2) + (column * cell) / 2;
  return [
    frame.data[row * cell * width + column * cell],
    frame.data[pixels + chroma],
    frame.data[(pixels * 5) / 4 + chroma],
  ];
}

describe('the renderer', () => {
  it('is the only one who makes masked frames', () => {
    const { renderer, frame, mask, means } = studio(gridOf(64, 32, 4));
    const clear = frame.data.slice();
    const masked = renderer.render(frame, mask, means);
    assert.ok(MaskedFrame.isMasked(masked));
    assert.deepEqual(frame.data, clear, 'an empty mask changes nothing');
    assert.deepEqual([masked.pts, masked.timeBase, masked.slot], [frame.pts, frame.timeBase, frame.slot]);
    for (const impostor of [frame, { ...masked }, Object.create(MaskedFrame.prototype), null, 3])
      assert.equal(MaskedFrame.isMasked(impostor), false);
  });

  it('refuses a frame that is not in its memory or of another size', () => {
    const { renderer, frame, mask, means } = studio(gridOf(64, 32, 4));
    assert.throws(
      () => renderer.render({ ...frame, data: frame.data.slice() }, mask, means),
      /not a frame of this engine/,
    );
    assert.throws(() => renderer.render({ ...frame, width: 32, height: 64 }, mask, means), /32x64 for 64x32/);
    assert.throws(() => renderer.render({ ...frame, data: frame.data.subarray(1) }, mask, means), RangeError);
  });

  it('lets nothing of the covered pixels through but block means, in any style and size', () => {
    const sizes = [
      [2, 2],
      [426, 240],
      [768, 576],
      [1366, 768],
      [1920, 1080],
      [3840, 2160],
    ] as const;
    for (const [width, height] of sizes)
      for (const style of STYLES) {
        const { renderer, frame, mask, means, bytes, roll, grid, cells, measure } = studio(
          makeGrid(width, height),
          width,
        );
        measure();
        cells(mask.covered, width === 2 ? () => true : randomCells(roll, grid));
        cells(mask.coarse[0], (column) => column > grid.columns / 2);
        renderer.configure({ ...LOOK, style, tint: 30 });
        const before = frame.data.slice();
        renderer.render(frame, mask, means);
        const painted = frame.data.slice();
        // The same means, but every pixel another: what is painted must be the same, what is not must be the pixel.
        for (let i = 0; i < before.length; i++) frame.data[i] = ~before[i];
        renderer.render(frame, mask, means);
        const covered = isCovered(bytes, mask.covered, grid);
        for (let i = 0; i < before.length; i++) {
          const same = covered(i) ? frame.data[i] === painted[i] : painted[i] === before[i];
          if (!same) assert.fail(`${style} at ${width}x${height}: sample ${i}, covered ${covered(i)}`);
        }
      }
  });

  it('gives each block one colour, the mean of what it hides, and larger things larger blocks', () => {
    const scene = studio(gridOf(256, 128, 2)); // 16 by 8 blocks of 16 pixels
    const { renderer, frame, mask, means, cells, measure, grid } = scene;
    measure();
    const clear = frame.data.slice();
    cells(mask.covered, () => true);
    cells(mask.coarse[0], (column) => column >= 48 && column < 80);
    cells(mask.coarse[1], (column) => column >= 64 && column < 96);
    cells(mask.gated, (column) => column >= 96 && column < 100);
    renderer.configure(LOOK);
    renderer.render(frame, mask, means);
    const meanOf = (left: number, top: number, side: number) => {
      let sum = 0;
      for (let y = top; y < top + side; y++) for (let x = left; x < left + side; x++) sum += clear[y * grid.width + x];
      return sum / side ** 2;
    };
    const expected: [column: number, side: number][] = [
      [0, 16],
      [40, 16],
      [48, 32],
      [56, 32],
      [64, 64],
      [88, 64],
      [96, 64],
      [104, 16],
    ];
    for (const [column, side] of expected)
      for (const row of [0, 8, 24, 63]) {
        const snap = (cell: number) => Math.floor((cell * 2) / side) * side;
        const found = colorAt(scene, column, row)[0];
        // Rounded once for the cell, once for the block, once for each larger block.
        assert.ok(Math.abs(found - meanOf(snap(column), snap(row), side)) <= 2, `block of ${side} at ${column},${row}`);
      }
  });

  it('paints always-areas in the plain colour, and what the gate hides coarsely or plain', () => {
    const plain = Object.values(yuvOf('#ff00ff', 'bt709', 'limited'));
    for (const style of STYLES) {
      const scene = studio(gridOf(256, 128, 2));
      const { renderer, frame, mask, means, cells, measure, backdrop } = scene;
      measure();
      // The whole background is known: only style background draws it, and never where the gate or an area hides.
      cells(mask.covered, () => true);
      for (let i = 0; i < 30; i++) backdrop.learn(frame, mask.covered);
      const background = frame.data.slice();
      noise(scene.roll, frame.data);
      cells(mask.solid, (column) => column < 32);
      cells(mask.gated, (column) => column >= 64 && column < 96);
      renderer.configure({ ...LOOK, style });
      renderer.render(frame, mask, means);
      assert.deepEqual(colorAt(scene, 0, 20), plain, `always-area, ${style}`);
      assert.deepEqual(colorAt(scene, 31, 20), plain, `always-area, ${style}`);
      const row = frame.data.subarray(40 * 256 + 128, 40 * 256 + 192);
      assert.ok(
        row.every((value) => value === row[0]),
        `gated cells are flat over four blocks, ${style}`,
      );
      assert.equal(row[0] === plain[0], style === 'solid' || style === 'background', `gated cells, ${style}`);
      const drawn = frame.data.subarray(40 * 256 + 64, 40 * 256 + 128);
      assert.equal(
        Buffer.compare(drawn, background.subarray(40 * 256 + 64, 40 * 256 + 128)) === 0,
        style === 'background',
      );
    }
  });

  it('tints by the percent asked for, and masks plainly when it does not know the style', () => {
    const channel = (look: Partial<Look>): number => {
      const scene = studio(gridOf(64, 32, 4));
      scene.frame.data.fill(100);
      scene.measure();
      scene.cells(scene.mask.covered, () => true);
      scene.renderer.configure({ ...LOOK, color: '#ffffff', ...look });
      scene.renderer.render(scene.frame, scene.mask, scene.means);
      return scene.frame.data[700];
    };
    assert.equal(channel({ tint: 0 }), 100);
    assert.equal(channel({ tint: 20 }), 127);
    assert.equal(channel({ tint: 100 }), 235);
    assert.equal(channel({ style: 'blur', tint: 50 }), 168);
    assert.equal(channel({ style: 'tint' }), 168);
    assert.equal(channel({ style: 'unheard-of' as Style }), 235);
    assert.equal(channel({ style: 'background' }), 235, 'nothing is learnt yet');
    assert.throws(() => channel({ tint: Number.NaN }), RangeError);
    assert.throws(() => channel({ color: 'red' }), RangeError);
  });

  it('blurs so strongly that a fine pattern, of means all alike, leaves nothing behind', () => {
    const { renderer, frame, mask, means, cells, measure } = studio(makeGrid(1920, 1080));
    for (let i = 0; i < frame.data.length; i++) frame.data[i] = (i + (Math.floor(i / 1920) & 1)) & 1 ? 40 : 200;
    measure();
    cells(mask.covered, () => true);
    renderer.configure({ ...LOOK, style: 'blur' });
    renderer.render(frame, mask, means);
    assert.ok(frame.data.every((value) => value === 120));
  });
});
