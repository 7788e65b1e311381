// The rules of the motion method, one test each, told as scenes: who is covered, from when, until when.
import assert from 'node:assert/strict';
import type { Area } from '../../src/engine/zones.js';
import { type Person, Place, type Shot } from './scenes.js';
import { type Seen, Watch, worst } from './watch.js';

/** Stands in the middle of a picture of 256x144. */
const ann: Person = { x: 100, y: 60, height: 48 };
const bob: Person = { x: 200, y: 40, height: 56 };
const LOOK_BACK_MS = 100;

const left: Area = { kind: 'include', points: [[0, 0], [0.5, 0], [0.5, 1], [0, 1]] }; // biome-ignore format: a rectangle

/** From left to right, 40 pixels a second. */
const walker = (t: number): Person => ({ x: Math.round(40 * t), y: 50, height: 56 });
const share = (seen: Seen) => seen.share;
const all = (frames: readonly Seen[], why: string) => frames.every(({ gate }) => gate.why === why);

describe('the motion method', () => {
  it('covers people who come, walk, cross and leave, and nothing once they are gone', () => {
    const watch = new Watch().know();
    watch.play(1, {}).play(7, (t) => ({ people: [walker(t), { ...walker(7 - t), y: 20 }] }));
    watch.play(2, {}).end();
    assert.equal(
      worst(watch.seen, (seen) => watch.visible(seen)),
      0,
    );
    assert.equal(worst(watch.between(0, 700), share), 0);
    assert.equal(worst(watch.between(8200), share), 0);
    assert.ok(worst(watch.seen, share) < 0.35);
  });

  it('masks a person who stands still until the merge time, to the frame, at 1, 15 and 30 fps and at variable rate', () => {
    const mergeTime = 12;
    const steady = (fps: number) => Array.from({ length: 16 * fps }, (_, i) => (i * 1000) / fps);
    const pauses = [33, 40, 33, 900, 66, 33, 150, 400];
    const variable: number[] = [0];
    while (variable[variable.length - 1] < 16_000)
      variable.push(variable[variable.length - 1] + pauses[variable.length % pauses.length]);
    for (const times of [steady(1), steady(15), steady(30), variable]) {
      const watch = new Watch({ policy: { mergeTime } }).know();
      const people = [ann];
      const first = times.findIndex((at) => at >= 2000);
      for (const [i, at] of times.entries()) watch.show(i < first ? {} : { people }, at);
      watch.end();
      // The frame in which the time is up is the last in which she counts; its look-back, a frame at least, covers on.
      const last = times.findIndex((at) => at >= times[first] + mergeTime * 1000);
      const name = `${times.length} frames`;
      for (const [i, seen] of watch.seen.entries()) {
        if (i < first) continue;
        const covered = i <= last + 1 || times[i] <= times[last] + LOOK_BACK_MS;
        assert.equal(watch.visible(seen, people), covered ? 0 : 1, `${name}: frame ${i} of ${last}, ${seen.at} ms`);
        if (covered) assert.ok(seen.share < 0.1, name);
      }
    }
  });

  it('lets a clock run on through gaps of a second, and start anew after longer ones', () => {
    for (const [gap, merged] of [
      [0.8, true],
      [1.4, false],
    ] as const) {
      // biome-ignore format: a table
      const watch = new Watch({ policy: { mergeTime: 8 } }).know();
      watch
        .play(4, { people: [ann] })
        .play(gap, {})
        .play(8 - 4 - gap + 1, { people: [ann] })
        .end();
      const [seen] = watch.seen.slice(-1);
      assert.equal(watch.visible(seen, [ann]), merged ? 1 : 0, `after a gap of ${gap} s`);
    }
  });

  it('adds one frame to merge timers at a jump of the time stamps', () => {
    for (const jump of [3_600_000, 60_000]) {
      const watch = new Watch({ policy: { mergeTime: 10 }, lookAhead: 0 }).know();
      watch
        .play(5, { people: [ann] }, 10)
        .setClockAhead(jump)
        .play(7, { people: [ann] }, 10)
        .end();
      const gone = watch.seen.find((seen) => watch.visible(seen) === 1);
      assert.ok(gone && gone.at > 9900 && gone.at <= 10_300, `a jump of ${jump}: seen at ${gone?.at}`);
    }
  });

  it('learns live for 10 s and from 50 frames, with the maskable part masked whole', () => {
    for (const [fps, until] of [
      [15, 10_000],
      [2, 24_500],
      [1, 49_000],
    ] as const) {
      // biome-ignore format: a table
      const watch = new Watch({ policy: { areas: [left] } });
      watch.play(until / 1000 + 3, (t) => ({ people: [walker(t % 7)] }), fps);
      watch.play(3, { people: [{ ...ann, x: 50 }] }, fps).end();
      const learning = watch.between(0, until);
      assert.ok(all(learning, 'learning'), `${fps} fps`);
      for (const { mask } of learning) {
        assert.ok(
          mask.every((covered, i) => (covered === 255) === i % 256 < 128),
          `${fps} fps`,
        );
      }
      const learnt = watch.between(until + Math.max(1000 / fps, LOOK_BACK_MS) + 1);
      assert.ok(all(learnt, 'proven') && worst(learnt, share) < 0.3, `${fps} fps`);
      assert.equal(
        worst(watch.between(until + 3000), (seen) => watch.visible(seen)),
        0,
        `${fps} fps`,
      );
    }
  });

  it('learns ahead from the scene a recording begins with, in its light, whatever happens later', () => {
    const coat = { left: 0, top: 0, right: 180, bottom: 144, color: [30, 128, 128] } as const;
    const cases: [string, later: Shot, learnt: boolean][] = [
      ['darker', { light: 0.6 }, true],
      ['brighter', { light: 1.4 }, true],
      ['lights out', { light: 0.06 }, false],
      ['moved', { shift: [13, 0] }, false],
      ['another scene', { elsewhere: true }, false],
      ['infrared', { infrared: true }, false],
      ['a coat before the lens', { slabs: [coat] }, false],
    ];
    for (const [name, later, learnt] of cases) {
      // For more than half of the recording it is otherwise; all the time somebody walks.
      const watch = new Watch().know((i) => ({ ...(i >= 8 && later), people: [walker(i * 0.3)] }));
      assert.deepEqual(watch.learnt, [...Array(8).fill(true), ...Array(12).fill(learnt)], name);
      // biome-ignore format: a table
      watch.play(2, {}).play(3, { people: [ann] }).end();
      assert.equal(worst(watch.between(0, 1700), share), 0, name);
      assert.equal(
        worst(watch.seen, (seen) => watch.visible(seen)),
        0,
        name,
      );
      assert.ok(worst(watch.seen, share) < 0.15, name);
    }
  });

  it('takes what stands still into the background at a reset, after it masked everything for as long as it learnt', () => {
    const watch = new Watch().know();
    watch.play(2, { people: [ann] });
    watch.engine.reset();
    watch
      .play(12, { people: [ann] })
      .play(2, { people: [ann, bob] })
      .end();
    // Frames that were waiting when it was reset are decided by what is known now.
    assert.equal(
      worst(watch.between(0, 2000), (seen) => watch.visible(seen)),
      0,
    );
    assert.ok(all(watch.between(1800, 11_900), 'learning'));
    assert.ok(watch.between(1800, 11_900).every((seen) => seen.share === 1));
    assert.equal(Math.min(...watch.between(12_500, 13_700).map((seen) => watch.visible(seen))), 1);
    assert.equal(
      worst(watch.between(14_000), (seen) => watch.visible(seen, [bob])),
      0,
    );
  });

  it('keeps people covered at an exposure step of x0.6 or x1.4, and masks at most 15 % a second later', () => {
    for (const colorfulness of [0, 1, 3])
      for (const light of [0.6, 1.4]) {
        const watch = new Watch({ place: new Place(256, 144, { colorfulness }) }).know();
        const people = (t: number) => ({ people: [ann, walker(t)] });
        watch.play(2, people).play(4, (t) => ({ ...people(t + 2), light }));
        watch.play(4, { people: [ann] }).end();
        const name = `x${light}, colours x${colorfulness}`;
        assert.equal(
          worst(watch.seen, (seen) => watch.visible(seen)),
          0,
          name,
        );
        const later = watch.between(3000, 5700);
        assert.ok(worst(later, share) <= 0.15, `${name}: ${worst(later, share)}`);
        assert.ok(worst(watch.between(7000), share) <= 0.15, `${name}, back`);
      }
  });

  it('masks whole a picture too dark to tell anybody in, and knows the place again when the light is back', () => {
    const watch = new Watch().know();
    const people = (t: number): Shot => ({ people: [walker(t % 7)] });
    watch.play(2, people).play(20, (t) => ({ ...people(t + 2), light: 0.05 }));
    watch
      .play(4, (t) => people(t + 22))
      .play(2, {})
      .end();
    assert.equal(
      worst(watch.seen, (seen) => watch.visible(seen)),
      0,
    );
    assert.ok(watch.between(2000, 22_000).every((seen) => seen.share === 1));
    assert.ok(all(watch.between(10_000, 21_700), 'light'));
    assert.ok(all(watch.between(24_000), 'proven') && worst(watch.between(24_000), share) < 0.2);
  });

  it('follows a light that is dimmed to a tenth and back within seconds, and hides nothing for it', () => {
    const watch = new Watch().know();
    watch
      .play(2, {})
      .play(3, (t) => ({ light: 1 - 0.3 * t }))
      .play(6, { light: 0.1 });
    watch
      .play(3, (t) => ({ light: 0.1 + 0.3 * t }))
      .play(3, {})
      .play(2, { people: [ann] })
      .end();
    assert.ok(worst(watch.seen, share) <= 0.15, `${worst(watch.seen, share)}`);
    assert.equal(
      worst(watch.seen, (seen) => watch.visible(seen)),
      0,
    );
  });

  it('does not take a dark coat that fills 70 % of the picture within 5 frames for dusk, and masks all of it', () => {
    // A grey place but for a lawn on the left: the coat hides all there is of colour.
    for (const lawn of [false, true]) {
      const place = new Place(256, 144, { colorfulness: lawn ? 0 : 1 });
      const green = { left: 0, top: 20, right: 128, bottom: 144, color: [90, 122, 122] } as const;
      const slabs = lawn ? [green] : [];
      const coat = (reach: number): Shot => ({
        slabs: [...slabs, { left: 0, top: 0, right: Math.round(256 * reach), bottom: 144, color: [30, 128, 128] }],
      });
      const watch = new Watch({ place }).know({ slabs });
      watch.play(2, { slabs }).play(15, (t) => coat(Math.min(0.7, 0.14 * (1 + Math.round(t * 15)))));
      watch.play(3, { slabs }).end();
      const hidden = (seen: Seen) => {
        const reach = seen.shot.slabs?.at(-1)?.right ?? 0;
        return seen.mask.filter((covered, i) => covered === 0 && i % 256 < reach).length;
      };
      const stands = watch.between(2000, 17_000);
      assert.equal(worst(stands, hidden), 0, `pixels of the coat seen ${lawn ? 'over a lawn' : ''}`);
      assert.ok(stands.every(({ gate }) => gate.why === 'unexplained-change' || gate.why === 'light'));
      assert.equal(worst(watch.between(17_300), share), 0, 'the place is clear once the coat has left');
    }
  });

  it('keeps who stood there masked through darkness, learns nobody in it, and keeps no ghosts of it', () => {
    const people = [ann];
    const fade = (t: number) => ({ light: 1 - 0.3 * t });
    const dawn = (t: number) => ({ light: 0.1 + 0.3 * t });
    const stays = new Watch().know();
    stays
      .play(2, { people })
      .play(3, (t) => ({ people, ...fade(t) }))
      .play(10, { people, light: 0.1 });
    stays.play(3, (t) => ({ people, ...dawn(t) })).play(4, { people }).play(3, {}).end(); // biome-ignore format: a story
    assert.equal(
      worst(stays.seen, (seen) => stays.visible(seen)),
      0,
    );
    assert.ok(worst(stays.seen, share) <= 0.15);
    assert.equal(worst(stays.between(22_500), share), 0, 'clear when she has left');

    const leaves = new Watch().know();
    leaves
      .play(2, { people })
      .play(3, (t) => ({ people, ...fade(t) }))
      .play(4, { light: 0.1 });
    leaves.play(3, dawn).play(3, {}).end(); // biome-ignore format: a story
    assert.ok(worst(leaves.between(6000, 8500), share) > 0.02, 'nobody knows in the dark that she left');
    assert.equal(worst(leaves.between(12_500), share), 0);

    // Long enough in the dark to be learnt, had it been light.
    const comes = new Watch().know();
    comes.play(2, {}).play(3, fade).play(1, { light: 0.1 }).play(30, { people, light: 0.1 });
    comes.play(3, (t) => ({ people, ...dawn(t) })).play(6, { people }).end(); // biome-ignore format: a story
    assert.equal(
      worst(comes.between(38_000), (seen) => comes.visible(seen)),
      0,
    );

    const out = new Watch().know();
    out.play(2, { people }).play(10, { people, light: 0 }).play(4, { people }).play(2, {}).end(); // biome-ignore format: a story
    assert.equal(
      worst(out.seen, (seen) => out.visible(seen)),
      0,
    );
    assert.ok(worst(out.between(12_500, 15_800), share) <= 0.15, 'the light is back, and all is as it was');
    assert.equal(worst(out.between(16_500), share), 0);
  });

  it('forgets what darkness kept once the merge time is up', () => {
    const watch = new Watch({ policy: { mergeTime: 12 } }).know();
    const people = [ann];
    watch.play(2, { people }).play(20, { people, light: 0.1 }).play(4, { people }).end();
    assert.equal(
      worst(watch.between(0, 11_900), (seen) => watch.visible(seen)),
      0,
    );
    assert.equal(Math.min(...watch.between(12_500, 21_500).map((seen) => watch.visible(seen))), 1);
  });

  it('does not take a coat that fills the picture in one frame for another scene, at any rate', () => {
    for (const fps of [1, 2, 15])
      for (const right of [190, 256]) {
        const watch = new Watch().know();
        const coat: Shot = { slabs: [{ left: 0, top: 0, right, bottom: 144, color: [30, 128, 128] }] };
        watch.play(4, {}, fps).play(20, coat, fps).play(8, {}, fps).end();
        const name = `${right} pixels at ${fps} fps`;
        const stands = watch.between(4000, 24_000);
        assert.ok(all(stands, 'unexplained-change') && stands.every((seen) => seen.share === 1), name);
        assert.equal(worst(watch.between(24_000 + Math.max(1100 / fps, 300)), share), 0, name);
      }
  });

  it('relearns a scene that comes out of a blur, and carries only who was there before it', () => {
    const watch = new Watch().know();
    const blur: Shot = { slabs: [{ left: 0, top: 0, right: 256, bottom: 144, color: [120, 128, 128] }] };
    watch
      .play(2, { people: [ann] })
      .play(0.4, blur)
      .play(16, { elsewhere: true })
      .end();
    assert.ok(all(watch.between(3000, 7000), 'scene-cut'));
    const learnt = watch.between(13_000);
    assert.ok(all(learnt, 'proven') && worst(learnt, share) < 0.15);
  });

  it('recovers from a shadow that crept over most of the picture, and keeps covered who stands in it', () => {
    const watch = new Watch().know();
    const people = [ann];
    const creeping = (t: number) => ({ from: Math.round(256 * (1 - 0.0375 * t)), light: 0.5 });
    watch.play(2, { people }).play(20, (t) => ({ people, shade: creeping(t) }));
    watch.play(20, { people, shade: creeping(20) }).end();
    assert.equal(
      worst(watch.seen, (seen) => watch.visible(seen)),
      0,
    );
    assert.ok(watch.seen.some(({ gate }) => gate.why === 'unexplained-change'));
    const after = watch.between(34_000);
    assert.ok(all(after, 'proven') && worst(after, share) < 0.3, `${worst(after, share)}`);
  });

  it('masks what comes in a picture of a few cells', () => {
    for (const size of [2, 4, 6, 8, 16]) {
      const watch = new Watch({ place: new Place(size, size) }).know();
      watch.play(2, {});
      watch.play(3, { slabs: [{ left: 0, top: 0, right: size, bottom: size, color: [200, 100, 160] }] }).end();
      assert.equal(worst(watch.between(0, 1700), share), 0, `${size} pixels`);
      assert.ok(watch.between(2000).every((seen) => seen.share === 1), `${size} pixels`); // biome-ignore format: a line
    }
  });

  it('masks whole at an infrared switch, relearns within 10 s, and keeps covered who stood there', () => {
    const watch = new Watch().know();
    watch.play(3, { people: [ann] }).play(14, { people: [ann], infrared: true });
    watch
      .play(12, { people: [ann] })
      .play(2, { people: [ann, bob] })
      .end();
    assert.equal(
      worst(watch.seen, (seen) => watch.visible(seen)),
      0,
    );
    for (const from of [3000, 17_000]) {
      assert.ok(watch.between(from, from + 4500).every(({ gate, share }) => gate.why === 'infrared' && share === 1));
      const learnt = watch.between(from + 10_000, from + 11_500);
      assert.ok(all(learnt, 'proven') && worst(learnt, share) < 0.15);
    }
  });

  it('masks everything at a scene cut, relearns within 10 s, and never takes in what was foreground', () => {
    for (const fps of [15, 2]) {
      const watch = new Watch({ policy: { mergeTime: 20, areas: [left] } }).know();
      watch.play(2, { people: [{ ...ann, x: 40 }] }, fps);
      watch.play(20, { elsewhere: true, people: [{ ...ann, x: 40 }] }, fps).end();
      const before = (1000 / fps) * Math.ceil((200 * fps) / 1000);
      const event = watch.between(2000 - before, 6500);
      assert.ok(all(event, 'scene-cut') && event.every((seen) => seen.share === 1), 'areas do not count');
      const learnt = watch.between(12_000 + LOOK_BACK_MS, 20_000);
      assert.ok(all(learnt, 'proven') && worst(learnt, share) < 0.15);
      assert.equal(
        worst(watch.between(0, 20_000), (seen) => watch.visible(seen)),
        0,
        'until her own time is up',
      );
      assert.equal(watch.visible(watch.seen[watch.seen.length - 1]), 1, 'and no longer');
    }
  });

  it('notices a camera nudged by 5 %: without areas it returns by itself, with areas when the old view is back', () => {
    for (const shift of [[13, 0], [-13, 0], [0, 7], [9, -7]] as const) // biome-ignore format: a list
      for (const areas of [[], [left]]) {
        const watch = new Watch({ policy: { areas } }).know();
        const people = [{ ...ann, x: 40 }];
        watch.play(2, { people }).play(14, { people, shift }).play(12, { people }).end();
        const name = `${shift} ${areas.length > 0 ? 'with' : 'without'} areas`;
        assert.equal(
          worst(watch.seen, (seen) => watch.visible(seen)),
          0,
          name,
        );
        for (const from of [2000, 16_000]) {
          assert.ok(all(watch.between(from, from + 4500), 'camera-moved'), name);
          assert.ok(
            watch.between(from, from + 4500).every((seen) => seen.share === 1),
            name,
          );
        }
        const away = watch.between(12_200, 15_700);
        if (areas.length > 0) assert.ok(all(away, 'camera-moved') && away.every((seen) => seen.share === 1), name);
        else assert.ok(all(away, 'proven') && worst(away, share) < 0.3, name);
        const back = watch.between(26_200);
        assert.ok(all(back, 'proven') && worst(back, share) < 0.3, name);
      }
  });

  it('masks always-areas over exclude over include, and judges a person half inside an area whole', () => {
    const rectangle = (kind: Area['kind'], x0: number, y0: number, x1: number, y1: number): Area => ({
      kind,
      points: [[x0, y0], [x1, y0], [x1, y1], [x0, y1]], // biome-ignore format: a rectangle
    });
    // Include the left half, leave out its top, always mask a corner of that. Cells are 2 pixels: borders lie on them.
    const areas = [
      rectangle('include', 0, 0, 0.5, 1),
      rectangle('exclude', 0, 0, 0.5, 0.5),
      rectangle('always', 0, 0, 0.25, 0.25),
    ];
    const watch = new Watch({ policy: { areas } }).know();
    const edge: Person = { x: 118, y: 48, height: 60 };
    watch
      .play(1, {})
      .play(1, { people: [edge] })
      .end();
    const maskable = (i: number) => i % 256 < 128 && Math.floor(i / 256) >= 72;
    const always = (i: number) => i % 256 < 64 && Math.floor(i / 256) < 36;
    for (const { mask } of watch.between(0, 700))
      assert.ok(mask.every((covered, i) => (covered === 255) === always(i)));
    const pixels = new Set(watch.place.pixelsOf(edge));
    for (const { mask } of watch.between(1000)) {
      assert.ok(mask.every((covered, i) => covered === 0 || maskable(i) || always(i)));
      assert.ok([...pixels].every((i) => (mask[i] === 255) === maskable(i)));
    }
    // A sliver of someone inside the area is no thing by itself; as part of one it is masked all the same.
    const sliver: Person = { x: 124, y: 74, height: 60 };
    const narrow = new Watch({ policy: { areas: [rectangle('include', 0, 0, 0.5, 1)] } }).know();
    narrow.play(1, { people: [sliver] }).end();
    for (const { mask } of narrow.seen)
      assert.ok(narrow.place.pixelsOf(sliver).every((i) => (mask[i] === 255) === i % 256 < 128));
  });

  it('never learns under a mask: slow light drift beside a standing person does not make the mask grow', () => {
    for (const drift of [0.1, -0.1]) {
      const watch = new Watch().know();
      watch
        .play(4, { people: [ann] }, 5)
        .play(150, (t) => ({ people: [ann], light: 1 + (drift * t) / 60 }), 5)
        .end();
      assert.equal(
        worst(watch.seen, (seen) => watch.visible(seen)),
        0,
      );
      const [before, after] = [watch.between(2000, 4000), watch.between(140_000)].map((seen) => worst(seen, share));
      assert.ok(after <= before * 1.1, `${drift * 100} % a minute: ${before} grew to ${after}`);
    }
  });

  it('lets no frame leave before its window is complete, and masks whole what must leave earlier', () => {
    const watch = new Watch({ lookAhead: 400 }).know();
    watch.play(2, {}, 10);
    assert.equal(watch.seen.length, 20 - 4, 'the frames of the look-ahead wait');
    watch.play(1, { people: [ann] }, 10).end();
    assert.equal(watch.seen.length, 30);
    // She is masked from 400 ms before she comes: whoever walks in has been expected.
    assert.equal(
      worst(watch.between(1600), (seen) => watch.visible(seen, [ann])),
      0,
    );
    assert.equal(worst(watch.between(0, 1600), share), 0);

    const short = new Watch({ lookAhead: 400, most: 2 }).know();
    short.play(2, {}, 10).end();
    const early = short.seen.slice(0, -2);
    assert.ok(all(early, 'unproven') && early.every((seen) => seen.share === 1));
    assert.ok(all(short.seen.slice(-2), 'proven'), 'at the end of a recording the window holds what there is');
  });

  it('masks whole a frame whose window holds evidence that is gone, or none at all', () => {
    const watch = new Watch({ lookAhead: 2, most: 4 }).know();
    watch
      .play(0.06, { people: [ann] }, 1000)
      .play(1, { people: [ann] }, 10)
      .end();
    const [first, last] = [watch.seen.slice(0, 10), watch.seen.slice(40, 60)];
    assert.ok(all(first, 'proven'));
    assert.ok(all(last, 'unproven') && last.every((seen) => seen.share === 1), 'sixty frames, and a ring of 28');
    assert.ok(all(watch.between(200), 'proven'));

    const nothing = watch.engine.gateOf([], true);
    assert.equal(nothing.state, 'nothing');
    assert.equal(watch.engine.share(watch.engine.maskOf([], nothing)), 1);
  });

  it('masks more the more sensitive it is, and the larger the size', () => {
    const scene = (t: number): Shot => ({ people: [walker(t)], slabs: [{ left: 40, top: 10, right: 60, bottom: 24, color: [104, 128, 128] }] }); // biome-ignore format: a scene
    const masked = (policy: { sensitivity?: number; size?: number }) => {
      const watch = new Watch({ policy }).know();
      watch.play(4, scene).end();
      return watch.seen.reduce((sum, seen) => sum + seen.share, 0) / watch.seen.length;
    };
    const bySensitivity = [0, 20, 50, 80, 100].map((sensitivity) => masked({ sensitivity }));
    const bySize = [0, 30, 60, 100].map((size) => masked({ size }));
    for (const shares of [bySensitivity, bySize])
      for (let i = 1; i < shares.length; i++) assert.ok(shares[i] >= shares[i - 1], shares.join(' '));
    assert.ok(bySize[3] > bySize[0] * 1.5);
  });
});
