// From the colours people write to the colours video holds. Matrices after ITU-R BT.601-7 and BT.709-6, ranges after
// ITU-T H.273: limited is 16..235 for Y and 16..240 for U and V, full is 0..255 for all three.

export type Matrix = 'bt601' | 'bt709';
export type Range = 'limited' | 'full';
export interface Yuv {
  /** 8-bit codes, 0..255. */
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** Shares of red and blue in luma. */
const WEIGHTS = { bt601: { red: 0.299, blue: 0.114 }, bt709: { red: 0.2126, blue: 0.0722 } };

/**
 * @param color '#rrggbb', gamma-coded like the video itself
 * @throws RangeError for anything else
 */
export function yuvOf(color: string, matrix: Matrix, range: Range): Yuv {
  if (!/^#[0-9a-f]{6}$/i.test(color)) throw new RangeError(`a colour is #rrggbb, got ${color}`);
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const { red, blue } = WEIGHTS[matrix];
  const y = red * r + (1 - red - blue) * g + blue * b;
  const u = (b - y) / (2 - 2 * blue);
  const v = (r - y) / (2 - 2 * red);
  const code = (value: number) => Math.min(255, Math.max(0, Math.round(value)));
  return range === 'full'
    ? { y: code(255 * y), u: code(128 + 255 * u), v: code(128 + 255 * v) }
    : { y: code(16 + 219 * y), u: code(128 + 224 * u), v: code(128 + 224 * v) };
}
