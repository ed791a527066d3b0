import type { Template } from '../../packages/local/src/cloudformation/template/template.ts';
import type { TemplateFile } from './files.ts';
import { exportsOf, importsOf, matches } from './imports.ts';
import { grants, ownersOf, targetsOf } from './owners.ts';

/** A node of a template's diagram: resources of one type with the same relations, or a stack that it imports from. */
export interface Node {
  /** The logical ids; for another stack, its template. */
  names: string[];
  /** `AWS::Lambda::Function`; undefined for another stack. */
  type?: string;
  /** The types of the resources that belong to each of them. */
  extras: string[];
  /** Whether the resources have a condition. */
  isConditional: boolean;
}

export interface Graph {
  nodes: Node[];
  /** The edges, from a resource to what it uses, by the nodes' indexes. */
  edges: (readonly [from: number, to: number])[];
}

/** A template's resources, their relations, and the stacks that it imports from. */
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

/** Merges nodes that are equal in all that the diagram shows: their type, what they use, and what uses them. */
function merged(nodes: readonly Node[], uses: ReadonlyMap<string, ReadonlySet<string>>): Graph {
  const ids = nodes.map(({ names }) => names[0]!);
  const usersOf = (id: string) => [...uses].filter(([, used]) => used.has(id)).map(([user]) => user);
  let groups = numbered(ids, (id, index) => {
    const { type, isConditional } = nodes[index]!;
    return type ? [type, isConditional].join() : id;
  });
  // Nodes that are related to different groups are not equal.
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

/** Numbers from 0 in the order of the ids; ids with the same key get the same number. */
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
