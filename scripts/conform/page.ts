import { expectation } from './report.ts';
import type { Scenario } from './scenario.ts';

const intro = `# What the local cloud assumes of AWS

\`npm run reference\` generates this page from the scenarios in \`scripts/conform/scenarios\`.

Each row is one thing that the local cloud assumes of AWS, and how an endpoint or a real account can be asked for it:

\`\`\`bash
npm run conform -- --endpoint http://127.0.0.1:4566
npm run conform -- --profile my-sandbox
\`\`\`

A run creates what it needs under a prefix of its own, removes it, prints which scenarios agreed, differ or could not be told, and
writes them as JSON (\`--json FILE\`, by default \`dist/conform.json\`). It ends with 1 if one differs or something is left. Names of
scenarios after the options select them. With a real account it first says what it creates and about what that costs, and does nothing
without \`--yes\`. Use an account for tests.

How sure we are: **documented** by AWS; **reported** by public issues or code; **unverified**, where no source was found and our
handlers work either way.
`;

/** The page of facts, one table for each topic. */
export function factsPage(topics: ReadonlyMap<string, readonly Scenario[]>): string {
  const sections = [...topics].map(([topic, scenarios]) => `## ${topic}\n\n${table(scenarios)}`);
  return [intro, ...sections].join('\n');
}

function table(scenarios: readonly Scenario[]): string {
  const rows = scenarios.map((one) =>
    [
      `\`${one.name}\``,
      one.fact,
      `${capitalised(one.asks)}: \`${expectation(one)}\``,
      `**${one.certainty}**: ${one.source}`,
    ]
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | '),
  );
  return [
    '| Scenario | Fact | Asked, and expected | How sure |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ]
    .join('\n')
    .concat('\n');
}

function capitalised(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}
