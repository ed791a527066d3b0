import * as IAM from '@aws-sdk/client-iam';
import * as Lambda from '@aws-sdk/client-lambda';
import { servicePrincipal } from '../../../../packages/local/src/principal.ts';
import { account, FunctionCloud, functionArn } from '../function-cloud.ts';
import { refusal } from './new-function.ts';

let local: FunctionCloud;
beforeEach(async () => {
  local = await FunctionCloud.open();
});
afterEach(() => local.discard());

const version =
  'export const handler = async (_, context) => [process.env.N, context.functionVersion, context.invokedFunctionArn];';

async function publish(N: string): Promise<string> {
  const Environment = { Variables: { N1: N } };
  await local.lambda.send(new Lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'one', Environment }));
  await local.settled('one');
  const { Version } = await local.lambda.send(new Lambda.PublishVersionCommand({ FunctionName: 'one' }));
  return Version!;
}

test('versions stay as they were published, and aliases move between them', async () => {
  await local.create('one', version.replace('.N,', '.N1,'));
  expect([await publish('first'), await publish('first'), await publish('second')]).toEqual(['1', '1', '2']);
  await local.lambda.send(new Lambda.CreateAliasCommand({ FunctionName: 'one', Name: 'live', FunctionVersion: '1' }));
  expect((await local.invoke('one', {}, { Qualifier: 'live' })).response).toEqual([
    'first',
    '1',
    functionArn('one:live'),
  ]);
  const moved = await local.lambda.send(
    new Lambda.UpdateAliasCommand({ FunctionName: 'one', Name: 'live', FunctionVersion: '2' }),
  );
  expect(moved).toMatchObject({ AliasArn: functionArn('one:live'), FunctionVersion: '2' });
  expect((await local.invoke('one:live')).response).toEqual(['second', '2', functionArn('one:live')]);
  expect((await local.invoke('one:1')).response).toEqual(['first', '1', functionArn('one:1')]);
  const { Versions } = await local.lambda.send(new Lambda.ListVersionsByFunctionCommand({ FunctionName: 'one' }));
  expect(Versions?.map(({ Version, FunctionArn }) => [Version, FunctionArn])).toEqual([
    ['$LATEST', functionArn('one:$LATEST')],
    ['1', functionArn('one:1')],
    ['2', functionArn('one:2')],
  ]);
  await expect(
    local.lambda.send(new Lambda.DeleteFunctionCommand({ FunctionName: 'one', Qualifier: '2' })),
  ).rejects.toMatchObject(refusal('ResourceConflictException', /referenced by alias live/));
  await local.lambda.send(new Lambda.DeleteAliasCommand({ FunctionName: 'one', Name: 'live' }));
  await local.lambda.send(new Lambda.DeleteFunctionCommand({ FunctionName: 'one', Qualifier: '2' }));
  await expect(local.invoke('one:2')).rejects.toMatchObject(
    refusal('ResourceNotFoundException', `^Function not found: ${functionArn('one:2')}$`),
  );
  await expect(
    local.lambda.send(new Lambda.GetAliasCommand({ FunctionName: 'one', Name: 'live' })),
  ).rejects.toMatchObject(refusal('ResourceNotFoundException', /^Cannot find alias arn: /));
});

test('an alias with weights sends some invocations to the other version', async () => {
  await local.create('one', version.replace('.N,', '.N1,'));
  await publish('first');
  await publish('second');
  await local.lambda.send(
    new Lambda.CreateAliasCommand({
      FunctionName: 'one',
      Name: 'live',
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
    }),
  );
  const seen = new Set<unknown>();
  for (let i = 0; i < 60 && seen.size < 2; i += 1)
    seen.add(((await local.invoke('one:live')).response as unknown[])[1]);
  expect([...seen].sort()).toEqual(['1', '2']);
});

test('an alias must name a version that exists, and its own name cannot be a number', async () => {
  await local.create('one', version);
  const alias = (Name: string, FunctionVersion: string) =>
    local.lambda.send(new Lambda.CreateAliasCommand({ FunctionName: 'one', Name, FunctionVersion }));
  await expect(alias('live', '7')).rejects.toMatchObject(refusal('ResourceNotFoundException', /:one:7$/));
  await expect(alias('7', '$LATEST')).rejects.toMatchObject(refusal('ValidationException', /Value '7' at 'name'/));
});

test('aliases are listed, all or those of one version', async () => {
  await local.create('one', version);
  await publish('first');
  for (const [Name, FunctionVersion] of [
    ['b', '1'],
    ['a', '$LATEST'],
    ['c', '1'],
  ]) {
    await local.lambda.send(new Lambda.CreateAliasCommand({ FunctionName: 'one', Name, FunctionVersion }));
  }
  const list = async (input: Partial<Lambda.ListAliasesCommandInput>) => {
    const { Aliases } = await local.lambda.send(new Lambda.ListAliasesCommand({ FunctionName: 'one', ...input }));
    return Aliases?.map(({ Name }) => Name);
  };
  expect(await list({})).toEqual(['a', 'b', 'c']);
  expect(await list({ FunctionVersion: '1' })).toEqual(['b', 'c']);
  expect(await list({ MaxItems: 1 })).toEqual(['a']);
  const twice = new Lambda.CreateAliasCommand({ FunctionName: 'one', Name: 'a', FunctionVersion: '1' });
  await expect(local.lambda.send(twice)).rejects.toMatchObject(
    refusal('ResourceConflictException', `^Alias already exists: ${functionArn('one:a')}$`),
  );
  const stale = new Lambda.UpdateAliasCommand({ FunctionName: 'one', Name: 'a', RevisionId: 'stale' });
  await expect(local.lambda.send(stale)).rejects.toMatchObject(refusal('PreconditionFailedException', /Revision Id/));
});

test('a version is published only if the code has the given hash', async () => {
  await local.create('one', version);
  const publishing = new Lambda.PublishVersionCommand({ FunctionName: 'one', CodeSha256: 'other' });
  await expect(local.lambda.send(publishing)).rejects.toMatchObject(
    refusal('InvalidParameterValueException', /^CodeSHA256 \(other\) is different from current CodeSHA256/),
  );
});

test('a function whose role was deleted is not invoked', async () => {
  await local.create('one', version);
  await local.iam.send(new IAM.DeleteRolePolicyCommand({ RoleName: 'function', PolicyName: 'rights' }));
  await local.iam.send(new IAM.DeleteRoleCommand({ RoleName: 'function' }));
  await expect(local.invoke('one')).rejects.toMatchObject(
    refusal('AccessDeniedException', /^The role defined for the function cannot be assumed by Lambda\.$/),
  );
});

test('two qualifiers that differ, and an unknown type of invocation, are refused', async () => {
  await local.create('one', version);
  await expect(local.invoke('one:1', {}, { Qualifier: '2' })).rejects.toMatchObject(
    refusal('InvalidParameterValueException', /^The derived qualifier from the function name does not match/),
  );
  const InvocationType = 'Later' as Lambda.InvocationType;
  await expect(local.invoke('one', {}, { InvocationType })).rejects.toMatchObject(
    refusal('ValidationException', /'Later' at 'invocationType'/),
  );
});

test('a dry run runs nothing', async () => {
  await local.create('one', 'export const handler = async () => { throw new Error("ran"); };');
  expect(await local.invoke('one', {}, { InvocationType: 'DryRun' })).toMatchObject({ status: 204, error: undefined });
  expect(local.failedInvocations).toEqual([]);
});

test('an event that is too large, or not JSON, is refused', async () => {
  await local.create('one', version);
  const invoke = (Payload: string, InvocationType: Lambda.InvocationType = 'RequestResponse') =>
    local.lambda.send(new Lambda.InvokeCommand({ FunctionName: 'one', Payload, InvocationType }));
  await expect(invoke('{')).rejects.toMatchObject(
    refusal('InvalidRequestContentException', /^Could not parse request body into json: /),
  );
  await expect(invoke(JSON.stringify('x'.repeat(6 * 1024 * 1024)))).rejects.toMatchObject(
    refusal(
      'RequestTooLargeException',
      /^Request must be smaller than 6291456 bytes for the InvokeFunction operation$/,
    ),
  );
  await expect(invoke(JSON.stringify('x'.repeat(1024 * 1024)), 'Event')).rejects.toMatchObject(
    refusal('RequestTooLargeException', /^1048578 byte payload is too large for the Event invocation type/),
  );
});

test('reserved concurrency of 0 throttles every invocation', async () => {
  await local.create('one', version);
  const reserved = { FunctionName: 'one', ReservedConcurrentExecutions: 0 };
  await local.lambda.send(new Lambda.PutFunctionConcurrencyCommand(reserved));
  await expect(local.invoke('one')).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    message: 'Rate Exceeded.',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    $metadata: { httpStatusCode: 429 },
  });
  expect(await local.lambda.send(new Lambda.GetFunctionConcurrencyCommand({ FunctionName: 'one' }))).toMatchObject({
    ReservedConcurrentExecutions: 0,
  });
});

test('invocations beyond the concurrency limit are throttled', async () => {
  await local.create('one', 'export const handler = () => new Promise((done) => setTimeout(done, 60_000));');
  const ends = await Promise.allSettled(Array.from({ length: 101 }, () => local.invoke('one')));
  const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
  expect(refused).toEqual([expect.objectContaining({ Reason: 'ConcurrentInvocationLimitExceeded' })]);
});

test('reserved concurrency leaves the minimum for other functions', async () => {
  await local.create('one', version);
  const reserve = (ReservedConcurrentExecutions: number) =>
    local.lambda.send(new Lambda.PutFunctionConcurrencyCommand({ FunctionName: 'one', ReservedConcurrentExecutions }));
  await expect(reserve(95)).rejects.toMatchObject(
    refusal('InvalidParameterValueException', /below its minimum value of \[10\]/),
  );
  await expect(reserve(-1)).rejects.toMatchObject(refusal('ValidationException', /greater than or equal to 0/));
  expect(await reserve(90)).toMatchObject({ ReservedConcurrentExecutions: 90 });
});

test('a user can invoke only functions that a policy allows', async () => {
  await local.create('one', version);
  await local.create('two', version);
  await local.iam.send(new IAM.CreateUserCommand({ UserName: 'dev' }));
  const Statement = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn('one') };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await local.iam.send(new IAM.PutUserPolicyCommand({ UserName: 'dev', PolicyName: 'p', PolicyDocument }));
  const { AccessKey } = await local.iam.send(new IAM.CreateAccessKeyCommand({ UserName: 'dev' }));
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const dev = new Lambda.LambdaClient({ ...local.options, credentials });
  const invoke = (FunctionName: string) => dev.send(new Lambda.InvokeCommand({ FunctionName }));
  expect(await invoke('one')).toMatchObject({ StatusCode: 200 });
  await expect(invoke('two')).rejects.toMatchObject(
    refusal(
      'AccessDeniedException',
      /is not authorized to perform: lambda:InvokeFunction on resource: .*:function:two /,
    ),
  );
  // The function's own policy can let them in as well.
  await local.lambda.send(
    new Lambda.AddPermissionCommand({
      FunctionName: 'two',
      StatementId: 'dev',
      Action: 'lambda:InvokeFunction',
      Principal: `arn:aws:iam::${account}:user/dev`,
    }),
  );
  expect(await invoke('two')).toMatchObject({ StatusCode: 200 });
  dev.destroy();
});

test('an AWS service can invoke only a function whose policy allows it', async () => {
  await local.create('one', version);
  const invoke = () =>
    local.during(
      local.cloud.call({
        service: 'lambda',
        operation: 'Invoke',
        input: { FunctionName: 'one' },
        principal: servicePrincipal('events.amazonaws.com', account),
        region: 'us-east-1',
      }),
    );
  await expect(invoke()).rejects.toThrow(/^User: events\.amazonaws\.com is not authorized .* no resource-based policy/);
  const permission = {
    FunctionName: 'one',
    StatementId: 'events',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceAccount: account,
  };
  const { Statement } = await local.lambda.send(new Lambda.AddPermissionCommand(permission));
  expect(JSON.parse(Statement!)).toEqual({
    Sid: 'events',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: functionArn('one'),
    Condition: { StringEquals: { 'AWS:SourceAccount': account } },
  });
  expect(await invoke()).toMatchObject({ StatusCode: 200 });
  await expect(local.lambda.send(new Lambda.AddPermissionCommand(permission))).rejects.toMatchObject(
    refusal('ResourceConflictException', /^The statement id \(events\) provided already exists\./),
  );
  const { Policy } = await local.lambda.send(new Lambda.GetPolicyCommand({ FunctionName: 'one' }));
  expect(JSON.parse(Policy!)).toMatchObject({ Id: 'default', Statement: [{ Sid: 'events' }] });
  const removal = new Lambda.RemovePermissionCommand({ FunctionName: 'one', StatementId: 'events' });
  await local.lambda.send(removal);
  await expect(invoke()).rejects.toThrow(/no resource-based policy/);
  await expect(local.lambda.send(removal)).rejects.toMatchObject(
    refusal('ResourceNotFoundException', /^Statement events is not found in resource policy\.$/),
  );
  await expect(local.lambda.send(new Lambda.GetPolicyCommand({ FunctionName: 'one' }))).rejects.toMatchObject(
    refusal('ResourceNotFoundException', /^The resource you requested does not exist\.$/),
  );
});

test('settings for events are checked, kept by qualifier and listed', async () => {
  await local.create('one', version);
  await local.create('two', version);
  const put = (input: Partial<Lambda.PutFunctionEventInvokeConfigCommandInput>) =>
    local.lambda.send(new Lambda.PutFunctionEventInvokeConfigCommand({ FunctionName: 'one', ...input }));
  await expect(put({ MaximumRetryAttempts: 3 })).rejects.toMatchObject(
    refusal('ValidationException', /'maximumRetryAttempts'/),
  );
  await expect(put({ MaximumEventAgeInSeconds: 10 })).rejects.toMatchObject(
    refusal('ValidationException', /or equal to 60$/),
  );
  const to = (Destination: string) => ({ DestinationConfig: { OnFailure: { Destination } } });
  await expect(put(to('arn:aws:sqs:us-east-1:111122223333:q'))).rejects.toMatchObject(
    refusal('InvalidParameterValueException', /sends to Lambda functions only/),
  );
  await expect(put(to(functionArn('one')))).rejects.toMatchObject(
    refusal('InvalidParameterValueException', /own destination/),
  );
  await expect(put(to(functionArn('missing')))).rejects.toMatchObject(
    refusal('InvalidParameterValueException', /is invalid/),
  );
  await put({ MaximumRetryAttempts: 1, ...to(functionArn('two')) });
  await local.lambda.send(
    new Lambda.UpdateFunctionEventInvokeConfigCommand({ FunctionName: 'one', MaximumEventAgeInSeconds: 120 }),
  );
  const settings = {
    FunctionArn: functionArn('one:$LATEST'),
    MaximumRetryAttempts: 1,
    MaximumEventAgeInSeconds: 120,
    DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: functionArn('two') } },
  };
  const get = new Lambda.GetFunctionEventInvokeConfigCommand({ FunctionName: 'one' });
  expect(await local.lambda.send(get)).toMatchObject(settings);
  const list = new Lambda.ListFunctionEventInvokeConfigsCommand({ FunctionName: 'one' });
  expect((await local.lambda.send(list)).FunctionEventInvokeConfigs).toEqual([expect.objectContaining(settings)]);
  await local.lambda.send(new Lambda.DeleteFunctionEventInvokeConfigCommand({ FunctionName: 'one' }));
  await expect(local.lambda.send(get)).rejects.toMatchObject(
    refusal('ResourceNotFoundException', /doesn't have an EventInvokeConfig$/),
  );
});
