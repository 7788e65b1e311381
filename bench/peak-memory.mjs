// Loaded before the program (`node --import`): writes down, when it ends, the most memory its process ever held and what
// it held over time. Nothing else about the program changes.

import { writeFileSync } from 'node:fs';

const started = performance.now();
const samples = [];
const sample = () =>
  samples.push([Math.round(performance.now() - started) / 1000, process.memoryUsage.rss() / 2 ** 20]);
setInterval(sample, 1000).unref();

process.on('exit', () => {
  sample();
  const { maxRSS } = process.resourceUsage();
  writeFileSync(process.env.BENCH_MEMORY_FILE, JSON.stringify({ peakMb: maxRSS / 1024, samples }));
});
