// The Scrypted server cannot be had from npm; this stands in for it. It loads a plugin's unpacked zip as the server does:
// by import(), with fs/ as the working directory and SCRYPTED_SDK_ES_MODULE naming a module whose getScryptedStatic()
// gives the plugin the server's managers. After server/src/plugin/plugin-remote-worker.ts of github.com/koush/scrypted.

import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { Log } from './log.js';

/** The plugin's `require` makes a second instance of this module, so the host that is loading stands in globalThis. */
const LOADING = Symbol.for('privacy-shield.fake-scrypted-host');
const shared = globalThis as { [LOADING]?: FakeScryptedHost };

type Values = Record<string, unknown>;

/** What the SDK asks for when the plugin's bundle is evaluated. */
export function getScryptedStatic(): object {
  const host = shared[LOADING];
  if (host === undefined) throw new Error('no plugin is being loaded');
  return { deviceManager: host.deviceManager, systemManager: host.systemManager };
}

export class FakeScryptedHost {
  /** What the plugin and its devices wrote on their consoles, as "level: text". */
  readonly log = new Log();
  readonly #states = new Map<string | undefined, Values>();
  readonly #console = Object.fromEntries(
    ['debug', 'log', 'info', 'warn', 'error'].map((level) => [
      level,
      (...args: unknown[]) => this.log.write(`${level}: ${format(...args)}`),
    ]),
  );

  readonly deviceManager = {
    getDeviceConsole: () => this.#console,
    getDeviceState: (nativeId?: string) => {
      const state = this.#states.get(nativeId) ?? {};
      this.#states.set(nativeId, state);
      return state;
    },
  };

  readonly systemManager = {
    setScryptedInterfaceDescriptors: async (_version: string, descriptors: object) => {
      structuredClone(descriptors);
    },
  };

  /** @param folder an unpacked plugin.zip @returns the plugin's root device */
  async load(folder: string): Promise<object> {
    const before = { cwd: process.cwd(), sdk: process.env.SCRYPTED_SDK_ES_MODULE };
    process.chdir(join(folder, 'fs'));
    process.env.SCRYPTED_SDK_ES_MODULE = fileURLToPath(import.meta.url);
    shared[LOADING] = this;
    try {
      const { default: Plugin } = await import(pathToFileURL(join(folder, 'main.nodejs.js')).href);
      return new Plugin();
    } finally {
      process.chdir(before.cwd);
      if (before.sdk === undefined) delete process.env.SCRYPTED_SDK_ES_MODULE;
      else process.env.SCRYPTED_SDK_ES_MODULE = before.sdk;
      delete shared[LOADING];
    }
  }
}
