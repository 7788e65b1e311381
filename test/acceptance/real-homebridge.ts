// A real Homebridge (the development dependency), started unattended with plugins from one folder, on loopback and a
// free port, and stopped as a service manager would.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Log } from './log.js';

const program = fileURLToPath(new URL('bin/homebridge', import.meta.resolve('homebridge/package.json')));

export class RealHomebridge {
  readonly log = new Log();
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown>;

  private constructor(store: string, plugins: string) {
    const args = [program, '-U', store, '-P', plugins, '--strict-plugin-resolution', '-Q', '-T'];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on('line', (line) => this.log.write(line));
    this.#process = child;
    this.#closed = once(child, 'close').then(() => this.log.end());
  }

  /**
   * @param store a folder for its files, made here
   * @param plugins the folder that holds the plugins' packages
   * @param platforms the `platforms` of its config.json
   */
  static async start(store: string, plugins: string, platforms: readonly object[]): Promise<RealHomebridge> {
    await mkdir(store, { recursive: true });
    const loopback = Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.[0]?.internal)?.[0];
    const bridge = {
      name: 'Test',
      username: '0E:11:22:33:44:55',
      pin: '031-45-154',
      port: await freePort(),
      bind: [loopback],
      advertiser: 'ciao',
    };
    await writeFile(join(store, 'config.json'), JSON.stringify({ bridge, accessories: [], platforms }));
    return new RealHomebridge(store, plugins);
  }

  /** Ends it by SIGTERM. */
  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#closed;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
