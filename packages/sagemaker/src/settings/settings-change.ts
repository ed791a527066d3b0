import { isDeepStrictEqual } from 'node:util';
import { NormalizedSchema } from '@smithy/core/schema';
import { withoutIdleUserGroup } from './rstudio.ts';
import { defaultsIn, mergeSharedList, sharedLists } from './shared-lists.ts';

/** The runtime schema of a structure, as the SDK client exports it: `UpdateDomainRequest$`. */
export type Shape = Parameters<typeof NormalizedSchema.of>[0];

type Values = Record<string, unknown>;

/** For these, the API accepts LifecycleConfigArns only together with DefaultResourceSpec. */
const needsResourceSpec = new Set(['JupyterServerAppSettings', 'KernelGatewayAppSettings']);

/** The members to send, and the removed members that keep their values because the API cannot clear them. */
export interface SettingsDiff {
  changed: Values;
  notCleared: NotCleared[];
}

/** A member that the API cannot clear: its path, and the value that it keeps. */
export interface NotCleared {
  path: string;
  value: unknown;
}

/** Members that accept `None`, which clears the ARN. */
const clearedByNone = new Set([
  'BuiltInLifecycleConfigArn',
  'LifecycleConfigArn',
  'SageMakerImageVersionArn',
  'TrainingPlanArn',
]);

/** Members of one ARN that StudioLifecycleConfig writes as well. */
const sharedArns = new Set(['BuiltInLifecycleConfigArn', 'LifecycleConfigArn']);

export interface SettingsDiffOptions {
  /**
   * The current settings, to which the template's changes are made. If omitted, `old` are the current ones, and every
   * difference is meant.
   */
  live?: object;
  /** The documented defaults by member name. */
  defaults?: Values;
}

/**
 * The members to send to change settings from `old` to `next`. The API merges the input into the current settings, so
 * only changes are sent. A removal is explicit: `[]` for a list, `None` for an ARN that accepts it, and the default for
 * a member with a documented default. The API clears no other members: they keep their values, and `notCleared` lists
 * them.
 *
 * Of a list that several write, only what differs between `old` and `next` changes: the entries of others stay, and so
 * does an entry that a default points to.
 */
export function diffSettings(
  shape: Shape,
  next: object,
  old: object,
  { live, defaults = {} }: SettingsDiffOptions = {},
): SettingsDiff {
  const current = (live ?? old) as Values;
  const notCleared: NotCleared[] = [];

  function compare(structure: NormalizedSchema, desired: Values, before: Values, now: Values, path: string): Values {
    const changed: Values = {};
    for (const [name, member] of structure.structIterator()) {
      const [to, from] = [desired[name], before[name]];
      if (isDeepStrictEqual(to, from) || sharedLists.has(name)) continue;
      if (member.isStructSchema()) {
        const inner = compare(member, structureIn(to), structureIn(from), structureIn(now[name]), `${path}${name}.`);
        if (Object.keys(inner).length > 0) changed[name] = inner;
      } else if (to !== undefined) changed[name] = to;
      else if (Array.isArray(from)) changed[name] = [];
      else if (clearedByNone.has(name)) {
        // Where another one was attached since, that is not the template's to remove.
        if (!sharedArns.has(name) || now[name] === undefined || now[name] === from) changed[name] = 'None';
      } else if (name in defaults) changed[name] = defaults[name];
      else if (!isSwitchedOff(name, desired, before)) notCleared.push({ path: `${path}${name}`, value: from });
    }
    for (const [name] of structure.structIterator()) {
      const [to, from, held] = [listIn(desired[name]), listIn(before[name]), listIn(now[name])];
      if (!sharedLists.has(name) || isDeepStrictEqual(to, from)) continue;
      const spec = { ...structureIn(now.DefaultResourceSpec), ...structureIn(changed.DefaultResourceSpec) };
      const inUse = defaultsIn({ ...now, ...changed, DefaultResourceSpec: spec });
      changed[name] = live ? mergeSharedList(held, to, from, inUse) : to;
    }
    return path === '' || Object.keys(changed).length === 0
      ? changed
      : withRequiredMembers(structure, changed, { now, desired, before });
  }

  const changed = compare(NormalizedSchema.of(shape), next as Values, old as Values, current, '');
  return { changed: withoutIdleUserGroup(changed), notCleared };
}

/** Members that turn on what the members beside them are about. */
const switches = ['AccessStatus', 'EnableDockerAccess', 'LifecycleManagement', 'Status'];

/** Whether a removed member has no effect, or none once the switch beside it is off, which is removed as well. */
function isSwitchedOff(name: string, desired: Values, before: Values): boolean {
  return switches.some((each) => {
    if (each === name || before[each] === undefined) return false;
    return desired[each] === undefined || desired[each] === 'DISABLED';
  });
}

function structureIn(value: unknown): Values {
  return (value ?? {}) as Values;
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function defined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/**
 * Adds the members that have to go with a change: required members, and all members of an innermost structure such as
 * DefaultResourceSpec, because the API does not document whether it merges or replaces those. Empty when a required
 * member is missing. Current members that the template does not mention go along as well; what it had before, and has no
 * longer, only where it is required.
 */
function withRequiredMembers(
  structure: NormalizedSchema,
  changed: Values,
  { now, desired, before }: Record<'now' | 'desired' | 'before', Values>,
): Values {
  const known = { ...now, ...defined(desired) };
  const members = [...structure.structIterator()];
  const required = members.slice(0, requiredCount(structure)).map(([name]) => name);
  const innermost = !members.some(([, member]) => member.isStructSchema());
  const named =
    'LifecycleConfigArns' in changed && needsResourceSpec.has(structure.getName() ?? '')
      ? [...required, 'DefaultResourceSpec']
      : required;
  const desiredOrOthers = (name: string) =>
    desired[name] !== undefined || !isDeepStrictEqual(known[name], before[name]);
  const along = Object.fromEntries(
    Object.entries(known).filter(([name]) => named.includes(name) || (innermost && desiredOrOthers(name))),
  );
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
