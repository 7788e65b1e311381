// Is this still the same view? Light makes a scene brighter and darker, but edges stay where they are and rise the same
// way; whatever stands in front hides them. Tells another light from another scene, and both from somebody at the lens.

/** Blocks of luma, one byte each, `stride` a row. */
export interface Blocks {
  readonly columns: number;
  readonly rows: number;
  readonly stride: number;
}

/** `same`: in another light. `other`: another scene. `hidden`: something even is in front, or it is too dark to tell. */
export type View = 'same' | 'other' | 'hidden';

/** Levels between neighbouring blocks of the background that make an edge, and of the picture that make it textured. */
const EDGE = 12;
const TEXTURE = 6;
/** Fewer edges tell nothing. */
const LEAST_EDGES = 40;
/** Edges that rise as they did, less those that fall, as a share of all: from here on the view is the same. */
const KEPT = 0.5;
/** Share of neighbours that differ by TEXTURE in a scene, however plain; a coat before the lens has less. */
const TEXTURED = 0.1;

/**
 * @param now, reference blocks of the picture and of the background
 * @param changed says of a block whether it shows foreground: only there is anything asked
 */
export function compareViews(now: Uint8Array, reference: Uint8Array, blocks: Blocks, changed: Uint8Array): View {
  let [kept, edges, texture, pairs] = [0, 0, 0, 0];
  forEachPair(blocks, (i, j) => {
    if (changed[i] === 0) return;
    const rise = now[j] - now[i];
    pairs++;
    if (Math.abs(rise) >= TEXTURE) texture++;
    const before = reference[j] - reference[i];
    if (Math.abs(before) < EDGE) return;
    edges++;
    kept += Math.sign(rise * before);
  });
  if (edges >= LEAST_EDGES && kept >= edges * KEPT) return 'same';
  return texture > pairs * TEXTURED ? 'other' : 'hidden';
}

/** Votes of a block and its eight neighbours that speak for light, and against it. */
const LEAST_VOTES = 4;
const FOR = 0.75;
const AGAINST = 0.4;
/** Light is smooth: neighbouring blocks changed by the same factor, within this share. */
const SMOOTH = 0.1;

/**
 * Where the picture is the background in another light: where edges are kept, and from there over whatever is too even to
 * have edges as far as the light changes smoothly. Somebody in front breaks both.
 * @param black code of no light
 * @returns 1 for each such block, `stride` a row
 */
export function litOtherwise(now: Uint8Array, reference: Uint8Array, blocks: Blocks, black: number): Uint8Array {
  const { columns, rows, stride } = blocks;
  const votes = new Int16Array(stride * rows);
  const edges = new Int16Array(stride * rows);
  forEachPair(blocks, (i, j) => {
    const before = reference[j] - reference[i];
    if (Math.abs(before) < EDGE) return;
    edges[i]++;
    votes[i] += Math.sign((now[j] - now[i]) * before);
  });
  const sumAround = (plane: Int16Array, x: number, y: number) => {
    let sum = 0;
    for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++)
      for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) sum += plane[v * stride + u];
    return sum;
  };
  const lit = new Uint8Array(stride * rows);
  const refuted = new Uint8Array(stride * rows);
  const reached: number[] = [];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const i = y * stride + x;
      const asked = sumAround(edges, x, y);
      if (asked < LEAST_VOTES) continue;
      const share = sumAround(votes, x, y) / asked;
      if (share >= FOR) {
        lit[i] = 1;
        reached.push(i);
      } else if (share < AGAINST) refuted[i] = 1;
    }
  const factor = (i: number) => Math.max(1, now[i] - black) / Math.max(1, reference[i] - black);
  for (let i = reached.pop(); i !== undefined; i = reached.pop()) {
    const x = i % stride;
    const y = Math.floor(i / stride);
    for (const [u, v] of [
      [x - 1, y],
      [x + 1, y],
      [x, y - 1],
      [x, y + 1],
    ] as const) {
      // biome-ignore format: a list
      const j = v * stride + u;
      if (u < 0 || v < 0 || u >= columns || v >= rows || lit[j] || refuted[j]) continue;
      if (Math.abs(factor(j) / factor(i) - 1) > SMOOTH) continue;
      lit[j] = 1;
      reached.push(j);
    }
  }
  return lit;
}

/** Each block with its right and with its lower neighbour. */
function forEachPair({ columns, rows, stride }: Blocks, visit: (i: number, j: number) => void): void {
  for (let y = 0; y < rows - 1; y++)
    for (let x = 0; x < columns - 1; x++) {
      const i = y * stride + x;
      visit(i, i + 1);
      visit(i, i + stride);
    }
}
