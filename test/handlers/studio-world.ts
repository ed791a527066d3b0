import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs';
import { DeleteTagsCommand, ListTagsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Permission } from '@studio-resources/core';
import { AwsError } from '../../packages/local/src/errors.ts';
import type { VirtualCloud } from '../../packages/local/src/virtual/virtual-cloud.ts';
import type { World } from '../contract.ts';
import { account, type BuiltFunction, builtFunction, region } from './built-function.ts';
import { faultyStudio } from './faulty-studio.ts';
import { kinds, type Noun } from './kinds.ts';
import { makeDomain, type Surroundings, surroundings } from './surroundings.ts';

/** A world in which the resource is the built zip, in a cloud at virtual time. */
export interface StudioWorld extends World, Surroundings {
  readonly run: BuiltFunction<unknown>;
  /** Domains that are in service, and that somebody else has made than the stack. */
  readonly domainIds: readonly string[];
  /** Calls as the account itself. */
  readonly sagemaker: SageMakerClient;
  /** Waits until everything of a kind is in service. */
  settled(kind: 'user-profile' | 'space' | 'app'): Promise<void>;
  /** The ids of the file systems and the security groups that SageMaker has made. */
  leftovers(): Promise<string[]>;
}

interface Record {
  key: string;
  arn: string;
  shown: { Status: string; FailureReason?: string; DomainId: string; UserProfileName?: string };
}

/** Gives what makes worlds. `name` is the handler's, `noun` that of the things that it is about, `domains` their names. */
export function studioWorld(
  name: string,
  noun: Noun,
  resource: { type: string; permissions: readonly Permission[] },
  domains: readonly string[] = [],
): () => Promise<StudioWorld> {
  const start = builtFunction(name, resource, {
    async prepare(cloud) {
      const around = await surroundings(cloud);
      const domainIds: string[] = [];
      for (const each of domains) domainIds.push(await makeDomain(cloud, each, around));
      return { ...around, domainIds };
    },
  });
  return async () => {
    const faulty = faultyStudio(noun);
    const run = await start([faulty.service]);
    const { table: kind, words, keyOf, idOf } = kinds[noun];
    const { cloud, made } = run;
    const sagemaker = new SageMakerClient(run.options);
    const tableOf = (of: string) => cloud.cloud.store.table<Record>('sagemaker', { account, region }, of);
    const recordOf = (id: string) => {
      const record = tableOf(kind).get(keyOf(id));
      if (!record) throw new Error(`There is no ${noun} ${id}`);
      return record;
    };

    return {
      ...made,
      run,
      sagemaker,
      settled: (of) =>
        cloud.until(
          () => [...tableOf(of).values()].every(({ shown }) => shown.Status === 'InService'),
          `every ${of} to be in service`,
        ),
      leftovers: () => leftoversIn(cloud),
      send(sent) {
        faulty.calm();
        return run.send(sent);
      },
      existing: async () => [...tableOf(kind).values()].map(({ shown }) => idOf({ ...shown })),
      async look(id) {
        const { arn, shown } = recordOf(id);
        const { Tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: arn }));
        return { ...shown, Tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
      },
      mutations: async () => run.mutations().map(({ operation }) => operation),
      refuseNext: async (what, code, message) => faulty.refuse(what, new AwsError(code, message)),
      failNext: async (what, reason) => faulty.fail(what, reason),
      async setStatus(id, Status, FailureReason) {
        const { shown } = recordOf(id);
        Object.assign(shown, { Status, FailureReason });
        if (!words.passing.includes(Status)) return;
        cloud.time.after(20_000, () => Object.assign(shown, { Status: words.ready }));
      },
      async deleteBehindItsBack(id) {
        tableOf(kind).delete(recordOf(id).key);
      },
      async disown(id) {
        const TagKeys = ['studio-resources:stack-id', 'studio-resources:logical-id'];
        await sagemaker.send(new DeleteTagsCommand({ ResourceArn: recordOf(id).arn, TagKeys }));
      },
      close: run.close,
    };
  };
}

async function leftoversIn(cloud: VirtualCloud): Promise<string[]> {
  const { FileSystems = [] } = await new EFSClient(cloud.clientOptions()).send(new DescribeFileSystemsCommand({}));
  const { SecurityGroups = [] } = await new EC2Client(cloud.clientOptions()).send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'tag-key', Values: ['ManagedByAmazonSageMakerResource'] }] }),
  );
  return [...FileSystems.map(({ FileSystemId }) => FileSystemId!), ...SecurityGroups.map(({ GroupId }) => GroupId!)];
}
