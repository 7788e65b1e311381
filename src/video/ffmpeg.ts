// Which ffmpeg to use, and what it can do. Asked once per binary: the answer does not change while we run.

import { execFile } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { InputError } from '../errors.js';

/** Older ones cannot be told to leave a changing picture size alone. */
const OLDEST = [4, 4] as const;
/** `-fps_mode` came with 5.1, `-enc_time_base demux` with 6.1. */
const HAS_FPS_MODE = [5, 1] as const;
const HAS_DEMUX_TIME_BASE = [6, 1] as const;
/** A healthy ffmpeg answers in a tenth of a second; in milliseconds. */
const PROBE_LIMIT = 10_000;

/** How a user names another ffmpeg: on the command line, and in a host's settings. */
export const NAME_ANOTHER = 'give the path of another by --ffmpeg PATH (in a host: "ffmpegPath")';

export interface Ffmpeg {
  readonly path: string;
  /** As it calls itself, "5.1.9-0+deb12u1" or "N-12345-gabcdef". */
  readonly version: string;
  /** Names of encoders: "libx264", "aac", "h264_vaapi" ... */
  readonly encoders: ReadonlySet<string>;
  /** Names of protocols it can read: "file", "rtsp" is a format and not among them, "rtmp", "https" ... */
  readonly protocols: ReadonlySet<string>;
  /** Output options that keep each frame with the time stamp of its input, in this version's words. */
  readonly keepTimeStamps: readonly string[];
}

export interface FfmpegPlaces {
  /** The user's setting: used or refused, never passed over. */
  readonly path?: string | undefined;
  /** The host's own ffmpeg, for example Scrypted's. */
  readonly host?: string | undefined;
  /** Directories to search last; PATH of this process unless given. */
  readonly searchPath?: string | undefined;
}

/**
 * Finds ffmpeg: the user's, the host's, the package `ffmpeg-for-homebridge` where it is installed, or that of PATH.
 * @throws InputError which names the fix
 */
export async function findFfmpeg(places: FfmpegPlaces = {}): Promise<Ffmpeg> {
  if (places.path) return probeFfmpeg(places.path);
  for (const path of [places.host, bundledFfmpeg()]) if (path && (await isProgram(path))) return probeFfmpeg(path);
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  for (const folder of (places.searchPath ?? process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder && (await isProgram(path))) return probeFfmpeg(path);
  }
  throw new InputError(`ffmpeg was not found. ${remedy()}`);
}

const known = new Map<string, Promise<Ffmpeg>>();

/** Asks the binary at `path` what it is. @throws InputError when it is no ffmpeg that will do */
export function probeFfmpeg(path: string): Promise<Ffmpeg> {
  let answer = known.get(path);
  if (!answer) {
    answer = ask(path);
    known.set(path, answer);
    // A mistake may be mended while we run.
    answer.catch(() => known.delete(path));
  }
  return answer;
}

async function ask(path: string): Promise<Ffmpeg> {
  const run = async (argument: string) => {
    const options = { timeout: PROBE_LIMIT, maxBuffer: 1 << 24, windowsHide: true };
    const { stdout } = await promisify(execFile)(path, ['-hide_banner', argument], options);
    return stdout;
  };
  const [about, encoders, protocols] = await Promise.all(['-version', '-encoders', '-protocols'].map(run)).catch(() => {
    throw new InputError(`ffmpeg at ${path} does not run. ${remedy()}`);
  });
  const version = /^ffmpeg version (\S+)/.exec(about!)?.[1];
  if (!version) throw new InputError(`${path} is not ffmpeg. ${remedy()}`);
  if (!isAtLeast(version, OLDEST))
    throw new InputError(
      `ffmpeg at ${path} is version ${version}; ${OLDEST.join('.')} or newer is needed. ${remedy()}`,
    );
  return {
    path,
    version,
    encoders: new Set([...encoders!.matchAll(/^ [VAS][A-Z.]{5} (\S+)/gm)].map((match) => match[1]!)),
    protocols: new Set(
      /Input:([^:]*)/
        .exec(protocols!)?.[1]
        ?.split(/\s+/)
        .filter((word) => word && word !== 'Output'),
    ),
    keepTimeStamps: [
      ...(isAtLeast(version, HAS_FPS_MODE) ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough']),
      ...['-enc_time_base', isAtLeast(version, HAS_DEMUX_TIME_BASE) ? 'demux' : '-1'],
      '-copyts',
    ],
  };
}

/** Builds from git call themselves `N-...` and count as new. */
function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, has, hasMinor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  return has === undefined || Number(has) > major || (Number(has) === major && Number(hasMinor) >= minor);
}

/** The binary of Homebridge's convention. Its install step downloads it, so the package may be there without one. */
function bundledFfmpeg(): string | undefined {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-for-homebridge');
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function remedy(): string {
  return `Install it: ${installLine()}, or ${NAME_ANOTHER}.`;
}

/** The one line that installs ffmpeg on this system. */
function installLine(): string {
  if (process.platform === 'darwin') return '`brew install ffmpeg`';
  if (process.platform === 'win32') return '`winget install ffmpeg`';
  return existsSync('/sbin/apk') ? '`sudo apk add ffmpeg`' : '`sudo apt-get install ffmpeg`';
}
