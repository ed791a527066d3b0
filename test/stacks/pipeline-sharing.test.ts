import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DetachUserPolicyCommand,
  ListPoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  EnableSharingWithAwsOrganizationCommand,
  GetResourceShareAssociationsCommand,
  GetResourceShareInvitationsCommand,
  GetResourceSharesCommand,
  RAMClient,
} from '@aws-sdk/client-ram';
import {
  CreatePipelineCommand,
  DescribePipelineCommand,
  DescribePipelineExecutionCommand,
  ListPipelineExecutionStepsCommand,
  ListPipelineExecutionsCommand,
  ListPipelinesCommand,
  RetryPipelineExecutionCommand,
  type SageMakerClient,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';
import { account as consumer, region } from '../../scripts/start/clients.ts';
import type { Caller } from './caller.ts';
import { deployTemplate, readTemplate, removeStack, startCloud } from './cloud.ts';
import { runLines, shellLines } from './shell.ts';
import type { TestCloud } from './test-cloud.ts';

const owner = '111122223333';
const stranger = '777788889999';
const pipeline = (name: string) => `arn:aws:sagemaker:${region}:${owner}:pipeline/${name}`;
const train = pipeline('train');

let cloud: TestCloud;
let ofOwner: Caller;
let ofConsumer: Caller;
const rams: Record<string, RAMClient> = {};

beforeAll(async () => {
  cloud = await startCloud({ provider: { ShareOwnerAccountIds: owner } });
  ofConsumer = cloud;
  ofOwner = cloud.as(owner);
  rams[owner] = new RAMClient(ofOwner.clientOptions);
  rams[consumer] = new RAMClient(ofConsumer.clientOptions);
  await makePipelines(['train', 'deploy']);
});
afterAll(() => cloud.stop());

/** Pipelines of the owner's, each of one job. */
async function makePipelines(names: string[]): Promise<void> {
  const { iam, sagemaker } = ofOwner.clients;
  const trust = { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'pipeline', AssumeRolePolicyDocument }));
  const RoleArn = Role!.Arn!;
  const Statement = [
    { Effect: 'Allow', Action: ['sagemaker:CreateProcessingJob', 'sagemaker:StopProcessingJob'], Resource: '*' },
    { Effect: 'Allow', Action: 'iam:PassRole', Resource: RoleArn },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'pipeline', PolicyName: 'jobs', PolicyDocument }));
  const ClusterConfig = { InstanceCount: 1, InstanceType: 'ml.t3.medium', VolumeSizeInGB: 10 };
  const Arguments = {
    AppSpecification: { ImageUri: `${owner}.dkr.ecr.${region}.amazonaws.com/process:1` },
    ProcessingResources: { ClusterConfig },
    RoleArn,
  };
  const Steps = [{ Name: 'Prepare', Type: 'Processing', Arguments }];
  const PipelineDefinition = JSON.stringify({ Version: '2020-12-01', Steps });
  for (const PipelineName of names) {
    await sagemaker.send(new CreatePipelineCommand({ PipelineName, PipelineDefinition, RoleArn }));
  }
}

type Values = Record<string, string>;

const deploy = (caller: Caller, side: 'owner' | 'consumer', parameters: Values) =>
  deployTemplate(caller, side, `pipeline-sharing/${side}.yaml`, parameters);

/** SageMaker, for a user of the consumer's account who has only these policies. */
async function person(UserName: string, policies: string[]): Promise<SageMakerClient> {
  const { iam } = ofConsumer.clients;
  await iam.send(new CreateUserCommand({ UserName }));
  for (const PolicyArn of policies) await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey!;
  return cloud.as({ accessKeyId, secretAccessKey }).clients.sagemaker;
}

async function letGo(UserName: string, policies: string[]): Promise<void> {
  for (const PolicyArn of policies) {
    await ofConsumer.clients.iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
  }
}

const denied = (side: 'identity' | 'resource') => ({
  name: 'AccessDeniedException',
  message: expect.stringContaining(`because no ${side}-based policy allows`),
});
const look = (who: SageMakerClient, PipelineName = train) => who.send(new DescribePipelineCommand({ PipelineName }));
const start = (who: SageMakerClient, PipelineName = train) =>
  who.send(new StartPipelineExecutionCommand({ PipelineName }));

/** Waits until an execution has this status. */
async function until(status: string, PipelineExecutionArn: string): Promise<void> {
  const describe = new DescribePipelineExecutionCommand({ PipelineExecutionArn });
  const isThere = async () => (await ofOwner.clients.sagemaker.send(describe)).PipelineExecutionStatus === status;
  await cloud.until(isThere, `${PipelineExecutionArn} to be ${status}`);
}

/** Deploys the owner's side, and waits until all resources are in the share, which takes RAM a while. */
async function shareBy(parameters: Values): Promise<Values> {
  const outputs = await deploy(ofOwner, 'owner', parameters);
  const resourceShareArn = outputs.ResourceShareArn!;
  const associationType = 'RESOURCE' as const;
  const list = new GetResourceShareAssociationsCommand({ associationType, resourceShareArns: [resourceShareArn] });
  const statuses = async () =>
    (await rams[owner]!.send(list)).resourceShareAssociations!.map(({ status }) => status as string);
  await cloud.until(async () => !(await statuses()).includes('ASSOCIATING'), 'the pipelines to be in the share');
  return outputs;
}

/** What is left of shares, invitations, policies and stacks in both accounts. */
async function left(): Promise<string[]> {
  const found: string[] = [];
  for (const [id, { clients }] of [
    [owner, ofOwner],
    [consumer, ofConsumer],
  ] as const) {
    for (const resourceOwner of ['SELF', 'OTHER-ACCOUNTS'] as const) {
      const { resourceShares } = await rams[id]!.send(new GetResourceSharesCommand({ resourceOwner }));
      // RAM still shows deleted shares to their owner.
      const present = resourceShares!.filter(({ status }) => status !== 'DELETED' && status !== 'DELETING');
      found.push(...present.map(({ resourceShareArn }) => resourceShareArn!));
    }
    const { resourceShareInvitations } = await rams[id]!.send(new GetResourceShareInvitationsCommand({}));
    const pending = resourceShareInvitations!.filter(({ status }) => status === 'PENDING');
    found.push(...pending.map(({ resourceShareInvitationArn }) => resourceShareInvitationArn!));
    const { Policies } = await clients.iam.send(new ListPoliciesCommand({ Scope: 'Local' }));
    found.push(...Policies!.map(({ Arn }) => Arn!));
    const { StackSummaries } = await clients.cloudformation.send(new ListStacksCommand({}));
    const stacks = StackSummaries!.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
    found.push(...stacks.map(({ StackName }) => StackName!));
  }
  return found.filter((one) => one !== 'studio-resources');
}

test('the README’s commands work in their order', async () => {
  const lines = shellLines('cloudformation/pipeline-sharing/README.md');
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    const [profile, who] = / --profile (owner|consumer)/.exec(line)!;
    const command = line.replace(profile, '').replaceAll('444455556666', consumer);
    await runLines(who === 'owner' ? ofOwner : ofConsumer, [command]);
  }
  expect(await left()).toEqual([]);
});

test('people of another account watch and run pipelines within the owner’s share and their policies, and not after the share ends', async () => {
  const sharing = { PipelineArns: train, Principals: consumer, AllowExternalPrincipals: 'true' };
  const consuming = { OwningAccountId: owner, PipelineArns: train, Access: 'Execute', LeaveOnDelete: 'true' };
  const share = (more: Values = {}) => shareBy({ ...sharing, ...more });
  const { PipelineExecutionArn } = await start(ofOwner.clients.sagemaker);
  const { ResourceShareArn } = await share({ Access: 'Read' });
  const accepted = await deploy(ofConsumer, 'consumer', consuming);
  expect(accepted).toMatchObject({ ResourceShareArn, SharedPipelineArns: train });
  const { WatchPolicyArn, RunPolicyArn } = accepted as { WatchPolicyArn: string; RunPolicyArn: string };
  const watcher = await person('watcher', [WatchPolicyArn]);
  const runner = await person('runner', [WatchPolicyArn, RunPolicyArn]);
  const unrelated = await person('unrelated', []);

  // With the read permission, every principal with the policy may describe, and none may start.
  await until('Succeeded', PipelineExecutionArn!);
  expect(await look(watcher)).toMatchObject({ PipelineArn: train, PipelineStatus: 'Active' });
  expect(await watcher.send(new ListPipelineExecutionsCommand({ PipelineName: train }))).toMatchObject({
    PipelineExecutionSummaries: expect.arrayContaining([
      expect.objectContaining({ PipelineExecutionArn, PipelineExecutionStatus: 'Succeeded' }),
    ]),
  });
  expect(await watcher.send(new ListPipelineExecutionStepsCommand({ PipelineExecutionArn }))).toMatchObject({
    PipelineExecutionSteps: [{ StepName: 'Prepare', StepStatus: 'Succeeded' }],
  });
  await expect(look(unrelated)).rejects.toMatchObject(denied('identity'));
  await expect(look(watcher, pipeline('deploy'))).rejects.toMatchObject(denied('resource'));
  await expect(start(runner)).rejects.toMatchObject(denied('resource'));
  const stopping = (arn = PipelineExecutionArn) => new StopPipelineExecutionCommand({ PipelineExecutionArn: arn });
  const retrying = (arn = PipelineExecutionArn) => new RetryPipelineExecutionCommand({ PipelineExecutionArn: arn });
  await expect(runner.send(stopping())).rejects.toMatchObject(denied('resource'));
  await expect(runner.send(retrying())).rejects.toMatchObject(denied('resource'));
  const { PipelineSummaries } = await ofConsumer.clients.sagemaker.send(new ListPipelinesCommand({}));
  expect(PipelineSummaries).toEqual([]);

  // With the execution permission in the same share, the principals with that policy may run it.
  expect((await share({ Access: 'Execute' })).ResourceShareArn).toBe(ResourceShareArn);
  await expect(start(watcher)).rejects.toMatchObject(denied('identity'));
  const { PipelineExecutionArn: started } = await start(runner);
  await runner.send(stopping(started));
  await until('Stopped', started!);
  await runner.send(retrying(started));
  await until('Succeeded', started!);
  await share({ Access: 'Read' });
  await expect(start(runner)).rejects.toMatchObject(denied('resource'));

  // Another pipeline needs an update of both sides.
  const PipelineArns = [train, pipeline('deploy')].join();
  await share({ Access: 'Execute', PipelineArns });
  await expect(look(watcher, pipeline('deploy'))).rejects.toMatchObject(denied('identity'));
  await deploy(ofConsumer, 'consumer', { ...consuming, PipelineArns });
  expect(await look(watcher, pipeline('deploy'))).toMatchObject({ PipelineName: 'deploy' });
  expect(await start(runner, pipeline('deploy'))).toMatchObject({ PipelineExecutionArn: expect.anything() });

  // Shared with another account, the consumer has no access. Shared with it again, the consumer accepts again.
  await share({ Access: 'Execute', Principals: stranger });
  for (const who of [watcher, runner]) await expect(look(who)).rejects.toMatchObject(denied('resource'));
  await letGo('watcher', [WatchPolicyArn]);
  await letGo('runner', [WatchPolicyArn, RunPolicyArn]);
  await removeStack(ofConsumer, 'consumer');
  await share({ Access: 'Execute', Principals: `${stranger},${consumer}` });
  const again = await deploy(ofConsumer, 'consumer', consuming);
  const policies = [again.WatchPolicyArn!, again.RunPolicyArn!];
  const late = await person('late', policies);
  expect(await look(late)).toMatchObject({ PipelineName: 'train' });

  // Without the share, there is no access.
  await removeStack(ofOwner, 'owner');
  await expect(look(late)).rejects.toMatchObject(denied('resource'));
  await expect(late.send(new ListPipelineExecutionsCommand({ PipelineName: train }))).rejects.toMatchObject(
    denied('resource'),
  );
  await expect(start(late)).rejects.toMatchObject(denied('resource'));
  await letGo('late', policies);
  await removeStack(ofConsumer, 'consumer');
  expect(await left()).toEqual([]);
});

test('an account that leaves a share loses access, while the share remains', async () => {
  await shareBy({ PipelineArns: train, Principals: consumer, AllowExternalPrincipals: 'true' });
  await deploy(ofConsumer, 'consumer', { OwningAccountId: owner, PipelineArns: train, LeaveOnDelete: 'true' });
  expect(await look(ofConsumer.clients.sagemaker)).toMatchObject({ PipelineName: 'train' });
  await removeStack(ofConsumer, 'consumer');
  await expect(look(ofConsumer.clients.sagemaker)).rejects.toMatchObject(denied('resource'));
  await removeStack(ofOwner, 'owner');
  expect(await left()).toEqual([]);
});

describe('errors are reported before or instead of sharing', () => {
  test.each([
    [
      'a principal that is none',
      { Principals: 'o-1234567890' },
      'Principals failed to satisfy constraint: accounts of',
    ],
    ['no ARN', { PipelineArns: 'train' }, 'PipelineArns failed to satisfy constraint: ARNs of pipelines'],
  ])('%s is refused by the parameter', async (_, more, message) => {
    const parameters = { PipelineArns: train, Principals: consumer, AllowExternalPrincipals: 'true', ...more };
    const template = await readTemplate('pipeline-sharing/owner.yaml');
    const deploying = ofOwner.deploy('owner', { template, parameters });
    await expect(deploying).rejects.toThrow(message);
  });

  test.each([
    ['a pipeline of another Region', { PipelineArns: train.replace(region, 'eu-west-1') }, 'is not in us-east-1'],
    ['a pipeline of another account', { PipelineArns: train.replace(owner, consumer) }, 'it is not yours'],
    ['an external account, where none may be', { AllowExternalPrincipals: 'false' }, 'within your AWS Organization'],
  ])('%s fails the stack with the reason, and leaves nothing', async (_, more, message) => {
    const parameters = { PipelineArns: train, Principals: consumer, AllowExternalPrincipals: 'true', ...more };
    const template = await readTemplate('pipeline-sharing/owner.yaml');
    const { failures } = await ofOwner.deploy('owner', { template, parameters });
    expect(failures.join()).toMatch(message);
    await removeStack(ofOwner, 'owner');
    expect(await left()).toEqual([]);
  });
});

test('within the organization, a unit gets the pipelines without an invitation', async () => {
  await rams[owner]!.send(new EnableSharingWithAwsOrganizationCommand({}));
  const Principals = `arn:aws:organizations::${owner}:ou/o-1234567890/ou-ab12-12345678`;
  await shareBy({ PipelineArns: train, Principals });
  const { WatchPolicyArn, RunPolicyArn } = await deploy(ofConsumer, 'consumer', {
    OwningAccountId: owner,
    PipelineArns: pipeline('*'),
  });
  expect(RunPolicyArn).toBeUndefined();
  const member = await person('member', [WatchPolicyArn!]);
  expect(await look(member)).toMatchObject({ PipelineName: 'train' });
  await expect(look(member, pipeline('deploy'))).rejects.toMatchObject(denied('resource'));
  await letGo('member', [WatchPolicyArn!]);
  await removeStack(ofConsumer, 'consumer');
  await removeStack(ofOwner, 'owner');
  expect(await left()).toEqual([]);
});
