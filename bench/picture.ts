// A yuv420p picture as three planes, and the few brushes the disturbances need. Luma is video range: black is 16.

export interface Picture {
  /** Pixels, even. */
  readonly width: number;
  readonly height: number;
  readonly y: Uint8ClampedArray;
  /** Half as wide and high as `y`; 128 is grey. */
  readonly u: Uint8ClampedArray;
  readonly v: Uint8ClampedArray;
  /** All three planes, one after the other. */
  readonly data: Uint8Array;
}

export type Color = readonly [y: number, u: number, v: number];

/** A view on packed planes, or on new ones (black). */
export function pictureOf(
  width: number,
  height: number,
  data: Uint8Array = new Uint8Array((width * height * 3) / 2),
): Picture {
  const plane = (at: number, length: number) => new Uint8ClampedArray(data.buffer, data.byteOffset + at, length);
  const luma = width * height;
  return { width, height, data, y: plane(0, luma), u: plane(luma, luma / 4), v: plane(luma * 1.25, luma / 4) };
}

/** Multiplies brightness above black, and colour as strongly unless told otherwise. */
export function gain({ y, u, v }: Picture, factor: number, colorFactor = factor): void {
  const luma = Uint8ClampedArray.from({ length: 256 }, (_, value) => 16 + (value - 16) * factor);
  const chroma = Uint8ClampedArray.from({ length: 256 }, (_, value) => 128 + (value - 128) * colorFactor);
  for (let i = 0; i < y.length; i++) y[i] = luma[y[i]];
  for (const plane of [u, v]) for (let i = 0; i < plane.length; i++) plane[i] = chroma[plane[i]];
}

/** The ellipse of radii rx and ry about (cx, cy), clipped to the picture. */
export function drawEllipse(picture: Picture, cx: number, cy: number, rx: number, ry: number, color: Color): void {
  const { width, height, y, u, v } = picture;
  for (let row = Math.max(0, Math.ceil(cy - ry)); row <= Math.min(height - 1, cy + ry); row++) {
    const reach = rx * Math.sqrt(1 - ((row - cy) / ry) ** 2);
    const from = Math.max(0, Math.ceil(cx - reach));
    const to = Math.min(width, Math.floor(cx + reach) + 1);
    if (to <= from) continue;
    y.fill(color[0], row * width + from, row * width + to);
    if (row % 2 !== 0) continue;
    const chromaRow = (row / 2) * (width / 2);
    u.fill(color[1], chromaRow + (from >> 1), chromaRow + (to >> 1));
    v.fill(color[2], chromaRow + (from >> 1), chromaRow + (to >> 1));
  }
}

/** A bright, soft disc of radius `r`: `light` in the middle, nothing at the rim. */
export function drawGlow(picture: Picture, cx: number, cy: number, r: number, light: number): void {
  const { width, height, y } = picture;
  for (let row = Math.max(0, Math.ceil(cy - r)); row < Math.min(height, cy + r); row++)
    for (let x = Math.max(0, Math.ceil(cx - r)); x < Math.min(width, cx + r); x++) {
      const alpha = Math.max(0, 1 - ((x - cx) ** 2 + (row - cy) ** 2) / r ** 2);
      y[row * width + x] += (light - y[row * width + x]) * alpha;
    }
}

/** Sets each pixel of a rectangle (whole pixels, clipped) to what `color` says of its place. */
export function drawRect(
  picture: Picture,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  color: (x: number, y: number) => Color,
): void {
  const { width, height, y, u, v } = picture;
  for (let row = Math.max(0, y0); row < Math.min(height, y1); row++)
    for (let x = Math.max(0, x0); x < Math.min(width, x1); x++) {
      const [luma, cb, cr] = color(x, row);
      y[row * width + x] = luma;
      if (row % 2 !== 0 || x % 2 !== 0) continue;
      const at = (row / 2) * (width / 2) + x / 2;
      u[at] = cb;
      v[at] = cr;
    }
}

/** A see-through bright streak downwards, one pixel wide, that leans by `lean` pixels a row. */
export function drawStreak(picture: Picture, x: number, y: number, length: number, lean: number, alpha: number): void {
  for (let i = 0; i < length; i++) {
    const column = Math.round(x + lean * i);
    const row = Math.round(y) + i;
    if (column < 0 || column >= picture.width || row < 0 || row >= picture.height) continue;
    const at = row * picture.width + column;
    picture.y[at] = picture.y[at] * (1 - alpha) + 200 * alpha;
  }
}

/** The window of `width` x `height` whose upper left corner is (x, y), all even. */
export function crop(picture: Picture, x: number, y: number, width: number, height: number): Picture {
  const cropped = pictureOf(width, height);
  const copy = (from: Uint8ClampedArray, to: Uint8ClampedArray, shrink: number) => {
    for (let row = 0; row < height / shrink; row++) {
      const start = (y / shrink + row) * (picture.width / shrink) + x / shrink;
      to.set(from.subarray(start, start + width / shrink), (row * width) / shrink);
    }
  };
  copy(picture.y, cropped.y, 1);
  copy(picture.u, cropped.u, 2);
  copy(picture.v, cropped.v, 2);
  return cropped;
}

/** The median of each sample over pictures of one size. */
export function median(pictures: readonly Picture[]): Picture {
  const { width, height } = pictures[0];
  const result = pictureOf(width, height);
  const values = new Uint8Array(pictures.length);
  for (let i = 0; i < result.data.length; i++) {
    for (let n = 0; n < pictures.length; n++) values[n] = pictures[n].data[i];
    result.data[i] = values.sort()[values.length >> 1];
  }
  return result;
}
