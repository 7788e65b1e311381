// Box downscale of one plane to the analysis grid: the mean of each cell, rounded half up.

/** Placeholder signature check. */
export function probe(a: i32, b: i32): i32 {
  return a + b;
}
