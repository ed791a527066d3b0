import type { Tag } from '@aws-sdk/client-sagemaker';
import { existingIn } from '../existing.ts';
import { stacksIn } from '../play.ts';
import type { Finding, Scene } from '../scene.ts';
import { account, region } from '../world.ts';
import { answerOf, keyOf } from './answers.ts';

const types = ['Custom::StudioDomain', 'Custom::StudioUserProfile'];

/** What stacks hold is as they asked for it last: an older request that comes late has not undone a newer one. */
export function fidelity(scene: Scene): Finding[] {
  const { world, history } = scene;
  // A call whose caller has stopped waiting may be carried out after a newer one.
  if (history.faults.some(({ on, fault }) => on === 'call' && fault === 'slow')) return [];
  const { store } = world;
  const existing = existingIn(store);
  const tags = store.table<Tag[]>('sagemaker', { account, region }, 'tags');
  return stacksIn(world).flatMap(({ name, resources }) =>
    Object.values(resources).flatMap(({ logicalId, type, physicalId, status, properties }) => {
      const thing = existing.get(physicalId ?? '');
      if (
        !thing ||
        !types.includes(type) ||
        isTakenUpAgain(thing.id, scene) ||
        !/^(CREATE|UPDATE)_COMPLETE$/.test(status)
      )
        return [];
      const asked = properties.Tags as Tag[] | undefined;
      const wanted = spelled(asked);
      const has = spelled(ofHolder(tags.get(thing.arn.toLowerCase()), asked));
      if (has === wanted) return [];
      const detail = `${name}'s ${logicalId} is ${physicalId}, tagged ${has}, not ${wanted}`;
      return [{ rule: 'a stack holds what is not as it asked', detail }];
    }),
  );
}

/**
 * The tags that are the holder's. What was taken over has those of the former holder's template as well, which no request
 * names.
 */
function ofHolder(tags: readonly Tag[] = [], asked: readonly Tag[] = []): readonly Tag[] {
  const isTakenOver = tags.some(({ Key }) => Key === 'studio-resources:previous-stack-id');
  return isTakenOver ? tags.filter(({ Key }) => asked.some((each) => each.Key === Key)) : tags;
}

/**
 * A clean-up that failed has left it, and a later Create of the same name adopted it unchanged: it is unknown which
 * of its tags are whose.
 */
function isTakenUpAgain(id: string, { seen }: Scene): boolean {
  const creations = seen.requests.filter((request) => {
    const first = seen.answers.find(({ key }) => key === keyOf(request));
    const { Status, PhysicalResourceId } = (first && answerOf(first)) ?? {};
    return request.RequestType === 'Create' && Status === 'SUCCESS' && PhysicalResourceId === id;
  });
  return creations.length > 1;
}

/** Tags as text, without those of the project. */
export function spelled(tags: readonly Tag[] = []): string {
  return (
    tags
      .filter(({ Key }) => !Key!.startsWith('studio-resources:'))
      .map(({ Key, Value }) => `${Key}=${Value}`)
      .sort()
      .join() || 'with nothing'
  );
}
