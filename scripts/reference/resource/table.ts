/** A table in Markdown. Columns without any cell are left out. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = columns.flatMap((_, place) => (place === 0 || rows.some((row) => row[place] !== '') ? [place] : []));
  const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => kept.map((place) => cells[place]!));
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

/** On one line, with bars escaped, also those within code, and without tags. */
function cell(text: string): string {
  const withoutTags = text.replaceAll(/(`[^`]*`)|</g, (_, inCode?: string) => inCode ?? '&lt;');
  return withoutTags.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
}

/** A name or a value as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A text that can be opened. */
export function details(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
