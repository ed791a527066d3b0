import { isDeepStrictEqual } from 'node:util';
import { NormalizedSchema } from '@smithy/core/schema';

/** The runtime schema of a structure, as the SDK client exports it: `UpdateDomainRequest$`. */
export type Shape = Parameters<typeof NormalizedSchema.of>[0];

type Values = Record<string, unknown>;

/** For these, the API accepts LifecycleConfigArns only together with DefaultResourceSpec. */
const needsResourceSpec = new Set(['JupyterServerAppSettings', 'KernelGatewayAppSettings']);

/** The members to send, and the paths of removed members that keep their values because the API cannot clear them. */
export interface SettingsDiff {
  changed: Values;
  notCleared: string[];
}

/** Members that accept `None`, which clears the ARN. */
const clearedByNone = new Set([
  'BuiltInLifecycleConfigArn',
  'LifecycleConfigArn',
  'SageMakerImageVersionArn',
  'TrainingPlanArn',
]);

/**
 * The members to send to change settings from `old` to `next`. The API merges the input into the current settings, so
 * only changes are sent. A removal is explicit: `[]` for a list, `None` for an ARN that accepts it, and the default for
 * a member with a documented default. The API clears no other members: they keep their values, and `notCleared` lists
 * them.
 *
 * `defaults` has the documented defaults by member name.
 */
export function diffSettings(shape: Shape, next: object, old: object, defaults: Values = {}): SettingsDiff {
  const notCleared: string[] = [];

  function compare(structure: NormalizedSchema, desired: Values, before: Values, path: string): Values {
    const changed: Values = {};
    for (const [name, member] of structure.structIterator()) {
      const [to, from] = [desired[name], before[name]];
      if (isDeepStrictEqual(to, from)) continue;
      if (member.isStructSchema()) {
        const inner = compare(member, (to ?? {}) as Values, (from ?? {}) as Values, `${path}${name}.`);
        if (Object.keys(inner).length > 0) changed[name] = inner;
      } else if (to !== undefined) changed[name] = to;
      else if (Array.isArray(from)) changed[name] = [];
      else if (clearedByNone.has(name)) changed[name] = 'None';
      else if (name in defaults) changed[name] = defaults[name];
      else notCleared.push(`${path}${name}`);
    }
    return path === '' || Object.keys(changed).length === 0
      ? changed
      : withRequiredMembers(structure, desired, changed);
  }

  return { changed: compare(NormalizedSchema.of(shape), next as Values, old as Values, ''), notCleared };
}

/**
 * Adds the members that have to go with a change: required members, and all members of an innermost structure such as
 * DefaultResourceSpec, because the API does not document whether it merges or replaces those. Empty when a required
 * member is missing.
 */
function withRequiredMembers(structure: NormalizedSchema, desired: Values, changed: Values): Values {
  const members = [...structure.structIterator()];
  const required = members.slice(0, requiredCount(structure)).map(([name]) => name);
  const innermost = !members.some(([, member]) => member.isStructSchema());
  const named =
    'LifecycleConfigArns' in changed && needsResourceSpec.has(structure.getName() ?? '')
      ? [...required, 'DefaultResourceSpec']
      : required;
  const along = innermost
    ? desired
    : Object.fromEntries(Object.entries(desired).filter(([name]) => named.includes(name)));
  const complete = { ...along, ...changed };
  return required.every((name) => complete[name] !== undefined) ? complete : {};
}

/** The static schema of a structure lists its required members first and ends with their number. */
function requiredCount(structure: NormalizedSchema): number {
  const schema = structure.getSchema();
  return Array.isArray(schema) && typeof schema[6] === 'number' ? schema[6] : 0;
}

/** The members of `changed` that are not in effect yet. The rollback of a refused update has nothing to send. */
export function omitUnchanged(changed: Values, live: object): Values {
  return Object.fromEntries(
    Object.entries(changed).filter(([name, value]) => !isCurrent(value, (live as Values)[name])),
  );
}

function isCurrent(value: unknown, live: unknown): boolean {
  if (value === 'None') return live === undefined || live === 'None';
  if (Array.isArray(value)) {
    const [desired, current] = [value, Array.isArray(live) ? live : []];
    return isDeepStrictEqual(desired, current) || isDeepStrictEqual(desired.toSorted(), current.toSorted());
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).every(([name, inner]) => isCurrent(inner, (live as Values | undefined)?.[name]));
  }
  return value === live;
}
