// The stream of one shield, as one sentence: what the source sends is analysed, waits for its window, and leaves masked.
// There is no other way from a source to a sink.

import { from, map, type Observable } from 'rxjs';
import { type Engine, type Evidence, LOOK_BACK_MS } from '../engine/engine.js';
import type { Frame } from '../engine/frame.js';
import type { GateDecision } from '../engine/gate.js';
import type { MaskedFrame } from '../engine/render.js';
import type { AudioPacket, Packet } from '../video/decoder.js';
import { type InWindow, inWindow } from './look-ahead.js';

/** A frame that may leave, and what was decided about it. */
export interface ShieldedFrame {
  readonly kind: 'frame';
  readonly frame: MaskedFrame;
  readonly gate: GateDecision;
  /** Share of the picture that is masked, 0..1. */
  readonly share: number;
  /** The mask as a grey picture, where asked for. */
  readonly mask?: Uint8Array;
}

export interface StreamOptions {
  /** Milliseconds. */
  readonly lookAhead: number;
  /** Hand the mask of each frame along. */
  readonly masks: boolean;
  /** Told the milliseconds the engine took for each step. */
  readonly onEngineTime: (milliseconds: number) => void;
}

/** Slots that are not in the look-ahead: one is being read, one written. */
export const SLOTS_AT_THE_ENDS = 2;

interface AnalysedFrame {
  readonly kind: 'frame';
  readonly stamp: number;
  readonly frame: Frame;
  readonly evidence: Evidence;
}

/** Frames leave in their slots; whoever writes a frame releases its slot. Sound keeps its place between the frames. */
export function shielded(
  packets: AsyncIterable<Packet>,
  engine: Engine,
  options: StreamOptions,
): Observable<ShieldedFrame | AudioPacket> {
  const { lookAhead, onEngineTime } = options;
  const most = engine.pool.capacity - SLOTS_AT_THE_ENDS;
  const timed = <T>(step: () => T): T => {
    const start = performance.now();
    const result = step();
    onEngineTime(performance.now() - start);
    return result;
  };
  const analyse = (packet: Packet): AnalysedFrame | AudioPacket => {
    if (packet.kind === 'audio') return packet;
    const evidence = timed(() => engine.analyse(packet.frame));
    return { kind: 'frame', stamp: evidence.stamp, frame: packet.frame, evidence };
  };
  const mask = (item: InWindow<AnalysedFrame> | AudioPacket): ShieldedFrame | AudioPacket => {
    if (item.kind === 'audio') return item;
    const window = item.window.map(({ evidence }) => evidence);
    return timed(() => {
      const gate = engine.gateOf(window, item.complete);
      const mask = engine.maskOf(window, gate);
      const picture = options.masks ? { mask: engine.picture(mask) } : {};
      const share = engine.share(mask);
      return { kind: 'frame', frame: engine.render(item.subject.frame, mask), gate, share, ...picture };
    });
  };

  return from(packets).pipe(
    map(analyse),
    inWindow<AnalysedFrame, AudioPacket>({ lookAhead, lookBack: LOOK_BACK_MS, most }),
    map(mask),
  );
}
