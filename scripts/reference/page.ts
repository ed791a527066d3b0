import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Type } from '@studio-resources/core';
import { isResponder } from '../check/names.ts';
import { handlerNames, root } from '../handlers.ts';
import { type Definition, definitionOf } from './definition.ts';
import { documentationOf, operationsOf } from './docs.ts';
import { findExample } from './example.ts';

const api = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_';

/** The reference of all resources, in Markdown. */
export async function page(): Promise<string> {
  const names = handlerNames().filter(
    (name) => !isResponder(readFileSync(join(root, 'handlers', `${name}.ts`), 'utf8')),
  );
  const all = await Promise.all(names.map(definitionOf));
  const sections = all.map(sectionOf);
  const named = [...sections.join('\n').matchAll(/\[([A-Z]\w+)\](?![([])/g)].map(([, name]) => name!);
  return `${[
    '<!-- Written by npm run reference, from the definitions beside it. -->',
    '# Resources',
    'The custom resources that [`provider.yaml`](../cloudformation/provider.yaml) installs. Every property is checked before ' +
      'any call: an error names its path, the value and what is accepted. Booleans and numbers may be ' +
      "CloudFormation's strings. `ServiceToken` is the provider's output of the resource's name, such as " +
      '`!ImportValue StudioDomainServiceToken`; `ServiceTimeout` is how many seconds an operation may take, 3600 if omitted.',
    all.map(({ type, summary }) => `- [\`${type}\`](#${anchor(type)}): ${summary}`).join('\n'),
    ...sections,
    [...new Set(named)]
      .sort()
      .map((name) => `[${name}]: ${api}${name}.html`)
      .join('\n'),
  ].join('\n\n')}\n`;
}

/** What the reference says of one resource. */
export function sectionOf(definition: Definition): string {
  const { type, summary, page, types, attributes, permissions } = definition;
  const example = findExample(type);
  if (!example) throw new Error(`Describing ${type}: no template in cloudformation/examples has one`);
  const rows = [...types].flatMap(([property, each]) => rowsOf(property, each, definition));
  const rights = permissions.map(({ action, resource }) => `- \`${action}\` on \`${resource}\``);
  return [
    `## ${type}`,
    page ? `${summary} [How it is used](${page}).` : summary,
    `From [\`${example.path}\`](../${example.path}):`,
    `\`\`\`yaml\n${example.text}\n\`\`\``,
    ['| Property | Type | Default | Another value | |', '|---|---|---|---|---|', ...rows].join('\n'),
    ...(attributes.length > 0 ? [`\`Fn::GetAtt\` answers ${attributes.map((one) => `\`${one}\``).join(', ')}.`] : []),
    `<details><summary>Permissions of its function</summary>\n\n${[...new Set(rights)].join('\n')}\n\n</details>`,
  ].join('\n\n');
}

function rowsOf(property: string, type: Type<unknown>, { replacing, aliases, sources, type: of }: Definition) {
  const own = documentationOf(sources, property);
  const from = operationsOf(sources).map((name) => `[${name}]`);
  const text = own ?? (from.length > 0 ? `As in ${from.join(' or ')}.` : undefined);
  if (!text) throw new Error(`Describing ${of}: put a comment above ${property}`);
  const others = [...aliases].filter(([, name]) => name === property).map(([alias]) => ` Or \`${alias}\`.`);
  const path = type.words.startsWith('list of') ? `${property}[]` : property;
  const change = replacing.get(property) ?? 'in place';
  return [
    row(`\`${property}\``, typeText(type), defaultText(type), change, `${text}${others.join('')}`),
    ...[...(type.members ?? [])].map(([name, member]) =>
      row(`\`${path}.${name}\``, typeText(member), defaultText(member), '', documentationOf(sources, name) ?? ''),
    ),
  ];
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** What it takes, with a link where that is a structure of the API. */
function typeText({ words }: Type<unknown>): string {
  const [, before, structure] = /^(list of |map of )?([A-Z][A-Za-z]+)$/.exec(words) ?? [];
  return structure ? `${before ?? ''}[${structure}]` : words;
}

function defaultText({ missing }: Type<unknown>): string {
  if (!missing) return 'required';
  return missing.value === undefined ? '' : `\`${JSON.stringify(missing.value)}\``;
}

function anchor(type: string): string {
  return type.toLowerCase().replaceAll(':', '');
}
