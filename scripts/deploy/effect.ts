import { isDeepStrictEqual } from 'node:util';
import type { Schema } from '@studio-resources/core';
import { changeOf, nameTaken } from '../../packages/core/src/lifecycle/change.ts';
import type { Definition } from './definitions.ts';
import { type Detached, detachedBy, refusalsOf } from './settings.ts';
import { hasUnknown, mayBeSame } from './unknown.ts';

type Props = Record<string, unknown>;

/** What becomes of a resource of this project. `may be replaced`: it depends on what is not known yet. */
export type Outcome = 'created' | 'in place' | 'replaced' | 'may be replaced' | 'unchanged' | 'deleted' | 'retained';

/** A value that differs, at its innermost. */
export interface Difference {
  path: string;
  from?: unknown;
  to?: unknown;
}

export interface Effect {
  outcome: Outcome;
  /** Why the handler will refuse it, before it changes anything. */
  refused: string[];
  differences: Difference[];
  /** What it takes out of lists that others write, too. */
  detached: Detached[];
}

/** What the handler does when the resource is created with these properties. */
export function effectOfCreate(definition: Definition, properties: Props): Effect {
  return { outcome: 'created', refused: problemsOf(definition, properties), differences: [], detached: [] };
}

/** What the handler does with a change of the properties, by its own rules. `id` is the physical id. */
export function effectOfUpdate(definition: Definition, id: string, properties: Props, oldProperties: Props): Effect {
  const [now, before] = [properties, oldProperties].map(own) as [Props, Props];
  const problems = problemsOf(definition, properties);
  const [props, old] = typed(definition, now, before);
  const { differing, replacing, keepsName } = changeOf(definition, props, old);
  const isOpen = (name: string) => mayBeSame(props[name]) || mayBeSame(old[name]);
  const certain = replacing.filter((name) => !isOpen(name));
  const isNameOpen = definition.nameProperties?.some(isOpen) ?? false;
  const outcome = certain.length > 0 ? 'replaced' : replacing.length > 0 ? 'may be replaced' : 'in place';
  const refused = [...problems];
  // CloudFormation refuses it, in these words.
  if (!isDeepStrictEqual(properties.ServiceToken, oldProperties.ServiceToken)) {
    if (!hasUnknown([properties.ServiceToken, oldProperties.ServiceToken])) {
      refused.push('Modifying service token is not allowed.');
    }
  }
  if (outcome === 'replaced' && keepsName && !isNameOpen) {
    refused.push(nameTaken(id, certain, definition.nameProperties));
  }
  if (outcome === 'in place') refused.push(...refusalsOf(definition.type, ...comparable(props, old)));
  return {
    outcome: differing.length === 0 ? 'unchanged' : outcome,
    refused,
    differences: differing.flatMap((name) => differencesOf(props[name], old[name], name)),
    detached: outcome === 'in place' ? detachedBy(props, old) : [],
  };
}

function own({ ServiceToken: _token, ServiceTimeout: _timeout, ...properties }: Props): Props {
  return properties;
}

/** Both in their proper types; both as CloudFormation sends them where one cannot be read, as with values not known yet. */
function typed(definition: Definition, now: Props, before: Props): [Props, Props] {
  const { validate } = (definition.schema as Schema<Props>)['~standard'];
  const [props, old] = [validate(now), validate(before)];
  return props.issues || old.issues ? [now, before] : [props.value, old.value];
}

/** What is wrong with properties, for sure: what is said of a value that is not known yet may be wrong itself. */
function problemsOf(definition: Definition, properties: Props): string[] {
  const now = own(properties);
  const { issues = [] } = (definition.schema as Schema<Props>)['~standard'].validate(now);
  return issues.flatMap(({ path = [], message }) => {
    const keys = path.map((step) => (typeof step === 'object' ? step.key : step));
    let value: unknown = now;
    for (const key of keys) {
      if (hasUnknown(value) && typeof value === 'string') return [];
      value = (value as Props | undefined)?.[key as string];
    }
    return hasUnknown(value) ? [] : [`${keys.join('.')}: ${message}`];
  });
}

/** Without the properties of which a whole structure is not known yet: nothing can be said of what it has within. */
function comparable(props: Props, old: Props): [Props, Props] {
  const isStructure = (value: unknown) => typeof value === 'object' && value !== null;
  const isOpen = (now: unknown, before: unknown): boolean => {
    if (typeof now === 'string' || typeof before === 'string') {
      return (isStructure(now) || isStructure(before)) && hasUnknown([now, before]);
    }
    if (!isStructure(now) || !isStructure(before)) return false;
    return Object.entries(before as Props).some(([name, value]) => isOpen((now as Props)[name], value));
  };
  const known = (each: Props) =>
    Object.fromEntries(Object.entries(each).filter(([name]) => !isOpen(props[name], old[name])));
  return [known(props), known(old)];
}

function differencesOf(to: unknown, from: unknown, path: string): Difference[] {
  if (isDeepStrictEqual(to, from)) return [];
  const isStructure = (value: unknown): value is Props =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isStructure(to) || !isStructure(from)) return [{ path, from, to }];
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names].flatMap((name) => differencesOf(to[name], from[name], `${path}.${name}`));
}
