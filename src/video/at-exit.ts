// What must not outlive this process whatever ends it: child processes and half-written files. Node runs only
// synchronous code while it exits, so each tidy-up is a small synchronous function.

const tidyUps = new Set<() => void>();

/** Runs `tidyUp` when the process exits, unless the returned function was called before. */
export function atExit(tidyUp: () => void): () => void {
  if (tidyUps.size === 0) process.on('exit', tidyAll);
  tidyUps.add(tidyUp);
  return () => {
    tidyUps.delete(tidyUp);
    if (tidyUps.size === 0) process.off('exit', tidyAll);
  };
}

function tidyAll(): void {
  for (const tidyUp of tidyUps) tidyUp();
}
