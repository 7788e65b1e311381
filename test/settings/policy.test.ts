import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InputError } from '../../src/errors.js';
import { defaultPolicy, parsePolicy } from '../../src/settings/index.js';

const triangle: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [0.5, 1],
];
const area = (points: unknown) => ({ areas: [{ name: 'Street', kind: 'include', points }] });

describe('a policy', () => {
  it('is complete when nothing is said', () => {
    assert.deepEqual(parsePolicy({}), {
      method: 'motion',
      targets: ['people'],
      sensitivity: 50,
      mergeTime: 3600,
      style: 'pixelate',
      color: '#808080',
      tint: 0,
      size: 60,
      shape: 'box',
      invert: false,
      lookAhead: 500,
      areas: [],
    });
    assert.deepEqual(defaultPolicy, parsePolicy({}));
  });

  it('keeps what is allowed, durations in seconds and milliseconds', () => {
    const crossing = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ];
    const policy = parsePolicy({
      mergeTime: '15 min',
      lookAhead: '1s',
      style: 'tint',
      ...area(crossing),
      color: '#FF00ff',
    });
    assert.equal(policy.mergeTime, 900);
    assert.equal(policy.lookAhead, 1000);
    assert.equal(policy.color, '#FF00ff');
    assert.deepEqual(policy.areas, [{ name: 'Street', kind: 'include', points: crossing }]);
    assert.equal(parsePolicy({ mergeTime: 1.5, lookAhead: 0 }).mergeTime, 1.5);
    assert.deepEqual(parsePolicy(policy), policy);
  });

  it('refuses a bad value with the field, the value and what is allowed, in one line', () => {
    const table: readonly (readonly [unknown, string])[] = [
      [{ sensitivity: 140 }, 'policy.sensitivity: 140 is not allowed; use a whole number from 0 to 100'],
      [{ sensitivity: -1 }, 'policy.sensitivity: -1 is not allowed; use a whole number from 0 to 100'],
      [{ sensitivity: 1.5 }, 'policy.sensitivity: 1.5 is not allowed; use a whole number from 0 to 100'],
      [{ sensitivity: Number.NaN }, 'policy.sensitivity: NaN is not allowed; use a whole number from 0 to 100'],
      [{ sensitivity: '50' }, 'policy.sensitivity: "50" is not allowed; use a whole number from 0 to 100'],
      [{ size: null }, 'policy.size: null is not allowed; use a whole number from 0 to 100'],
      [{ tint: 101 }, 'policy.tint: 101 is not allowed; use a whole number from 0 to 100 %'],
      [
        { mergeTime: '500ms' },
        'policy.mergeTime: "500ms" is not allowed; use a duration from 1 s to 7 d, such as "1 h"',
      ],
      [{ mergeTime: 'soon' }, 'policy.mergeTime: "soon" is not allowed; use a duration from 1 s to 7 d, such as "1 h"'],
      [
        { lookAhead: Number.POSITIVE_INFINITY },
        'policy.lookAhead: Infinity is not allowed; use a duration from 0 ms to 5 s, such as "500 ms"',
      ],
      [{ color: 'red' }, 'policy.color: "red" is not allowed; use a colour as #rrggbb, such as "#808080"'],
      [
        { style: 'mosaic' },
        'policy.style: "mosaic" is not allowed; use "pixelate", "blur", "solid", "tint" or "background"',
      ],
      [{ targets: [] }, 'policy.targets: a list of 0 is not allowed; use a list of 1 to 5 targets'],
      [
        area([
          [0, 0],
          [1, 1],
        ]),
        'policy.areas[0].points: a list of 2 is not allowed; use a list of 3 to 256 [x, y] points',
      ],
      [
        area(Array.from({ length: 257 }, () => [0, 0])),
        'policy.areas[0].points: a list of 257 is not allowed; use a list of 3 to 256 [x, y] points',
      ],
      [
        area([...triangle, [0.5, Number.NaN]]),
        'policy.areas[0].points[3][1]: NaN is not allowed; use a number from 0 to 1',
      ],
      [
        area([...triangle, [1, 2, 3]]),
        'policy.areas[0].points[3]: a list of 3 is not allowed; use a point as [x, y], each from 0 to 1',
      ],
      [
        area([
          [0, 0.1],
          [0.3, 0.2],
          [0.9, 0.4],
          [0.3, 0.2],
        ]),
        'policy.areas[0].points: the points lie on one line; draw an area',
      ],
      [
        area([
          [0.5, 0.5],
          [0.5, 0.5],
          [0.5, 0.5],
        ]),
        'policy.areas[0].points: the points lie on one line; draw an area',
      ],
      [{ areas: [{ points: triangle }] }, 'policy.areas[0].kind: is missing; use "include", "exclude" or "always"'],
      [
        { areas: Array.from({ length: 65 }, () => area(triangle).areas[0]) },
        'policy.areas: a list of 65 is not allowed; use a list of 0 to 64 areas',
      ],
      [
        {
          areas: Array.from(
            { length: 8 },
            () => area(Array.from({ length: 251 }, (_, i) => [i / 251, (i % 2) / 2])).areas[0],
          ),
        },
        'policy.areas: 2008 points in all; use 2000 or fewer',
      ],
      ['text', 'policy: "text" is not allowed; use an object { ... }'],
    ];
    for (const [input, message] of table)
      assert.throws(() => parsePolicy(input), { constructor: InputError, message }, message);
  });

  it('refuses what this version cannot do, and says what it can', () => {
    const table: readonly (readonly [object, string])[] = [
      [{ method: 'ai' }, 'policy.method: "ai" is not available in this version; use "motion"'],
      [{ method: 'both' }, 'policy.method: "both" is not available in this version; use "motion"'],
      [{ targets: ['people', 'faces'] }, 'policy.targets: "faces" is not available in this version; use "people"'],
      [{ shape: 'body' }, 'policy.shape: "body" is not available in this version; use "box"'],
      [{ invert: true }, 'policy.invert: true is not available in this version; use false'],
      [
        { invert: true, style: 'background' },
        'policy.style: "background" cannot go with "invert": there is no background to show; ' +
          'use "pixelate", "blur" or "solid"',
      ],
    ];
    for (const [input, message] of table)
      assert.throws(() => parsePolicy(input), { constructor: InputError, message }, message);
  });

  it('refuses an unknown key by name and suggests the known one', () => {
    const message = (input: unknown) => {
      try {
        parsePolicy(input);
      } catch (error) {
        return (error as Error).message;
      }
      return assert.fail('accepted');
    };
    assert.equal(message({ mergetime: 3 }), 'policy.mergetime: no such setting; did you mean "mergeTime"?');
    assert.equal(message({ sensitvity: 3 }), 'policy.sensitvity: no such setting; did you mean "sensitivity"?');
    assert.equal(message({ areas: [{ knid: 1 }] }), 'policy.areas[0].knid: no such setting; did you mean "kind"?');
    assert.match(message({ zebra: 1 }), /^policy\.zebra: no such setting; known here: method, targets, /);
    assert.match(message(JSON.parse('{"__proto__": {"size": 0}}')), /^policy\.__proto__: no such setting/);
    assert.match(message({ constructor: 1 }), /^policy\.constructor: no such setting/);
  });

  it('never answers anything but a valid policy or a one-line InputError', () => {
    const value = fc.oneof(fc.anything(), fc.double(), fc.string(), fc.constantFrom('1 h', true, 'motion', '#123456'));
    const input = fc.oneof(
      fc.anything(),
      fc.dictionary(fc.oneof(fc.constantFrom(...Object.keys(defaultPolicy)), fc.string()), value),
      fc.array(fc.array(fc.array(fc.double(), { maxLength: 3 }), { maxLength: 5 }), { maxLength: 2 }).map((areas) => ({
        areas: areas.map((points) => ({ kind: 'always', points })),
      })),
    );
    fc.assert(
      fc.property(input, (given) => {
        try {
          const policy = parsePolicy(given);
          assert.deepEqual(parsePolicy(policy), policy);
          assert.ok(policy.mergeTime >= 1 && policy.mergeTime <= 604_800);
          for (const { points } of policy.areas) assert.ok(points.flat().every((share) => share >= 0 && share <= 1));
        } catch (error) {
          assert.ok(error instanceof InputError, String(error));
          assert.match(error.message, /^policy[^\n\r]*$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
