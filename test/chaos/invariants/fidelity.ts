import type { Tag } from '@aws-sdk/client-sagemaker';
import { existingIn } from '../existing.ts';
import { stacksIn } from '../play.ts';
import type { Finding, Scene } from '../scene.ts';
import { account, region } from '../world.ts';
import { answerOf, keyOf } from './answers.ts';
import { isUndone } from './holders.ts';

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
      const own = (properties.Tags ?? []) as Tag[];
      const shown = ofHolder(tags.get(thing.arn.toLowerCase()), own);
      const [has, wanted] = [spelled(shown), spelled(own)];
      const asked = [...own, ...undoneTags({ stack: name, logicalId, properties }, scene)];
      if (has === wanted || isMixOf(asked, shown, own)) return [];
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

/**
 * The tags that another logical id asked for, which took the thing over in an operation that was rolled back: what it has
 * changed stays, since CloudFormation sends the former holder no Update.
 */
function undoneTags(
  { stack, logicalId, properties }: { stack: string; logicalId: string; properties: object },
  { seen, world }: Scene,
): Tag[] {
  const { DomainName, DomainId, UserProfileName } = properties as Record<string, unknown>;
  return seen.requests
    .filter(({ RequestType, StackId, LogicalResourceId, ResourceProperties: other }) => {
      const isOther = LogicalResourceId !== logicalId || StackId.split('/')[1] !== stack;
      const isSame =
        other.DomainName === DomainName && other.DomainId === DomainId && other.UserProfileName === UserProfileName;
      return RequestType === 'Create' && isOther && isSame;
    })
    .filter((request) => isUndone(request, world))
    .flatMap(({ ResourceProperties }) => (ResourceProperties.Tags ?? []) as Tag[]);
}

/** Whether each tag was asked for, and each key that the template names is there. */
function isMixOf(asked: readonly Tag[], shown: readonly Tag[], own: readonly Tag[]): boolean {
  const isAsked = ({ Key, Value }: Tag) => asked.some((one) => one.Key === Key && one.Value === Value);
  return (
    shown.filter(({ Key }) => !Key!.startsWith('studio-resources:')).every(isAsked) &&
    own.every(({ Key }) => shown.some((one) => one.Key === Key))
  );
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
