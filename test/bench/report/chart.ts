import type { Results, Section } from '../results.ts';
import { rounded } from './table.ts';

const width = 820;
const labels = 330;
const bar = 18;
const step = 26;
const title = 34;

/** The column that each section names, as bars: an SVG that is readable on a light and on a dark page. */
export function chartOf({ sections }: Results): string {
  let y = 0;
  const parts = sections.map((section) => {
    const part = `<g transform="translate(0 ${y})">${barsOf(section)}</g>`;
    y += title + section.rows.length * step + 12;
    return part;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" font-family="sans-serif" font-size="13">`,
    `<title>${escaped(sections.map((section) => heading(section)).join('; '))}</title>`,
    '<style>text{fill:#1f2328}.ours{fill:#0969da}.peer{fill:#8c959f}',
    '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ours{fill:#4493f8}.peer{fill:#6e7681}}</style>',
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function barsOf(section: Section): string {
  const { chart, rows } = section;
  const values = rows.map(({ values: of }) => {
    const value = of[chart];
    return typeof value === 'number' ? value : (value?.median ?? 0);
  });
  const most = Math.max(...values);
  const scale = most > 0 ? (width - labels - 70) / most : 0;
  const bars = rows.map(({ subject }, n) => {
    const y = title + n * step;
    const length = Math.max(1, values[n]! * scale);
    const kind = subject.startsWith('Custom::') ? 'ours' : 'peer';
    return [
      `<text x="${labels - 8}" y="${y + 13}" text-anchor="end">${escaped(subject)}</text>`,
      `<rect class="${kind}" x="${labels}" y="${y}" width="${length.toFixed(1)}" height="${bar}" rx="2"/>`,
      `<text x="${(labels + length + 6).toFixed(1)}" y="${y + 13}">${rounded(values[n]!)}</text>`,
    ].join('');
  });
  return `<text x="0" y="18" font-weight="bold">${escaped(heading(section))}</text>${bars.join('\n')}`;
}

function heading({ title: text, chart, columns }: Section): string {
  return `${text}: ${chart}${columns[chart] ? `, ${columns[chart]}` : ''}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
