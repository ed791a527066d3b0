import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { efs } from '../../packages/local/src/services/efs/index.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import { eventually } from '../packages/local/lambda-cloud.ts';
import { type HomeTree, homeTree } from './home-tree.ts';
import { type LocalFunction, localFunction } from './local-function.ts';
import { makeStudio, type Studio } from './local-surroundings.ts';

describe('home-seed, built, against the local cloud', () => {
  let tree: HomeTree;
  let run: LocalFunction;
  let studio: Studio;
  let client: SageMaker.SageMakerClient;

  beforeEach(async () => {
    tree = homeTree();
    run = await localFunction('home-seed', homeSeed, [ec2, efs, sagemaker], { files: tree.path });
    studio = await makeStudio(run);
    client = new SageMaker.SageMakerClient(run.options);
    await mount();
    const s3 = new S3Client(run.options);
    await s3.send(new CreateBucketCommand({ Bucket: 'sources' }));
    for (const text of ['one', 'two']) {
      const Body = zipSync({ 'README.md': strToU8(text), 'examples/train.py': strToU8('print(1)') });
      await s3.send(new PutObjectCommand({ Bucket: 'sources', Key: `${text}.zip`, Body }));
    }
    s3.destroy();
  }, 120_000);
  afterEach(async () => {
    client.destroy();
    await run.close();
    tree.remove();
  });

  /** Has the function mount the homes of the domain, as home-seed.yaml does. */
  async function mount(): Promise<void> {
    const { DomainId, FileSystemId, parts, SecurityGroupIds } = studio;
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

  const makeProfile = (UserProfileName: string) =>
    client.send(new SageMaker.CreateUserProfileCommand({ DomainId: studio.DomainId, UserProfileName }));
  async function uidOf(UserProfileName: string): Promise<string> {
    const command = new SageMaker.DescribeUserProfileCommand({ DomainId: studio.DomainId, UserProfileName });
    const { HomeEfsFileSystemUid } = await eventually(() => client.send(command).catch(() => undefined));
    return HomeEfsFileSystemUid!;
  }
  const read = (uid: string, name: string) => readFileSync(join(tree.path, studio.FileSystemId, uid, name), 'utf8');

  test('all homes of a domain are seeded, brought up to date but for what users changed, and cleared', async () => {
    for (const name of ['ada', 'grace']) await makeProfile(name);
    const [ada, grace] = [await uidOf('ada'), await uidOf('grace')];
    const properties = { DomainId: studio.DomainId, Source: 's3://sources/one.zip', DeleteUnchanged: 'true' };
    const created = await run.send({ RequestType: 'Create', ResourceProperties: properties });
    expect(created).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: expect.stringContaining('/*/') });
    expect(tree.list(studio.FileSystemId).filter((line) => !line.includes('.studio'))).toEqual(
      [ada, grace].flatMap((uid) => [
        `${uid}:1001 700 ${uid}/`,
        `${uid}:1001 644 ${uid}/README.md`,
        `${uid}:1001 755 ${uid}/examples/`,
        `${uid}:1001 644 ${uid}/examples/train.py`,
      ]),
    );
    tree.write(Number(grace), `${studio.FileSystemId}/${grace}/README.md`, 'mine');
    const { PhysicalResourceId } = created;
    const ResourceProperties = { ...properties, Source: 's3://sources/two.zip' };
    const updated = await run.send({
      RequestType: 'Update',
      PhysicalResourceId,
      ResourceProperties,
      OldResourceProperties: properties,
    });
    expect(updated).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect([read(ada, 'README.md'), read(grace, 'README.md')]).toEqual(['two', 'mine']);
    const removed = await run.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });
    expect(removed).toMatchObject({ Status: 'SUCCESS' });
    expect(tree.list(studio.FileSystemId).filter((line) => !line.endsWith('/'))).toEqual([
      `${grace}:1001 644 ${grace}/README.md`,
    ]);
  });

  test('a profile that is still being made is waited for, as a resource and as an event', async () => {
    const { DomainId } = studio;
    await makeProfile('ada');
    const ResourceProperties = { DomainId, UserProfileName: 'ada', Source: 's3://sources/two.zip' };
    expect(await run.send({ RequestType: 'Create', ResourceProperties })).toMatchObject({ Status: 'SUCCESS' });
    await makeProfile('grace');
    const answer = await run.invoke('home-seed', {
      id: 'e1',
      source: 'aws.sagemaker',
      'detail-type': 'AWS API Call via CloudTrail',
      detail: {
        eventName: 'CreateUserProfile',
        eventTime: new Date(run.cloud.clock.now()).toISOString(),
        requestParameters: { domainId: DomainId, userProfileName: 'grace' },
      },
    });
    expect(answer).toMatchObject({ response: { done: true }, error: undefined });
    expect((await run.messages('home-seed')).join('')).not.toContain('"Failed, and nobody is to be told"');
    expect(read(await uidOf('ada'), 'README.md')).toBe('two');
    expect(read(await uidOf('grace'), 'welcome/README.md')).toBe('one');
  });

  test('what is wrong is told in the reason, and the Delete that follows has nothing to do', async () => {
    const { DomainId } = studio;
    const ResourceProperties = { DomainId, Source: 's3://sources/missing.zip' };
    const failed = await run.send({ RequestType: 'Create', ResourceProperties });
    expect(failed).toMatchObject({ Status: 'FAILED' });
    expect(failed.Reason).toContain('Reading s3://sources/missing.zip: NoSuchKey');
    const { PhysicalResourceId } = failed;
    const removed = await run.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });
    expect(removed).toMatchObject({ Status: 'SUCCESS' });
  });
});
