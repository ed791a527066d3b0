import {
  type AccessPointDescription,
  CreateAccessPointCommand,
  DescribeAccessPointsCommand,
  EFSClient,
} from '@aws-sdk/client-efs';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import { homeSeed } from '../../handlers/home-seed.ts';
import { AwsError } from '../../packages/local/src/errors.ts';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { efs } from '../../packages/local/src/services/efs/index.ts';
import { s3 as service } from '../../packages/local/src/services/s3/index.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import { eventually } from '../packages/local/lambda-cloud.ts';
import { type HomeTree, homeTree } from './home-tree.ts';
import { type LocalFunction, localFunction } from './local-function.ts';
import { makeStudio, type Studio } from './local-surroundings.ts';
import { refusing } from './refusing.ts';

/** Custom::HomeSeed as the built zip, with the homes of a domain mounted, and `one.zip` and `two.zip` in `sources`. */
export interface BuiltHomeSeed {
  readonly run: LocalFunction;
  readonly tree: HomeTree;
  readonly studio: Studio;
  makeProfile(name: string): Promise<void>;
  /** The uid of a profile, once it has one. */
  uidOf(name: string): Promise<string>;
  /** Refuses the function's next GetObject. */
  refuse(code: string, message: string): void;
  close(): Promise<void>;
}

export async function builtHomeSeed(): Promise<BuiltHomeSeed> {
  const tree = homeTree();
  const refusals = new Map<string, AwsError>();
  const services = [ec2, efs, sagemaker, refusing(service, ['GetObject'], refusals)];
  const run = await localFunction('home-seed', homeSeed, services, { files: tree.path });
  const studio = await makeStudio(run);
  const client = new SageMaker.SageMakerClient(run.options);
  const { DomainId } = studio;
  await mount(run, studio);
  await putSources(run);
  return {
    run,
    tree,
    studio,
    async makeProfile(UserProfileName) {
      await client.send(new SageMaker.CreateUserProfileCommand({ DomainId, UserProfileName }));
    },
    async uidOf(UserProfileName) {
      const command = new SageMaker.DescribeUserProfileCommand({ DomainId, UserProfileName });
      const { HomeEfsFileSystemUid } = await eventually(() => client.send(command).catch(() => undefined));
      return HomeEfsFileSystemUid!;
    },
    refuse: (code, message) => void refusals.set('GetObject', new AwsError(code, message)),
    async close() {
      client.destroy();
      await run.close();
      tree.remove();
    },
  };
}

async function putSources({ options }: LocalFunction): Promise<void> {
  const s3 = new S3Client(options);
  await s3.send(new CreateBucketCommand({ Bucket: 'sources' }));
  for (const text of ['one', 'two']) {
    const Body = zipSync({ 'README.md': strToU8(text), 'examples/train.py': strToU8('print(1)') });
    await s3.send(new PutObjectCommand({ Bucket: 'sources', Key: `${text}.zip`, Body }));
  }
  s3.destroy();
}

/** Has the function mount the homes of the domain, as home-seed.yaml does. */
async function mount(run: LocalFunction, { DomainId, FileSystemId, parts, SecurityGroupIds }: Studio): Promise<void> {
  const efsClient = new EFSClient(run.options);
  const PosixUser = { Uid: 0, Gid: 0 };
  const { AccessPointId, AccessPointArn } = await efsClient.send(
    new CreateAccessPointCommand({ FileSystemId, PosixUser }),
  );
  await eventually<AccessPointDescription>(async () => {
    const { AccessPoints } = await efsClient.send(new DescribeAccessPointsCommand({ AccessPointId }));
    return AccessPoints!.find(({ LifeCycleState }) => LifeCycleState === 'available');
  });
  efsClient.destroy();
  const Variables = {
    HOMES_PATH: '/mnt/homes',
    DOMAIN_ID: DomainId,
    FILE_SYSTEM_ID: FileSystemId,
    SOURCE: 's3://sources/one.zip',
    DESTINATION: 'welcome',
  };
  await run.lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: 'home-seed',
      VpcConfig: { SubnetIds: parts.SubnetIds, SecurityGroupIds },
      FileSystemConfigs: [{ Arn: AccessPointArn, LocalMountPath: '/mnt/homes' }],
      Environment: { Variables },
    }),
  );
  await run.settled('home-seed');
}
