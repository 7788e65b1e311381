// What happens to the scene as a whole, as a state machine without side effects: learning, steady, or masked because too
// much changed at once. The engine gathers an observation a frame and obeys.

/** Why the background is being learnt. */
export type LearningCause = 'start' | 'reset' | 'infrared' | 'moved' | 'changed';

export type Scene =
  /** The background is being learnt since `since`; afterwards the scene is steady. */
  | { readonly phase: 'learning'; readonly cause: LearningCause; readonly since: number }
  | { readonly phase: 'steady' }
  /** More than 60 % differs, but it grew: something large and near. It is masked with all the rest, and not learnt. */
  | { readonly phase: 'crowded' };

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

/** First rule wins. */
export function nextScene(scene: Scene, seen: Observation): Scene {
  // 1. Learning ends when it has seen enough.
  if (scene.phase === 'learning') return learnt(scene, seen) ? { phase: 'steady' } : scene;
  // 2. Colour comes or goes: the camera's infrared filter switched.
  if (switchedInfrared(seen)) return learning('infrared', seen);
  // 3. The camera was moved.
  if (seen.moved) return learning('moved', seen);
  // 4. Nearly everything changed at once: another scene, or the light.
  if (seen.share > MOST_SHARE && seen.share - seen.shareBefore > JUMP) return learning('changed', seen);
  // 5. Nearly everything differs, and it came by and by.
  if (seen.share > MOST_SHARE) return { phase: 'crowded' };
  return { phase: 'steady' };
}

function learning(cause: LearningCause, seen: Observation): Scene {
  return { phase: 'learning', cause, since: seen.time };
}

function learnt(scene: { cause: LearningCause; since: number }, { time, pictures }: Observation): boolean {
  const lasted = time - scene.since;
  if (scene.cause === 'start' || scene.cause === 'reset') return lasted >= LEARN_MS && pictures >= LEARN_PICTURES;
  return lasted >= RELEARN_BOUND_MS || (lasted >= RELEARN_MS && pictures >= RELEARN_PICTURES);
}

function switchedInfrared({ chroma, usualChroma }: Observation): boolean {
  return (usualChroma >= COLOURED && chroma < GREY) || (usualChroma < GREY && chroma >= COLOURED);
}
