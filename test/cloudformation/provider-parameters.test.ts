import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Parameter } from '@aws-sdk/client-ssm';
import { iam } from '../../packages/local/src/services/iam/index.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { ssm } from '../../packages/local/src/services/ssm/index.ts';
import { handlerNames, root } from '../../scripts/handlers.ts';
import { account, region } from '../packages/local/stack-cloud.ts';
import { artifacts, makeNetwork, type TemplateCloud, templateCloud } from './template-cloud.ts';

const required = { ...artifacts, ExecutionRoleArns: 'arn:aws:iam::*:role/studio-*' };

let cloud: TemplateCloud;

beforeEach(async () => {
  cloud = await templateCloud();
});
afterEach(() => cloud.lambda.close());

async function deploy(parameters: Record<string, string>) {
  const stack = await cloud.deploy('provider', 'provider.yaml', { ...required, ...parameters });
  return { stack, failures: await cloud.failures('provider') };
}

async function functions() {
  const { Functions = [] } = await cloud.invoke(cloud.lambda, 'ListFunctions', {});
  return Functions;
}

/** SSM gives ten parameters a page. */
async function parametersBelow(Path: string, NextToken?: string): Promise<Parameter[]> {
  const page = await cloud.invoke(ssm, 'GetParametersByPath', { Path, NextToken });
  const { Parameters = [] } = page;
  return page.NextToken ? [...Parameters, ...(await parametersBelow(Path, page.NextToken))] : Parameters;
}

test('functions get the VPC and the concurrency of the parameters, and roles the path and the boundary', async () => {
  const { SubnetIds, SecurityGroupIds } = await makeNetwork(cloud);
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
  const { Policy } = await cloud.invoke(iam, 'CreatePolicy', { PolicyName: 'boundary', PolicyDocument });
  const PermissionsBoundaryArn = Policy!.Arn!;
  const { failures } = await deploy({
    SubnetIds,
    SecurityGroupIds,
    PermissionsBoundaryArn,
    RolePath: '/platform/',
    ReservedConcurrency: '5',
  });
  expect(failures).toEqual([]);
  const all = await functions();
  expect(all.length).toBeGreaterThan(9);
  for (const { FunctionName, VpcConfig } of all) {
    expect({ FunctionName, ...VpcConfig }).toMatchObject({
      FunctionName,
      SubnetIds: [SubnetIds],
      SecurityGroupIds: [SecurityGroupIds],
    });
    const { Concurrency } = await cloud.invoke(cloud.lambda, 'GetFunction', { FunctionName });
    // What answers for the others is never held back.
    const isResponder = FunctionName === 'studio-resources-responder';
    expect(Concurrency?.ReservedConcurrentExecutions).toBe(isResponder ? undefined : 5);
  }
  const { Roles = [] } = await cloud.invoke(iam, 'ListRoles', { PathPrefix: '/platform/' });
  // One for each function, and the waiter's.
  expect(Roles).toHaveLength(all.length + 1);
  for (const { RoleName } of Roles) {
    const { Role } = await cloud.invoke(iam, 'GetRole', { RoleName });
    expect(Role!.PermissionsBoundary).toMatchObject({ PermissionsBoundaryArn });
  }
});

test.each([
  [{ ArtifactPrefix: '1.0.0/' }, 'a prefix with a slash at its end'],
  [{ ArtifactBucket: 'artifacts-{Region}' }, 'a bucket for each Region'],
  [{ ArtifactBucket: 'artifacts-{Region}', ArtifactPrefix: '1.0.0/' }, 'both'],
] as [Record<string, string>, string][])('%j: the functions come from %s', async (parameters, _where) => {
  const Bucket = `artifacts-${region}`;
  await cloud.invoke(s3, 'CreateBucket', { Bucket });
  for (const name of handlerNames()) {
    const Key = `${artifacts.ArtifactPrefix}/${name}.zip`;
    await cloud.invoke(s3, 'CopyObject', { Bucket, Key, CopySource: `${artifacts.ArtifactBucket}/${Key}` });
  }
  expect((await deploy(parameters)).failures).toEqual([]);
  expect((await functions()).length).toBeGreaterThan(9);
});

test('a code signing configuration reaches Lambda, which the local cloud does not have', async () => {
  const CodeSigningConfigArn = `arn:aws:lambda:${region}:${account}:code-signing-config:csc-0f6c334abcdea4d8b`;
  const { failures } = await deploy({ CodeSigningConfigArn });
  expect(failures.join()).toContain('CodeSigningConfigArn');
});

test('every ServiceToken is a parameter of SSM too', async () => {
  const { stack } = await deploy({});
  const tokens = (stack.Outputs ?? []).filter(({ OutputKey }) => OutputKey!.endsWith('ServiceToken'));
  const Parameters = await parametersBelow('/studio-resources/service-tokens');
  expect(Parameters.map(({ Value }) => Value).sort()).toEqual(tokens.map(({ OutputValue }) => OutputValue).sort());
  expect(Parameters).toContainEqual(
    expect.objectContaining({
      Name: '/studio-resources/service-tokens/studio-domain',
      Value: `arn:aws:lambda:${region}:${account}:function:studio-resources-studio-domain`,
    }),
  );
});

test('a resource that is not installed does not exist, and an update adds it', async () => {
  const text = await readFile(join(root, 'cloudformation/provider.yaml'), 'utf8');
  const all = [...text.matchAll(/^ {2}(Install\w+):$/gm)].map(([, name]) => name!);
  const others = all.filter((name) => name !== 'InstallStudioDomain');
  const none = Object.fromEntries(others.map((name) => [name, 'false']));
  const { stack, failures } = await deploy(none);
  expect(failures).toEqual([]);
  const names = async () => (await functions()).map(({ FunctionName }) => FunctionName).sort();
  expect(await names()).toEqual(['studio-resources-responder', 'studio-resources-studio-domain']);
  const tokens = (stack.Outputs ?? []).filter(({ OutputKey }) => OutputKey!.endsWith('ServiceToken'));
  expect(tokens.map(({ OutputKey }) => OutputKey)).toEqual(['StudioDomainServiceToken']);
  const Parameters = Object.entries({ ...required, ...none, InstallStudioImage: 'true' }).map(
    ([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }),
  );
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
  await cloud.call('UpdateStack', { StackName: 'provider', UsePreviousTemplate: true, Parameters, Capabilities });
  expect(await cloud.ended('provider')).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  expect(await names()).toContain('studio-resources-studio-image');
  expect(await cloud.delete('provider')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect(await names()).toEqual([]);
});

test.each([
  [{ SubnetIds: 'subnet-1' }, 'Functions in SubnetIds need SecurityGroupIds'],
  [{ SecurityGroupIds: 'sg-1' }, 'SecurityGroupIds are those of functions in SubnetIds'],
  [{ ReservedConcurrency: '0' }, 'a whole number from 1'],
  [{ RolePath: 'platform' }, 'a path with a slash at its beginning and at its end'],
  [{ PermissionsBoundaryArn: 'boundary' }, 'the ARN of an IAM policy'],
  [{ InstallStudioDomain: 'maybe' }, 'InstallStudioDomain'],
  [{ ExecutionRoleArns: 'studio-data-scientist' }, 'ARNs of IAM roles, with * and ? as wildcards'],
  [{ ArtifactBucket: '{Region}' }, 'the name of an S3 bucket, such as my-artifacts or my-artifacts-{Region}'],
  [
    { ArtifactBucket: 'artifacts-{Account}' },
    'the name of an S3 bucket, such as my-artifacts or my-artifacts-{Region}',
  ],
  [{ ArtifactPrefix: '/1.0.0' }, 'a key prefix such as studio-resources/1.4.0'],
  [{ ArtifactPrefix: 'studio-resources//1.0.0' }, 'a key prefix such as studio-resources/1.4.0'],
  [{ CodeSigningConfigArn: 'studio' }, 'the ARN of a code signing configuration of Lambda'],
])('%j is refused before anything is created', async (parameters, message) => {
  await expect(deploy(parameters as Record<string, string>)).rejects.toThrow(message);
  expect((await cloud.call('DescribeStacks', {})).Stacks).toEqual([]);
});
