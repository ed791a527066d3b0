import { readFile } from 'node:fs/promises';
import { DescribeStackResourceCommand, paginateDescribeStackEvents } from '@aws-sdk/client-cloudformation';
import { GetRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { ListDomainsCommand } from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { zipPath } from '../../scripts/handlers.ts';
import { readTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

const FunctionName = 'studio-resources-studio-domain';

let cloud: TestCloud;
let example: string;
let real: Uint8Array;

beforeAll(async () => {
  // The first creation, and its rollback.
  const faults: Rule[] = [{ on: 'function', fault: 'out-of-memory', function: FunctionName, count: 2 }];
  cloud = await startCloud({ faults });
  example = await readTemplate('examples/studio.yaml');
  real = await readFile(zipPath('studio-domain'));
});

afterAll(() => cloud.stop());

async function settled() {
  await cloud.until(async () => {
    const { LastUpdateStatus } = await cloud.clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return LastUpdateStatus === 'Successful';
  }, 'the function to be changed');
}

async function replaceCode(ZipFile: Uint8Array) {
  await cloud.clients.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  await settled();
}

async function setTimeLimit(Timeout: number) {
  await cloud.clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout }));
  await settled();
}

/**
 * Creates the example, whose domain must fail long before its ServiceTimeout of an hour; returns why it did. Then
 * `mend`s what is broken, and deletes the stack: nothing may be left.
 */
async function failedCreation(mend: () => Promise<unknown>): Promise<string> {
  const { cloudformation, sagemaker } = cloud.clients;
  const { id } = await cloud.deploy('studio-crash', { template: example });
  await mend();
  const pages = await Array.fromAsync(paginateDescribeStackEvents({ client: cloudformation }, { StackName: id }));
  const events = pages.flatMap(({ StackEvents = [] }) => StackEvents).reverse();
  const failure = events.find(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'))!;
  expect(failure.LogicalResourceId).toBe('Domain');
  const minutes = (failure.Timestamp!.getTime() - events[0]!.Timestamp!.getTime()) / 60_000;
  expect(minutes).toBeLessThan(20);
  await removeStack(cloud, 'studio-crash');
  expect((await sagemaker.send(new ListDomainsCommand({}))).Domains).toEqual([]);
  return failure.ResourceStatusReason!;
}

describe('CloudFormation gets the reason at once when', () => {
  test('memory runs out', async () => {
    expect(await failedCreation(async () => {})).toMatch(/OutOfMemory/);
  });

  test.each([
    [
      'a handler throws',
      'export const handler = async () => { throw new TypeError("no such thing"); };',
      /no such thing/,
    ],
    ['a module fails as it loads', 'throw new Error("no configuration");', /no configuration/],
    ['a module is missing', 'import "no-such-module"; export const handler = () => {};', /no-such-module/],
    [
      'a module is CommonJS in a file for an ES module',
      'module.exports = { handler: async () => {} };',
      /esbuild's format: 'esm' \(ReferenceError: module is not defined in ES module scope\)/,
    ],
    [
      'a handler has another name',
      'export const main = async () => {};',
      /export the handler under the name in Handler/,
    ],
    ['a process exits', 'export const handler = () => process.exit(1);', /exit status 1|exited/],
  ])('%s', async (_, source, reason) => {
    await replaceCode(zipSync({ 'index.mjs': strToU8(source) }));
    expect(await failedCreation(() => replaceCode(real))).toMatch(reason);
  });

  test('time runs out', async () => {
    const source = 'export const handler = () => new Promise(() => setInterval(() => {}, 1000));';
    await replaceCode(zipSync({ 'index.mjs': strToU8(source) }));
    await setTimeLimit(5);
    const mend = () => setTimeLimit(900).then(() => replaceCode(real));
    expect(await failedCreation(mend)).toMatch(/timed out after 5\.00 seconds/);
  });

  test('a function may not run', async () => {
    const { lambda } = cloud.clients;
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    const mend = () => lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await failedCreation(mend)).toMatch(/concurrency/i);
  });

  test('a right is missing from the role', async () => {
    const { cloudformation, iam } = cloud.clients;
    const { StackResourceDetail } = await cloudformation.send(
      new DescribeStackResourceCommand({ StackName: 'studio-resources', LogicalResourceId: 'StudioDomainRole' }),
    );
    const RoleName = StackResourceDetail!.PhysicalResourceId!;
    const policy = { RoleName, PolicyName: 'studio-domain' };
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(policy));
    const whole = decodeURIComponent(PolicyDocument);
    const put = (document: string) => iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: document }));
    await put(whole.replace('"sagemaker:CreateDomain"', '"sagemaker:DescribeDomain"'));
    expect(await failedCreation(() => put(whole))).toMatch(/not authorized to perform: sagemaker:CreateDomain/);
  });
});
