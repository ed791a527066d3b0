import type { Answer, Sent } from '../subject.ts';

type Properties = Record<string, unknown>;

/** The world of the running test. */
type CurrentWorld = () => { send(request: Sent): Promise<Answer> };

/** The requests about one resource, with `properties` where a test gives none. */
export function requests(world: CurrentWorld, properties: Properties = {}) {
  return {
    create: (ResourceProperties = properties) => world().send({ RequestType: 'Create', ResourceProperties }),
    update: (PhysicalResourceId: string, ResourceProperties: Properties, OldResourceProperties = properties) =>
      world().send({ RequestType: 'Update', PhysicalResourceId, ResourceProperties, OldResourceProperties }),
    remove: (PhysicalResourceId: string, ResourceProperties = properties) =>
      world().send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties }),
  };
}

/** The requests about one resource, with what a test gives merged over the current `properties`. */
export function mergedRequests(world: CurrentWorld, properties: () => Properties) {
  const { create, update, remove } = requests(world);
  const merged = (more: object): Properties => ({ ...properties(), ...more });
  return {
    create: (more: object = {}) => create(merged(more)),
    update: (id: string, to: object, from: object = {}) => update(id, merged(to), merged(from)),
    remove: (id: string, more: object = {}) => remove(id, merged(more)),
  };
}
