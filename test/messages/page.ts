import type { Mistake, Part, Subject } from './mistake.ts';
import { lackingIn, mean, ratingOf } from './rating.ts';

/** The message that each mistake gave. */
export type Messages = ReadonlyMap<Mistake, string>;

/** Ids and durations that a change elsewhere would change. */
const ids: readonly [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[1-9a-f][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b[0-9a-f]{64}-[0-9a-f]{8}\b/g, '<hash>'],
  [/\b(d|port)-(?=\w*\d)(?!0+\b)[a-z0-9]{10,}\b/g, '$1-<id>'],
  [/\b(vpc|subnet|sg)-(?!0+\b)[0-9a-f]{17}\b/g, '$1-<id>'],
  [/\b(fleet)-[0-9a-f]{16}\b/g, '$1-<hash>'],
  [/-[0-9a-f]{8}-[0-9a-f]{8}\b/g, '-<hashes>'],
  [/(Role)-[A-Z0-9]{12,13}\b/g, '$1-<id>'],
  [/\bnot done after \d+ s\b/g, 'not done after <n> s'],
];

/** A message as the page shows it. */
export function shownMessage(message: string): string {
  const [text = ''] = message.split(/\.?\n\s*Run npm /);
  return ids.reduce((shown, [pattern, id]) => shown.replace(pattern, id), text).trim();
}

/** The page with each mistake, its message and its rating. */
export function pageOf(table: readonly Subject[], messages: Messages): string {
  const ratings = table.flatMap(({ mistakes }) =>
    mistakes.map((each) => ratingOf(lackingIn(messages.get(each)!, each))),
  );
  const counts = [2, 1, 0].map((rating) => `${ratings.filter((each) => each === rating).length} have ${rating}`);
  return `# Messages

Mistakes of new users, with the message that each of them gives, in the stack's event or in the terminal. A rule rates it: 2 where the
message names the property (or the parameter, the option, the file), says what came, and says what to do, which are the accepted values or a
next step; 1 where one of the three is lacking; 0 where more are. [\`rating.ts\`](rating.ts) has the rule, and
[\`table.ts\`](table.ts) the mistakes, with what it looks for in each message.

What AWS says itself is rated without the lines that begin with \`Local cloud:\`, which users of AWS never see.

The mean of ${ratings.length} mistakes is **${mean(ratings).toFixed(2)}**: ${counts.join(', ')}. \`npm run messages\` writes this page.
${table.map(section(messages)).join('')}`;
}

const section =
  (messages: Messages) =>
  ({ title, mistakes }: Subject): string =>
    `
## ${title}

| Mistake | Message | Rating |
| --- | --- | --- |
${mistakes.map((mistake) => rowOf(mistake, messages.get(mistake)!)).join('\n')}
`;

const lackingWords: Readonly<Record<Part, string>> = {
  property: 'where',
  came: 'what came',
  cure: 'what to do',
};

/** A mistake's row on the page. */
export function rowOf(mistake: Mistake, message: string): string {
  const lacking = lackingIn(message, mistake);
  const why = lacking.length === 0 ? '' : `: not ${lacking.map((part) => lackingWords[part]).join(', and not ')}`;
  const lines = shownMessage(message)
    .split('\n')
    .map((line) => line.trim());
  const shown = lines
    .filter((line) => line !== '')
    .map((line) => `\`${line.replaceAll('|', '\\|').replaceAll('`', "'")}\``);
  return `| ${mistake.mistake.replaceAll('|', '\\|')} | ${shown.join('<br>')} | ${ratingOf(lacking)}${why} |`;
}
