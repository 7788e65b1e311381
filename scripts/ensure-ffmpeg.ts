// For newcomers: `npm start` and `npm test` want ffmpeg. This finds it, or gets it by the system's own package manager
// after saying so, or stops with the one line to run. PRIVACY_SHIELD_NO_INSTALL=1 forbids the second. Only the scripts
// of a source checkout call it: the installed plugin never installs anything.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How each package manager gets ffmpeg, as an administrator; the first that is there is asked. */
const RECIPES = [
  { manager: 'apt-get', line: 'apt-get update && apt-get install -y --no-install-recommends ffmpeg', admin: true },
  { manager: 'apk', line: 'apk add --no-cache ffmpeg', admin: true },
  { manager: 'brew', line: 'brew install ffmpeg', admin: false }, // refuses to run as root
];

/** What is known of the machine. */
export interface Machine {
  /** Whether a program of this name runs. */
  has(program: string): boolean;
  /** Running as root. */
  readonly root: boolean;
  /** PRIVACY_SHIELD_NO_INSTALL is set. */
  readonly forbidden: boolean;
}

export type Plan =
  | { readonly act: 'go on' }
  /** Run `line` in a shell. */
  | { readonly act: 'install'; readonly line: string }
  /** Tell the user. */
  | { readonly act: 'stop'; readonly remedy: string };

/** Pure policy; the first that holds wins. */
export function plan(machine: Machine): Plan {
  if (machine.has('ffmpeg')) return { act: 'go on' };
  const recipe = RECIPES.find(({ manager }) => machine.has(manager));
  if (recipe === undefined)
    return { act: 'stop', remedy: 'install ffmpeg (https://ffmpeg.org) and put it on the PATH' };
  const needsSudo = recipe.admin && !machine.root;
  const line = needsSudo ? `sudo sh -c '${recipe.line}'` : recipe.line;
  if (machine.forbidden || (needsSudo && !machine.has('sudo'))) return { act: 'stop', remedy: `run: ${line}` };
  return { act: 'install', line };
}

/** Returns when ffmpeg is there; ends the program with status 1 and one line when it cannot be. */
export function ensureFfmpeg(): void {
  const machine: Machine = {
    has: (program) => spawnSync(program, [program.startsWith('ff') ? '-version' : '--version']).status === 0,
    root: process.getuid?.() === 0,
    forbidden: !['', '0', undefined].includes(process.env.PRIVACY_SHIELD_NO_INSTALL),
  };
  let next = plan(machine);
  if (next.act === 'install') {
    process.stderr.write(`ffmpeg is missing; installing it: ${next.line}\n`);
    spawnSync(next.line, { shell: true, stdio: 'inherit' });
    next = plan({ ...machine, forbidden: true });
  }
  if (next.act === 'stop') {
    process.stderr.write(`ffmpeg is missing: ${next.remedy}\n`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureFfmpeg();
