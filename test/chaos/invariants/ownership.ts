import type { StackEvent } from '@aws-sdk/client-cloudformation';
import type { Tag } from '@aws-sdk/client-sagemaker';
import { type Existing, existingIn } from '../existing.ts';
import type { Observer, Sent } from '../observer.ts';
import { stacksIn } from '../play.ts';
import type { Finding, Scene } from '../scene.ts';
import { sharesIn } from '../shares.ts';
import { account, region, type World } from '../world.ts';
import { answerOf, keyOf } from './answers.ts';
import { isInRollback, isLastDeletion } from './holders.ts';

/** What each stack holds exists and is in service; and what exists is held by a stack. */
export function ownership(scene: Scene): Finding[] {
  const existing = existingIn(scene.world.store);
  const held = heldIn(scene);
  const failures = scene.seen.faults.has('resource failed');
  const findings: Finding[] = [];
  for (const { id, type, where, complete } of held) {
    // What these are is more than one thing.
    if (parted.has(type)) continue;
    const status = existing.get(id)?.status;
    if (complete && status === undefined) {
      findings.push({ rule: 'a stack holds what does not exist', detail: `${where} is ${id}` });
    } else if (complete && status !== 'InService' && !failures) {
      findings.push({ rule: 'a stack holds what is not in service', detail: `${where} is ${id}, which is ${status}` });
    }
  }
  // CloudFormation still has to delete what it knows of by other ids.
  if (stacksIn(scene.world).some(({ status }) => status === 'UPDATE_ROLLBACK_FAILED')) return findings;
  const ids = new Set(held.map(({ id }) => id));
  for (const [id, one] of existing) {
    if (
      one.unmanaged ||
      isRetained(one.holder ?? id, one, scene) ||
      ids.has(one.holder ?? id) ||
      mayStay(one, scene) ||
      isKnownToBeLeft(one.holder ?? id, scene) ||
      isGivenUp(one.holder ?? id, scene) ||
      isStillToGo(one, scene)
    )
      continue;
    const { status } = one;
    findings.push({ rule: 'something exists that no stack holds', detail: `${id} is ${status}` });
  }
  return findings;
}

/** The types of what has a rule of its own. */
const parted = new Set(['Custom::StudioUserProfileFleet', 'Custom::HomeSeed']);

function heldIn({ world }: Scene): { id: string; type: string; where: string; complete: boolean }[] {
  return stacksIn(world).flatMap(({ name, resources }) =>
    Object.values(resources)
      .filter(
        ({ type, physicalId, status }) =>
          // The setup of a user's home is not a resource of a stack.
          type.startsWith('Custom::') &&
          type !== 'Custom::StudioSetup' &&
          physicalId &&
          !/^DELETE_(COMPLETE|SKIPPED)$/.test(status),
      )
      .map(({ logicalId, type, physicalId, status }) => ({
        id: physicalId!,
        type,
        where: `${name}'s ${logicalId} (${status})`,
        complete: /^(CREATE|UPDATE)_COMPLETE$/.test(status),
      })),
  );
}

/**
 * It is a share, and its last resource did not set LeaveOnDelete; or that was deleted in a rollback, which does not know
 * whether the account was in the share before.
 */
function mayStay({ id }: Existing, { world, seen }: Scene): boolean {
  const share = sharesIn(world).find(({ arn }) => arn === id);
  const last = seen.requests.findLast(
    ({ ResourceProperties: { ResourceShareArn, ResourceShareName } }) =>
      share !== undefined && (ResourceShareArn === share.arn || ResourceShareName === share.name),
  );
  if (!share || !last) return share !== undefined;
  return last.ResourceProperties.LeaveOnDelete !== 'true' || isInRollback(last, world);
}

/** Its holder, as its tags say, has given it up by its template's DeletionPolicy, and has not deleted it since. */
function isRetained(id: string, { arn, tags }: Existing, { world, seen }: Scene): boolean {
  const { stackId, logicalId } = holderOf(arn, world, tags);
  const events = world.store.table<StackEvent[]>('cloudformation', { account, region }, 'events').get(stackId) ?? [];
  const given = events.findLast(
    ({ LogicalResourceId, PhysicalResourceId, ResourceStatus }) =>
      LogicalResourceId === logicalId &&
      // A creation that failed may have made it, under an id that CloudFormation has never had.
      (PhysicalResourceId === id || /^studio-resources:|^stack-/.test(PhysicalResourceId ?? '')) &&
      ResourceStatus === 'DELETE_SKIPPED',
  );
  return (
    given !== undefined &&
    !seen.requests.some(
      (one) =>
        one.StackId === stackId &&
        isLastDeletion(one, id, world) &&
        Date.parse(one.time) > given.Timestamp!.getTime() &&
        !wasRefused(one, seen),
    )
  );
}

/** The answer says that nothing could be deleted: something else in the domain blocks it. */
function wasRefused(request: Sent, { answers }: Observer): boolean {
  const first = answers.find(({ key }) => key === keyOf(request));
  return first !== undefined && /^Deleting domain \S+: blocked by /.test(String(answerOf(first)?.Reason));
}

/**
 * CloudFormation was told that it could not be deleted, perhaps under an id that CloudFormation had invented, and gave it
 * up; or the response to a cancelled creation says that what it created could not be deleted.
 */
function isKnownToBeLeft(id: string, { seen }: Scene): boolean {
  return seen.requests.some((request) => {
    const first = seen.answers.find(({ key }) => key === keyOf(request));
    const { Status, Reason = '' } = (first && answerOf(first)) ?? {};
    if (Status !== 'FAILED') return false;
    if (request.RequestType !== 'Delete') return String(Reason).startsWith(`Deleting ${id}: `);
    return request.PhysicalResourceId === id || String(Reason).includes(id);
  });
}

/**
 * CloudFormation had its id, and dropped it without ever asking for its deletion, so that it was never deleted: what
 * needs it could not be deleted when an update or its rollback was cleaned up, and with that the local CloudFormation
 * gives up all that stands behind it. (AWS is said to try three times before it goes on.)
 */
function isGivenUp(id: string, scene: Scene, above: string[] = []): boolean {
  const { requests, answers } = scene.seen;
  const answered = requests.map((request) => {
    const first = answers.find(({ key }) => key === keyOf(request));
    return { request, answer: first && answerOf(first) };
  });
  const own = answered.find(({ answer }) => answer?.Status === 'SUCCESS' && answer.PhysicalResourceId === id);
  const isAsked = requests.some((one) => one.RequestType === 'Delete' && one.PhysicalResourceId === id);
  if (!own || isAsked || above.includes(id)) return false;
  const needing = answered.filter(
    ({ request }) =>
      request.StackId === own.request.StackId && JSON.stringify(request.ResourceProperties).includes(`"${id}"`),
  );
  return needing.some(({ request: { RequestType }, answer: { Status, PhysicalResourceId } = {} }) =>
    RequestType === 'Delete'
      ? Status === 'FAILED'
      : Status === 'SUCCESS' && isGivenUp(String(PhysicalResourceId), scene, [...above, id]),
  );
}

/** A deletion of it has failed, and has to be tried again: by an id that CloudFormation invented, so its tags tell. */
function isStillToGo({ arn, tags: own }: Existing, { world }: Scene): boolean {
  const { stackId, logicalId } = holderOf(arn, world, own);
  const stack = stacksIn(world).find(({ id }) => id === stackId);
  return stack?.resources[logicalId]?.status === 'DELETE_FAILED';
}

/** The holder that tags name: its own ones, or those that SageMaker has of it. */
function holderOf(arn: string, { store }: World, own?: Tag[]): { stackId: string; logicalId: string } {
  const tags = own ?? store.table<Tag[]>('sagemaker', { account, region }, 'tags').get(arn.toLowerCase()) ?? [];
  const tagOf = (key: string) => tags.find(({ Key }) => Key === `studio-resources:${key}`)?.Value ?? '';
  return { stackId: tagOf('stack-id'), logicalId: tagOf('logical-id') };
}
