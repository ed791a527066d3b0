import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs';
import { CreateDomainCommand, DeleteTagsCommand, ListTagsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Permission } from '@studio-resources/core';
import { AwsError } from '../../packages/local/src/errors.ts';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { efs } from '../../packages/local/src/services/efs/index.ts';
import type { World } from '../contract.ts';
import { account, eventually, type LambdaCloud, lambdaCloud } from '../packages/local/lambda-cloud.ts';
import { kinds, type Noun } from './kinds.ts';
import { faultyStudio } from './local-faults.ts';
import { builtZip, install, region } from './local-function.ts';
import { type Surroundings, surroundings } from './local-surroundings.ts';

/** A world in which the resource is the built zip, run by the local cloud with the rights that the resource declares. */
export interface LocalWorld extends World, Surroundings {
  /** Calls as the account itself. */
  readonly sagemaker: SageMakerClient;
  /** Waits until everything of a kind is in service. */
  settled(kind: 'user-profile' | 'space' | 'app'): Promise<void>;
  /** The ids of the file systems and the security groups that SageMaker has made. */
  leftovers(): Promise<string[]>;
  /** Makes a domain that is in service, as somebody else than the stack; returns its id. */
  makeDomain(DomainName: string): Promise<string>;
}

interface Record {
  key: string;
  arn: string;
  visibleAt: number;
  shown: { Status: string; FailureReason?: string; DomainId: string; UserProfileName?: string };
}

/** `name` is the handler's; `noun` is that of the things that it is about. */
export async function localWorld(
  name: string,
  noun: Noun,
  { type, permissions }: { type: string; permissions: readonly Permission[] },
): Promise<LocalWorld> {
  const zip = builtZip(name);
  const { table: kind, words, keyOf, idOf } = kinds[noun];
  const faulty = faultyStudio(noun);
  const cloud = await lambdaCloud({
    speed: 30,
    durations: 0.02,
    makeRole: false,
    services: [ec2, efs, faulty.service],
  });
  const around = await surroundings(cloud, permissions);
  const send = await install(cloud, { name, type, zip });
  const sagemaker = new SageMakerClient(cloud.options);
  const tableOf = (of: string) => cloud.store.table<Record>('sagemaker', { account, region }, of);
  const recordOf = (id: string) => {
    const record = tableOf(kind).get(keyOf(id));
    if (!record) throw new Error(`There is no ${noun} ${id}`);
    return record;
  };
  const mutations = mutationsIn(cloud);

  return {
    ...around,
    sagemaker,
    async settled(of) {
      await eventually(() => [...tableOf(of).values()].every(({ shown }) => shown.Status === 'InService') || undefined);
    },
    leftovers: () => leftoversIn(cloud),
    send(sent) {
      faulty.calm();
      return send(sent);
    },
    existing: async () => [...tableOf(kind).values()].map(({ shown }) => idOf({ ...shown })),
    async look(id) {
      const { arn, shown } = recordOf(id);
      const { Tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: arn }));
      return { ...shown, Tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
    },
    mutations: async () => [...mutations],
    refuseNext: async (what, code, message) => faulty.refuse(what, new AwsError(code, message)),
    failNext: async (what, reason) => faulty.fail(what, reason),
    async setStatus(id, Status, FailureReason) {
      const { shown } = recordOf(id);
      Object.assign(shown, { Status, FailureReason });
      if (!words.passing.includes(Status)) return;
      cloud.cloud.clock.after(20_000, () => Object.assign(shown, { Status: words.ready }));
    },
    async deleteBehindItsBack(id) {
      tableOf(kind).delete(recordOf(id).key);
    },
    async disown(id) {
      const TagKeys = ['studio-resources:stack-id', 'studio-resources:logical-id'];
      await sagemaker.send(new DeleteTagsCommand({ ResourceArn: recordOf(id).arn, TagKeys }));
    },
    async makeDomain(DomainName) {
      const { DomainArn } = await sagemaker.send(
        new CreateDomainCommand({
          DomainName,
          AuthMode: 'IAM',
          ...around.vpcs[0],
          DefaultUserSettings: { ExecutionRole: around.executionRole },
        }),
      );
      const id = DomainArn!.split('/').at(-1)!;
      const domain = tableOf('domain').get(id)!;
      domain.visibleAt = 0;
      domain.shown.Status = 'InService';
      return id;
    },
    async close() {
      sagemaker.destroy();
      await cloud.close();
    },
  };
}

async function leftoversIn({ options }: LambdaCloud): Promise<string[]> {
  const efsClient = new EFSClient(options);
  const ec2Client = new EC2Client(options);
  const { FileSystems = [] } = await efsClient.send(new DescribeFileSystemsCommand({}));
  const { SecurityGroups = [] } = await ec2Client.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'tag-key', Values: ['ManagedByAmazonSageMakerResource'] }] }),
  );
  efsClient.destroy();
  ec2Client.destroy();
  return [...FileSystems.map(({ FileSystemId }) => FileSystemId!), ...SecurityGroups.map(({ GroupId }) => GroupId!)];
}

/** The operations on SageMaker from now on that change something and that a function calls. */
function mutationsIn({ cloud }: LambdaCloud): string[] {
  const mutations: string[] = [];
  cloud.events.on('exchange', ({ service, operation, principal }) => {
    const isFunction = principal.includes(':assumed-role/function/');
    if (service === 'sagemaker' && isFunction && !/^(Describe|List)/.test(operation)) mutations.push(operation);
  });
  return mutations;
}
