import { styleText } from 'node:util';
import { type Analysis, isRetained, type PlannedChange } from './analysis.ts';
import type { Difference } from './effect.ts';
import type { Detached } from './settings.ts';
import { shortened } from './text.ts';
import { hasUnknown, shownUnknown } from './unknown.ts';

type Style = Parameters<typeof styleText>[0];

const signs: Record<string, [sign: string, style: Style]> = {
  created: ['+', 'green'],
  deleted: ['-', 'red'],
  retained: ['-', 'yellow'],
  replaced: ['±', 'red'],
  'may be replaced': ['±', 'yellow'],
  'in place': ['~', 'cyan'],
  unchanged: ['=', 'dim'],
  imported: ['+', 'green'],
};

/** The changes as text: a line for each resource, and for those of this project what changes in it. */
export function changeLines({ changes, problem }: Analysis): string[] {
  const width = Math.max(0, ...changes.map(({ LogicalResourceId = '' }) => LogicalResourceId.length));
  const typeWidth = Math.max(0, ...changes.map(({ ResourceType = '' }) => ResourceType.length));
  const lines = changes.flatMap((change) => {
    const { LogicalResourceId: id = '', ResourceType: type = '' } = change;
    const outcome = outcomeOf(change);
    const [sign, style] = signs[outcome] ?? ['?', 'yellow'];
    const note = noteOf(change, outcome);
    const head = `  ${styleText(style, sign)} ${id.padEnd(width)}  ${styleText('dim', type.padEnd(typeWidth))}  ${styleText(style, outcome)}${note}`;
    return [head, ...detailLines(change).map((line) => `      ${line}`)];
  });
  // Conditions may leave all resources out, and outputs may be all that changes.
  if (lines.length === 0) lines.push('  no resource');
  return problem === undefined
    ? lines
    : [...lines, `  What the functions of custom resources will do is not known: ${problem}`];
}

function outcomeOf({ Action, Replacement, ResourceType = '', old, effect }: PlannedChange): string {
  if (effect) return effect.outcome;
  if (Action === 'Add') return 'created';
  if (Action === 'Import') return 'imported';
  if (Action === 'Remove') return isRetained(old) ? 'retained' : 'deleted';
  if (ResourceType.startsWith('Custom::')) return 'as its own function decides';
  return Replacement === 'True' ? 'replaced' : Replacement === 'Conditional' ? 'may be replaced' : 'in place';
}

function noteOf({ old, keepsOld, effect }: PlannedChange, outcome: string): string {
  if (outcome === 'unchanged') return ', as far as is known: CloudFormation calls its function';
  const choices = ['DeleteContents', 'HomeEfsFileSystem'].flatMap((name) => {
    const choice = old?.properties[name];
    return typeof choice === 'string' ? [`${name}: ${choice}`] : [];
  });
  const chosen = choices.length > 0 ? `, with ${choices.join(' and ')}` : '';
  if (effect?.outcome === 'deleted') return chosen;
  if (effect?.outcome !== 'replaced' && effect?.outcome !== 'may be replaced') return '';
  return keepsOld ? '; the old one is retained' : `; the old one is then deleted${chosen}`;
}

function detailLines({ effect, sensitive = [], Details = [] }: PlannedChange): string[] {
  if (!effect) {
    const names = Details.map(({ Target }) => Target?.Name ?? Target?.Attribute).filter((name) => name !== undefined);
    return names.length > 0 ? [[...new Set(names)].join(', ')] : [];
  }
  return [
    ...effect.refused.map((why) => styleText('red', `refused: ${why}`)),
    ...effect.differences.map((difference) => differenceLine(difference, sensitive)),
    ...effect.detached.map(detachedLine),
  ];
}

/** A fleet deletes the profile that it no longer lists. */
function detachedLine({ path, entry }: Detached): string {
  return path === 'Members'
    ? styleText('red', `deleted, unless it was adopted: the user profile of ${shown(entry)}`)
    : styleText('yellow', `detached: ${shown(entry)} from ${path}`);
}

function differenceLine({ path, from, to }: Difference, sensitive: readonly string[]): string {
  const isHidden = path.split('.').some((name) => sensitive.includes(name));
  const text = (value: unknown) => (value === undefined ? 'none' : isHidden ? '(hidden)' : shown(value));
  const note = hasUnknown([from, to]) ? ', known only once it is deployed' : '';
  return `${path}: ${text(from)} → ${text(to)}${note}`;
}

function shown(value: unknown): string {
  return shortened(shownUnknown(typeof value === 'string' ? value : JSON.stringify(value)), 100);
}
