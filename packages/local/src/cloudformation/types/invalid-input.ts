import type { Problem, Step } from '../../protocols/problem.ts';
import type { Properties } from '../resources/resource-type.ts';
import { isMap } from '../template/intrinsics.ts';
import { instead, insteadOfUnknown } from '../template/way-out.ts';
import type { Advice } from './advice.ts';
import { extraneous, lacking } from './property.ts';

type Path = (string | number)[];

/**
 * What to do in the template about what is wrong with a service's input. Nothing on what the template does not have: the
 * input was made of something else. `known` are the properties of the type.
 */
export function adviceOn(
  problems: readonly Problem[],
  properties: Properties,
  known: readonly string[] = [],
): Advice[] {
  return problems.flatMap((problem) => {
    const path = propertyPath(problem, properties);
    const isOwn = path !== undefined && known.includes(String(path[0]));
    return isOwn ? [{ path, text: wayOut(problem, String(path.at(-1))) }] : [];
  });
}

/** What CloudFormation says of members that are not in the schema of a type, and of those that lack then; none if all are. */
export function schemaProblems(problems: readonly Problem[], properties: Properties): string[] {
  if (!problems.some(({ kind }) => kind === 'unknown')) return [];
  return problems.flatMap((problem) => {
    const path = propertyPath(problem, properties);
    if (!path) return [];
    const parent = ['#', ...path.slice(0, -1)].join('/');
    if (problem.kind === 'unknown') return extraneous(parent, String(path.at(-1)));
    return problem.kind === 'missing' ? lacking(parent, String(path.at(-1))) : [];
  });
}

function wayOut(problem: Problem, name: string): string {
  switch (problem.kind) {
    case 'unknown':
      return insteadOfUnknown(name, problem.members.map(capitalised));
    case 'missing':
      return `add ${name}`;
    case 'type':
      return `give ${problem.wanted}`;
    case 'constraint': {
      const values = /^Member must satisfy enum value set: \[(.*)\]$/.exec(problem.rule)?.[1];
      if (values !== undefined && typeof problem.value === 'string') return instead(problem.value, values.split(', '));
      return `change the value; it ${problem.rule.replace(/^Member /, '')}`;
    }
  }
}

/** Where the template has what a path in a service's input leads to: items count from 0, names may begin with a capital. */
function propertyPath({ kind, path }: Problem, properties: Properties): Path | undefined {
  const found: Path = [];
  let value: unknown = properties;
  const inTemplate = kind === 'missing' ? path.slice(0, -1) : path;
  for (const step of inTemplate) {
    const key = keyIn(value, step);
    if (key === undefined) return undefined;
    found.push(key);
    value = (value as Record<string | number, unknown>)[key];
  }
  if (kind === 'missing') found.push(capitalised(path.at(-1) as string));
  return found;
}

function keyIn(value: unknown, step: Step): string | number | undefined {
  if (typeof step === 'object' && typeof step.item === 'number') {
    return Array.isArray(value) && step.item <= value.length ? step.item - 1 : undefined;
  }
  if (!isMap(value)) return undefined;
  const name = typeof step === 'object' ? String(step.item) : step;
  return [name, capitalised(name)].find((key) => Object.hasOwn(value, key));
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
