import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../resource.ts';

/** How a resource goes from its old properties to other ones, as its definition has it. */
export interface PropertyChange<Props extends object> {
  /** The properties whose values differ. */
  differing: (keyof Props & string)[];
  /** Those of them that cannot change in place: with any, the resource is replaced. */
  replacing: (keyof Props & string)[];
  /** The replacement would have the name of what it replaces, and is refused. */
  keepsName: boolean;
}

export function changeOf<Props extends object, State>(
  { immutable, nameProperties = [], update }: Pick<Resource<Props, State>, 'immutable' | 'nameProperties' | 'update'>,
  props: Props,
  old: Props,
): PropertyChange<Props> {
  const differing = changedProperties(props, old);
  const fixed = typeof immutable === 'function' ? immutable(props, old) : immutable;
  const replacing = update ? differing.filter((name) => fixed?.includes(name)) : differing;
  // What an `immutable` function leaves out is another spelling of the same name.
  const renaming = typeof immutable === 'function' ? replacing : differing;
  const keepsName =
    replacing.length > 0 && nameProperties.length > 0 && !nameProperties.some((name) => renaming.includes(name));
  return { differing, replacing, keepsName };
}

/** Why a replacement that keeps the name is refused, and what to do. */
export function nameTaken(id: string, replacing: readonly string[], nameProperties: readonly string[] = []): string {
  return (
    `a change of ${replacing.join(', ')} cannot be made in place, and a replacement cannot have the ` +
    `same ${nameProperties.join(' and ')} while ${id} exists. Change ${nameProperties.join(' or ')} as well`
  );
}

/** The names of the properties whose values differ, once strings have become values. */
export function changedProperties<Props extends object>(props: Props, old: Props): (keyof Props & string)[] {
  const [now, before] = [new Map(Object.entries(props)), new Map(Object.entries(old))];
  const names = new Set([...now.keys(), ...before.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(now.get(name), before.get(name))) as (keyof Props & string)[];
}
