// The progress of a run on a terminal: a bar where the length is known, a count where it is not, nothing elsewhere.

import { SingleBar } from 'cli-progress';
import type { MaskProgress } from '../shield/mask-job.js';

export interface Progress {
  show(progress: MaskProgress): void;
  /** Clears the bar away and gives the terminal back as it was. */
  close(): void;
}

/** @param terminal where to draw; undefined draws nothing */
export function openProgress(terminal: NodeJS.WriteStream | undefined): Progress {
  if (!terminal?.isTTY) return { show: () => {}, close: () => {} };
  let bar: SingleBar | undefined;
  return {
    show({ frames, total }) {
      if (!bar) {
        bar = makeBar(terminal, total !== undefined);
        bar.start(total ?? 0, 0);
      }
      // The container's count is an estimate: the bar never runs over its end.
      if (total !== undefined) bar.setTotal(Math.max(total, frames));
      bar.update(frames);
    },
    close: () => bar?.stop(),
  };
}

function makeBar(stream: NodeJS.WriteStream, counted: boolean): SingleBar {
  return new SingleBar({
    stream,
    format: counted
      ? 'masking [{bar}] {percentage} % | {value}/{total} frames | {eta_formatted} left'
      : 'masking | {value} frames | {duration_formatted}',
    hideCursor: true,
    clearOnComplete: true,
    emptyOnZero: true,
    etaBuffer: 100,
    // The shell of the command line handles signals, and closes the bar on its way out.
    gracefulExit: false,
  });
}
