// Frame by frame, what the motion method knows: takes a picture to the analysis grid, follows the scene's brightness,
// finds the foreground, runs the merge clocks, and lets the background learn where nothing is masked. One frame in, its
// evidence out; the order of the steps below is the method.

import { Background } from './background.js';
import { Brightness } from './brightness.js';
import { MediaClock } from './clock.js';
import type { Range } from './colors.js';
import { followLight, isLit, type Light } from './darkness.js';
import { type EvidencePlanes, Foreground } from './evidence.js';
import { FirstScene } from './first-scene.js';
import { type Frame, milliseconds } from './frame.js';
import { BLOCK, type Grid } from './grid.js';
import type { Kernels } from './kernels.js';
import type { Address, Layout } from './memory.js';
import { type BlockMeans, layoutBlockMeans, Planes } from './planes.js';
import { MOST_SHARE, nextScene, type Scene, switchedInfrared } from './scene.js';
import type { View } from './structure.js';
import type { Margins, Thresholds } from './thresholds.js';
import { MergeTimers } from './timers.js';
import { Views } from './views.js';

/** What one frame shows. The planes live as long as the frame's slot. */
export interface Evidence extends EvidencePlanes {
  /** Media milliseconds since the first frame, jumps left out. */
  readonly time: number;
  /** The frame's own time stamp in milliseconds: windows are measured by it. */
  readonly stamp: number;
  readonly scene: Scene;
  /** Share of the cells that are foreground, 0..1. */
  readonly share: number;
  /** The tallest thing seen: whether the planes `large` and `huge` hold anything. */
  readonly tall: 'none' | 'large' | 'huge';
  readonly gainTrusted: boolean;
  /** There is light enough to tell people from what is behind them. */
  readonly lit: boolean;
  /** The camera was moved and has not come back to where it was. */
  readonly elsewhere: boolean;
}

/** What the settings say to the analysis. */
export interface AnalysisSettings {
  readonly thresholds: Thresholds;
  readonly margins: Margins;
  /** Milliseconds. */
  readonly mergeTime: number;
  /** Of the frames to come. */
  readonly range: Range;
}

/** How often a crowded scene is looked at from afar, in media milliseconds: it takes longer than all the rest. */
const VIEW_MS = 200;

export class Analyser {
  readonly planes: Planes;
  readonly background: Background;
  readonly #grid: Grid;
  readonly #kernels: Kernels;
  readonly #bytes: Uint8Array;
  readonly #brightness: Brightness;
  readonly #foreground: Foreground;
  readonly #timers: MergeTimers;
  readonly #firstScene: FirstScene;
  readonly #views: Views;
  readonly #clock = new MediaClock();
  readonly #at: ReturnType<typeof Analyser.layout>;
  /** Foreground of the last frame: the planes of its evidence may be gone. */
  readonly #before: Address;
  /** Cells that were foreground when relearning began, or the light fell: masked until their own merge time is up. */
  readonly #carried: Address;
  /** Those of them that stay so when the light is back. */
  readonly #carriedInLight: Address;
  #light: Light = {};
  /** Foreground of the last frame that was not crowded. */
  readonly #uncrowded: Address;
  #settings: AnalysisSettings;
  #scene: Scene = { phase: 'learning', cause: 'start', since: 0 };
  #share = 0;
  #gainTrusted = true;
  #viewed: { readonly view: View; readonly time: number } = { view: 'same', time: 0 };

  static layout(layout: Layout, grid: Grid) {
    return {
      planes: new Planes(layout, grid),
      background: Background.layout(layout, grid),
      foreground: Foreground.layout(layout, grid),
      timers: MergeTimers.layout(layout, grid),
      firstScene: FirstScene.layout(layout, grid),
      views: Views.layout(layout, grid),
      before: layout.bitPlane(grid),
      carried: layout.bitPlane(grid),
      carriedInLight: layout.bitPlane(grid),
      uncrowded: layout.bitPlane(grid),
      scratch: layout.bitPlane(grid),
      learntBlocks: layoutBlockMeans(layout, grid),
    };
  }

  constructor(
    grid: Grid,
    kernels: Kernels,
    memory: ArrayBuffer,
    at: ReturnType<typeof Analyser.layout>,
    settings: AnalysisSettings,
  ) {
    this.#grid = grid;
    this.#kernels = kernels;
    this.#bytes = new Uint8Array(memory);
    this.#at = at;
    this.#settings = settings;
    this.planes = at.planes;
    this.background = new Background(grid, kernels, this.#bytes, at.background);
    this.#brightness = new Brightness(grid, this.#bytes, settings.range);
    this.#foreground = new Foreground(grid, kernels, at.foreground);
    this.#timers = new MergeTimers(grid, kernels, memory, at.timers);
    this.#firstScene = new FirstScene(grid, kernels, this.#bytes, at.firstScene);
    this.#views = new Views(grid, kernels, this.#bytes, at.views, this);
    this.#before = at.before;
    this.#carried = at.carried;
    this.#carriedInLight = at.carriedInLight;
    this.#uncrowded = at.uncrowded;
  }

  get scene(): Scene {
    return this.#scene;
  }

  configure(settings: AnalysisSettings): void {
    this.#settings = settings;
    this.background.setThresholds(settings.thresholds);
    this.#timers.rearm();
  }

  /** Learning ahead: offers a picture. @returns whether it shows the scene of the first one: no other is learnt from */
  learn(picture: Address): boolean {
    this.planes.take(this.#kernels, picture);
    const gain = this.#firstScene.gainOf(this.planes, this.#brightness);
    if (gain === undefined) return false;
    this.planes.compensate(this.#kernels, gain, this.#brightness.black);
    const { level: luma, levelU: u, levelV: v } = this.planes;
    this.background.learn({ luma, u, v });
    return true;
  }

  /** Ends learning ahead: the median of the offered pictures is the background, and the scene is steady. */
  finishLearning(): void {
    this.#firstScene.forget();
    this.#conclude();
    this.#scene = { phase: 'steady' };
  }

  /** Learns the background anew. What stands still from now on is background. */
  reset(): void {
    this.#firstScene.forget();
    this.#clear(this.#carried);
    this.#clear(this.#before);
    this.#timers.clear();
    this.#light = {};
    this.#begin({ phase: 'learning', cause: 'reset', since: this.#clock.now });
  }

  /**
   * @param frame a picture in the engine's memory
   * @param planes where its evidence goes, @param blocks where its block means go
   */
  analyse(frame: Frame, planes: EvidencePlanes, blocks: BlockMeans): Evidence {
    const stamp = milliseconds(frame.pts, frame.timeBase);
    const last = this.#clock.now;
    const time = this.#clock.advance(stamp);
    this.planes.take(this.#kernels, frame.data.byteOffset);
    this.planes.summarise(this.#kernels, blocks);
    if (this.#scene.phase === 'learning') this.#learnOn(time, planes, blocks.luma);
    else this.#look(time, time - last, planes, blocks.luma);
    const [scene, share, gainTrusted] = [this.#scene, this.#share, this.#gainTrusted];
    return {
      ...planes,
      time,
      stamp,
      scene,
      share,
      tall: this.#tall(planes),
      gainTrusted,
      lit: isLit(this.#brightness.level),
      elsewhere: this.#views.elsewhere,
    };
  }

  /**
   * A frame of a learning scene: no foreground is known but what was carried over. The frame that ends it is told as steady,
   * and leaves masked all the same: its window holds the one before, whatever the look-back.
   */
  #learnOn(time: number, planes: EvidencePlanes, blocks: Address): void {
    this.background.learn(this.planes);
    this.#copy(this.#carried, planes.foreground);
    this.#clear(planes.large);
    this.#clear(planes.huge);
    this.#mergeDue(time, planes.foreground);
    const scene = nextScene(this.#scene, this.#observe(time, false));
    if (scene.phase !== 'learning') {
      this.#brightness.glance(blocks);
      // What was known before it got dark is better than what could be learnt in a few seconds since.
      if (this.#follow(time, 0) === 'back') this.#settled();
      else this.#conclude();
    }
    this.#scene = scene;
  }

  /** A frame of a steady scene. */
  #look(time: number, elapsed: number, planes: EvidencePlanes, blocks: Address): void {
    const { thresholds, margins } = this.#settings;
    const { rows, bitStride } = this.#grid;
    const bytes = rows * bitStride;
    const measure = (since: number) =>
      this.#brightness.measure(this.planes, blocks, this.#before, this.background, since);
    this.#gainTrusted = measure(elapsed);
    if (this.#follow(time, elapsed) === 'back') this.#gainTrusted = measure(0);
    this.planes.compensate(this.#kernels, this.#brightness.gain, this.#brightness.black);
    let cells = this.#foreground.find(this.planes, this.background, planes, thresholds, margins);
    if (this.#kernels.countBits(this.#carried, bytes) > 0) {
      this.#kernels.unite(planes.foreground, this.#carried, bytes);
      this.#kernels.unite(this.#foreground.frozen, this.#carried, bytes);
      cells = this.#kernels.countBits(planes.foreground, bytes);
    }
    const shareBefore = this.#share;
    this.#share = cells / (this.#grid.columns * rows);
    const moved = this.#views.hasMoved(this.#share, time, elapsed);
    const view = this.#view(planes.foreground, time);
    const scene = nextScene(this.#scene, { ...this.#observe(time, moved), shareBefore, view });
    if (scene.phase === 'learning') {
      this.#share = shareBefore;
      if (this.#scene.phase === 'crowded') this.#comeToLight(this.#scene.sudden);
      if (scene.cause === 'moved' || view === 'other') this.#light = {};
      this.#startRelearning(scene, planes);
      return;
    }
    this.#scene = scene;
    this.#mergeDue(time, planes.foreground);
    this.background.update(this.planes, this.#foreground.frozen, ...this.#foreground.raw, elapsed);
    this.#copy(planes.foreground, this.#before);
    if (scene.phase === 'steady') this.#copy(planes.foreground, this.#uncrowded);
  }

  /** Follows the light of the scene: carries through darkness what can no longer be seen, and no further. */
  #follow(time: number, elapsed: number) {
    const { level } = this.#brightness;
    const { mergeTime, thresholds } = this.#settings;
    const bytes = this.#grid.rows * this.#grid.bitStride;
    const { light, event } = followLight(this.#light, { level, time, elapsed, mergeTime });
    this.#light = light;
    if (event === 'fell') {
      this.background.keep();
      this.#brightness.keep();
      this.#copy(this.#carried, this.#carriedInLight);
    }
    if (event === 'fell' || event === 'deeper') this.#kernels.unite(this.#carried, this.#before, bytes);
    if (event === 'back') {
      this.background.takeBack();
      this.background.setThresholds(thresholds);
      this.#brightness.takeBack();
      this.#kernels.intersect(this.#carried, this.#carriedInLight, bytes);
    }
    return event;
  }

  /** The scene changed at this frame: what was foreground before stays so until its own time is up. */
  #startRelearning(scene: Scene, planes: EvidencePlanes): void {
    this.#copy(this.#before, this.#carried);
    this.#copy(this.#before, planes.foreground);
    this.#clear(planes.large);
    this.#clear(planes.huge);
    if (scene.phase === 'learning' && scene.cause === 'moved') this.#views.leaveHome();
    this.#begin(scene);
    this.background.learn(this.planes);
  }

  #begin(scene: Scene): void {
    this.#scene = scene;
    this.background.forget();
  }

  #conclude(): void {
    const { columns, rows, stride, bitStride } = this.#grid;
    const which = this.#at.scratch;
    this.#kernels.complement(this.#carried, which, columns, rows, bitStride);
    this.background.conclude(which, this.#settings.thresholds);
    const { luma } = this.#at.learntBlocks;
    const { blockColumns, blockRows } = this.#grid;
    this.#kernels.downscale(this.background.median, stride, rows, BLOCK, luma, bitStride, blockColumns, blockRows);
    this.#brightness.restart(luma);
    this.#settled();
  }

  /** There is a background to compare with. */
  #settled(): void {
    this.#share = 0;
    this.#gainTrusted = true;
    this.#views.settle();
  }

  /** Takes the cells whose merge time is up into the background; nothing carries them any further. */
  #mergeDue(time: number, foreground: Address): void {
    const due = this.#timers.tick(foreground, time, this.#settings.mergeTime);
    if (due === undefined) return;
    this.background.adopt(this.planes, due);
    const bytes = this.#grid.rows * this.#grid.bitStride;
    for (const plane of [this.#carried, this.#carriedInLight]) this.#kernels.subtract(plane, due, bytes);
  }

  #observe(time: number, moved: boolean) {
    const { pictures } = this.background;
    const share = this.#share;
    return { time, pictures, share, shareBefore: share, ...this.#colors, moved, view: 'same' as const };
  }

  /**
   * What the foreground looks like; asked only when so much changed, or the colours, that it matters, and of a crowded scene
   * only now and then.
   */
  #view(foreground: Address, time: number): View {
    if (this.#share <= MOST_SHARE && !switchedInfrared(this.#colors)) return 'same';
    if (this.#scene.phase !== 'crowded' || time - this.#viewed.time >= VIEW_MS)
      this.#viewed = { view: this.#views.compare(foreground), time };
    return this.#viewed.view;
  }

  /**
   * What crowded the picture turns out to be another scene, or light: only what was foreground before that counts; where it
   * came by and by, what differs from the background in more than light.
   */
  #comeToLight(sudden: boolean): void {
    if (sudden) this.#copy(this.#uncrowded, this.#before);
    else this.#views.leaveOutWhatIsLit(this.#before, this.#brightness.black);
  }

  get #colors() {
    const { now: chroma, usual: usualChroma } = this.#brightness.chroma;
    return { chroma, usualChroma };
  }

  #tall({ large, huge }: EvidencePlanes): Evidence['tall'] {
    const bytes = this.#grid.rows * this.#grid.bitStride;
    if (!this.#kernels.isEmpty(huge, bytes)) return 'huge';
    return this.#kernels.isEmpty(large, bytes) ? 'none' : 'large';
  }

  #copy(from: Address, to: Address): void {
    this.#bytes.copyWithin(to, from, from + this.#grid.rows * this.#grid.bitStride);
  }

  #clear(plane: Address): void {
    this.#bytes.fill(0, plane, plane + this.#grid.rows * this.#grid.bitStride);
  }
}
