// The outer shell of the bench commands: one line and exit status 2 for a mistake of the user's.

import { InputError } from '../src/errors.js';

export async function run(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
