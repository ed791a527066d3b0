import { efs } from '../../packages/local/src/services/efs/index.ts';
import { eventbridge } from '../../packages/local/src/services/eventbridge/index.ts';
import { account, region } from '../packages/local/stack-cloud.ts';
import { artifacts, makeNetwork, type TemplateCloud, templateCloud } from './template-cloud.ts';

const DomainId = 'd-abcdefghijkl';
const FunctionName = `studio-resources-home-seed-${DomainId}`;
const functionArn = `arn:aws:lambda:${region}:${account}:function:${FunctionName}`;

let cloud: TemplateCloud;

beforeEach(async () => {
  cloud = await templateCloud();
});
afterEach(() => cloud.lambda.close());

async function deploy(name: string, template: string, parameters: Record<string, string>) {
  const stack = await cloud.deploy(name, template, parameters);
  expect({ failures: await cloud.failures(name), status: stack.StackStatus }).toEqual({
    failures: [],
    status: 'CREATE_COMPLETE',
  });
  return stack;
}

/** The provider, a network, and a file system that stands for the homes of a domain. */
async function homeParameters(): Promise<Record<string, string>> {
  await deploy('provider', 'provider.yaml', { ...artifacts, ExecutionRoleArns: 'arn:aws:iam::*:role/studio-*' });
  const network = await makeNetwork(cloud);
  const { FileSystemId } = await cloud.invoke(efs, 'CreateFileSystem', { CreationToken: DomainId });
  await cloud.clock.pass(60_000);
  return { ...artifacts, ...network, DomainId, FileSystemId: FileSystemId! };
}

test('the function mounts the homes as root, and its environment names the waiter and the content for new profiles', async () => {
  const parameters = await homeParameters();
  const stack = await deploy('homes', 'home-seed.yaml', { ...parameters, Source: 's3://sources/a.zip' });
  expect(stack.Outputs).toMatchObject([
    { OutputKey: 'HomeSeedServiceToken', OutputValue: functionArn, ExportName: `HomeSeedServiceToken-${DomainId}` },
  ]);
  const { AccessPoints } = await cloud.invoke(efs, 'DescribeAccessPoints', {});
  expect(AccessPoints).toMatchObject([{ PosixUser: { Uid: 0, Gid: 0 }, RootDirectory: { Path: '/' } }]);
  const configuration = await cloud.invoke(cloud.lambda, 'GetFunctionConfiguration', { FunctionName });
  expect(configuration.FileSystemConfigs).toEqual([
    { Arn: AccessPoints![0]!.AccessPointArn, LocalMountPath: '/mnt/homes' },
  ]);
  expect(configuration.Environment!.Variables).toEqual({
    PROVIDER: 'studio-resources',
    WAITER_ARN: `arn:aws:states:${region}:${account}:stateMachine:studio-resources-waiter`,
    STATE_KEY_ARN: expect.stringMatching(/^arn:aws:secretsmanager:/),
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
  expect(Targets).toEqual([{ Id: 'home-seed', Arn: `${functionArn}:events` }]);
  expect(await cloud.delete('homes')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect((await cloud.invoke(efs, 'DescribeAccessPoints', {})).AccessPoints).toEqual([]);
  expect((await cloud.invoke(eventbridge, 'ListRules', {})).Rules).toEqual([]);
});

test('without a source there is no rule', async () => {
  await deploy('homes', 'home-seed.yaml', await homeParameters());
  expect((await cloud.invoke(eventbridge, 'ListRules', {})).Rules).toEqual([]);
});
