import type { Permission } from '@studio-resources/core';
import { isMap, isScalar, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { intrinsics, readProvider, type Statement } from '../check/provider.ts';
import { compareRole, isOfLambda, rightOf, rightsOf, scopeOf } from '../check/roles.ts';
import { actionsText, type NewStatement, statementText } from './statement.ts';

/** A statement of the template, and where it stands in the text. */
interface Written extends Statement {
  node: YAMLMap;
}

/** A part of the text, and what is to stand there. */
interface Edit {
  from: number;
  to: number;
  text: string;
}

/**
 * A template with the role of the function `id` granting what its handler declares, and nothing else. What is right
 * stays as it is written, with its comments and with parameters that narrow it. An action that is missing joins the
 * statement for the same resources under the same condition, or comes in a new one at the end; a statement without any
 * action left goes, with the comment above it.
 *
 * @throws Error when the template has no such function, or its role no policy
 */
export function withPermissions(text: string, id: string, permissions: readonly Permission[]): string {
  const statements = readProvider(text).functions.get(id)?.statements;
  if (!statements) throw new Error(`Writing the role of ${id}: the template has no such function`);
  const { missing } = compareRole(permissions, statements);
  const declared = new Set(permissions.map(rightOf));
  const list = statementList(text, id);
  const written = writtenIn(list);

  const own = written.filter((each) => !rightsOf(each).every(isOfLambda));
  const actions = new Map(written.map((each) => [each, neededActions(each, declared)]));
  const added = new Map<string, NewStatement>();
  for (const { action, resource, condition } of missing) {
    const scope = scopeOf(resource, condition);
    const same = own.find((each) => each.resources.some((one) => scopeOf(one, each.condition) === scope));
    const target = same ? actions.get(same)! : (added.get(scope) ?? { actions: [], resource, condition }).actions;
    if (!target.includes(action)) target.push(action);
    if (!same && !added.has(scope)) added.set(scope, { actions: target, resource, condition });
  }

  const edits = written.flatMap((each) => {
    const wanted = actions.get(each)!;
    if (wanted.join() === each.actions.join()) return [];
    return [wanted.length === 0 ? removal(text, each.node) : replacement(text, each.node, wanted)];
  });
  const end = endOf(text, list);
  const indentation = columnOf(text, list.items.at(-1) as YAMLMap) - 2;
  const appended = [...added.values()].map((each) => statementText(each, indentation)).join('');
  return apply(text, [...edits, { from: end, to: end, text: appended }]);
}

/** The actions of a statement that its handler or Lambda needs. */
function neededActions(statement: Written, declared: ReadonlySet<string>): string[] {
  return statement.actions.filter((action) =>
    rightsOf({ ...statement, actions: [action] }).some((right) => declared.has(right) || isOfLambda(right)),
  );
}

/** The list of statements in the policy of the role that a function has. */
function statementList(text: string, id: string): YAMLSeq {
  // What an !If chooses is not the handler's, and is left alone.
  const withoutChoices = intrinsics.filter((each) => each.tag !== '!If');
  const document = parseDocument(text, {
    customTags: [...withoutChoices, { tag: '!If', collection: 'seq' }],
    logLevel: 'error',
  });
  const role = /\$\{(\w+)\.Arn\}/.exec(String(document.getIn(['Resources', id, 'Properties', 'Role'])))?.[1];
  const path = ['Resources', role, 'Properties', 'Policies', 0, 'PolicyDocument', 'Statement'];
  const list = document.getIn(path) as YAMLSeq | undefined;
  if (!list) throw new Error(`Writing the role of ${id}: it has no policy with statements`);
  return list;
}

function writtenIn({ items }: YAMLSeq): Written[] {
  return items.filter(isMap).map((node) => {
    const { Action, Resource, Condition } = plain(node) as Record<string, unknown>;
    return {
      node,
      actions: [Action].flat() as string[],
      resources: [Resource].flat() as string[],
      ...(Condition ? { condition: Condition } : {}),
    };
  });
}

/** A node as plain data: collections without the document that their intrinsics would need. */
function plain(node: unknown): unknown {
  if (isScalar(node)) return node.value;
  if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [plain(key), plain(value)]));
  return (node as YAMLSeq).items.map(plain);
}

/** Without the statement and the comment above it. */
function removal(text: string, node: YAMLMap): Edit {
  const lines = text.slice(0, node.range![0]).split('\n').slice(0, -1);
  while (/^\s*#/.test(lines.at(-1) ?? '')) lines.pop();
  return { from: lines.join('\n').length + 1, to: lineEnd(text, contentEnd(text, node)), text: '' };
}

function replacement(text: string, node: YAMLMap, actions: readonly string[]): Edit {
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === 'Action')!;
  const [key, value] = [pair.key, pair.value] as YAMLMap[];
  const to = contentEnd(text, value!);
  return { from: key!.range![1] + 1, to, text: actionsText(actions, columnOf(text, key!)) };
}

/** The offset after the last line of a list. */
function endOf(text: string, list: YAMLSeq): number {
  return lineEnd(text, contentEnd(text, list.items.at(-1) as YAMLMap));
}

/** Where a node's own text ends: a block's range reaches to what follows it. */
function contentEnd(text: string, { range }: YAMLMap): number {
  const own = text.slice(range![0], range![1]).replace(/(\n\s*(#.*)?)+$/, '');
  return range![0] + own.trimEnd().length;
}

function lineEnd(text: string, offset: number): number {
  return text.indexOf('\n', offset) + 1;
}

function columnOf(text: string, { range }: YAMLMap): number {
  return range![0] - (text.lastIndexOf('\n', range![0] - 1) + 1);
}

function apply(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to), text);
}
