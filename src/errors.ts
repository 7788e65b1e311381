// The one error class the whole house agrees on: something its user can mend. Its message is one line which names the
// field or file, the value and the remedy; whoever catches it prints the message alone, never a stack trace.

/** A mistake in what the user gave (a file, a flag, a setting, a missing program). The command line exits with 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
