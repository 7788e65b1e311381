// The one door through which pictures leave: takes a clear frame and its mask, paints over what is masked, in place, and
// gives the frame the brand that sinks ask for. No other file can make a MaskedFrame.
//
// All colours come from the small analysis planes, so painting only writes. Nothing painted holds detail finer than a
// block of 8x8 cells (32 pixels at 1080p): a block has one mean, larger ones for what is large in the picture.

import type { Backdrop } from './backdrop.js';
import { type Matrix, type Range, yuvOf } from './colors.js';
import type { Frame, FrameSlot, TimeBase } from './frame.js';
import { BLOCK, type Grid } from './grid.js';
import type { Mask } from './mask.js';
import type { Address, Layout } from './memory.js';
import type { ColorKernel, PaintKernels } from './paint-kernels.js';
import type { BlockMeans } from './planes.js';

export type Style = 'pixelate' | 'blur' | 'solid' | 'tint' | 'background';

export interface Look {
  readonly style: Style;
  /** '#rrggbb': of solid, tint, always-areas, and of the tint of pixelate and blur. */
  readonly color: string;
  /** Percent, 0..100: how strongly `color` tints pixelate and blur. */
  readonly tint: number;
  /** Of the frames to be rendered. */
  readonly matrix: Matrix;
  readonly range: Range;
}

let seal: (frame: Frame) => MaskedFrame;

/** A frame that has been through the renderer: the only thing a sink takes. */
export class MaskedFrame implements Frame {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly pts: number;
  readonly timeBase: TimeBase;
  readonly slot: FrameSlot;
  readonly #brand = true;

  private constructor(frame: Frame) {
    this.data = frame.data;
    this.width = frame.width;
    this.height = frame.height;
    this.pts = frame.pts;
    this.timeBase = frame.timeBase;
    this.slot = frame.slot;
    Object.freeze(this);
  }

  static {
    seal = (frame) => new MaskedFrame(frame);
  }

  /** Whether `x` was made by the renderer, whatever its type claims. */
  static isMasked(x: unknown): x is MaskedFrame {
    return typeof x === 'object' && x !== null && #brand in x;
  }
}

/** One of the three planes of a picture, with its tables. */
interface Channel {
  readonly source: keyof BlockMeans;
  readonly component: 'y' | 'u' | 'v';
  /** Bytes from the start of the picture. */
  readonly offset: number;
  /** Pixels of the picture a pixel of this plane, in each direction. */
  readonly scale: 1 | 2;
  /** Block tables: means of 2x2 and of 4x4 blocks, the colours painted, and the one plain colour. */
  readonly means2: Address;
  readonly means4: Address;
  readonly colors: Address;
  readonly plain: Address;
}

/** A see-through body takes this share of the colour. */
const SEE_THROUGH = 50;

export class Renderer {
  readonly #grid: Grid;
  readonly #kernels: PaintKernels;
  readonly #memory: ArrayBuffer;
  readonly #backdrop: Backdrop | undefined;
  readonly #channels: readonly Channel[];
  readonly #levels: Address;
  readonly #scratch: Address;
  readonly #tableBytes: number;
  #style: Style = 'solid';
  /** Weight of the colour in the mosaic, 0..256. */
  #tint = 0;
  #color = yuvOf('#808080', 'bt709', 'limited');

  static layout(layout: Layout, grid: Grid) {
    const table = () => layout.reserve(grid.bitStride * grid.blockRows);
    const tables = () => ({ means2: table(), means4: table(), colors: table(), plain: table() });
    return {
      channels: [tables(), tables(), tables()] as const,
      levels: table(),
      // Two rows of 16-bit values as wide as the picture and a block more.
      scratch: layout.reserve(2 * 2 * BLOCK * grid.cell * (grid.blockColumns + 1)),
    };
  }

  /** @param backdrop needed for the style `background` alone */
  constructor(
    grid: Grid,
    kernels: PaintKernels,
    memory: ArrayBuffer,
    at: ReturnType<typeof Renderer.layout>,
    backdrop?: Backdrop,
  ) {
    const pixels = grid.width * grid.height;
    this.#grid = grid;
    this.#kernels = kernels;
    this.#memory = memory;
    this.#backdrop = backdrop;
    this.#levels = at.levels;
    this.#scratch = at.scratch;
    this.#tableBytes = grid.bitStride * grid.blockRows;
    this.#channels = [
      { source: 'luma', component: 'y', offset: 0, scale: 1, ...at.channels[0] },
      { source: 'u', component: 'u', offset: pixels, scale: 2, ...at.channels[1] },
      { source: 'v', component: 'v', offset: (pixels * 5) / 4, scale: 2, ...at.channels[2] },
    ];
    this.#fillPlain();
  }

  /** Until it is called, masked cells are grey. */
  configure({ style, color, tint, matrix, range }: Look): void {
    if (!(tint >= 0 && tint <= 100)) throw new RangeError(`tint is 0 to 100 percent, got ${tint}`);
    this.#color = yuvOf(color, matrix, range);
    this.#style = style;
    this.#tint = Math.round(((style === 'tint' ? SEE_THROUGH : tint) * 256) / 100);
    this.#fillPlain();
  }

  /**
   * Paints in place, in the frame's slot. A frame whose mask covers nothing passes unchanged.
   * @param means block means of this very frame
   * @throws RangeError when the frame is not one of this engine's: nothing leaves then
   */
  render(frame: Frame, mask: Mask, means: BlockMeans): MaskedFrame {
    const { width, height, rows, bitStride } = this.#grid;
    const inPlace = frame.data.buffer === this.#memory && frame.data.length === (width * height * 3) / 2;
    if (!inPlace || frame.width !== width || frame.height !== height)
      throw new RangeError(`not a frame of this engine: ${frame.width}x${frame.height} for ${width}x${height}`);
    if (!this.#kernels.isEmpty(mask.covered, rows * bitStride)) this.#paint(frame.data.byteOffset, mask, means);
    return seal(frame);
  }

  #paint(picture: Address, mask: Mask, means: BlockMeans): void {
    const { rows, bitStride } = this.#grid;
    const { mosaicColors, blurColors, isEmpty } = this.#kernels;
    const [coarse, coarsest] = mask.coarse;
    const plain = this.#style === 'solid' || this.#style === 'background';
    if (!plain) this.#kernels.blockLevels(mask.covered, coarse, coarsest, mask.gated, rows, bitStride, this.#levels);
    const gated = !isEmpty(mask.gated, rows * bitStride);
    for (const channel of this.#channels) {
      if (!plain) this.#takeCoarseMeans(channel, means);
      switch (this.#style) {
        case 'pixelate':
        case 'tint':
          this.#mix(channel, means, mosaicColors);
          this.#flat(channel, picture, mask.covered, channel.colors);
          break;
        case 'blur':
          this.#mix(channel, means, blurColors);
          this.#blur(channel, picture, mask.covered);
          if (!gated) break;
          this.#mix(channel, means, mosaicColors);
          this.#flat(channel, picture, mask.gated, channel.colors);
          break;
        case 'background':
          this.#flat(channel, picture, mask.covered, channel.plain);
          if (!this.#backdrop) break;
          this.#draw(channel, picture, mask.covered, this.#backdrop);
          this.#flat(channel, picture, mask.gated, channel.plain);
          break;
        default: // solid, and whatever nobody has thought of
          this.#flat(channel, picture, mask.covered, channel.plain);
          break;
      }
      this.#flat(channel, picture, mask.solid, channel.plain);
    }
  }

  /** A table's padding repeats its last column, so the coarse means at the right edge are means of the picture. */
  #takeCoarseMeans({ source, means2, means4 }: Channel, means: BlockMeans): void {
    const { bitStride, blockColumns, blockRows } = this.#grid;
    const shrink = (factor: number, table: Address) => {
      const columns = Math.ceil(blockColumns / factor);
      const rows = Math.ceil(blockRows / factor);
      this.#kernels.downscale(means[source], bitStride, blockRows, factor, table, bitStride, columns, rows);
    };
    shrink(2, means2);
    shrink(4, means4);
  }

  #mix({ source, component, means2, means4, colors }: Channel, means: BlockMeans, kernel: ColorKernel): void {
    const { blockColumns, blockRows, bitStride } = this.#grid;
    kernel(this.#levels, means[source], means2, means4, blockColumns, blockRows, bitStride, colors);
    if (this.#tint > 0) this.#kernels.tintColors(colors, this.#tableBytes, this.#color[component], this.#tint);
  }

  #flat(channel: Channel, picture: Address, cells: Address, colors: Address): void {
    this.#kernels.paintFlat(...this.#planeOf(channel, picture), cells, this.#grid.bitStride, colors);
  }

  #blur(channel: Channel, picture: Address, cells: Address): void {
    const { bitStride, blockColumns, blockRows } = this.#grid;
    const plane = this.#planeOf(channel, picture);
    this.#kernels.paintBlur(...plane, cells, bitStride, channel.colors, blockColumns, blockRows, this.#scratch);
  }

  #draw(channel: Channel, picture: Address, cells: Address, backdrop: Backdrop): void {
    const source = backdrop.picture + channel.offset;
    const plane = this.#planeOf(channel, picture);
    this.#kernels.paintPicture(...plane, cells, this.#grid.bitStride, source, backdrop.known);
  }

  /** Address, width, height and cell of a channel's plane. */
  #planeOf({ offset, scale }: Channel, picture: Address) {
    const { width, height, cell } = this.#grid;
    return [picture + offset, width / scale, height / scale, cell / scale] as const;
  }

  #fillPlain(): void {
    for (const { plain, component } of this.#channels)
      new Uint8Array(this.#memory, plain, this.#tableBytes).fill(this.#color[component]);
  }
}
