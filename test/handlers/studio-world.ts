import { CreateSecurityGroupCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs';
import {
  CreateAppCommand,
  type CreateAppCommandInput,
  CreateSpaceCommand,
  CreateUserProfileCommand,
  DeleteTagsCommand,
  ListTagsCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { Permission } from '@studio-resources/core';
import { AwsError } from '../../packages/local/src/errors.ts';
import type { Service } from '../../packages/local/src/service.ts';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { efs } from '../../packages/local/src/services/efs/index.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import type { Quota } from '../../packages/local/src/services/sagemaker/quota-table.ts';
import type { VirtualCloud } from '../../packages/local/src/virtual/virtual-cloud.ts';
import type { World } from '../subject.ts';
import { account, type BuiltFunction, builtFunction, type Mutation, region } from './built-function.ts';
import { createDependencies, type DomainDependencies, makeDomain } from './domain-dependencies.ts';
import { faultyStudio } from './faulty-studio.ts';
import { Interceptions, withInterceptions } from './interceptions.ts';
import { kinds, type Noun } from './kinds.ts';
import { showStack } from './shown-stack.ts';

/** A world in which the resource is the built zip, in a cloud at virtual time. */
export interface StudioWorld extends World, DomainDependencies {
  readonly run: BuiltFunction<unknown>;
  /** Domains that are in service, and that no stack owns. */
  readonly domainIds: readonly string[];
  /** The physical id of the resource that `created` describes; empty without one. */
  readonly createdId: string;
  /** Calls as the account itself. */
  readonly sagemaker: SageMakerClient;
  /** What answers the function's next calls in place of the service. */
  readonly interceptions: Interceptions;
  /** The function's calls that change something, with their input, oldest first. */
  calls(): Mutation[];
  /** The operations of these calls. */
  operations(): string[];
  /** What the service has of a thing, such as `user-profile` `d-1/ann`: a test may read and change it. */
  members(table: string, key: string): Members;
  /** The keys of all things of a kind. */
  keys(table: string): string[];
  /** Sets a quota of the account, by its name in Service Quotas. */
  allow(quota: Quota, value: number): void;
  /** Makes a domain be Updating for a while, as during a change by another team. */
  changeDomain(DomainId: string): void;
  /** Makes a user profile that no stack owns, unless its tags say so. */
  addProfile(DomainId: string, UserProfileName: string, tags?: object): Promise<void>;
  /** Makes a private space for JupyterLab. */
  addSpace(DomainId: string, SpaceName: string, OwnerUserProfileName: string): Promise<void>;
  /** Makes an app in a space, or of a profile. */
  addApp(app: CreateAppCommandInput): Promise<void>;
  /** Creates an app, without waiting for it. */
  startApp(app: CreateAppCommandInput): Promise<unknown>;
  /** Makes security groups in the first VPC; gives their ids. */
  makeSecurityGroups(...names: string[]): Promise<string[]>;
  /** Waits until everything of a kind is in service. */
  settled(kind: 'user-profile' | 'space' | 'app'): Promise<void>;
  /** The ids of the file systems and the security groups that SageMaker has made. */
  orphanedResources(): Promise<string[]>;
}

interface Kept {
  key: string;
  arn: string;
  visibleAt: number;
  shown: Members;
}

// biome-ignore lint/suspicious/noExplicitAny: what a service shows of a thing, of whatever kind
export type Members = Record<string, any>;

interface Before {
  /** Names of domains that no stack owns. */
  domains?: readonly string[];
  /** The properties of a resource that the stack has created. */
  created?: (place: DomainDependencies & { domainIds: string[] }) => Record<string, unknown>;
}

/** Returns a function that makes worlds. Its services replace those of the cloud. `name` is the handler's; `noun` is the kind of thing that it manages. */
export function studioWorld(
  name: string,
  noun: Noun,
  resource: { type: string; permissions: readonly Permission[] },
  { domains = [], created }: Before = {},
): (services?: readonly Service[]) => Promise<StudioWorld> {
  const start = builtFunction(name, resource, {
    // The domains are another team's.
    variables: { ALLOWED_DOMAINS: '*' },
    async prepare(cloud, run) {
      const dependencies = await createDependencies(cloud);
      const domainIds: string[] = [];
      for (const each of domains) domainIds.push(await makeDomain(cloud, each, dependencies));
      const place = { ...dependencies, domainIds };
      if (!created) return { ...place, createdId: '' };
      const { PhysicalResourceId } = await run.send({ RequestType: 'Create', ResourceProperties: created(place) });
      return { ...place, createdId: PhysicalResourceId };
    },
  });
  return async (services = []) => {
    const faulty = faultyStudio(noun);
    const interceptions = new Interceptions();
    const run = await start(
      [faulty.service, ec2, efs, s3, ...services].map((each) => withInterceptions<object>(each, interceptions)),
    );
    const { table: kind, words, keyOf, idOf } = kinds[noun];
    const { cloud, made } = run;
    const sagemaker = new SageMakerClient(run.options);
    const tableOf = (of: string) => cloud.cloud.store.table<Kept>('sagemaker', { account, region }, of);
    const recordOf = (id: string) => {
      const record = tableOf(kind).get(keyOf(id));
      if (!record) throw new Error(`There is no ${noun} ${id}`);
      return record;
    };

    // The service does not show new things at once.
    const isSettled = ({ shown, visibleAt }: Kept) =>
      !['Pending', 'Updating'].includes(shown.Status) && visibleAt <= cloud.time.now();
    const settled = (of: string) =>
      cloud.until(() => [...tableOf(of).values()].every(isSettled), `every ${of} to be in service`);

    return {
      ...made,
      run,
      sagemaker,
      interceptions,
      calls: run.mutations,
      operations: () => run.mutations().map(({ operation }) => operation),
      members(table, key) {
        const found = tableOf(table).get(key);
        if (!found) throw new Error(`There is no ${table} ${key}`);
        return found.shown;
      },
      keys: (table) => [...tableOf(table).keys()],
      allow: (quota, value) =>
        void cloud.cloud.store.table<number>('sagemaker', { account, region }, 'quotas').set(quota, value),
      changeDomain(DomainId) {
        const { shown } = tableOf('domain').get(DomainId)!;
        Object.assign(shown, { Status: 'Updating', LastModifiedTime: cloud.now() });
        cloud.time.after(40_000, () => Object.assign(shown, { Status: 'InService' }));
      },
      async addProfile(DomainId, UserProfileName, tags = {}) {
        const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName, Tags }));
        await settled('user-profile');
      },
      async addSpace(DomainId, SpaceName, OwnerUserProfileName) {
        await sagemaker.send(
          new CreateSpaceCommand({
            DomainId,
            SpaceName,
            OwnershipSettings: { OwnerUserProfileName },
            SpaceSharingSettings: { SharingType: 'Private' },
            SpaceSettings: { AppType: 'JupyterLab' },
          }),
        );
        await settled('space');
      },
      async addApp(app) {
        await sagemaker.send(new CreateAppCommand(app));
        await settled('app');
      },
      startApp: (app) => sagemaker.send(new CreateAppCommand(app)),
      makeSecurityGroups: (...names) =>
        Promise.all(
          names.map(async (GroupName) => {
            const input = { GroupName, Description: 'Of a test', VpcId: made.vpcs[0]!.VpcId };
            const { GroupId } = await new EC2Client(run.options).send(new CreateSecurityGroupCommand(input));
            return GroupId!;
          }),
        ),
      settled,
      orphanedResources: () => orphanedResourcesIn(cloud),
      send(sent) {
        faulty.endFailures();
        return run.send(sent);
      },
      existing: async () => [...tableOf(kind).values()].map(({ shown }) => idOf({ ...shown })),
      async look(id) {
        const { arn, shown } = recordOf(id);
        const { Tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: arn }));
        return { ...shown, Tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
      },
      showStack: (stack) => showStack({ cloud: cloud.cloud, account, region }, stack),
      mutations: async () => run.mutations().map(({ operation }) => operation),
      refuseNext: async (what, code, message) => faulty.refuse(what, new AwsError(code, message)),
      failNext: async (what, reason) => faulty.fail(what, reason),
      async setStatus(id, Status, FailureReason) {
        const { shown } = recordOf(id);
        Object.assign(shown, { Status, FailureReason });
        if (!words.transitional.includes(Status)) return;
        cloud.time.after(20_000, () => Object.assign(shown, { Status: words.ready }));
      },
      async deleteBehindItsBack(id) {
        tableOf(kind).delete(recordOf(id).key);
      },
      async disown(id) {
        const TagKeys = ['stack-id', 'logical-id', 'provider'].map((name) => `studio-resources:${name}`);
        await sagemaker.send(new DeleteTagsCommand({ ResourceArn: recordOf(id).arn, TagKeys }));
      },
      close: run.close,
    };
  };
}

async function orphanedResourcesIn(cloud: VirtualCloud): Promise<string[]> {
  const { FileSystems = [] } = await new EFSClient(cloud.clientOptions()).send(new DescribeFileSystemsCommand({}));
  const { SecurityGroups = [] } = await new EC2Client(cloud.clientOptions()).send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'tag-key', Values: ['ManagedByAmazonSageMakerResource'] }] }),
  );
  return [...FileSystems.map(({ FileSystemId }) => FileSystemId!), ...SecurityGroups.map(({ GroupId }) => GroupId!)];
}
