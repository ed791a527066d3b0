import type { Tag } from '@aws-sdk/client-sagemaker';
import type { LifecycleConfigRecord } from '../../packages/local/src/services/sagemaker/lifecycle-config-uses.ts';
import type {
  AppImageConfigRecord,
  DomainRecord,
  ImageRecord,
  UserProfileRecord,
} from '../../packages/local/src/services/sagemaker/records.ts';
import type { Store } from '../../packages/local/src/store.ts';
import { fleetOf } from './fleets.ts';
import { registersIn } from './registers.ts';
import { unmanagedScripts } from './scripts.ts';
import { deliveredIn } from './seeds.ts';
import { sharesIn } from './shares.ts';
import { findUnmanagedDomain, unmanagedDomains } from './unmanaged-domain.ts';
import { account, region } from './world.ts';

/** Something that a custom resource makes. */
export interface Existing {
  id: string;
  status: string;
  arn: string;
  /** Those of what is not SageMaker's. */
  tags?: Tag[];
  /** The physical id of what it is a part of, where it is one. */
  holder?: string;
  /** No stack has created it. */
  unmanaged?: boolean;
}

/** Everything that is some stack's, by its physical id. */
export function existingIn(store: Store): Map<string, Existing> {
  const tableOf = <T>(name: string) => store.table<T>('sagemaker', { account, region }, name);
  const tags = tableOf<Tag[]>('tags');
  const idOf = (name: keyof typeof unmanagedDomains) =>
    findUnmanagedDomain({ store }, unmanagedDomains[name])?.domain.shown.DomainId;
  const others = [idOf('homes'), idOf('servers')];
  const isTheirs = ({ shown }: DomainRecord | UserProfileRecord) => !others.includes(shown.DomainId);
  const adopted = idOf('adopted');
  const isUnmanaged = ({ arn, shown }: DomainRecord | UserProfileRecord) =>
    shown.DomainId === adopted && !tags.get(arn.toLowerCase())?.some(({ Key }) => Key === 'studio-resources:stack-id');
  const domains = [...tableOf<DomainRecord>('domain').values()].filter(isTheirs).map((one) => ({
    arn: one.arn,
    id: one.shown.DomainId,
    status: one.shown.Status!,
    unmanaged: isUnmanaged(one),
  }));
  const profiles = [...tableOf<UserProfileRecord>('user-profile').values()].filter(isTheirs).map((one) => ({
    arn: one.arn,
    id: `${one.shown.DomainId}/${one.shown.UserProfileName}`,
    status: one.shown.Status!,
    holder: fleetOf(one.shown.DomainId, tags.get(one.arn.toLowerCase())),
    unmanaged: isUnmanaged(one),
  }));
  const otherThings = [...registersIn({ store }), ...deliveredIn({ store }), ...sharesIn({ store })].map((one) => {
    const id = 'id' in one ? one.id : one.arn;
    return { id, arn: id, status: 'InService', ...('tags' in one && { tags: one.tags }) };
  });
  const all = [...domains, ...profiles, ...imagesIn(store), ...lifecycleConfigsIn(store), ...otherThings];
  return new Map(all.map((one) => [one.id, one]));
}

/** Images by their ARNs, and app image configs whose image is gone: these have no business to exist. */
function imagesIn(store: Store): Existing[] {
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
function lifecycleConfigsIn(store: Store): Existing[] {
  const tableOf = <T>(name: string) => store.table<T>('sagemaker', { account, region }, name);
  const configs = tableOf<LifecycleConfigRecord>('studio-lifecycle-config');
  const tags = tableOf<Tag[]>('tags');
  const isSuperseded = ({ arn }: LifecycleConfigRecord) =>
    tags.get(arn.toLowerCase())?.some(({ Key }) => Key === 'studio-resources:superseded-by');
  const ownerOf = ({ key }: LifecycleConfigRecord) => key.split('-').at(-2);
  const all = [...configs.values()].filter(({ key }) => !unmanagedScripts.includes(key));
  const owners = new Set(all.filter((each) => !isSuperseded(each)).map(ownerOf));
  return all
    .filter((each) => !isSuperseded(each) || !owners.has(ownerOf(each)))
    .map(({ arn, key }) => ({ arn, id: key, status: 'InService' }));
}
