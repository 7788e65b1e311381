// The background model: for every cell a set of SAMPLES past values (Y, U, V) and a radius. A cell that lies within the
// radius of at least two samples is background. After ViBe (Barnich and Van Droogenbroeck, IEEE TIP 20(6), 2011) with the
// adaptive radius of PBAS (Hofmann et al., CVPRW 2012); the model never learns where something is masked, so that how
// long a thing stays masked is a setting and not a side effect.
//
// Cells go in groups of 16 side by side: 16 Y, 16 U, 16 V. A group's samples 0 to 3 lie together, and all groups' first
// four before all second four, and so on: nearly every group is settled by its first four samples, which are then read in
// one long sweep, and the rest of the model stays out of the cache.

import { scaled } from './downscale.as';

const SAMPLES: i32 = 16;
const SAMPLE_BYTES: usize = 48;
/** Four samples of a group. */
const QUAD: i32 = 4;
const QUAD_BYTES: usize = 192;
/** Chroma of no colour. */
const GREY: i32 = 128;

/** Bytes from a group's samples 0 to 3 to its samples 4 to 7. */
function quadStep(rows: i32, stride: i32): usize {
  return <usize>((rows * stride) >> 4) * QUAD_BYTES;
}

/** From the start of a group to its sample `k`. */
function sampleOffset(k: i32, step: usize): usize {
  return <usize>(k / QUAD) * step + <usize>(k % QUAD) * SAMPLE_BYTES;
}

/** 16 bits to 16 bytes of 0x00 or 0xff. */
function bytesOf(bits: u32): v128 {
  const spread = i8x16.swizzle(i16x8.splat(<i16>bits), i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
  const select = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  return i8x16.eq(v128.and(spread, select), select);
}

function distance(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}

function between(value: v128, least: v128, most: v128): v128 {
  return i8x16.eq(i8x16.min_u(i8x16.max_u(value, least), most), value);
}

/**
 * Sets the bit of every cell that is not background. `radius` is a byte plane of luma radii; the chroma radius is the
 * luma radius times `chromaShare` / 256, at least `chromaLeast`.
 */
export function compare(
  luma: usize,
  u: usize,
  v: usize,
  model: usize,
  radius: usize,
  foreground: usize,
  columns: i32,
  rows: i32,
  stride: i32,
  bitStride: i32,
  chromaShare: i32,
  chromaLeast: i32,
): void {
  const share = i16x8.splat(<i16>chromaShare);
  const least = i8x16.splat(<i8>chromaLeast);
  const none = i8x16.splat(0);
  const step = quadStep(rows, stride);
  let group = model;
  for (let y = 0; y < rows; y++) {
    const row = <usize>(y * stride);
    const to = foreground + <usize>(y * bitStride);
    memory.fill(to, 0, bitStride);
    for (let x = 0; x < stride; x += 16) {
      const at = row + <usize>x;
      const cellY = v128.load(luma + at);
      const cellU = v128.load(u + at);
      const cellV = v128.load(v + at);
      const reach = v128.load(radius + at);
      const chroma = i8x16.max_u(
        least,
        i8x16.narrow_i16x8_u(
          i16x8.shr_u(i16x8.mul(i16x8.extend_low_i8x16_u(reach), share), 8),
          i16x8.shr_u(i16x8.mul(i16x8.extend_high_i8x16_u(reach), share), 8),
        ),
      );
      // A sample is near when it lies between these.
      const leastY = i8x16.sub_sat_u(cellY, reach);
      const mostY = i8x16.add_sat_u(cellY, reach);
      const leastU = i8x16.sub_sat_u(cellU, chroma);
      const mostU = i8x16.add_sat_u(cellU, chroma);
      const leastV = i8x16.sub_sat_u(cellV, chroma);
      const mostV = i8x16.add_sat_u(cellV, chroma);
      let once = none;
      let twice = none;
      let quad = group;
      for (let k = 0; k < SAMPLES; k += QUAD) {
        // Four at a time: to ask after each would cost more than it spares.
        for (let sample = quad; sample < quad + QUAD_BYTES; sample += SAMPLE_BYTES) {
          const nearY = between(v128.load(sample), leastY, mostY);
          const nearU = between(v128.load(sample + 16), leastU, mostU);
          const near = v128.and(between(v128.load(sample + 32), leastV, mostV), v128.and(nearY, nearU));
          twice = v128.or(twice, v128.and(once, near));
          once = v128.or(once, near);
        }
        if (i8x16.all_true(twice)) break;
        quad += step;
      }
      const beyond = x + 16 - columns;
      const valid = beyond > 0 ? 0xffff >> beyond : 0xffff;
      store<u16>(to + <usize>(x >> 3), <u16>(~i8x16.bitmask(twice) & valid));
      group += QUAD_BYTES;
    }
  }
}

/** One step of a linear congruential generator's finaliser: well mixed 32 bits of any two numbers. */
function mix(a: u32, b: u32): u32 {
  let h = a * 0x9e3779b1 + b * 0x85ebca77;
  h ^= h >> 15;
  h *= 0x2c1b3c6d;
  h ^= h >> 12;
  return h;
}

/**
 * Lets the groups from `first` (inclusive) to `last` (exclusive) take in the present picture where no bit of `frozen` is
 * set: one sample, the same in all of them and chosen by `seed`, takes the cell's own value or, every second time, that of a neighbour which
 * is not frozen either (so that small movements of the camera and of leaves are learnt). The padding beyond `columns`
 * repeats cells that may be frozen, so it is nobody's neighbour.
 */
export function absorb(
  luma: usize,
  u: usize,
  v: usize,
  model: usize,
  frozen: usize,
  columns: i32,
  rows: i32,
  stride: i32,
  bitStride: i32,
  first: i32,
  last: i32,
  seed: u32,
): void {
  const groupsPerRow = stride >> 4;
  const chosen = (mix(seed, 0) >> 24) & (SAMPLES - 1);
  const plane = model + sampleOffset(chosen, quadStep(rows, stride));
  for (let index = first; index < last; index++) {
    const y = index / groupsPerRow;
    const x = (index - y * groupsPerRow) << 4;
    const free = 0xffff & ~(<u32>load<u16>(frozen + <usize>(y * bitStride + (x >> 3))));
    if (!free) continue;
    const chance = mix(seed, index);
    const sample = plane + <usize>index * QUAD_BYTES;
    let where = bytesOf(free);
    let from = <usize>(y * stride + x);
    if (chance & 1) {
      const aside = <i32>((chance >> 8) % 3) - 1;
      const down = <i32>((chance >> 16) % 3) - 1;
      const row = y + down;
      if (row >= 0 && row < rows) {
        const inside = 0xffff >> max(0, x + 16 - columns);
        const other = inside & ~(<u32>load<u16>(frozen + <usize>(row * bitStride + (x >> 3))));
        // The neighbour's own group tells for the inner cells; the outermost cell keeps its own column.
        const shifted = aside > 0 ? (other >> 1) | (other & 0x8000) : aside < 0 ? (other << 1) | (other & 1) : other;
        where = bytesOf(free & shifted);
        from = <usize>(row * stride + x);
        replace(sample, sideways(luma + from, aside), sideways(u + from, aside), sideways(v + from, aside), where);
        continue;
      }
    }
    replace(sample, v128.load(luma + from), v128.load(u + from), v128.load(v + from), where);
  }
}

/** The 16 cells at `at`, each replaced by its right (1) or left (-1) neighbour; the outermost stays. */
function sideways(at: usize, aside: i32): v128 {
  const cells = v128.load(at);
  if (aside > 0) return i8x16.swizzle(cells, i8x16(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15));
  if (aside < 0) return i8x16.swizzle(cells, i8x16(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14));
  return cells;
}

function replace(sample: usize, y: v128, u: v128, v: v128, where: v128): void {
  v128.store(sample, v128.bitselect(y, v128.load(sample), where));
  v128.store(sample + 16, v128.bitselect(u, v128.load(sample + 16), where));
  v128.store(sample + 32, v128.bitselect(v, v128.load(sample + 32), where));
}

/** Every sample of the cells in `which` becomes the present value: the cell is background from now on. */
export function adopt(
  luma: usize,
  u: usize,
  v: usize,
  model: usize,
  which: usize,
  rows: i32,
  stride: i32,
  bitStride: i32,
): void {
  const step = quadStep(rows, stride);
  let group = model;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < stride; x += 16, group += QUAD_BYTES) {
      const bits = <u32>load<u16>(which + <usize>(y * bitStride + (x >> 3)));
      if (!bits) continue;
      const where = bytesOf(bits);
      const at = <usize>(y * stride + x);
      for (let k = 0; k < SAMPLES; k++)
        replace(group + sampleOffset(k, step), v128.load(luma + at), v128.load(u + at), v128.load(v + at), where);
    }
  }
}

/** Multiplies every sample, above `black` and about grey, by `gain` (8.8 fixed point): the scene's light changed. */
export function rescale(model: usize, groups: i32, gain: i32, black: i32): void {
  const factor = i16x8.splat(<i16>gain);
  const end = model + <usize>(groups * SAMPLES) * SAMPLE_BYTES;
  for (let sample = model; sample < end; sample += SAMPLE_BYTES) {
    v128.store(sample, scaled(v128.load(sample), factor, black));
    v128.store(sample + 16, scaled(v128.load(sample + 16), factor, GREY));
    v128.store(sample + 32, scaled(v128.load(sample + 32), factor, GREY));
  }
}

/**
 * The radius of a cell that blinks (foreground now and not before, or the other way round, outside anything masked) grows
 * by `grow`; that of the groups from `first` to `last` shrinks by one. Both stay within `floor` (a byte plane) and `most`.
 */
export function adaptRadius(
  radius: usize,
  floor: usize,
  now: usize,
  before: usize,
  frozen: usize,
  rows: i32,
  stride: i32,
  bitStride: i32,
  first: i32,
  last: i32,
  grow: i32,
  most: i32,
): void {
  const step = i8x16.splat(<i8>grow);
  const limit = i8x16.splat(<i8>most);
  for (let y = 0; y < rows; y++) {
    const row = <usize>(y * bitStride);
    for (let x = 0; x < stride; x += 16) {
      const bit = row + <usize>(x >> 3);
      const blinking = (<u32>load<u16>(now + bit) ^ <u32>load<u16>(before + bit)) & ~(<u32>load<u16>(frozen + bit));
      if (!blinking) continue;
      const at = radius + <usize>(y * stride + x);
      v128.store(at, i8x16.min_u(limit, i8x16.add_sat_u(v128.load(at), v128.and(step, bytesOf(blinking)))));
    }
  }
  const one = i8x16.splat(1);
  for (let at = <usize>first * 16; at < <usize>last * 16; at += 16)
    v128.store(radius + at, i8x16.max_u(v128.load(floor + at), i8x16.sub_sat_u(v128.load(radius + at), one)));
}

// Learning: a store of `count` pictures, each a luma, a u and a v plane of `planeBytes`, one after the other.

/**
 * The median of `count` (1 to 64) bytes at `store`, `store + pictureBytes`, ..., for `bytes` positions. Found bit by bit
 * from the top: the largest value that at least half of the pictures reach.
 */
export function median(store: usize, pictureBytes: i32, count: i32, target: usize, bytes: i32): void {
  const needed = i8x16.splat(<i8>((count + 1) >> 1));
  for (let i = 0; i < bytes; i += 16) {
    let value = i8x16.splat(0);
    for (let bit = 128; bit > 0; bit >>= 1) {
      const trial = v128.or(value, i8x16.splat(<i8>bit));
      const reached = countWhere(store + i, pictureBytes, count, trial);
      value = v128.bitselect(trial, value, i8x16.ge_u(reached, needed));
    }
    v128.store(target + i, value);
  }
}

function countWhere(at: usize, pictureBytes: i32, count: i32, least: v128): v128 {
  let reached = i8x16.splat(0);
  for (let k = 0; k < count; k++, at += pictureBytes) reached = i8x16.sub(reached, i8x16.ge_u(v128.load(at), least));
  return reached;
}

/**
 * The median change from one picture to the next, for `bytes` positions: what noise and leaves do. Whoever comes and stays
 * changes the picture twice, and so hardly counts. Of a single picture it is 0.
 */
export function restlessness(store: usize, pictureBytes: i32, count: i32, target: usize, bytes: i32): void {
  const needed = i8x16.splat(<i8>max(1, count >> 1));
  const next = <usize>pictureBytes;
  for (let i = 0; i < bytes; i += 16) {
    let value = i8x16.splat(0);
    for (let bit = 128; bit > 0; bit >>= 1) {
      const trial = v128.or(value, i8x16.splat(<i8>bit));
      let reached = i8x16.splat(0);
      let at = store + i;
      for (let k = 1; k < count; k++, at += next)
        reached = i8x16.sub(reached, i8x16.ge_u(distance(v128.load(at), v128.load(at + next)), trial));
      value = v128.bitselect(trial, value, i8x16.ge_u(reached, needed));
    }
    v128.store(target + i, value);
  }
}

/**
 * Fills the model of the cells in `which` from the stored pictures: sample k is picture k * count / SAMPLES where it is
 * close to the median `middle` (three planes; within `reach`, a byte plane, in all channels), else the median itself. So the
 * samples hold the scene's own noise, and nothing of who walked through it.
 */
export function seed(
  store: usize,
  planeBytes: i32,
  count: i32,
  middle: usize,
  reach: usize,
  model: usize,
  which: usize,
  rows: i32,
  stride: i32,
  bitStride: i32,
): void {
  const none = i8x16.splat(0);
  const step = quadStep(rows, stride);
  let group = model;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < stride; x += 16, group += QUAD_BYTES) {
      const bits = <u32>load<u16>(which + <usize>(y * bitStride + (x >> 3)));
      if (!bits) continue;
      const where = bytesOf(bits);
      const at = <usize>(y * stride + x);
      const midY = v128.load(middle + at);
      const midU = v128.load(middle + planeBytes + at);
      const midV = v128.load(middle + 2 * planeBytes + at);
      const limit = v128.load(reach + at);
      for (let k = 0; k < SAMPLES; k++) {
        const picture = store + <usize>((k * count) / SAMPLES) * <usize>(3 * planeBytes) + at;
        const cellY = v128.load(picture);
        const cellU = v128.load(picture + planeBytes);
        const cellV = v128.load(picture + 2 * planeBytes);
        const far = v128.or(
          i8x16.sub_sat_u(distance(cellY, midY), limit),
          v128.or(i8x16.sub_sat_u(distance(cellU, midU), limit), i8x16.sub_sat_u(distance(cellV, midV), limit)),
        );
        const near = i8x16.eq(far, none);
        const colorY = v128.bitselect(cellY, midY, near);
        replace(
          group + sampleOffset(k, step),
          colorY,
          v128.bitselect(cellU, midU, near),
          v128.bitselect(cellV, midV, near),
          where,
        );
      }
    }
  }
}
