// What the user typed, as a command. Pure: no file is touched, and every mistake is told in one line with the flag that
// was probably meant.

import { parseArgs } from 'node:util';
import { InputError } from '../errors.js';
import { nearest, oneLine } from '../settings/index.js';
import { areaFlags, type Flag, readPolygon, readSetting, settingFlags } from './flags.js';

/** What the flags say of the settings: raw values by their place in a camera, and areas on top of the file's. */
export interface Chosen {
  readonly fields: ReadonlyMap<string, { readonly flag: string; readonly value: unknown }>;
  readonly areas: readonly { readonly kind: string; readonly points: readonly (readonly [number, number])[] }[];
}

export interface MaskCommand {
  readonly name: 'mask';
  readonly input: string;
  readonly output: string;
  readonly chosen: Chosen;
  readonly settings?: string;
  readonly masks?: string;
  readonly report?: string;
  readonly ffmpeg?: string;
  readonly limit?: number;
  readonly learn: 'ahead' | 'live';
  readonly quiet: boolean;
}

export interface ProbeCommand {
  readonly name: 'probe';
  readonly ffmpeg?: string;
}

export type Command =
  | MaskCommand
  | ProbeCommand
  | { readonly name: 'version' }
  | { readonly name: 'help'; readonly about?: CommandName };

export type CommandName = keyof typeof COMMANDS;

const HELP: Flag = { name: 'help', help: 'Show this help.' };
const FFMPEG: Flag = { name: 'ffmpeg', value: 'PATH', help: 'The ffmpeg to use (default: the one found by probe).' };

/** The flags of each command, also read by the help. */
export const COMMANDS = {
  mask: [
    {
      name: 'settings',
      value: 'FILE.json',
      help: 'A policy or a whole camera; flags take the place of what it says, areas add to it.',
    },
    ...settingFlags,
    ...areaFlags,
    { name: 'masks', value: 'FILE.mkv', help: 'Write the masks too: 8-bit grey video, 255 = masked.' },
    { name: 'report', value: 'FILE.json', help: 'Write what was done, how fast, and how much was masked.' },
    { name: 'limit', value: 'N', help: 'Stop after N frames.' },
    {
      name: 'learn',
      value: 'ahead|live',
      help: 'Learn the background from the whole file first (the default) or live.',
    },
    FFMPEG,
    { name: 'quiet', help: 'Say nothing but warnings and errors.' },
    HELP,
  ],
  probe: [FFMPEG, HELP],
} as const satisfies Record<string, readonly Flag[]>;

/** Settled for later versions. */
const LATER = ['serve', 'demo'];

/**
 * Reads the words after the program's name.
 * @throws InputError for an unknown command or flag, a missing or superfluous word, a value out of form
 */
export function parseCommandLine(words: readonly string[]): Command {
  const [name, ...rest] = words;
  if (name === undefined) throw new InputError('no command given; privacy-shield --help lists them');
  if (name === '--version' || name === 'version') return { name: 'version' };
  if (name === '--help' || name === '-h' || name === 'help') {
    const about = rest[0];
    return isCommand(about) ? { name: 'help', about } : { name: 'help' };
  }
  if (LATER.includes(name)) throw new InputError(`"${name}" is not available in this version; use mask or probe`);
  if (!isCommand(name)) throw new InputError(unknown('command', name, Object.keys(COMMANDS)));

  const given = lex(rest, name);
  if (given.last('help') !== undefined) return { name: 'help', about: name };
  return name === 'mask' ? maskCommand(given) : probeCommand(given);
}

interface Given {
  readonly positionals: readonly string[];
  /** Flags in the order given; the value of a switch is "true" or "false". */
  readonly flags: readonly { readonly flag: Flag; readonly value: string }[];
  last(name: string): string | undefined;
}

function lex(words: readonly string[], command: CommandName): Given {
  const known: readonly Flag[] = COMMANDS[command];
  const options = Object.fromEntries(
    known.map(({ name, value }) => [name, { type: value ? ('string' as const) : ('boolean' as const) }]),
  );
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const positionals: string[] = [];
  const flags: { flag: Flag; value: string }[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.rawName === '-h') flags.push({ flag: HELP, value: 'true' });
    else flags.push(readFlag(token, known, command));
  }
  return { positionals, flags, last: (name) => flags.findLast(({ flag }) => flag.name === name)?.value };
}

function readFlag(
  {
    name,
    rawName,
    value,
    inlineValue,
  }: { name: string; rawName: string; value?: string | undefined; inlineValue?: boolean | undefined },
  known: readonly Flag[],
  command: CommandName,
): { flag: Flag; value: string } {
  const flag = known.find((flag) => rawName.startsWith('--') && flag.name === name);
  if (!flag) {
    const denied = known.find((flag) => !flag.value && flag.field && `no-${flag.name}` === name);
    if (denied && value === undefined) return { flag: denied, value: 'false' };
    const names = known.map(({ name }) => `--${name}`);
    throw new InputError(unknown('flag', rawName, names, command));
  }
  if (!flag.value) {
    if (value !== undefined) throw new InputError(`--${name} takes no value; leave out "=${oneLine(value)}"`);
    return { flag, value: 'true' };
  }
  if (!value || (!inlineValue && value.startsWith('--')))
    throw new InputError(`--${name} needs a value: --${name} ${flag.value}`);
  return { flag, value };
}

function maskCommand(given: Given): MaskCommand {
  const [input, output, superfluous] = given.positionals;
  if (!input || !output) throw new InputError('mask needs two files: privacy-shield mask INPUT OUTPUT');
  if (superfluous !== undefined)
    throw new InputError(`mask takes two files, INPUT and OUTPUT; "${oneLine(superfluous)}" is one too many`);

  const fields = new Map<string, { flag: string; value: unknown }>();
  const areas: Chosen['areas'][number][] = [];
  for (const { flag, value } of given.flags) {
    if (flag.field) fields.set(flag.field.path, { flag: `--${flag.name}`, value: readSetting(flag.field, value) });
    if (areaFlags.includes(flag)) areas.push({ kind: flag.name, points: readPolygon(flag.name, value) });
  }
  const limit = given.last('limit');
  if (limit !== undefined && !/^0*[1-9]\d{0,14}$/.test(limit))
    throw new InputError(`--limit: "${oneLine(limit)}" is not allowed; use a number of frames from 1`);
  const learn = given.last('learn') ?? 'ahead';
  if (learn !== 'ahead' && learn !== 'live')
    throw new InputError(`--learn: "${oneLine(learn)}" is not allowed; use "ahead" or "live"`);
  return {
    name: 'mask',
    input,
    output,
    chosen: { fields, areas },
    ...pick(given, 'settings', 'masks', 'report', 'ffmpeg'),
    ...(limit !== undefined && { limit: Number(limit) }),
    learn,
    quiet: given.last('quiet') !== undefined,
  };
}

function probeCommand(given: Given): ProbeCommand {
  if (given.positionals.length > 0)
    throw new InputError(`probe takes no file; leave out "${oneLine(given.positionals[0])}"`);
  return { name: 'probe', ...pick(given, 'ffmpeg') };
}

function pick<Name extends string>(given: Given, ...names: Name[]): { [name in Name]?: string } {
  const picked: { [name in Name]?: string } = {};
  for (const name of names) {
    const value = given.last(name);
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

function isCommand(word: string | undefined): word is CommandName {
  return word !== undefined && Object.hasOwn(COMMANDS, word);
}

function unknown(what: string, word: string, candidates: readonly string[], command = ''): string {
  const meant = nearest(word, candidates);
  const shown = oneLine(word).slice(0, 40);
  return `unknown ${what} "${shown}"; ${meant ? `did you mean "${meant}"?` : `privacy-shield ${command}${command && ' '}--help lists them`}`;
}
