// Chance that comes out the same on every machine and every run.

/** Numbers in [0, 1) from a seed (mulberry32, public domain, by Tommy Ettinger). */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `length` samples of a normal distribution with mean 0 and standard deviation 1 (Box and Muller, 1958). */
export function makeNormals(length: number, random: () => number): Float32Array {
  const normals = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    normals[i] = radius * Math.cos(angle);
    if (i + 1 < length) normals[i + 1] = radius * Math.sin(angle);
  }
  return normals;
}
