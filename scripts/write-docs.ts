// Writes what is made from the settings' schema: docs/settings.md and config.schema.json. Run it after a change of the
// schema (`npm run docs`); a test holds both files to it.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { settingFlags } from '../src/cli/flags.js';
import { allowedFor, type Node, nodeAt } from '../src/settings/describe.js';
import { describeFields, type FieldDescription, formatDuration } from '../src/settings/index.js';

/** Every file made here, by its path in the repository. */
export function generatedFiles(): Readonly<Record<string, string>> {
  return { 'docs/settings.md': settingsPage(), 'config.schema.json': homebridgeForm() };
}

function settingsPage(): string {
  return `# Settings

<!-- Made from src/settings/schema.ts by \`npm run docs\`. Do not edit by hand. -->

A settings file is JSON: either a policy alone, \`{"style": "blur", "size": 70}\`, or a whole camera,
\`{"name": "Front door", "source": {"url": "..."}, "policy": {"style": "blur"}}\`. Every key may be left out except those
marked *required*. A key that is not listed here, a value out of range, and whatever this version cannot do yet are
refused in one line which names the key; nothing is ever ignored.

Durations are numbers in the unit of the setting, or texts such as \`"500ms"\`, \`"90s"\`, \`"15 min"\`, \`"1h"\`, \`"2d"\`.
On the command line a flag takes the place of what the file says; the areas of flags are added to those of the file.
What is marked *later* is settled but not built: only its default is accepted.

${sections().join('\n')}
## Areas

An area is \`{"name": "Street", "kind": "include", "points": [[0, 0.5], [1, 0.5], [1, 1], [0, 1]]}\`: a polygon of any
shape, self-crossing or not (even-odd rule). On the command line: \`--include '0,0.5 1,0.5 1,1 0,1'\`, as often as you
like.

${table(['setting', 'allowed', 'meaning'], areaRows())}`;
}

/** One section for the camera's own fields and one for each group of the schema, in its order. */
function sections(): readonly string[] {
  const groups = new Set(describeFields().map(({ path }) => (path.includes('.') ? path.split('.')[0] : '')));
  return [...groups].map((group) => {
    const { title = '', description = '' } = group ? (nodeAt([group]) ?? {}) : CAMERA;
    const fields = describeFields().filter(({ path }) => path.split('.').slice(0, -1)[0] === (group || undefined));
    const flags = fields.some((field) => flagOf(field) !== '');
    const head = ['setting', ...(flags ? ['flag'] : []), 'default', 'allowed', 'meaning'];
    const rows = fields.map((field) => [
      code(field.path.slice(group ? group.length + 1 : 0)),
      ...(flags ? [flagOf(field)] : []),
      defaultOf(field),
      allowedOf(field),
      `${field.available ? '' : '*Later.* '}${field.help}`,
    ]);
    return `## ${title}${group && ` (${code(group)})`}\n\n${description}\n\n${table(head, rows)}`;
  });
}

const CAMERA: Node = { title: 'The camera', description: 'Who it is.' };

function areaRows(): readonly (readonly string[])[] {
  const fields = Object.entries(nodeAt(['policy', 'areas', 0])?.properties ?? {});
  return fields.map(([key, node]) => [code(key), allowedFor(node, `policy.areas.${key}`), node.description ?? '']);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}

function flagOf(field: FieldDescription): string {
  if (field.path === 'policy.areas') return '`--include`, `--exclude`, `--always`';
  const flag = settingFlags.find((flag) => flag.field === field);
  return flag ? code(`--${flag.name}`) : '';
}

function defaultOf({ type, unit, default: value }: FieldDescription): string {
  if (value === undefined) return '*required*';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(code).join(', ');
  if (type === 'duration' && (unit === 's' || unit === 'ms')) return formatDuration(Number(value), unit);
  return value === '' ? 'empty' : typeof value === 'string' ? code(value) : String(value);
}

function allowedOf({ type, min, max, unit, choices, later }: FieldDescription): string {
  switch (type) {
    case 'choice':
    case 'choices':
      return `${(choices ?? []).map(code).join(', ')}${later ? ` (later: ${later.map(code).join(', ')})` : ''}`;
    case 'boolean':
      return 'true, false';
    case 'color':
      return '`#rrggbb`';
    case 'duration':
      return unit === 's' || unit === 'ms'
        ? `${formatDuration(min ?? 0, unit)} to ${formatDuration(max ?? 0, unit)}, number in ${unit}`
        : '';
    case 'areas':
      return `up to ${max} areas`;
    case 'list':
      return `up to ${max} texts`;
    case 'text':
      return `${min ?? 0} to ${max} characters`;
    default:
      return min === undefined ? '' : `${min} to ${max}${unit ? ` ${unit}` : ''}`;
  }
}

function code(text: string): string {
  return `\`${text}\``;
}

/** What Homebridge asks of its user: in this version the plugin shields recordings only, so there is but a name. */
function homebridgeForm(): string {
  const form = {
    pluginAlias: 'PrivacyShield',
    pluginType: 'platform',
    singular: true,
    schema: {
      type: 'object',
      properties: { name: { title: 'Name', type: 'string', default: 'Privacy Shield', required: true } },
    },
  };
  return `${JSON.stringify(form, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(generatedFiles()))
    writeFileSync(new URL(`../${path}`, import.meta.url), text);
}
