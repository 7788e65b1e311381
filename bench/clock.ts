// Processor time of this process. On a machine that others use as well, it tells what work costs; the wall clock tells how
// busy the others were.

/** Milliseconds of user and system time so far. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
