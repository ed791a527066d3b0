import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateResourceShareCommand } from '@aws-sdk/client-ram';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import { parseTemplate } from '../../packages/local/src/cloudformation/template/parse.ts';
import { root } from '../../scripts/handlers.ts';
import { account } from '../../scripts/start/clients.ts';
import { pushImages, registryOf } from '../pushed-image.ts';
import { assumedRole } from '../security/assumed-role.ts';
import type { Caller } from './caller.ts';
import { deployTemplate, removeStack, startCloud } from './cloud.ts';
import { documentedExamples } from './documented-examples.ts';
import { artifacts } from './provider.ts';
import type { TestCloud } from './test-cloud.ts';

const owner = '444455556666';
const Bucket = 'studio-resources-sources';
const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

let cloud: TestCloud;
/** What the parameters of the examples may be given. */
let values: Record<string, string>;
/** Who may create stacks and invoke the functions, and nothing else. */
let team: Caller;

beforeAll(async () => {
  cloud = await startCloud({ provider: { ShareOwnerAccountIds: owner } });
  const { ec2, iam, s3, sagemaker } = cloud.clients;
  const RoleName = 'studio-team';
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  await s3.send(new CreateBucketCommand({ Bucket }));
  const Body = zipSync({ 'README.md': strToU8('hello') });
  await s3.send(new PutObjectCommand({ Bucket, Key: 'seed.zip', Body }));
  await pushImages(registryOf(cloud.clientOptions), 'studio', ['1']);
  const { resourceShare } = await cloud
    .as(owner)
    .clients.ram.send(new CreateResourceShareCommand({ name: 'pipelines', principals: [account] }));
  const studio = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  const { DomainId = '', UserProfileName = '', HomeEfsFileSystemId = '' } = studio;
  const { VpcId = '', SubnetIds = [] } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const Filters = [{ Name: 'group-name', Values: [`security-group-for-outbound-nfs-${DomainId}`] }];
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  await deployTemplate(cloud, 'home-seed', 'home-seed.yaml', {
    ArtifactBucket: artifacts.bucket,
    ArtifactPrefix: artifacts.prefix,
    DomainId,
    FileSystemId: HomeEfsFileSystemId,
    SubnetIds: SubnetIds.join(','),
    SecurityGroupIds: SecurityGroups.map(({ GroupId }) => GroupId).join(','),
  });
  team = await assumedRole(cloud, 'team', [
    { Action: 'cloudformation:*' },
    // For parameters of AWS's own types.
    { Action: ['ec2:DescribeSubnets', 'ec2:DescribeVpcs'] },
    { Action: 'lambda:InvokeFunction', Resource: `arn:aws:lambda:us-east-1:${account}:function:studio-resources-*` },
  ]);
  values = {
    DomainId,
    UserProfileName,
    VpcId,
    SubnetIds: SubnetIds.join(','),
    RoleArn: `arn:aws:iam::${account}:role/${RoleName}`,
    BaseImage: `${account}.dkr.ecr.us-east-1.amazonaws.com/studio:1`,
    Source: `s3://${Bucket}/seed.zip`,
    Bucket,
    ResourceShareArn: resourceShare!.resourceShareArn!,
  };
});

afterAll(() => cloud.stop());

/** Values of their own, for those that must not have what exists. */
const own: Record<string, Record<string, string>> = {
  'docs/examples/studio-user-profile-full.yaml': { UserProfileName: 'grace' },
};

test.each(documentedExamples())(
  '%s is deployed as it is, and deleted, where it is all ours by who may only invoke the functions',
  async (path) => {
    const template = readFileSync(join(root, path), 'utf8');
    const { parameters: declared, resources } = parseTemplate(template);
    const parameters = Object.fromEntries(
      [...declared.keys()].map((name) => [name, own[path]?.[name] ?? values[name] ?? '']),
    );
    // What AWS's own types need is not the resources' matter.
    const isOurs = [...resources.values()].every(({ type }) => type.startsWith('Custom::'));
    const caller = isOurs ? team : cloud;
    // The provider lets templates use roles whose names begin so.
    const stack = `studio-example-${basename(path, '.yaml')}`;
    const { failures, status } = await caller.deploy(stack, { template, parameters });
    expect({ failures, status }).toEqual({ failures: [], status: 'CREATE_COMPLETE' });
    await removeStack(caller, stack);
  },
);
