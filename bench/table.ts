// Tables for the terminal, in a form that Markdown also takes.

/** Columns as wide as their widest cell; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => align(cells[i] ?? '', width)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

/** `0.0123` as `1.23 %`; a dash for what cannot be told. */
export function percent(share: number | null | undefined, digits = 2): string {
  return share === null || share === undefined ? '-' : `${(share * 100).toFixed(digits)} %`;
}

/** A number with so many digits after the point; a dash for what cannot be told. */
export function fixed(value: number | null | undefined, digits = 2): string {
  return value === null || value === undefined ? '-' : value.toFixed(digits);
}

function align(text: string, width: number): string {
  return /^[-\d]/.test(text) ? text.padStart(width) : text.padEnd(width);
}
