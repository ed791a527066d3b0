import type { Tag } from '@aws-sdk/client-sagemaker';
import type { LifecycleConfigRecord } from '../../../packages/local/src/services/sagemaker/lifecycle-config-uses.ts';
import type {
  AppImageConfigRecord,
  DomainRecord,
  ImageRecord,
  UserProfileRecord,
} from '../../../packages/local/src/services/sagemaker/records.ts';
import type { Finding, Scene } from '../invariants.ts';
import { stacksIn } from '../play.ts';
import { account, region } from '../world.ts';
import { answerOf, keyOf } from './answers.ts';
import { besidesIn } from './besides.ts';

/** What each stack holds exists and is in service; and what exists is held by a stack. */
export function ownership(scene: Scene): Finding[] {
  const existing = existingIn(scene);
  const held = heldIn(scene);
  const failures = scene.seen.faults.has('resource failed');
  const findings: Finding[] = [];
  for (const { id, where, complete } of held) {
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
    if (one.mayStay || ids.has(id) || isKnownToBeLeft(id, scene) || isStillToGo(one, scene)) continue;
    const { status } = one;
    findings.push({ rule: 'something exists that no stack holds', detail: `${id} is ${status}` });
  }
  return findings;
}

export interface Existing {
  id: string;
  status: string;
  arn: string;
  /** Those of what is not SageMaker's. */
  tags?: Tag[];
  /** Nobody has asked to have it deleted with what held it. */
  mayStay?: boolean;
}

/** Everything that is some stack's, by its physical id. */
function existingIn(scene: Scene): Map<string, Existing> {
  const { world } = scene;
  const tableOf = <T>(name: string) => [...world.store.table<T>('sagemaker', { account, region }, name).values()];
  const domains = tableOf<DomainRecord>('domain').map(({ arn, shown }) => ({
    arn,
    id: shown.DomainId,
    status: shown.Status!,
  }));
  const profiles = tableOf<UserProfileRecord>('user-profile').map(({ arn, shown }) => ({
    arn,
    id: `${shown.DomainId}/${shown.UserProfileName}`,
    status: shown.Status!,
  }));
  const all = [...domains, ...profiles, ...imagesIn(world), ...lifecycleConfigsIn(world), ...besidesIn(scene)];
  return new Map(all.map((one) => [one.id, one]));
}

/** Images by their ARNs, and app image configs whose image is gone: these have no business to exist. */
function imagesIn({ store }: Scene['world']): Existing[] {
  const tableOf = <T>(name: string) => store.table<T>('sagemaker', { account, region }, name);
  const images = tableOf<ImageRecord>('image');
  const configs = [...tableOf<AppImageConfigRecord>('app-image-config').values()];
  return [
    ...[...images.values()].map(({ arn, shown: { Status } }) => ({
      arn,
      id: arn,
      status: Status === 'CREATED' ? 'InService' : Status,
    })),
    ...configs
      .filter(({ key }) => !images.has(key.replace(/-jupyter-lab$/, '')))
      .map(({ arn }) => ({ arn, id: arn, status: 'InService' })),
  ];
}

/** They have no status. One that another has taken the place of belongs to that one: apps run with it. */
function lifecycleConfigsIn({ store }: Scene['world']): Existing[] {
  const tableOf = <T>(name: string) => store.table<T>('sagemaker', { account, region }, name);
  const configs = tableOf<LifecycleConfigRecord>('studio-lifecycle-config');
  const tags = tableOf<Tag[]>('tags');
  const isSuperseded = ({ arn }: LifecycleConfigRecord) =>
    tags.get(arn.toLowerCase())?.some(({ Key }) => Key === 'studio-resources:superseded-by');
  const ownerOf = ({ key }: LifecycleConfigRecord) => key.split('-').at(-2);
  const all = [...configs.values()];
  const owners = new Set(all.filter((each) => !isSuperseded(each)).map(ownerOf));
  return all
    .filter((each) => !isSuperseded(each) || !owners.has(ownerOf(each)))
    .map(({ arn, key }) => ({ arn, id: key, status: 'InService' }));
}

function heldIn({ world }: Scene): { id: string; where: string; complete: boolean }[] {
  return stacksIn(world).flatMap(({ name, resources }) =>
    Object.values(resources)
      .filter(
        ({ type, physicalId, status }) => type.startsWith('Custom::') && physicalId && status !== 'DELETE_COMPLETE',
      )
      .map(({ logicalId, physicalId, status }) => ({
        id: physicalId!,
        where: `${name}'s ${logicalId} (${status})`,
        complete: /^(CREATE|UPDATE)_COMPLETE$/.test(status),
      })),
  );
}

/**
 * CloudFormation was told that it could not be deleted, perhaps under an id that it had invented, and gave it up; or
 * whoever reads the answer was, where what was made for a request that was called off could not be.
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

/** A deletion of it has failed, and has to be tried again: by an id that CloudFormation invented, so its tags tell. */
function isStillToGo({ arn, tags: own }: Existing, { world }: Scene): boolean {
  const tags = own ?? world.store.table<Tag[]>('sagemaker', { account, region }, 'tags').get(arn.toLowerCase()) ?? [];
  const tagOf = (key: string) => tags.find(({ Key }) => Key === `studio-resources:${key}`)?.Value ?? '';
  const stack = stacksIn(world).find(({ id }) => id === tagOf('stack-id'));
  return stack?.resources[tagOf('logical-id')]?.status === 'DELETE_FAILED';
}
