import type { Examined } from './examine.ts';
import type { Finding } from './finding.ts';

/** A row for each finding and for each check that found nothing, with the cures, and a last line that counts. */
export function reportLines(examined: readonly Examined[]): string[] {
  const rows = examined.flatMap(({ check, findings }) => {
    if (findings.length === 0) return [{ verdict: 'good', check, what: '', cure: '' }];
    return findings.map((finding) => ({ check, ...finding }));
  });
  const widths = { verdict: 'could not tell'.length, check: Math.max(...rows.map(({ check }) => check.length)) };
  const indent = ' '.repeat(widths.verdict + widths.check + 4);
  const lines = rows.flatMap(({ verdict, check, what, cure }) => [
    `${verdict.padEnd(widths.verdict)}  ${check.padEnd(widths.check)}  ${what}`.trimEnd(),
    ...(cure === '' ? [] : [`${indent}Cure: ${cure}`]),
  ]);
  const good = rows.filter(({ verdict }) => verdict === 'good').length;
  const parts = [
    `${good} of ${examined.length} checks found nothing`,
    `${count(examined, 'mend')} to mend`,
    `${count(examined, 'warning')} to look at`,
    `${count(examined, 'could not tell')} could not be told`,
  ];
  return [...lines, '', parts.join(', ')];
}

/** Whether nothing has to be mended, as far as anything could be told. */
export function isGood(examined: readonly Examined[]): boolean {
  const couldTell = examined.some(({ findings }) => findings.every(({ verdict }) => verdict !== 'could not tell'));
  return couldTell && count(examined, 'mend') === 0;
}

function count(examined: readonly Examined[], verdict: Finding['verdict']): number {
  return examined.flatMap(({ findings }) => findings).filter((one) => one.verdict === verdict).length;
}
