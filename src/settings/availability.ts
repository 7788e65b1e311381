// What the schema promises and this version does not do yet. The whole shape of a camera is settled, so that files stay
// valid, but nothing is ever accepted silently: what stands here is refused with a word. Building a feature ends with
// deleting its line.

/** Only the default is accepted: for a field, or for every field of a group. */
const ONLY_DEFAULT = 'only the default';

const NOT_YET: Readonly<Record<string, readonly unknown[] | typeof ONLY_DEFAULT>> = {
  'policy.method': ['ai', 'both'],
  'policy.targets': ['faces', 'vehicles', 'animals', 'plates'],
  'policy.shape': ['body'],
  'policy.invert': [true],
  'source.transport': ['udp'],
  'source.loop': [true],
  'source.inputOptions': ONLY_DEFAULT,
  'outputs.main': ONLY_DEFAULT,
  'outputs.sub': ONLY_DEFAULT,
  'outputs.rtsp': ONLY_DEFAULT,
  'outputs.rtmp': ONLY_DEFAULT,
  sensors: ONLY_DEFAULT,
  'access.reveal': ['timed', 'untilSwitchedBack'],
  'access.revealTime': ONLY_DEFAULT,
  'access.resetSwitch': [true],
  'access.privacySwitch': [true],
};

/** Whether this version can do `value` (of a list: one entry) for the field at `path`, whose default is `fallback`. */
export function isAvailable(path: string, value: unknown, fallback: unknown): boolean {
  for (let prefix = path; prefix; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('.')))) {
    const refused = NOT_YET[prefix];
    if (refused === ONLY_DEFAULT) return JSON.stringify(value) === JSON.stringify(fallback);
    if (refused?.includes(value)) return false;
  }
  return true;
}

/** The paths above, for the test that holds them to the schema. */
export const notYetPaths: readonly string[] = Object.keys(NOT_YET);
