// The gate: what may leave the shield when something is not as it should be. Rules without side effects, the first that
// applies wins: a snapshot goes in, a decision comes out. Whoever gathers the snapshot gives undefined for what he does
// not know, and the gate then takes the worse case: it fails closed.

import { MOST_SHARE } from './scene.js';

export type GateState =
  /** No picture at all. */
  | 'nothing'
  /** All masked, whatever the areas say: they may no longer be where they were drawn. */
  | 'everything'
  /** All that the areas allow to be masked is. */
  | 'maskable'
  /** Clear by the owner's wish, but for the always-areas. */
  | 'revealed'
  /** Masked by evidence. */
  | 'mask';

export type GateReason =
  | 'unreadable'
  | 'starting'
  | 'camera-moved'
  | 'scene-cut'
  | 'unexplained-change'
  | 'learning'
  | 'infrared'
  | 'light'
  | 'detector-failed'
  | 'detector-late'
  | 'detector-stale'
  | 'owner'
  | 'unproven'
  | 'proven';

export interface GateDecision {
  readonly state: GateState;
  readonly why: GateReason;
}

export interface GateSnapshot {
  readonly method: 'motion' | 'ai' | 'both';
  /** Settings, and the model where the method needs one, could be read. */
  readonly readable: boolean;
  /** The worker is past its start: frames come in and are analysed. */
  readonly started: boolean;
  /** `moving` until the scene is learnt anew, then `elsewhere` until the old view is back. */
  readonly camera: 'steady' | 'moving' | 'elsewhere';
  /** `confirmed`: the owner said after the last move that they are still right. */
  readonly areas: 'none' | 'drawn' | 'confirmed';
  readonly sceneCut: boolean;
  /** Share of all cells that changed and that gain does not explain, 0..1. */
  readonly unexplainedChange: number;
  /** The background is being learnt. */
  readonly learning: boolean;
  /** The camera went to or from infrared and the background has not caught up. */
  readonly infraredSwitch: boolean;
  /** The present brightness against the background's is known, and enough to tell people by. */
  readonly gainTrusted: boolean;
  /** Methods `ai` and `both`. `late`: no answer within the look-ahead; `stale`: the last answer is too old. */
  readonly detector?: 'working' | 'late' | 'failed' | 'stale' | undefined;
  /** The owner's timed reveal runs. */
  readonly revealed: boolean;
  /** All that this frame's mask depends on has been seen: its window, and by the AI methods a detection on each side. */
  readonly proven: boolean;
}

/** More than this share of the cells is no longer things in a scene. */
export const MOST_CHANGE = MOST_SHARE;

/** First rule wins. */
export function decideGate(now: GateSnapshot): GateDecision {
  const byMotion = now.method !== 'ai';
  const byAi = now.method !== 'motion';

  // 1. Nobody knows what to mask.
  if (!now.readable) return { state: 'nothing', why: 'unreadable' };
  if (!now.started) return { state: 'nothing', why: 'starting' };

  // 2. This is not the scene that was learnt, nor perhaps the one in which the areas were drawn.
  if (now.camera === 'moving') return { state: 'everything', why: 'camera-moved' };
  if (now.camera === 'elsewhere' && now.areas === 'drawn') return { state: 'everything', why: 'camera-moved' };
  if (now.sceneCut) return { state: 'everything', why: 'scene-cut' };
  if (!(now.unexplainedChange <= MOST_CHANGE)) return { state: 'everything', why: 'unexplained-change' };

  // 3. The background cannot tell what is new.
  if (byMotion && now.learning) return { state: 'maskable', why: 'learning' };
  if (now.infraredSwitch) return { state: 'maskable', why: 'infrared' };
  if (byMotion && !now.gainTrusted) return { state: 'maskable', why: 'light' };

  // 4. The detector does not answer, or its answer is about another time.
  if (byAi && now.detector === 'late') return { state: 'maskable', why: 'detector-late' };
  if (byAi && now.detector === 'stale') return { state: 'maskable', why: 'detector-stale' };
  if (byAi && now.detector !== 'working') return { state: 'maskable', why: 'detector-failed' };

  // 5. The owner wants to see.
  if (now.revealed) return { state: 'revealed', why: 'owner' };

  // 6. The rule, and what is left when it cannot be kept.
  if (now.proven) return { state: 'mask', why: 'proven' };
  return { state: 'maskable', why: 'unproven' };
}

/** Whether a running reveal ends for good: when it is over, the owner must ask again. */
export function endsReveal({ state }: GateDecision): boolean {
  return state === 'nothing' || state === 'everything';
}
