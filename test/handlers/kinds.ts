/** The kinds of things that resources are about. */
export type Noun = 'Domain' | 'Image' | 'Space' | 'StudioLifecycleConfig' | 'UserProfile';

/** What a service calls the statuses of a kind of thing. */
export interface Words {
  ready: string;
  updating: string;
  failed: Record<'create' | 'update' | 'delete', string>;
  /** Transitional statuses, which end by themselves. */
  transitional: readonly string[];
}

const usual: Words = {
  ready: 'InService',
  updating: 'Updating',
  failed: { create: 'Failed', update: 'Update_Failed', delete: 'Delete_Failed' },
  transitional: ['Pending', 'Updating'],
};

interface Kind {
  /** Its table in the local cloud, and the beginning of its ARNs. */
  table: string;
  words: Words;
  /** What an update of the resource changes, where it is not the thing itself. */
  updated?: Noun;
  /** The service's key of the thing with that physical id. */
  keyOf(id: string): string;
  /** The physical id of a thing. */
  idOf(members: { [name: string]: unknown }): string;
}

export const kinds: Record<Noun, Kind> = {
  Domain: { table: 'domain', words: usual, keyOf: (id) => id, idOf: ({ DomainId }) => String(DomainId) },
  UserProfile: {
    table: 'user-profile',
    words: usual,
    keyOf: (id) => id.toLowerCase(),
    idOf: ({ DomainId, UserProfileName }) => `${DomainId}/${UserProfileName}`,
  },
  Space: {
    table: 'space',
    words: usual,
    keyOf: (id) => id,
    idOf: ({ DomainId, SpaceName }) => `${DomainId}/${SpaceName}`,
  },
  StudioLifecycleConfig: {
    table: 'studio-lifecycle-config',
    words: usual,
    // SageMaker cannot change one; an update changes where it is attached.
    updated: 'UserProfile',
    keyOf: (id) => id,
    idOf: ({ StudioLifecycleConfigName }) => String(StudioLifecycleConfigName),
  },
  Image: {
    table: 'image',
    words: {
      ready: 'CREATED',
      updating: 'UPDATING',
      failed: { create: 'CREATE_FAILED', update: 'UPDATE_FAILED', delete: 'DELETE_FAILED' },
      transitional: ['CREATING', 'UPDATING'],
    },
    keyOf: (id) => id.split('/').at(-1)!,
    idOf: ({ ImageArn }) => String(ImageArn),
  },
};

/** What each of these statuses means for a resource that should be ready. */
export function statusMeanings({ ready, transitional, failed }: Words): Record<string, 'ready' | 'pending' | 'failed'> {
  return {
    [ready]: 'ready',
    ...Object.fromEntries(transitional.map((status) => [status, 'pending' as const])),
    ...Object.fromEntries(Object.values(failed).map((status) => [status, 'failed' as const])),
  };
}
