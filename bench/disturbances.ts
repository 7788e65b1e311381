// What can happen to a camera's picture, as painters: night, light that changes, weather, things that flicker, a camera
// that is pushed. Each is deterministic, works on any size and says what it does to the truth where people stay in sight.

import { crop, drawEllipse, drawGlow, drawRect, drawStreak, gain, type Picture } from './picture.js';
import { makeNormals, makeRandom } from './random.js';
import { overlap } from './raster.js';
import type { Box, Person, Polygon, Truth } from './truth.js';

export interface Moment {
  /** 0-based number of the frame. */
  readonly index: number;
  readonly seconds: number;
  /** How far into the recording, 0 to 1. */
  readonly share: number;
  /** Frames of the recording. */
  readonly length: number;
}

/** Paints a frame, in place or anew; called for every frame in order. */
export type Painter = (picture: Picture, moment: Moment) => Picture;

export interface Disturbance {
  /** A new painter, which may remember from frame to frame. */
  readonly painter: () => Painter;
  /** What the truth becomes; the same where absent. */
  readonly truth?: (truth: Truth, moment: Moment) => Truth;
}

/** Noise of a sensor: standard deviation `sigma` in luma, each pixel correlated by `memory` (0..1) with its last value. */
export function noise(sigma: number, memory: number): Disturbance {
  const painter = (): Painter => {
    const random = makeRandom(1);
    const normals = makeNormals(1 << 18, random);
    const fresh = sigma * Math.sqrt(1 - memory ** 2);
    let state = new Float32Array(0);
    return (picture) => {
      const { y, width } = picture;
      if (state.length !== y.length) state = Float32Array.from(y, (_, i) => sigma * normals[(i * 7) % normals.length]);
      for (let row = 0; row < y.length; row += width) {
        const from = Math.floor(random() * (normals.length - width));
        for (let x = 0; x < width; x++) {
          const value = state[row + x] * memory + normals[from + x] * fresh;
          state[row + x] = value;
          y[row + x] = y[row + x] + value;
        }
      }
      return picture;
    };
  };
  return { painter };
}

/** An infrared camera's dark picture: no colour, a quarter of the light. Noise comes apart. */
export const darkness: Disturbance = always((picture) => gain(picture, 0.25, 0));

/** Light that follows `factor` over the recording. */
export function exposure(factor: (moment: Moment) => number): Disturbance {
  return always((picture, moment) => gain(picture, factor(moment)));
}

/** The lights go off between two shares of the recording: next to no light, next to no colour. */
export function lightsOff(from: number, to: number): Disturbance {
  return always((picture, { share }) => {
    if (share >= from && share < to) gain(picture, 0.06, 0.2);
  });
}

/** Heavy rain: about one streak in 2,000 pixels, somewhere else in every frame. */
export const rain: Disturbance = {
  painter: () => {
    const random = makeRandom(2);
    return (picture) => {
      const { width, height } = picture;
      for (let i = (width * height) / 2000; i > 0; i--)
        drawStreak(picture, random() * width, random() * height, height * (0.02 + random() * 0.03), 0.15, 0.35);
      return picture;
    };
  },
};

/** Insects in the camera's own light: three a second, large, bright and blurred, each for one or two frames. */
export const insects: Disturbance = {
  painter: () => {
    const random = makeRandom(5);
    let flying: { x: number; y: number; size: number; dx: number; dy: number; frames: number }[] = [];
    let due = 0;
    return (picture, { seconds }) => {
      const { width, height } = picture;
      for (; due <= seconds; due += 0.1 + random() * 0.46) {
        const [x, y, size, dx, dy] = [random(), random(), 0.03 + random() * 0.07, random() - 0.5, random() - 0.5];
        flying.push({ x, y, size, dx: dx * 0.4, dy: dy * 0.4, frames: random() < 0.5 ? 1 : 2 });
      }
      for (const { x, y, size } of flying) drawGlow(picture, x * width, y * height, size * height, 200);
      flying = flying
        .map(({ x, y, dx, dy, frames, ...rest }) => ({ ...rest, x: x + dx, y: y + dy, dx, dy, frames: frames - 1 }))
        .filter(({ frames }) => frames > 0);
      return picture;
    };
  },
};

/** The camera's infrared filter is out between two shares of the recording: no colour, and greens as bright as whites. */
export function infrared(from: number, to: number): Disturbance {
  return always(({ width, height, y, u, v }, { share }) => {
    if (share < from || share >= to) return;
    for (let row = 0; row < height; row++)
      for (let x = 0; x < width; x++) {
        const chroma = (row >> 1) * (width >> 1) + (x >> 1);
        const i = row * width + x;
        y[i] = Math.min(235, Math.max(16, 0.7 * y[i] + 128 - u[chroma] + 128 - v[chroma] + 20));
      }
    u.fill(128);
    v.fill(128);
  });
}

/** A bush in the wind, in the upper left corner. */
export const leaves: Disturbance = {
  painter: () => {
    const random = makeRandom(3);
    const twigs = Array.from({ length: 450 }, () => ({
      at: [random() * 0.28, random() * 0.33] as const,
      size: 0.006 + random() * 0.01,
      color: [40 + random() * 70, 108 + random() * 8, 112 + random() * 8] as const,
      pace: 3 + random() * 6,
      phase: random() * 6.3,
    }));
    return (picture, { seconds }) => {
      const { width, height } = picture;
      const gust = 0.002 + 0.007 * Math.sin(seconds * 0.6) ** 2;
      for (const { at, size, color, pace, phase } of twigs) {
        const swing = gust * Math.sin(seconds * pace + phase);
        drawEllipse(picture, (at[0] + swing) * width, (at[1] + swing / 2) * height, size * width, size * height, color);
      }
      return picture;
    };
  },
  truth: (truth) => standBehind(truth, [0, 0, truth.width * 0.31, truth.height * 0.36]),
};

const SCREEN = [0.68, 0.04, 0.84, 0.18] as const;

/** A screen with a lively programme: its light and colour jump a few times a second. */
export const screen: Disturbance = {
  painter: () => {
    const random = makeRandom(4);
    let shot = [0, 0, 0] as [number, number, number];
    let until = 0;
    return (picture, { seconds }) => {
      if (seconds >= until) {
        shot = [60 + random() * 150, 100 + random() * 56, 100 + random() * 56];
        until = seconds + 0.1 + random() * 0.6;
      }
      const flicker = 10 * Math.sin(seconds * 23);
      const { width, height } = picture;
      const [x0, y0, x1, y1] = SCREEN;
      const rect = [x0 * width, y0 * height, x1 * width, y1 * height].map(Math.round) as [
        number,
        number,
        number,
        number,
      ];
      drawRect(picture, rect, (x, y) => [shot[0] + flicker + 20 * Math.sin((x + y) / 9), shot[1], shot[2]]);
      return picture;
    };
  },
  truth: (truth) => {
    const [x0, y0, x1, y1] = SCREEN;
    const { width, height } = truth;
    return standBehind(truth, [x0 * width, y0 * height, (x1 - x0) * width, (y1 - y0) * height]);
  },
};

/** Frames the coat takes to fill the picture, and to leave it. */
const COAT_FRAMES = 5;

/** Somebody in a dark, even coat steps before the lens: 70 % of the picture within five frames, from `from` to `to`. */
export function darkCoat(from: number, to: number): Disturbance {
  /** Share of the width that is covered, from the left. */
  const reach = ({ index, length }: Moment): number => {
    const entered = index - Math.ceil(from * length) + 1;
    const left = index - Math.ceil(to * length) + 1;
    return 0.7 * Math.max(0, Math.min(1, entered / COAT_FRAMES, 1 - left / COAT_FRAMES));
  };
  return {
    painter: () => (picture, moment) => {
      const right = Math.round(reach(moment) * picture.width);
      drawRect(picture, [0, 0, right, picture.height], (x, y) => [
        26 + 4 * Math.sin((x - right) / 37 + y / 90) + 2 * Math.sin(y / 11),
        127,
        129,
      ]);
      return picture;
    },
    truth: (truth, moment) => {
      const right = Math.round(reach(moment) * truth.width);
      if (right === 0) return truth;
      const box: Box = [0, 0, right, truth.height];
      const [x1, y1] = [right - 1, truth.height - 1];
      const coat: Person = { box, source: 'generated', track: 9999, polygons: [[0, 0, x1, 0, x1, y1, 0, y1]] };
      const others = standBehind(truth, box);
      return { ...others, persons: [...others.persons, coat] };
    },
  };
}

/** The camera looks 5 % further to the right from `from` on. The picture is a window of 95 % of the clip's width. */
export function nudge(from: number): Disturbance {
  const windowOf = (width: number, { share }: Moment) => {
    const shift = Math.round((width * 0.05) / 2) * 2;
    return { x: share < from ? 0 : shift, width: width - shift };
  };
  return {
    painter: () => (picture, moment) => {
      const { x, width } = windowOf(picture.width, moment);
      return crop(picture, x, 0, width, picture.height);
    },
    truth: (truth, moment) => {
      const { x, width } = windowOf(truth.width, moment);
      return { ...moved(truth, -x), width };
    },
  };
}

/** One after the other. */
export function together(...disturbances: readonly Disturbance[]): Disturbance {
  return {
    painter: () => {
      const painters = disturbances.map((disturbance) => disturbance.painter());
      return (picture, moment) => painters.reduce((painted, paint) => paint(painted, moment), picture);
    },
    truth: (truth, moment) => disturbances.reduce((line, { truth: change }) => change?.(line, moment) ?? line, truth),
  };
}

function always(paint: (picture: Picture, moment: Moment) => void): Disturbance {
  return {
    painter: () => (picture, moment) => {
      paint(picture, moment);
      return picture;
    },
  };
}

/** The truth once something stands before it: people hidden by half and more count neither way. */
function standBehind(truth: Truth, thing: Box): Truth {
  const hiddenShare = ({ box }: Person) => overlap(box, thing) / (box[2] * box[3]);
  const behind = ({ silhouette, ...person }: Person): Person => ({
    ...person,
    hidden: [...(person.hidden ?? []), thing],
  });
  const inSight = truth.persons.filter((person) => hiddenShare(person) <= 0.5);
  const gone = truth.persons.filter((person) => hiddenShare(person) > 0.5);
  return {
    ...truth,
    persons: inSight.map((person) => (hiddenShare(person) > 0 ? behind(person) : person)),
    ignore: [...(truth.ignore ?? []), ...gone.map((person) => person.box)],
  };
}

function moved(truth: Truth, dx: number): Truth {
  const box = ([x, y, w, h]: Box): Box => [x + dx, y, w, h];
  const polygon = (points: Polygon) => points.map((value, i) => (i % 2 === 0 ? value + dx : value));
  const person = (one: Person): Person => ({
    ...one,
    box: box(one.box),
    ...(one.polygons && { polygons: one.polygons.map(polygon) }),
    ...(one.silhouette && { silhouette: one.silhouette.map(polygon) }),
    ...(one.hidden && { hidden: one.hidden.map(box) }),
  });
  return {
    ...truth,
    persons: truth.persons.map(person),
    ignore: (truth.ignore ?? []).map(box),
    faces: (truth.faces ?? []).map((face) => ({ box: box(face.box) })),
  };
}
