import { accountPrincipal, type Principal } from '../../../../packages/local/src/principal.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { ram } from '../../../../packages/local/src/services/ram/index.ts';
import { account, policyOf, trusting } from '../authorised-cloud.ts';
import { PipelinesCloud } from '../pipelines-cloud.ts';
import { error } from '../studio.ts';

const consumer = '444455556666';
const permission = (name: string) => `arn:aws:ram::aws:permission/${name}`;
const executing = permission('AWSRAMPermissionSageMakerPipelineAllowExecution');
const organization = `arn:aws:organizations::${account}`;
const denied = (action: string) =>
  error('AccessDeniedException', new RegExp(`sagemaker:${action} on resource: arn.* because no resource-based policy`));

let cloud: PipelinesCloud;
let pipeline: string;
let execution: string;
let person: Principal;

beforeEach(async () => {
  cloud = await PipelinesCloud.open();
  pipeline = await cloud.pipeline('train', [cloud.processing('Prepare')]);
  execution = await cloud.start('train');
  await cloud.settle();
  person = await role('person', { Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' });
});
afterEach(() => cloud.cloud.close());

/** A session of a role in the consumer's account. */
async function role(roleName: string, statement: object): Promise<Principal> {
  const as = accountPrincipal(consumer);
  const AssumeRolePolicyDocument = trusting({ AWS: consumer });
  await cloud.call(iam, 'CreateRole', { RoleName: roleName, AssumeRolePolicyDocument }, as);
  const policy = { RoleName: roleName, PolicyName: 'inline', PolicyDocument: policyOf(statement) };
  await cloud.call(iam, 'PutRolePolicy', policy, as);
  const arn = `arn:aws:sts::${consumer}:assumed-role/${roleName}/session`;
  return { kind: 'role', account: consumer, arn, roleName, sessionName: 'session' };
}

async function accept(): Promise<void> {
  const as = accountPrincipal(consumer);
  const { resourceShareInvitations } = await cloud.call(ram, 'GetResourceShareInvitations', {}, as);
  for (const { resourceShareInvitationArn, status } of resourceShareInvitations!) {
    if (status === 'PENDING')
      await cloud.call(ram, 'AcceptResourceShareInvitation', { resourceShareInvitationArn }, as);
  }
  await cloud.clock.pass(60_000);
}

/** Shares the pipeline; returns the share's ARN. */
async function share(more: Partial<Parameters<typeof createShare>[0]> = {}): Promise<string> {
  const arn = await createShare({ principals: [consumer], ...more });
  await cloud.clock.pass(60_000);
  return arn;
}

async function createShare(input: {
  principals: string[];
  permissionArns?: string[];
  resourceArns?: string[];
  allowExternalPrincipals?: boolean;
}): Promise<string> {
  const request = { name: 'pipelines', resourceArns: [pipeline], ...input };
  const { resourceShare } = await cloud.call(ram, 'CreateResourceShare', request);
  return resourceShare!.resourceShareArn!;
}

async function accepted(permissionArns?: string[]): Promise<string> {
  const arn = await share({ permissionArns });
  await accept();
  return arn;
}

const look = (who = person) => cloud.sm('DescribePipeline', { PipelineName: pipeline }, who);

test('with the read permission, the consumer lists and describes by ARN, and starts, stops and retries nothing', async () => {
  await accepted();
  expect(await look()).toMatchObject({ PipelineArn: pipeline, PipelineName: 'train' });
  const PipelineExecutionArn = execution;
  expect(await cloud.sm('ListPipelineExecutions', { PipelineName: pipeline }, person)).toMatchObject({
    PipelineExecutionSummaries: [{ PipelineExecutionArn, PipelineExecutionStatus: 'Succeeded' }],
  });
  expect(await cloud.sm('DescribePipelineExecution', { PipelineExecutionArn }, person)).toMatchObject({
    PipelineArn: pipeline,
  });
  expect(await cloud.sm('ListPipelineExecutionSteps', { PipelineExecutionArn }, person)).toMatchObject({
    PipelineExecutionSteps: [{ StepName: 'Prepare', StepStatus: 'Succeeded' }],
  });
  expect(await cloud.sm('ListPipelineParametersForExecution', { PipelineExecutionArn }, person)).toMatchObject({
    PipelineParameters: [{ Name: 'Instances' }],
  });
  expect(await cloud.sm('DescribePipelineDefinitionForExecution', { PipelineExecutionArn }, person)).toMatchObject({
    PipelineDefinition: expect.stringContaining('Prepare'),
  });
  const starting = cloud.sm('StartPipelineExecution', { PipelineName: pipeline }, person);
  await expect(starting).rejects.toEqual(denied('StartPipelineExecution'));
  for (const operation of ['StopPipelineExecution', 'RetryPipelineExecution'] as const) {
    await expect(cloud.sm(operation, { PipelineExecutionArn }, person)).rejects.toEqual(denied(operation));
  }
});

test('with the execution permission, the consumer starts, stops and retries in the owner’s account', async () => {
  await accepted([executing]);
  const started = await cloud.sm('StartPipelineExecution', { PipelineName: pipeline }, person);
  const PipelineExecutionArn = started.PipelineExecutionArn!;
  expect(PipelineExecutionArn).toMatch(`${pipeline}/execution/`);
  await cloud.clock.pass(30_000);
  await cloud.sm('StopPipelineExecution', { PipelineExecutionArn }, person);
  await cloud.settle();
  expect(await cloud.status(PipelineExecutionArn)).toBe('Stopped');
  await cloud.sm('RetryPipelineExecution', { PipelineExecutionArn }, person);
  await cloud.settle();
  expect(await cloud.sm('DescribePipelineExecution', { PipelineExecutionArn })).toMatchObject({
    PipelineExecutionStatus: 'Succeeded',
    CreatedBy: { IamIdentity: { Arn: person.arn } },
  });
  expect((await cloud.steps(PipelineExecutionArn)).Prepare!.Metadata!.ProcessingJob!.Arn).toMatch(
    `arn:aws:sagemaker:eu-west-1:${account}:processing-job/`,
  );
});

test('a consumer cannot change, delete or tag a shared pipeline, and does not list it among its own', async () => {
  await accepted([executing]);
  for (const operation of ['UpdatePipeline', 'DeletePipeline'] as const) {
    await expect(cloud.sm(operation, { PipelineName: pipeline }, person)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(`Value '${pipeline}' at 'pipelineName'`),
    });
  }
  const Tags = [{ Key: 'team', Value: 'a' }];
  await expect(cloud.sm('AddTags', { ResourceArn: pipeline, Tags }, person)).rejects.toEqual(denied('AddTags'));
  expect(await cloud.sm('ListPipelines', {}, person)).toEqual({ PipelineSummaries: [] });
  await expect(cloud.sm('DescribePipeline', { PipelineName: 'train' }, person)).rejects.toEqual(
    error('ResourceNotFound'),
  );
});

test('the consumer’s own policies must allow the call as well', async () => {
  await accepted([executing]);
  const Resource = `arn:aws:sagemaker:eu-west-1:${account}:pipeline/*`;
  const reader = await role('reader', { Effect: 'Allow', Action: 'sagemaker:DescribePipeline', Resource });
  expect(await look(reader)).toMatchObject({ PipelineArn: pipeline });
  const starting = cloud.sm('StartPipelineExecution', { PipelineName: pipeline }, reader);
  await expect(starting).rejects.toEqual(error('AccessDeniedException', 'because no identity-based policy allows'));
  const stranger = await role('stranger', {
    Effect: 'Allow',
    Action: 'sagemaker:*',
    Resource,
    Condition: { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } },
  });
  await expect(look(stranger)).rejects.toEqual(error('AccessDeniedException', 'identity-based policy'));
});

test('the owner’s own roles need no share, and get no permissions from one', async () => {
  await accepted([executing]);
  const own = await cloud.role('missing');
  await expect(look(own)).rejects.toEqual(error('AccessDeniedException', 'identity-based policy'));
});

test('without an accepted share, no principal of another account has access, including the account itself', async () => {
  await expect(look()).rejects.toEqual(denied('DescribePipeline'));
  await expect(look(accountPrincipal(consumer))).rejects.toEqual(denied('DescribePipeline'));
  await share();
  await expect(look()).rejects.toEqual(denied('DescribePipeline'));
  await accept();
  expect(await look(accountPrincipal(consumer))).toMatchObject({ PipelineArn: pipeline });
  await expect(look(accountPrincipal('777788889999'))).rejects.toEqual(denied('DescribePipeline'));
});

describe('access ends', () => {
  test.each([
    ['the share is deleted', 'DeleteResourceShare', {}, account],
    ['the account is taken out of the share', 'DisassociateResourceShare', { principals: [consumer] }, account],
    ['the account leaves the share', 'DisassociateResourceShare', { principals: [consumer] }, consumer],
  ] as const)('when %s', async (_, operation, more, who) => {
    const resourceShareArn = await accepted([executing]);
    expect(await look()).toMatchObject({ PipelineArn: pipeline });
    await cloud.call(ram, operation, { resourceShareArn, ...(more as object) }, accountPrincipal(who));
    await expect(look()).rejects.toEqual(denied('DescribePipeline'));
    const listing = cloud.sm('ListPipelineExecutions', { PipelineName: pipeline }, person);
    await expect(listing).rejects.toEqual(denied('ListPipelineExecutions'));
    const starting = cloud.sm('StartPipelineExecution', { PipelineName: pipeline }, person);
    await expect(starting).rejects.toEqual(denied('StartPipelineExecution'));
    await cloud.settle();
    await expect(look()).rejects.toEqual(denied('DescribePipeline'));
  });

  test('when a pipeline is removed from a share, and for actions that its permission no longer allows', async () => {
    const other = await cloud.pipeline('deploy', [cloud.processing('Prepare')]);
    const resourceShareArn = await share({ resourceArns: [pipeline, other], permissionArns: [executing] });
    await accept();
    await cloud.call(ram, 'DisassociateResourceShare', { resourceShareArn, resourceArns: [pipeline] });
    await expect(look()).rejects.toEqual(denied('DescribePipeline'));
    await cloud.sm('StartPipelineExecution', { PipelineName: other }, person);
    const permissionArn = permission('AWSRAMDefaultPermissionSageMakerPipeline');
    await cloud.call(ram, 'AssociateResourceSharePermission', { resourceShareArn, permissionArn, replace: true });
    const starting = cloud.sm('StartPipelineExecution', { PipelineName: other }, person);
    await expect(starting).rejects.toEqual(denied('StartPipelineExecution'));
    expect(await cloud.sm('DescribePipeline', { PipelineName: other }, person)).toMatchObject({ PipelineArn: other });
  });
});

test.each([
  ['the organization', `${organization}:organization/o-1234567890`],
  ['a unit of the organization', `${organization}:ou/o-1234567890/ou-ab12-12345678`],
  ['an account of the organization', consumer],
])('a share with %s needs no invitation', async (_, principal) => {
  await cloud.call(ram, 'EnableSharingWithAwsOrganization', {});
  await share({ principals: [principal], allowExternalPrincipals: false });
  expect(await look()).toMatchObject({ PipelineArn: pipeline });
});

test.each([
  [
    'an organization, before sharing with it is enabled',
    { principals: [`${organization}:organization/o-1234567890`] },
    'Organization o-1234567890 could not be found',
  ],
  [
    'a unit, before that',
    { principals: [`${organization}:ou/o-1234567890/ou-ab12-12345678`] },
    'OrganizationalUnit ou-ab12-12345678 in unknown organization',
  ],
  [
    'what is neither account nor unit nor organization',
    { principals: ['o-1234567890'] },
    'Principal ID o-1234567890 is malformed',
  ],
  [
    'another account, in a share for the organization only',
    { allowExternalPrincipals: false },
    'can only be shared within your AWS Organization',
  ],
  [
    'a pipeline of another Region',
    { resourceArns: [`arn:aws:sagemaker:us-east-1:${account}:pipeline/train`] },
    'is not in eu-west-1',
  ],
  [
    'a pipeline of another account',
    { resourceArns: [`arn:aws:sagemaker:eu-west-1:${consumer}:pipeline/train`] },
    'it is not yours',
  ],
])('sharing with, or of, %s is refused', async (_, more, message) => {
  await expect(share(more)).rejects.toThrow(message);
});

test('an organization that the accounts do not belong to is not found', async () => {
  await cloud.call(ram, 'EnableSharingWithAwsOrganization', {});
  const principals = [`arn:aws:organizations::${consumer}:organization/o-1234567890`];
  await expect(share({ principals })).rejects.toThrow('Organization o-1234567890 could not be found');
});
