import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../src/settings/index.js';

describe('durations', () => {
  it('are read as people write them', () => {
    const table: readonly (readonly [string, number | undefined])[] = [
      ['1h', 3600],
      ['15 min', 900],
      ['90s', 90],
      ['500ms', 0.5],
      ['1 h 30 min', 5400],
      ['1h30m', 5400],
      ['2 Days', 172_800],
      ['1.1s', 1.1],
      [' 42 ', 42],
      ['0.5', 0.5],
      ['', undefined],
      ['h', undefined],
      ['1 fortnight', undefined],
      ['1h 30', undefined],
      ['-1s', undefined],
      ['1e3s', undefined],
      ['Infinity', undefined],
      ['1,5 h', undefined],
    ];
    for (const [text, seconds] of table) assert.equal(parseDuration(text, 's'), seconds, text);
    assert.equal(parseDuration('500', 'ms'), 500);
    assert.equal(parseDuration('1.1s', 'ms'), 1100);
  });

  it('come back from what is written of them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 604_800_000 }),
        fc.constantFrom('s' as const, 'ms' as const),
        (value, unit) => {
          assert.equal(parseDuration(formatDuration(value, unit), unit), value);
        },
      ),
    );
    assert.deepEqual(
      [3600, 5400, 90, 604_800, 0].map((seconds) => formatDuration(seconds, 's')),
      ['1 h', '90 min', '90 s', '7 d', '0 s'],
    );
  });

  it('are read from any text without an exception and in linear time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), (text) => {
        const value = parseDuration(text, 'ms');
        assert.ok(value === undefined || value >= 0);
      }),
    );
    assert.equal(parseDuration(`${'1 '.repeat(50_000)}x`, 's'), undefined);
  });
});
