// The help of the command line, made from the same tables as its flags.

import { COMMANDS, type CommandName } from './arguments.js';
import type { Flag } from './flags.js';

const WIDTH = 100;
const INDENT = 8;

const OVERVIEW = `Privacy Shield masks people, or whatever moves, before a picture reaches anybody.

  privacy-shield mask INPUT OUTPUT    mask a recording
  privacy-shield probe                say what this machine can do

  privacy-shield mask --help          all flags of a command
  privacy-shield --version

Exit code 0: done, every frame was written. 2: something given is wrong. 1: it failed; nothing is left behind.
`;

const INTRODUCTIONS: Readonly<Record<CommandName, string>> = {
  mask: `privacy-shield mask INPUT OUTPUT [flags]

Writes OUTPUT with one masked frame for each frame of INPUT, at the same time, and without INPUT's metadata and sound.
A DURATION is a number with a unit: 500ms, 90s, "15 min", 1h, 2d.
`,
  probe: `privacy-shield probe [flags]

Says what this machine can do: cores, mask engine, native modules, ffmpeg and the encoders that work.
`,
};

/** The overview, or all flags of a command. */
export function helpText(about?: CommandName): string {
  if (about === undefined) return OVERVIEW;
  const flags: readonly Flag[] = COMMANDS[about];
  const shown = flags.filter(({ field }) => field === undefined || field.available);
  return `${INTRODUCTIONS[about]}\n${shown.map(describeFlag).join('')}`;
}

function describeFlag({ name, value, help }: Flag): string {
  return `  --${name}${value ? ` ${value}` : ''}\n${wrap(help, WIDTH - INDENT)
    .map((line) => `${' '.repeat(INDENT)}${line}\n`)
    .join('')}`;
}

function wrap(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
