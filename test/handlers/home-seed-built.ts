import { CreateAccessPointCommand, DescribeAccessPointsCommand, EFSClient } from '@aws-sdk/client-efs';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import { homeSeed } from '../../handlers/home-seed.ts';
import { s3 as service } from '../../packages/local/src/services/s3/index.ts';
import type { VirtualCloud } from '../../packages/local/src/virtual/virtual-cloud.ts';
import { type BuiltFunction, builtFunction, untilActive } from './built-function.ts';
import { makeStudio, type Studio } from './domain-dependencies.ts';
import { type HomeTree, homeTree } from './home-tree.ts';
import { Interceptions, withInterceptions } from './interceptions.ts';

/** Custom::HomeSeed as the built zip, with the homes of a domain mounted, and `one.zip` and `two.zip` in `sources`. */
export interface BuiltHomeSeed {
  readonly run: BuiltFunction;
  readonly tree: HomeTree;
  readonly studio: Studio;
  makeProfile(name: string): Promise<void>;
  /** The uid of a profile, once it has one. */
  uidOf(name: string): Promise<string>;
  /** Refuses the function's next GetObject. */
  refuse(code: string, message: string): void;
  close(): Promise<void>;
}

const start = builtFunction('home-seed', homeSeed, {
  async prepare(cloud) {
    const studio = await makeStudio(cloud);
    await mount(cloud, studio);
    await putSources(cloud);
    return studio;
  },
});

export async function builtHomeSeed(): Promise<BuiltHomeSeed> {
  const interceptions = new Interceptions();
  const run = await start([withInterceptions(service, interceptions)]);
  const { cloud, made: studio } = run;
  const client = new SageMaker.SageMakerClient(run.options);
  const { DomainId } = studio;
  return {
    run,
    tree: homeTree(cloud.files),
    studio,
    async makeProfile(UserProfileName) {
      await client.send(new SageMaker.CreateUserProfileCommand({ DomainId, UserProfileName }));
    },
    async uidOf(UserProfileName) {
      const command = new SageMaker.DescribeUserProfileCommand({ DomainId, UserProfileName });
      let uid: string | undefined;
      await cloud.until(async () => {
        uid = (await client.send(command).catch(() => undefined))?.HomeEfsFileSystemUid;
        return uid;
      }, `${UserProfileName} to have a uid`);
      return uid!;
    },
    refuse: (code, message) => interceptions.refuse('GetObject', code, message),
    close: run.close,
  };
}

async function putSources(cloud: VirtualCloud): Promise<void> {
  const s3 = new S3Client(cloud.clientOptions());
  await s3.send(new CreateBucketCommand({ Bucket: 'sources' }));
  for (const text of ['one', 'two']) {
    const Body = zipSync({ 'README.md': strToU8(text), 'examples/train.py': strToU8('print(1)') });
    await s3.send(new PutObjectCommand({ Bucket: 'sources', Key: `${text}.zip`, Body }));
  }
}

/** Has the function mount the homes of the domain, as home-seed.yaml does. */
async function mount(cloud: VirtualCloud, { DomainId, FileSystemId, parts, SecurityGroupIds }: Studio): Promise<void> {
  const options = cloud.clientOptions();
  const efs = new EFSClient(options);
  const PosixUser = { Uid: 0, Gid: 0 };
  const { AccessPointId, AccessPointArn } = await efs.send(new CreateAccessPointCommand({ FileSystemId, PosixUser }));
  await cloud.until(async () => {
    const { AccessPoints } = await efs.send(new DescribeAccessPointsCommand({ AccessPointId }));
    return AccessPoints!.some(({ LifeCycleState }) => LifeCycleState === 'available');
  }, 'the access point to be available');
  const Variables = {
    HOMES_PATH: '/mnt/homes',
    DOMAIN_ID: DomainId,
    FILE_SYSTEM_ID: FileSystemId,
    SOURCE: 's3://sources/one.zip',
    DESTINATION: 'welcome',
  };
  await new LambdaClient(options).send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: 'home-seed',
      VpcConfig: { SubnetIds: parts.SubnetIds, SecurityGroupIds },
      FileSystemConfigs: [{ Arn: AccessPointArn, LocalMountPath: '/mnt/homes' }],
      Environment: { Variables },
    }),
  );
  await untilActive(cloud, 'home-seed');
}
