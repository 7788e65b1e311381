// What happens to the scene as a whole, as a state machine without side effects: learning, steady, or masked because too
// much changed at once. The engine gathers an observation a frame and obeys.

import type { View } from './structure.js';

/** Why the background is being learnt. */
export type LearningCause = 'start' | 'reset' | 'infrared' | 'moved' | 'changed';

export type Scene =
  /** The background is being learnt since `since`; afterwards the scene is steady. */
  | { readonly phase: 'learning'; readonly cause: LearningCause; readonly since: number }
  | { readonly phase: 'steady' }
  /**
   * More than 60 % differs since `since`, and it is something large and near, for it grew, or hides all there was. It is
   * masked with all the rest, and not learnt. `sudden`: it was there at once.
   */
  | { readonly phase: 'crowded'; readonly since: number; readonly sudden: boolean };

export interface Observation {
  /** Media milliseconds. */
  readonly time: number;
  /** Pictures learnt since learning began. */
  readonly pictures: number;
  /** Share of foreground cells now and in the frame before, 0..1. */
  readonly share: number;
  readonly shareBefore: number;
  /** Mean distance of chroma from grey, in levels, now and as it usually is. */
  readonly chroma: number;
  readonly usualChroma: number;
  /** The picture fits the background when shifted, and not as it is. */
  readonly moved: boolean;
  /** What the changed part of the picture looks like against the background; told where it matters. */
  readonly view: View;
}

/** A cold start learns for this long and from this many pictures; a living shield, after an event, for less. */
const LEARN_MS = 10_000;
const LEARN_PICTURES = 50;
const RELEARN_MS = 5_000;
const RELEARN_PICTURES = 25;
/** Relearning ends after this time however few the pictures. */
const RELEARN_BOUND_MS = 10_000;
/** More than this share of the cells differs: no longer things in a scene. */
export const MOST_SHARE = 0.6;
/** So much more than in the frame before is a switch of light or scene; less is something that comes near. */
const JUMP = 0.4;
/** Chroma levels of a grey (infrared) and of a coloured picture. */
const GREY = 1;
const COLOURED = 3;

/** A camera that turns shows nothing but a blur for less than this. */
const BLUR_MS = 5_000;
/** An exposure that is still on its way arrives sooner than this. */
const ANOTHER_LIGHT_MS = 2_000;

/** First rule wins. */
export function nextScene(scene: Scene, seen: Observation): Scene {
  const { time, view } = seen;
  // 1. Learning ends when it has seen enough.
  if (scene.phase === 'learning') return learnt(scene, seen) ? { phase: 'steady' } : scene;
  // 2. Colour comes or goes, and nobody hides it: the camera's infrared filter switched.
  if (switchedInfrared(seen) && view !== 'hidden') return learning('infrared', seen);
  // 3. The camera was moved.
  if (seen.moved) return learning('moved', seen);
  // 4. Things in a scene.
  if (seen.share <= MOST_SHARE) return { phase: 'steady' };
  const jumped = seen.share - seen.shareBefore > JUMP;
  const crowded = scene.phase === 'crowded' && !jumped ? scene : { since: time, sudden: jumped };
  const lasted = time - crowded.since;
  // 5. Nearly everything changed at once, perhaps after a blur: another scene, or the light.
  if (jumped && view !== 'hidden') return learning('changed', seen);
  if (crowded.sudden && view === 'other' && lasted < BLUR_MS) return learning('changed', seen);
  // 6. It came by and by, but what differs is the old scene: light that changed slowly.
  if (view === 'same' && lasted >= ANOTHER_LIGHT_MS) return learning('changed', seen);
  // 7. Nearly everything differs, and it came by and by or is nothing but even.
  return { phase: 'crowded', since: crowded.since, sudden: crowded.sudden };
}

function learning(cause: LearningCause, seen: Observation): Scene {
  return { phase: 'learning', cause, since: seen.time };
}

function learnt(scene: { cause: LearningCause; since: number }, { time, pictures }: Observation): boolean {
  const lasted = time - scene.since;
  if (scene.cause === 'start' || scene.cause === 'reset') return lasted >= LEARN_MS && pictures >= LEARN_PICTURES;
  return lasted >= RELEARN_BOUND_MS || (lasted >= RELEARN_MS && pictures >= RELEARN_PICTURES);
}

/** Whether colour came or went. */
export function switchedInfrared({ chroma, usualChroma }: Pick<Observation, 'chroma' | 'usualChroma'>): boolean {
  return (usualChroma >= COLOURED && chroma < GREY) || (usualChroma < GREY && chroma >= COLOURED);
}
