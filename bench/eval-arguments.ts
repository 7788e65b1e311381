// The arguments of `npm run eval`: its own, and whatever else begins with two dashes goes on to `mask`.

import { InputError } from '../src/errors.js';

export interface EvalArguments {
  readonly sets: readonly string[];
  readonly variants: readonly string[];
  readonly json?: string;
  readonly score?: string;
  readonly keep?: string;
  readonly help: boolean;
  /** Flags of `mask`, with their values. */
  readonly pass: readonly string[];
}

/** What eval itself gives to `mask`. */
const TAKEN = ['--masks', '--report', '--quiet'];

/**
 * A word after a foreign flag is that flag's value, unless it is a set.
 * @throws InputError for a flag without its value, or one that eval gives itself
 */
export function parseEvalArguments(argv: readonly string[], isSet: (word: string) => boolean): EvalArguments {
  const sets: string[] = [];
  const variants: string[] = [];
  const pass: string[] = [];
  const own: { json?: string; score?: string; keep?: string } = {};
  let help = false;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    const [flag = '', inline] = word.split(/=(.*)/s);
    const value = (): string => {
      const given = inline ?? argv[++i];
      if (given === undefined || given === '') throw new InputError(`${flag} needs a value.`);
      return given;
    };
    if (flag === '--help') help = true;
    else if (flag === '--variant') variants.push(...value().split(','));
    else if (flag === '--json') own.json = value();
    else if (flag === '--score') own.score = value();
    else if (flag === '--keep') own.keep = value();
    else if (TAKEN.includes(flag))
      throw new InputError(`${flag} is given by eval itself; --keep DIR keeps what mask writes.`);
    else if (flag.startsWith('--')) {
      pass.push(word);
      const next = argv[i + 1];
      if (inline === undefined && next !== undefined && !next.startsWith('--') && !isSet(next)) pass.push(argv[++i]);
    } else sets.push(word);
  }
  return { sets, variants, help, pass, ...own };
}
