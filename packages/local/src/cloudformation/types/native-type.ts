import { AwsError } from '../../errors.ts';
import {
  type Imports,
  type PhysicalResource,
  type ResourceContext,
  ResourceFailure,
  type ResourceType,
} from '../resources/resource-type.ts';
import { changedProperties } from '../template/properties.ts';
import { InvalidProperties } from './advice.ts';
import { checkHandlerPermissions } from './handler-permissions.ts';
import { checkNames, type PropertyTable, readTable, type Tag, type ValuesOf } from './property.ts';
import { registryType } from './registry-types.ts';

/** A native type: its properties, and the calls that they become. */
export interface NativeType<Table extends PropertyTable> {
  type: `AWS::${string}`;
  properties: Table;
  /** The property that takes the stack's tags. Left out: `Tags`, a list, where there is one. */
  stackTagsProperty?: { property: keyof Table & string; as: 'list' | 'map' };
  create(values: ValuesOf<Table>, context: ResourceContext): Promise<PhysicalResource>;
  /** Changes the thing in place. `changed` names the properties that differ. Left out: every change replaces. */
  update?(change: Change<ValuesOf<Table>>, context: ResourceContext): Promise<PhysicalResource>;
  delete(physicalId: string, values: Partial<ValuesOf<Table>>, context: ResourceContext): Promise<void>;
  alwaysUpdates?: boolean;
  /** How a thing that exists is taken into a stack. Left out: it cannot be. */
  imports?: Imports;
}

export interface Change<Values> {
  physicalId: string;
  values: Values;
  old: Partial<Values>;
  changed: ReadonlySet<keyof Values & string>;
}

/** Makes a kind of resource from a type's description. */
export function nativeType<Table extends PropertyTable>(native: NativeType<Table>): [string, ResourceType] {
  const { type, properties: table } = native;
  const read = (properties: Record<string, unknown>, logicalId: string) => {
    try {
      return readTable(table, properties);
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      throw new ResourceFailure(invalidProperties(logicalId, cause.message), { cause, unsent: true });
    }
  };
  const kind: ResourceType = {
    alwaysUpdates: native.alwaysUpdates,
    imports: native.imports,
    properties: Object.keys(table),

    check({ logicalId, properties }) {
      const known = registryType(type)?.properties ?? [];
      const lacking = Object.keys(properties).filter((name) => !table[name] && known.includes(name));
      if (lacking.length > 0) {
        const text = `Template error: the local cloud does not have ${lacking.join(', ')} of ${type}, which resource ${logicalId} gives`;
        const advice = lacking.map((name) => ({ path: [name], text: `leave out ${name} here; AWS has it` }));
        throw new InvalidProperties(text, advice);
      }
      try {
        checkNames(table, properties);
      } catch (cause) {
        if (!(cause instanceof InvalidProperties)) throw cause;
        throw new InvalidProperties(invalidProperties(logicalId, cause.message), cause.advice);
      }
    },

    complete(properties, stackTags) {
      const { property, as } = native.stackTagsProperty ?? { property: 'Tags', as: 'list' };
      // Those of AWS's own, such as Service Catalog gives, stay on the stack: no service takes such a key from a call.
      const given = stackTags.filter(({ Key }) => !Key?.startsWith('aws:'));
      if (!table[property] || given.length === 0) return properties;
      const own = properties[property];
      return { ...properties, [property]: as === 'list' ? withTags(own, given) : withTagMap(own, given) };
    },

    replacedBy: (changed, now, old) =>
      changed.filter((name) => {
        const replaces = table[name]?.replaces;
        return !native.update || (typeof replaces === 'function' ? replaces(now[name], old[name]) : replaces);
      }),

    async create(properties, context) {
      const values = read(properties, context.logicalId);
      checkHandlerPermissions('create', context, properties);
      return native.create(values, context);
    },

    async update(physicalId, properties, old, context) {
      if (!native.update) throw new Error(`Updating ${type} ${physicalId}: it can only be replaced`);
      const changed = new Set(changedProperties(old, properties) as (keyof ValuesOf<Table> & string)[]);
      const values = read(properties, context.logicalId);
      // A handler changes only what differs.
      const differing = (from: Record<string, unknown>) =>
        Object.fromEntries(
          Object.entries(from).filter(([name]) => changed.has(name as keyof ValuesOf<Table> & string)),
        );
      checkHandlerPermissions('update', context, differing(properties), differing(old));
      return native.update({ physicalId, values, old: readLeniently(table, old), changed }, context);
    },

    async delete(physicalId, properties, context) {
      checkHandlerPermissions('delete', context, properties);
      return native.delete(physicalId, readLeniently(table, properties), context);
    },

    missingAttribute: (attribute) => `Requested attribute ${attribute} does not exist in schema for ${type}`,
  };
  return [type, kind];
}

/** CloudFormation's words for a resource whose properties do not pass its type's schema. */
export function invalidProperties(logicalId: string, problems: string): string {
  return `Properties validation failed for resource ${logicalId} with message:\n${problems}`;
}

/** Reads the valid properties only, so that invalid ones do not block a deletion. */
function readLeniently<Table extends PropertyTable>(
  table: Table,
  properties: Record<string, unknown>,
): Partial<ValuesOf<Table>> {
  const values: Record<string, unknown> = {};
  for (const [name, { read }] of Object.entries(table)) {
    try {
      values[name] = read(properties[name], name);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }
  return values as Partial<ValuesOf<Table>>;
}

type StackTags = readonly { Key?: string; Value?: string }[];

/** A resource takes the stack's tags, unless it has its own of the same key. What is no list is refused later. */
function withTags(own: unknown = [], stackTags: StackTags): unknown {
  if (!Array.isArray(own)) return own;
  const keys = new Set(own.map((tag: Partial<Tag>) => tag.Key));
  return [...own, ...stackTags.filter(({ Key }) => !keys.has(Key))];
}

function withTagMap(own: unknown = {}, stackTags: StackTags): unknown {
  return typeof own === 'object' ? { ...tagMap(stackTags), ...own } : own;
}

/** Tags as a map. */
export function tagMap(tags: StackTags): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

/** What must be done to tags in place: those to set, and the keys to take away. */
export function tagChanges(now: readonly Tag[] = [], old: readonly Tag[] = []): { set: Tag[]; gone: string[] } {
  const keys = new Set(now.map(({ Key }) => Key));
  const before = tagMap(old);
  return {
    set: now.filter(({ Key, Value }) => before[Key] !== Value),
    gone: old.map(({ Key }) => Key).filter((key) => !keys.has(key)),
  };
}
