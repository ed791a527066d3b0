import type { Template } from '../../packages/local/src/cloudformation/template/template.ts';
import type { TemplateFile } from './files.ts';
import { exportsOf, importsOf, matches } from './imports.ts';
import { grants, ownersOf, targetsOf } from './owners.ts';

/** A node of a template's picture: resources of one type that are related to the same others, or a stack that it imports from. */
export interface Node {
  /** The logical ids; of another stack, its template. */
  names: string[];
  /** `AWS::Lambda::Function`; of another stack, undefined. */
  type?: string;
  /** The types of what is there for each of them. */
  extras: string[];
  /** Made only under a condition. */
  isConditional: boolean;
}

export interface Graph {
  nodes: Node[];
  /** From what uses something to what is used, by the nodes' places. */
  edges: (readonly [from: number, to: number])[];
}

/** What a template makes, how it hangs together, and what it takes from the stacks of other templates. */
export function graphOf(file: TemplateFile, others: readonly TemplateFile[]): Graph {
  const { resources } = file.template;
  const owners = ownersOf(file.template);
  const uses = new Map<string, Set<string>>();
  const use = (from: string, to: string) => {
    if (from !== to) uses.set(from, (uses.get(from) ?? new Set()).add(to));
  };
  for (const resource of resources.values()) {
    if (grants.has(resource.type)) continue;
    const from = owners.get(resource.logicalId)!;
    for (const target of targetsOf(resource, resources)) use(from, owners.get(target)!);
  }
  const stacks = new Set<string>();
  for (const { name, path } of importsOf(file)) {
    const from = owners.get(path.split('/')[2]!);
    if (from === undefined) continue;
    const stack = others.find((other) => exportsOf(other).some((one) => matches(name, one)))?.path ?? name;
    stacks.add(stack);
    use(from, stack);
  }
  const singles = [...resources.keys()].filter((id) => owners.get(id) === id);
  return merged([...singles.map((id) => nodeOf(id, file.template, owners)), ...[...stacks].map(stackNode)], uses);
}

function nodeOf(id: string, { resources }: Template, owners: ReadonlyMap<string, string>): Node {
  const { type, condition } = resources.get(id)!;
  const own = [...owners].filter(([each, owner]) => owner === id && each !== id);
  const extras = [...new Set(own.map(([each]) => resources.get(each)!.type))];
  return { names: [id], type, extras, isConditional: condition !== undefined };
}

function stackNode(path: string): Node {
  return { names: [path], extras: [], isConditional: false };
}

/** Makes one node of those that are alike in all that the picture shows: what they are, what they use, what uses them. */
function merged(nodes: readonly Node[], uses: ReadonlyMap<string, ReadonlySet<string>>): Graph {
  const ids = nodes.map(({ names }) => names[0]!);
  const usersOf = (id: string) => [...uses].filter(([, used]) => used.has(id)).map(([user]) => user);
  let groups = numbered(ids, (id, index) => {
    const { type, isConditional } = nodes[index]!;
    return type ? [type, isConditional].join() : id;
  });
  // What is related to different groups is itself not alike.
  for (let count = 0; count < new Set(groups.values()).size; ) {
    count = new Set(groups.values()).size;
    const before = groups;
    const around = (others: Iterable<string>) => [...new Set([...others].map((id) => before.get(id)))].sort().join();
    groups = numbered(ids, (id) => [before.get(id), around(uses.get(id) ?? []), around(usersOf(id))].join('|'));
  }
  const all = [...new Set(groups.values())].map((group) =>
    nodes.filter(({ names }) => groups.get(names[0]!) === group),
  );
  const edges = [...uses].flatMap(([from, used]) =>
    [...used].map((to) => [groups.get(from)!, groups.get(to)!] as const),
  );
  const unique = new Map(edges.filter(([from, to]) => from !== to).map((edge) => [edge.join(), edge]));
  return { nodes: all.map(together), edges: [...unique.values()] };
}

/** Numbers from 0 in the order of the ids, the same for those with the same key. */
function numbered(ids: readonly string[], keyOf: (id: string, index: number) => string): Map<string, number> {
  const keys = ids.map(keyOf);
  const first = [...new Set(keys)];
  return new Map(ids.map((id, index) => [id, first.indexOf(keys[index]!)]));
}

function together(alike: readonly Node[]): Node {
  return {
    ...alike[0]!,
    names: alike.flatMap(({ names }) => names),
    extras: [...new Set(alike.flatMap(({ extras }) => extras))],
  };
}
