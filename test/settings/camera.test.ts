import assert from 'node:assert/strict';
import { InputError } from '../../src/errors.js';
import { notYetPaths } from '../../src/settings/availability.js';
import { describeFields, migrate, nearest, parseCamera } from '../../src/settings/index.js';

const door = { name: 'Front door', source: { url: 'rtsp://admin:hunter2@192.0.2.7/stream' } };

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  }
  return value;
}

function refusal(input: unknown): string {
  try {
    parseCamera(input);
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error.message;
  }
  return assert.fail('accepted');
}

/** `{a: {b: value}}` for "a.b". */
function at(path: string, value: unknown): Record<string, unknown> {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
}

describe('a camera', () => {
  it('needs a name and a source, and keeps everything else off until asked', () => {
    const camera = parseCamera(freeze({ ...door, policy: { style: 'blur' }, audio: { enabled: true } }));
    assert.equal(camera.version, 1);
    assert.equal(camera.source.url, door.source.url);
    assert.equal(camera.policy.style, 'blur');
    assert.equal(camera.audio.enabled, true);
    assert.equal(parseCamera(door).audio.enabled, false);
    assert.equal(parseCamera(door).access.reveal, 'never');
    assert.deepEqual(parseCamera(camera), camera);
    assert.equal(refusal({}), 'name: is missing; use a text of 1 to 64 characters, in one line');
    assert.equal(refusal({ name: 'Door' }), 'source: is missing; use an object { ... }');
    assert.match(refusal({ ...door, name: 'Door\nforged log line' }), /^name: "Door forged log line" is not allowed/);
  });

  it('is given by its defaults wherever a version cannot do more, and by nothing else', () => {
    for (const field of describeFields().filter(({ path }) => !path.startsWith('source.url') && path !== 'name')) {
      const accepted = parseCamera({ ...door, ...merged(field.path, field.default) });
      assert.ok(accepted, field.path);
      for (const later of field.later ?? [])
        assert.match(
          refusal({ ...door, ...merged(field.path, field.type === 'choices' ? [later] : later) }),
          /is not available in this version/,
          field.path,
        );
      if (field.type === 'boolean' && !field.available)
        assert.match(
          refusal({ ...door, ...merged(field.path, true) }),
          /true is not available in this version; use false/,
        );
    }
    assert.match(refusal({ ...door, outputs: { rtsp: { port: 555 } } }), /^outputs\.rtsp\.port: 555 is not available/);
    assert.match(
      refusal({ ...door, sensors: { motionReset: '2 min' } }),
      /^sensors\.motionReset: 120 is not available/,
    );

    function merged(path: string, value: unknown): Record<string, unknown> {
      const wrapped = at(path, value);
      return path.startsWith('source.') ? { source: { ...door.source, ...(wrapped.source as object) } } : wrapped;
    }
  });

  it('names in its table of what is not built only settings that exist', () => {
    for (const path of notYetPaths)
      assert.ok(
        describeFields().some((field) => field.path === path || field.path.startsWith(`${path}.`)),
        path,
      );
  });

  it('never shows a secret in a message, wherever it was put', () => {
    const messages = [
      refusal({ ...door, source: { url: `rtsp://admin:hunter2@192.0.2.7/${'x'.repeat(3000)}` } }),
      refusal({ ...door, source: { ...door.source, inputOptions: ['-headers', 'Authorization: hunter2'] } }),
      refusal({ ...door, outputs: { rtsp: { password: 'hunter2' } } }),
      refusal({ ...door, outputs: { rtsp: { password: ['hunter2'] } } }),
      refusal({ ...door, policy: { color: door.source.url } }),
      refusal({ ...door, policy: { color: `rtsp://${'a'.repeat(30)}:hunter2${'b'.repeat(40)}@192.0.2.7/` } }),
      refusal({ ...door, policy: { style: 'rtsp://admin:hun/ter2@192.0.2.7/' } }),
      refusal({ ...door, [door.source.url]: 1 }),
      refusal({ name: door, source: door.source }),
    ];
    for (const message of messages) assert.doesNotMatch(message, /hunter2|ter2/, message);
  });

  it('suggests the nearest key at any depth', () => {
    assert.equal(refusal({ ...door, outputs: { rstp: {} } }), 'outputs.rstp: no such setting; did you mean "rtsp"?');
    assert.equal(refusal({ ...door, polcy: {} }), 'polcy: no such setting; did you mean "policy"?');
    assert.equal(nearest('merge_time', ['mergeTime', 'method']), 'mergeTime');
    assert.equal(nearest('xyz', ['mergeTime', 'method']), undefined);
    assert.equal(nearest('x'.repeat(100_000), ['mergeTime']), undefined);
  });
});

describe('migration', () => {
  it('lifts an old file step by step and leaves it as it was', () => {
    const steps = [
      (old: Readonly<Record<string, unknown>>) => ({ ...old, title: old.name }),
      ({ name: _, ...old }: Readonly<Record<string, unknown>>) => old,
    ];
    const old = freeze({ name: 'Door' });
    assert.deepEqual(migrate(old, steps, 3), { version: 3, title: 'Door' });
    assert.deepEqual(migrate(freeze({ version: 2, name: 'Door', title: 'D' }), steps, 3), { version: 3, title: 'D' });
    const current = freeze({ version: 3, title: 'Door' });
    assert.equal(migrate(current, steps, 3), current);
  });

  it('refuses a version it does not know', () => {
    assert.equal(
      refusal({ ...door, version: 2 }),
      'version: 2 is newer than this program understands (1); update Privacy Shield',
    );
    for (const version of [0, 1.5, '1', null, Number.NaN])
      assert.equal(refusal({ ...door, version }), 'version: not a version of these settings; use 1');
  });
});
