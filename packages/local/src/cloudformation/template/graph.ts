import { AwsError } from '../../errors.ts';
import { evaluatedParts } from './names.ts';
import { conditionReferences, type Reference, references } from './references.ts';
import { type Source, templateError } from './source.ts';
import type { ResourceDeclaration, Template } from './template.ts';

/**
 * For each resource that exists under the conditions: the resources that it needs first, by `DependsOn`, `Ref`,
 * `Fn::GetAtt` and `Fn::Sub`. As in CloudFormation, a `DependsOn` to a resource whose condition is false is dropped, and
 * so is all that stands in the branch of an `Fn::If` that is not taken.
 *
 * Throws `ValidationError` when a taken value, of a resource or of an output, names a resource whose condition is
 * false, and when resources need each other in a circle.
 */
export function dependencies(template: Template, conditions: ReadonlyMap<string, boolean>): Map<string, Set<string>> {
  const exists = ({ condition }: { condition?: string }) =>
    condition === undefined || conditions.get(condition) === true;
  const present = new Set([...template.resources.values()].filter(exists).map(({ logicalId }) => logicalId));
  const graph = new Map<string, Set<string>>();
  const absent = new Set<string>();
  const isAbsent = ({ name }: Reference) => template.resources.has(name) && !present.has(name);
  for (const logicalId of present) {
    const resource = template.resources.get(logicalId) as ResourceDeclaration;
    const found = [...needs(resource, conditions)];
    for (const reference of found.filter(isAbsent)) absent.add(reference.name);
    const needed = [...resource.dependsOn, ...found.map(({ name }) => name)];
    graph.set(logicalId, new Set(needed.filter((name) => present.has(name))));
  }
  refuseAbsent(absent, 'Resources');
  for (const output of [...template.outputs.values()].filter(exists)) {
    for (const reference of named(references([output.value, output.exportName], '', conditions))) {
      if (isAbsent(reference)) absent.add(reference.name);
    }
  }
  refuseAbsent(absent, 'Outputs');
  const [circle] = circles(graph);
  if (circle) throw new AwsError('ValidationError', circularText(circle));
  return graph;
}

/** Finds circles that no condition can open: among conditions, and among resources outside of every `Fn::If`. */
export function checkCycles(template: Template, source: Source): void {
  const conditions = new Map<string, Set<string>>();
  for (const [name, value] of template.conditions) {
    const found = [...conditionReferences(value, '', 'all')].filter(({ kind }) => kind === 'condition');
    conditions.set(name, new Set(found.map((reference) => reference.name)));
  }
  const [condition] = circles(conditions);
  if (condition) {
    const text = `Template error: Found circular condition dependency: [${condition.join(', ')}]`;
    throw templateError(text, source.at(`/Conditions/${condition[0]}`));
  }

  const resources = new Map<string, Set<string>>();
  for (const [logicalId, resource] of template.resources) {
    const names = [...resource.dependsOn, ...[...needs(resource, 'none')].map(({ name }) => name)];
    resources.set(logicalId, new Set(names.filter((name) => template.resources.has(name))));
  }
  const [circle] = circles(resources);
  if (circle) throw templateError(circularText(circle), source.at(`/Resources/${circle[0]}`));
}

function* needs(resource: ResourceDeclaration, branches: 'none' | ReadonlyMap<string, boolean>): Generator<Reference> {
  for (const [, value] of evaluatedParts(resource)) yield* named(references(value, '', branches));
}

function* named(found: Iterable<Reference>): Generator<Reference> {
  for (const reference of found) if (reference.kind === 'value' || reference.kind === 'attribute') yield reference;
}

function refuseAbsent(absent: Set<string>, block: string): void {
  if (absent.size === 0) return;
  const text = `Template format error: Unresolved resource dependencies [${[...absent].join(', ')}]`;
  throw new AwsError('ValidationError', `${text} in the ${block} block of the template`);
}

function circularText(circle: string[]): string {
  return `Circular dependency between resources: [${circle.join(', ')}]`;
}

/** Every group of nodes that reach each other (Tarjan's strongly connected components), in the graph's order. */
export function* circles(graph: ReadonlyMap<string, ReadonlySet<string>>): Generator<string[]> {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): number => {
    const own = index.size;
    index.set(node, own);
    low.set(node, own);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      const reached = index.has(next) ? (stack.includes(next) ? (index.get(next) as number) : own) : visit(next);
      low.set(node, Math.min(low.get(node) as number, reached));
    }
    const lowest = low.get(node) as number;
    if (lowest === own) {
      const group = new Set(stack.splice(stack.indexOf(node)));
      if (group.size > 1 || graph.get(node)?.has(node)) found.push([...graph.keys()].filter((key) => group.has(key)));
    }
    return lowest;
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  yield* found;
}
