// The table of the gate is the test: a snapshot in, what leaves out.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decideGate, endsReveal, type GateReason, type GateSnapshot, type GateState } from '../../src/engine/gate.js';

const quiet: GateSnapshot = {
  method: 'both',
  readable: true,
  started: true,
  camera: 'steady',
  areas: 'drawn',
  sceneCut: false,
  unexplainedChange: 0,
  learning: false,
  infraredSwitch: false,
  gainTrusted: true,
  detector: 'working',
  revealed: false,
  proven: true,
};
const motion = { method: 'motion', detector: undefined } as const;
const ai = { method: 'ai' } as const;

const table: [string, Partial<GateSnapshot>, GateState, GateReason][] = [
  ['all is well', {}, 'mask', 'proven'],
  ['motion needs no detector', motion, 'mask', 'proven'],

  ['settings or model unreadable', { readable: false }, 'nothing', 'unreadable'],
  ['worker just started', { started: false, revealed: true }, 'nothing', 'starting'],

  ['camera on the move', { camera: 'moving', areas: 'none' }, 'everything', 'camera-moved'],
  ['camera elsewhere, areas drawn', { camera: 'elsewhere' }, 'everything', 'camera-moved'],
  ['camera elsewhere, areas confirmed', { camera: 'elsewhere', areas: 'confirmed' }, 'mask', 'proven'],
  ['camera elsewhere, no areas', { camera: 'elsewhere', areas: 'none' }, 'mask', 'proven'],
  ['scene cut', { sceneCut: true, revealed: true }, 'everything', 'scene-cut'],
  ['more changed than anything explains', { unexplainedChange: 0.61 }, 'everything', 'unexplained-change'],
  ['as much as is still believed', { unexplainedChange: 0.6 }, 'mask', 'proven'],
  ['a share that could not be measured', { unexplainedChange: Number.NaN }, 'everything', 'unexplained-change'],

  ['learning', { ...motion, learning: true, revealed: true }, 'maskable', 'learning'],
  ['learning, both methods', { learning: true }, 'maskable', 'learning'],
  ['learning, AI alone', { ...ai, learning: true }, 'mask', 'proven'],
  ['infrared switched', { ...ai, infraredSwitch: true }, 'maskable', 'infrared'],
  ['brightness unknown', { ...motion, gainTrusted: false }, 'maskable', 'light'],
  ['brightness unknown, AI alone', { ...ai, gainTrusted: false }, 'mask', 'proven'],

  ['detector late', { ...ai, detector: 'late' }, 'maskable', 'detector-late'],
  ['detector failed', { detector: 'failed', revealed: true }, 'maskable', 'detector-failed'],
  ['last answer too old', { ...ai, detector: 'stale' }, 'maskable', 'detector-stale'],
  ['no detector where one is needed', { detector: undefined }, 'maskable', 'detector-failed'],
  ['a broken detector that nobody asks', { ...motion, detector: 'failed' }, 'mask', 'proven'],

  ['revealed by the owner', { revealed: true }, 'revealed', 'owner'],
  ['revealed, and not proven either', { revealed: true, proven: false }, 'revealed', 'owner'],
  ['the window is not complete', { ...motion, proven: false }, 'maskable', 'unproven'],
];

describe('the gate', () => {
  it('decides by the table', () => {
    for (const [what, change, state, why] of table)
      assert.deepEqual(decideGate({ ...quiet, ...change }), { state, why }, what);
  });

  it('never opens further when something else goes wrong too', () => {
    const snapshot: fc.Arbitrary<GateSnapshot> = fc.record({
      method: fc.constantFrom('motion', 'ai', 'both'),
      readable: fc.boolean(),
      started: fc.boolean(),
      camera: fc.constantFrom('steady', 'moving', 'elsewhere'),
      areas: fc.constantFrom('none', 'drawn', 'confirmed'),
      sceneCut: fc.boolean(),
      unexplainedChange: fc.constantFrom(0, 0.3, 0.9, Number.NaN),
      learning: fc.boolean(),
      infraredSwitch: fc.boolean(),
      gainTrusted: fc.boolean(),
      detector: fc.constantFrom('working', 'late', 'failed', 'stale', undefined),
      revealed: fc.boolean(),
      proven: fc.boolean(),
    });
    const faults: Partial<GateSnapshot>[] = [
      { readable: false },
      { started: false },
      { camera: 'moving' },
      { camera: 'elsewhere', areas: 'drawn' },
      { sceneCut: true },
      { unexplainedChange: 1 },
      { learning: true },
      { infraredSwitch: true },
      { gainTrusted: false },
      { detector: 'failed' },
      { proven: false },
    ];
    const openness: Record<GateState, number> = { nothing: 0, everything: 1, maskable: 2, mask: 3, revealed: 4 };
    fc.assert(
      fc.property(snapshot, fc.constantFrom(...faults), (before, fault) => {
        const open = openness[decideGate(before).state];
        assert.ok(openness[decideGate({ ...before, ...fault }).state] <= open);
      }),
      { numRuns: 1000 },
    );
  });

  it('ends a reveal when the scene is no longer the one the owner asked to see', () => {
    assert.equal(endsReveal(decideGate({ ...quiet, revealed: true, camera: 'moving' })), true);
    assert.equal(endsReveal(decideGate({ ...quiet, revealed: true, started: false })), true);
    assert.equal(endsReveal(decideGate({ ...quiet, revealed: true, detector: 'late' })), false);
    assert.equal(endsReveal(decideGate({ ...quiet, revealed: true })), false);
  });
});
