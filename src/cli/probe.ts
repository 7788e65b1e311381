// `privacy-shield probe`: what this machine can do, one line a thing. Everything is tried, not looked up; what is missing
// is said with its remedy.

import { availableParallelism, cpus } from 'node:os';
import { InputError } from '../errors.js';
import { loadNative } from '../native.js';
import { oneLine } from '../settings/index.js';
import { selfCheck } from '../shield/self-check.js';
import { programVersion } from '../version.js';
import { chooseEncoder } from '../video/encoder.js';
import { findFfmpeg } from '../video/ffmpeg.js';
import { probeEncoders } from '../video/probe-encoders.js';
import type { ProbeCommand } from './arguments.js';

/** What is lost without each native module. */
const NATIVES = { 'onnxruntime-node': 'the AI method', sharp: 'still pictures' } as const;

/**
 * Prints to standard output.
 * @throws the first thing that keeps `mask` from working: InputError without a usable ffmpeg, Error without the engine
 */
export async function probe({ ffmpeg: path }: ProbeCommand, signal: AbortSignal): Promise<void> {
  const print = (title: string, text: string) => process.stdout.write(`${title.padEnd(18)}${oneLine(text)}\n`);
  let obstacle: unknown;

  print('privacy-shield', programVersion());
  print('node', `${process.version} on ${process.platform}-${process.arch}`);
  print('cores', `${availableParallelism()} (${cpus()[0]?.model.trim() || 'unknown model'})`);
  try {
    await selfCheck();
    print('mask engine', 'works (WASM SIMD)');
  } catch (error) {
    print('mask engine', 'does not work');
    obstacle = error;
  }
  for (const name of ['onnxruntime-node', 'sharp'] as const) {
    const native = loadNative(name);
    print(name, native.ok ? 'works' : `${native.reason}; needed for ${NATIVES[name]} only`);
  }
  try {
    const ffmpeg = await findFfmpeg({ path });
    print('ffmpeg', `${ffmpeg.version} at ${ffmpeg.path}`);
    for (const { encoder, label, works, reason } of await probeEncoders(ffmpeg)) {
      signal.throwIfAborted();
      print(
        encoder.replace(/^h264_/, ''),
        `${works ? 'works' : 'does not work here'}: ${label}${reason ? ` (${reason})` : ''}`,
      );
    }
    chooseEncoder(ffmpeg);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    print('ffmpeg', 'not usable');
    obstacle ??= error;
  }
  if (obstacle !== undefined) throw obstacle;
}
