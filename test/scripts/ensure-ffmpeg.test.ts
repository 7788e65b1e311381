// What a newcomer without ffmpeg meets.

import assert from 'node:assert/strict';
import { plan } from '../../scripts/ensure-ffmpeg.js';

const APT = 'apt-get update && apt-get install -y --no-install-recommends ffmpeg';

describe('looking for ffmpeg', () => {
  const cases: [what: string, programs: string[], root: boolean, forbidden: boolean, expected: object][] = [
    ['goes on where it is', ['ffmpeg', 'apt-get'], false, true, { act: 'go on' }],
    ['installs in a container', ['apk'], true, false, { act: 'install', line: 'apk add --no-cache ffmpeg' }],
    ['installs as root', ['apt-get'], true, false, { act: 'install', line: APT }],
    ['asks for the password', ['apt-get', 'sudo'], false, false, { act: 'install', line: `sudo sh -c '${APT}'` }],
    ['stops without rights', ['apt-get'], false, false, { act: 'stop', remedy: `run: sudo sh -c '${APT}'` }],
    ['stops when forbidden', ['apt-get'], true, true, { act: 'stop', remedy: `run: ${APT}` }],
    ['needs no rights for brew', ['brew', 'sudo'], false, false, { act: 'install', line: 'brew install ffmpeg' }],
    ['prefers the system’s manager', ['brew', 'apt-get'], true, false, { act: 'install', line: APT }],
    [
      'stops where no manager is known',
      ['sudo'],
      false,
      false,
      { act: 'stop', remedy: 'install ffmpeg (https://ffmpeg.org) and put it on the PATH' },
    ],
  ];
  for (const [what, programs, root, forbidden, expected] of cases)
    it(what, () => {
      assert.deepEqual(plan({ has: (program) => programs.includes(program), root, forbidden }), expected);
    });
});
