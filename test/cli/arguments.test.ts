import assert from 'node:assert/strict';
import fc from 'fast-check';
import { COMMANDS, type MaskCommand, parseCommandLine } from '../../src/cli/arguments.js';
import { helpText } from '../../src/cli/help.js';
import { InputError } from '../../src/errors.js';
import { describeFields } from '../../src/settings/index.js';

function mask(...words: string[]): MaskCommand {
  const command = parseCommandLine(['mask', 'in.mp4', 'out.mp4', ...words]);
  assert.equal(command.name, 'mask');
  return command as MaskCommand;
}

describe('the command line', () => {
  it('reads a mask command with every kind of flag', () => {
    const command = parseCommandLine([
      ...['mask', '--sensitivity=40', 'in.mp4', '--merge-time', '15 min', 'out.mp4', '--color', '#ff00ff'],
      ...['--targets', 'people, faces', '--include', '0,0 1,0 .5,1', '--always', '0.1,0.2 0.3,0.4', '--no-invert'],
      ...['--audio', '--limit', '25', '--masks', 'm.mkv', '--report', 'r.json', '--learn', 'live', '--quiet'],
      ...['--settings', 's.json'],
    ]);
    assert.equal(command.name, 'mask');
    const { chosen, ...rest } = command as MaskCommand;
    assert.deepEqual(rest, {
      name: 'mask',
      input: 'in.mp4',
      output: 'out.mp4',
      settings: 's.json',
      masks: 'm.mkv',
      report: 'r.json',
      limit: 25,
      learn: 'live',
      quiet: true,
    });
    assert.deepEqual(Object.fromEntries([...chosen.fields].map(([path, { value }]) => [path, value])), {
      'policy.sensitivity': 40,
      'policy.mergeTime': '15 min',
      'policy.color': '#ff00ff',
      'policy.targets': ['people', 'faces'],
      'policy.invert': false,
      'audio.enabled': true,
    });
    assert.deepEqual(chosen.areas, [
      {
        kind: 'include',
        points: [
          [0, 0],
          [1, 0],
          [0.5, 1],
        ],
      },
      {
        kind: 'always',
        points: [
          [0.1, 0.2],
          [0.3, 0.4],
        ],
      },
    ]);
  });

  it('has a flag and a help entry for every setting of the policy', () => {
    for (const { path, type, available } of describeFields()) {
      if (!path.startsWith('policy.') || type === 'areas') continue;
      const name = path.replace('policy.', '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      assert.ok(
        COMMANDS.mask.some((flag) => flag.name === name),
        name,
      );
      assert.equal(helpText('mask').includes(`  --${name}`), available, name);
    }
    for (const flag of [
      '--include',
      '--exclude',
      '--always',
      '--settings',
      '--masks',
      '--report',
      '--limit',
      '--learn',
    ])
      assert.ok(helpText('mask').includes(`  ${flag} `), flag);
    for (const line of `${helpText()}${helpText('mask')}${helpText('probe')}`.split('\n'))
      assert.ok(line.length <= 120, line);
  });

  it('takes the last of a flag given twice, and what follows "--" for file names', () => {
    const { chosen } = mask('--style', 'blur', '--style', 'solid');
    assert.equal(chosen.fields.get('policy.style')?.value, 'solid');
    const command = parseCommandLine(['mask', '--quiet', '--', '-in.mp4', '--out.mp4']) as MaskCommand;
    assert.deepEqual([command.input, command.output], ['-in.mp4', '--out.mp4']);
  });

  it('knows help and version in every place people look for them', () => {
    assert.deepEqual(parseCommandLine(['--version']), { name: 'version' });
    for (const words of [['--help'], ['-h'], ['help'], ['help', 'nonsense']])
      assert.deepEqual(parseCommandLine(words), { name: 'help' });
    for (const words of [
      ['help', 'mask'],
      ['mask', '--help'],
      ['mask', '-h'],
      ['mask', 'in.mp4', '--help'],
    ])
      assert.deepEqual(parseCommandLine(words), { name: 'help', about: 'mask' });
  });

  it('tells a mistake in one line, with what was probably meant', () => {
    const table: readonly (readonly [string[], string])[] = [
      [[], 'no command given; privacy-shield --help lists them'],
      [['maks'], 'unknown command "maks"; did you mean "mask"?'],
      [['serve'], '"serve" is not available in this version; use mask or probe'],
      [['mask'], 'mask needs two files: privacy-shield mask INPUT OUTPUT'],
      [['mask', 'a'], 'mask needs two files: privacy-shield mask INPUT OUTPUT'],
      [['mask', 'a', 'b', 'c'], 'mask takes two files, INPUT and OUTPUT; "c" is one too many'],
      [['mask', 'a', 'b', '--sensitivty', '4'], 'unknown flag "--sensitivty"; did you mean "--sensitivity"?'],
      [['mask', 'a', 'b', '--mergeTime', '4'], 'unknown flag "--mergeTime"; did you mean "--merge-time"?'],
      [['mask', 'a', 'b', '--no-style'], 'unknown flag "--no-style"; did you mean "--style"?'],
      [['mask', 'a', 'b', '-x'], 'unknown flag "-x"; privacy-shield mask --help lists them'],
      [['mask', 'a', 'b', '--size'], '--size needs a value: --size N'],
      [['mask', 'a', 'b', '--size='], '--size needs a value: --size N'],
      [['mask', 'a', 'b', '--limit', '--quiet'], '--limit needs a value: --limit N'],
      [['mask', 'a', 'b', '--limit', '0'], '--limit: "0" is not allowed; use a number of frames from 1'],
      [['mask', 'a', 'b', '--limit', '1e3'], '--limit: "1e3" is not allowed; use a number of frames from 1'],
      [['mask', 'a', 'b', '--learn', 'never'], '--learn: "never" is not allowed; use "ahead" or "live"'],
      [['mask', 'a', 'b', '--quiet=yes'], '--quiet takes no value; leave out "=yes"'],
      [
        ['mask', 'a', 'b', '--include', '0,0 1,x 1,1'],
        `--include: "1,x" is not a point; use 'x,y x,y x,y' with shares of the picture from 0 to 1`,
      ],
      [
        ['mask', 'a', 'b', '--always', 'NaN,0 1,1 0,1'],
        `--always: "NaN,0" is not a point; use 'x,y x,y x,y' with shares of the picture from 0 to 1`,
      ],
      [['probe', 'a'], 'probe takes no file; leave out "a"'],
      [['probe', '--size', '4'], 'unknown flag "--size"; privacy-shield probe --help lists them'],
    ];
    for (const [words, message] of table)
      assert.throws(() => parseCommandLine(words), { constructor: InputError, message }, message);
  });

  it('answers any words with a command or an InputError', () => {
    const flag = fc.constantFrom(
      ...COMMANDS.mask.map(({ name }) => `--${name}`),
      '--',
      '-',
      '-h',
      '--no-invert',
      '--=',
    );
    const words = fc.array(fc.oneof(flag, fc.string(), fc.constantFrom('0,0 1,1 1,0', '40', 'a=b')), { maxLength: 8 });
    fc.assert(
      fc.property(words, (given) => {
        try {
          assert.ok(parseCommandLine(['mask', ...given]).name);
        } catch (error) {
          assert.ok(error instanceof InputError, String(error));
          assert.doesNotMatch(error.message, /[\n\r]/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
