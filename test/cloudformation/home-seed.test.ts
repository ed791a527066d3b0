import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { Runner } from '../../packages/local/src/lambda/runner.ts';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { efs } from '../../packages/local/src/services/efs/index.ts';
import { eventbridge } from '../../packages/local/src/services/eventbridge/index.ts';
import { createLambda } from '../../packages/local/src/services/lambda/index.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { secretsManager } from '../../packages/local/src/services/secrets-manager/index.ts';
import { sfn } from '../../packages/local/src/services/sfn/index.ts';
import { Store } from '../../packages/local/src/store.ts';
import { handlerNames, root } from '../../scripts/handlers.ts';
import { account, region, StackCloud } from '../packages/local/stack-cloud.ts';

const DomainId = 'd-abcdefghijkl';
const artifacts = { ArtifactBucket: 'artifacts', ArtifactPrefix: '1.0.0' };
const FunctionName = `studio-resources-home-seed-${DomainId}`;
const functionArn = `arn:aws:lambda:${region}:${account}:function:${FunctionName}`;

let cloud: StackCloud;
let lambda: ReturnType<typeof createLambda>;

/** No function is invoked: it is the templates that are tried. */
const idle: Runner = {
  start() {
    throw new Error('Running a function: none is to be run here');
  },
  async close() {},
};

beforeEach(async () => {
  lambda = createLambda({ runner: idle });
  cloud = new StackCloud(new Store(), [lambda, eventbridge, secretsManager, sfn]);
  await cloud.invoke(s3, 'CreateBucket', { Bucket: 'artifacts' });
  const Body = zipSync({ 'index.mjs': strToU8('export const handler = () => {};') });
  for (const name of handlerNames()) {
    await cloud.invoke(s3, 'PutObject', { Bucket: 'artifacts', Key: `1.0.0/${name}.zip`, Body });
  }
});
afterEach(() => lambda.close());

async function deploy(StackName: string, template: string, parameters: Record<string, string>) {
  // The provider's is longer than a TemplateBody may be.
  const Body = await readFile(join(root, 'cloudformation', template));
  await cloud.invoke(s3, 'PutObject', { Bucket: 'artifacts', Key: template, Body });
  const TemplateURL = `https://artifacts.s3.amazonaws.com/${template}`;
  const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
  await cloud.call('CreateStack', { StackName, TemplateURL, Parameters, Capabilities });
  const stack = await cloud.ended(StackName);
  const failures = (await cloud.history(StackName)).filter((line) => line.includes('_FAILED'));
  expect({ failures, status: stack.StackStatus }).toEqual({ failures: [], status: 'CREATE_COMPLETE' });
  return stack;
}

/** The provider, a network, and a file system that stands for the homes of a domain. */
async function surroundings(): Promise<Record<string, string>> {
  await deploy('provider', 'provider.yaml', { ...artifacts, ExecutionRoleArns: 'arn:aws:iam::*:role/studio-*' });
  const { Vpc } = await cloud.invoke(ec2, 'CreateVpc', { CidrBlock: '10.0.0.0/16' });
  const VpcId = Vpc!.VpcId!;
  const { Subnet } = await cloud.invoke(ec2, 'CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' });
  const group = { VpcId, GroupName: 'functions', Description: 'Of functions' };
  const { GroupId } = await cloud.invoke(ec2, 'CreateSecurityGroup', group);
  const { FileSystemId } = await cloud.invoke(efs, 'CreateFileSystem', { CreationToken: DomainId });
  await cloud.clock.pass(60_000);
  return {
    ...artifacts,
    DomainId,
    FileSystemId: FileSystemId!,
    SubnetIds: Subnet!.SubnetId!,
    SecurityGroupIds: GroupId!,
  };
}

test('the function mounts the homes as root, and knows the waiter and what new profiles get', async () => {
  const parameters = await surroundings();
  const stack = await deploy('homes', 'home-seed.yaml', { ...parameters, Source: 's3://sources/a.zip' });
  expect(stack.Outputs).toMatchObject([
    { OutputKey: 'HomeSeedServiceToken', OutputValue: functionArn, ExportName: `HomeSeedServiceToken-${DomainId}` },
  ]);
  const { AccessPoints } = await cloud.invoke(efs, 'DescribeAccessPoints', {});
  expect(AccessPoints).toMatchObject([{ PosixUser: { Uid: 0, Gid: 0 }, RootDirectory: { Path: '/' } }]);
  const configuration = await cloud.invoke(lambda, 'GetFunctionConfiguration', { FunctionName });
  expect(configuration.FileSystemConfigs).toEqual([
    { Arn: AccessPoints![0]!.AccessPointArn, LocalMountPath: '/mnt/homes' },
  ]);
  expect(configuration.Environment!.Variables).toEqual({
    WAITER_ARN: `arn:aws:states:${region}:${account}:stateMachine:studio-resources-waiter`,
    STATE_KEY: expect.stringMatching(/^\w{64}$/),
    HOMES_PATH: '/mnt/homes',
    DOMAIN_ID: DomainId,
    FILE_SYSTEM_ID: parameters.FileSystemId,
    SOURCE: 's3://sources/a.zip',
    SOURCE_VERSION_ID: '',
    DESTINATION: '',
    OVERWRITE: 'IfUnchanged',
  });
  const rule = await cloud.invoke(eventbridge, 'DescribeRule', { Name: FunctionName });
  expect(JSON.parse(rule.EventPattern!)).toMatchObject({
    detail: { eventName: ['CreateUserProfile'], requestParameters: { domainId: [DomainId] } },
  });
  const { Targets } = await cloud.invoke(eventbridge, 'ListTargetsByRule', { Rule: FunctionName });
  expect(Targets).toEqual([{ Id: 'home-seed', Arn: functionArn }]);
  expect(await cloud.delete('homes')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect((await cloud.invoke(efs, 'DescribeAccessPoints', {})).AccessPoints).toEqual([]);
  expect((await cloud.invoke(eventbridge, 'ListRules', {})).Rules).toEqual([]);
});

test('without a source there is no rule', async () => {
  await deploy('homes', 'home-seed.yaml', await surroundings());
  expect((await cloud.invoke(eventbridge, 'ListRules', {})).Rules).toEqual([]);
});
