// The log of a host under test: lines as they come, and waiting for one without a clock.

import { EventEmitter, once } from 'node:events';

export class Log {
  readonly lines: string[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #ended = false;

  write(line: string): void {
    this.lines.push(line);
    this.#changes.emit('change');
  }

  /** No line will come any more. */
  end(): void {
    this.#ended = true;
    this.#changes.emit('change');
  }

  /** The first line, past or to come, that matches. @throws Error with the whole log when it ends without one */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (this.#ended) throw new Error(`the log ended without ${pattern}:\n${this.lines.join('\n')}`);
      await once(this.#changes, 'change');
    }
  }
}
