import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateVpcCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListDomainsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Exchange } from '../../../../packages/local/src/cloud-events.ts';
import type { Rule } from '../../../../packages/local/src/faults/rule.ts';
import { accountPrincipal, type Principal } from '../../../../packages/local/src/principal.ts';
import type { Cloud } from '../../../../packages/local/src/service.ts';
import { ec2 } from '../../../../packages/local/src/services/ec2/index.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { VirtualCloud } from '../../../../packages/local/src/virtual/virtual-cloud.ts';
import { policyOf, trusting } from '../authorised-cloud.ts';

const account = '111122223333';
const region = 'us-east-1';

let local: VirtualCloud;
afterEach(() => local.discard());

/** A cloud that injects these faults, clients of it that try once, and what it told. */
async function faulty(...rules: Rule[]) {
  local = new VirtualCloud({ account, faults: rules });
  const exchanges: Exchange[] = [];
  local.cloud.events.on('exchange', (exchange) => exchanges.push(exchange));
  const options = { ...local.clientOptions(), retryStrategy: undefined, maxAttempts: 1 };
  return { cloud: local.cloud, told: local.injectedFaults, exchanges, options };
}

type Options = Awaited<ReturnType<typeof faulty>>['options'];

/** A call of a client that is used once; its error, if it fails. */
async function once<C extends { destroy(): void }>(client: C, send: (client: C) => Promise<unknown>) {
  try {
    await send(client);
    return undefined;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  } finally {
    client.destroy();
  }
}

const list: Record<string, (options: Options) => Promise<Awaited<ReturnType<typeof once>>>> = {
  sagemaker: (options) => once(new SageMakerClient(options), (one) => one.send(new ListDomainsCommand({}))),
  'cloudwatch-logs': (options) =>
    once(new CloudWatchLogsClient(options), (one) => one.send(new DescribeLogGroupsCommand({}))),
  cloudformation: (options) => once(new CloudFormationClient(options), (one) => one.send(new ListStacksCommand({}))),
  ec2: (options) => once(new EC2Client(options), (one) => one.send(new DescribeVpcsCommand({}))),
  efs: (options) => once(new EFSClient(options), (one) => one.send(new DescribeFileSystemsCommand({}))),
  lambda: (options) => once(new LambdaClient(options), (one) => one.send(new ListFunctionsCommand({}))),
  s3: (options) => once(new S3Client(options), (one) => one.send(new ListBucketsCommand({}))),
};

test.each([
  ['sagemaker', 'ThrottlingException', 400, 'InternalFailure', 'ServiceUnavailable', 'AccessDeniedException', 400],
  [
    'cloudwatch-logs',
    'ThrottlingException',
    400,
    'InternalServerException',
    'ServiceUnavailable',
    'AccessDeniedException',
    400,
  ],
  ['cloudformation', 'Throttling', 400, 'InternalFailure', 'ServiceUnavailable', 'AccessDenied', 403],
  ['ec2', 'RequestLimitExceeded', 503, 'InternalError', 'Unavailable', 'UnauthorizedOperation', 403],
  ['efs', 'ThrottlingException', 429, 'InternalServerError', 'ServiceUnavailable', 'AccessDeniedException', 403],
  ['lambda', 'TooManyRequestsException', 429, 'ServiceException', 'ServiceUnavailable', 'AccessDeniedException', 403],
  ['s3', 'SlowDown', 503, 'InternalError', 'ServiceUnavailable', 'AccessDenied', 403],
])(
  "a fault %s gives the protocol's own error",
  async (service, throttle, throttleStatus, internal, outage, denied, deniedStatus) => {
    const { options } = await faulty(
      { on: 'call', fault: 'throttle', service, count: 1 },
      { on: 'call', fault: 'internal-error', service, count: 1 },
      { on: 'call', fault: 'unavailable', service, count: 1 },
      { on: 'call', fault: 'access-denied', service, count: 1 },
    );
    const call = list[service]!;
    expect(await call(options)).toMatchObject({ name: throttle, status: throttleStatus });
    expect(await call(options)).toMatchObject({ name: internal, status: 500 });
    expect(await call(options)).toMatchObject({ name: outage, status: 503 });
    expect(await call(options)).toMatchObject({
      name: denied,
      status: deniedStatus,
      message: expect.stringMatching(/not authorized to perform: \w+:(List|Describe)\w+/),
    });
    expect(await call(options)).toBeUndefined();
  },
);

test('the client sees a reset connection, and the exchange is recorded', async () => {
  const { options, exchanges, told } = await faulty({ on: 'call', fault: 'reset', service: 'sagemaker', count: 1 });
  expect(await list.sagemaker!(options)).toMatchObject({ message: expect.stringMatching(/ECONNRESET|socket hang up/) });
  expect(exchanges).toMatchObject([{ operation: 'ListDomains', status: 0, error: { code: 'ECONNRESET' } }]);
  expect(told).toMatchObject([
    { rule: 'rules[0]', kind: 'call reset', where: { account, service: 'sagemaker', operation: 'ListDomains' } },
  ]);
  expect(await list.sagemaker!(options)).toBeUndefined();
});

test.each(['reset', 'internal-error', 'unavailable'] as const)(
  'a call may have taken effect before its %s',
  async (fault) => {
    const { options, cloud } = await faulty(
      { on: 'call', fault, operation: 'CreateVpc', carriedOut: true, count: 1 },
      { on: 'call', fault, operation: 'CreateVpc', count: 1 },
    );
    const create = () =>
      once(new EC2Client(options), (one) => one.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' })));
    expect(await create()).toBeDefined();
    expect(await count(cloud)).toBe(1);
    expect(await create()).toBeDefined();
    expect(await count(cloud)).toBe(1);
  },
);

async function count(cloud: Cloud): Promise<number> {
  const { Vpcs = [] } = await cloud.invoke(ec2, 'DescribeVpcs', {}, { principal: accountPrincipal(account), region });
  return Vpcs.filter(({ IsDefault }) => !IsDefault).length;
}

test('a slow call is executed later', async () => {
  const { options, cloud } = await faulty({ on: 'call', fault: 'slow', ms: 60_000, operation: 'ListDomains' });
  const before = cloud.clock.now();
  expect(await list.sagemaker!(options)).toBeUndefined();
  expect(cloud.clock.now() - before).toBeGreaterThanOrEqual(60_000);
});

test('a slow call may fail as well', async () => {
  const { options, told } = await faulty(
    { on: 'call', fault: 'throttle', service: 'sagemaker' },
    { on: 'call', fault: 'slow', ms: 1000, service: 'sagemaker' },
  );
  expect(await list.sagemaker!(options)).toMatchObject({ name: 'ThrottlingException' });
  expect(told.map(({ kind }) => kind)).toEqual(['call slow', 'call throttle']);
});

test('calls between services have no faults', async () => {
  const { cloud } = await faulty({ on: 'call', fault: 'throttle' });
  expect(await count(cloud)).toBe(0);
});

test('a rule for a function applies to its calls only', async () => {
  const { cloud } = await faulty({ on: 'call', fault: 'throttle', function: 'mine' });
  const as = { principal: accountPrincipal(account), region };
  const AssumeRolePolicyDocument = trusting({ AWS: account });
  await cloud.invoke(iam, 'CreateRole', { RoleName: 'role', AssumeRolePolicyDocument }, as);
  const PolicyDocument = policyOf({ Effect: 'Allow', Action: 'ec2:*', Resource: '*' });
  await cloud.invoke(iam, 'PutRolePolicy', { RoleName: 'role', PolicyName: 'rights', PolicyDocument }, as);
  const role = (sessionName: string): Principal => {
    const arn = `arn:aws:sts::${account}:assumed-role/role/${sessionName}`;
    return { kind: 'role', account, arn, roleName: 'role', sessionName };
  };
  const call = (principal: Principal) =>
    cloud.call({ service: 'ec2', operation: 'DescribeVpcs', input: {}, principal, region, fromClient: true });
  await expect(call(role('mine'))).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
  await expect(call(role('other'))).resolves.toBeDefined();
  await expect(call(accountPrincipal(account))).resolves.toBeDefined();
});
