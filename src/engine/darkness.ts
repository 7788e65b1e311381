// When the light goes, people go with it: at a tenth of the light a person differs from what is behind her by two levels,
// and would be learnt as background long before her time. So a fall of the light is an event. What is foreground then
// stays masked, and the background of before is kept, until the light is back. Rules without side effects.

export interface Light {
  /** Mean light of the scene as it usually is, 0..255; undefined until it is known. */
  readonly usual?: number;
  /** The light fell below half of `from`, at media time `since`; `mark` is the level of the last event. */
  readonly fall?: { readonly from: number; readonly mark: number; readonly since: number };
}

export interface LightSeen {
  /** Mean light now, 0 (black) to 255 (white). */
  readonly level: number;
  /** Media milliseconds, and since it was last seen. */
  readonly time: number;
  readonly elapsed: number;
  /** Milliseconds. */
  readonly mergeTime: number;
}

/**
 * `fell`: below half of the usual. `deeper`: by half once more. `back`: above half of what it fell from. `over`: it has been
 * dark for the merge time, so whatever stood still is background.
 */
export type LightEvent = 'fell' | 'deeper' | 'back' | 'over';

/** What is usual follows the level this slowly, so that dusk is no event. */
const USUAL_MS = 600_000;
const HALF = 0.5;
/** A little more than half, lest a light between the two flicker from one event to the next. */
const BACK = 0.55;
/** In a scene darker than this there is no light to lose, and people differ from what is behind them by next to nothing. */
const LEAST_LIGHT = 8;

/** Whether people can be told at all in a scene of this mean light, 0..255. */
export function isLit(level: number): boolean {
  return level >= LEAST_LIGHT;
}

export function followLight(light: Light, seen: LightSeen): { readonly light: Light; readonly event?: LightEvent } {
  const { level, time, elapsed, mergeTime } = seen;
  const { usual = level, fall } = light;
  if (fall) {
    // 1. It is light again.
    if (level > fall.from * BACK) return { light: { usual }, event: 'back' };
    // 2. The dark has become what is usual.
    if (time - fall.since >= mergeTime) return { light: { usual: level }, event: 'over' };
    // 3. Still darker: who could be seen until now can be no longer.
    if (level < fall.mark * HALF) return { light: { usual, fall: { ...fall, mark: level } }, event: 'deeper' };
    return { light };
  }
  // 4. It falls.
  if (isLit(usual) && level < usual * HALF)
    return { light: { usual, fall: { from: usual, mark: level, since: time } }, event: 'fell' };
  return { light: { usual: usual + (level - usual) * Math.min(1, elapsed / USUAL_MS) } };
}
