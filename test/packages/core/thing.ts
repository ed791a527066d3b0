import { number, properties, type Resource, type Status, string } from '@studio-resources/core';

export interface ThingProps {
  Name: string;
  Size?: number;
  Secret?: string;
}

export interface ThingState {
  id: string;
  status: string;
}

/** A resource that notes each call to it, and does at once what it is told, unless a test says otherwise. */
export interface Thing {
  readonly resource: Resource<ThingProps, ThingState>;
  /** The calls in order: `create`, `read thing-one`, … */
  readonly calls: string[];
  /** What exists, by id. */
  readonly things: Map<string, string>;
}

export function thing(own: Partial<Resource<ThingProps, ThingState>> = {}): Thing {
  const calls: string[] = [];
  const things = new Map<string, string>();
  const usual: Resource<ThingProps, ThingState> = {
    type: 'Custom::Thing',
    schema: properties({ Name: string(), Size: number().optional(), Secret: string().optional() }),
    immutable: ['Name'],
    sensitive: ['Secret'],
    permissions: [],
    pace: {
      create: { expectedSeconds: 0, pollIntervalSeconds: 0 },
      update: { expectedSeconds: 0, pollIntervalSeconds: 0 },
      delete: { expectedSeconds: 0, pollIntervalSeconds: 0 },
    },
    ownsId: (id) => id.startsWith('thing-'),
    async find({ Name }) {
      return things.has(`thing-${Name}`) ? `thing-${Name}` : undefined;
    },
    async create({ Name }) {
      things.set(`thing-${Name}`, 'InService');
      return `thing-${Name}`;
    },
    async read(id) {
      const status = things.get(id);
      return status === undefined ? undefined : { id, status };
    },
    async update() {},
    async delete(id) {
      things.delete(id);
      return undefined;
    },
    status: ({ status }): Status =>
      status === 'InService'
        ? 'ready'
        : status.endsWith('ing')
          ? { pending: status }
          : { failed: `${status}: no luck` },
    attributes: ({ id, status }) => ({ Arn: `arn:thing/${id}`, Status: status }),
    ...own,
  };
  return { resource: noting(usual, calls), calls, things };
}

/** The same resource, with each of its calls to a service noted. */
function noting(resource: Resource<ThingProps, ThingState>, calls: string[]): Resource<ThingProps, ThingState> {
  const note = <A extends unknown[], R>(call: string, run: ((...args: A) => R) | undefined, shows: boolean) =>
    run &&
    ((...args: A): R => {
      calls.push(shows ? `${call} ${args[0]}` : call);
      return run(...args);
    });
  return {
    ...resource,
    create: note('create', resource.create, false) ?? resource.create,
    find: note('find', resource.find, false),
    read: note('read', resource.read, true),
    update: note('update', resource.update, true),
    advance: note('advance', resource.advance, false),
    delete: note('delete', resource.delete, true),
  };
}
