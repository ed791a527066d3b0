import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as CloudFormation from '@aws-sdk/client-cloudformation';
import { type LocalCloud, startLocalCloud } from '../../../packages/local/src/local.ts';
import { type FunctionProcesses, functionProcesses } from '../../wire/function-cloud.ts';
import { provideClient } from './client.ts';

let directory: string;
let before: string | undefined;
beforeAll(async () => {
  before = process.env.PYTHONPATH;
  directory = await mkdtemp(join(tmpdir(), 'studio-resources-python-'));
  const path = await provideClient(directory);
  if (path !== undefined) process.env.PYTHONPATH = path;
});
afterAll(async () => {
  if (before === undefined) delete process.env.PYTHONPATH;
  else process.env.PYTHONPATH = before;
  await rm(directory, { recursive: true, force: true });
});

/** The example of AWS's page on cfnresponse, as a stack. */
const template = `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
  Provider:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import json
          import cfnresponse
          def handler(event, context):
            responseValue = int(event['ResourceProperties']['Input']) * 5
            responseData = {}
            responseData['Data'] = responseValue
            cfnresponse.send(event, context, cfnresponse.SUCCESS, responseData, "CustomResourcePhysicalID")
  Thing:
    Type: Custom::Thing
    Properties: {ServiceToken: !GetAtt Provider.Arn, ServiceTimeout: 3600, Input: 4}
Outputs:
  Data: {Value: !GetAtt Thing.Data}
  Id: {Value: !Ref Thing}
`;

describe('a stack', () => {
  let local: LocalCloud;
  beforeAll(async () => {
    local = await startLocalCloud({ port: 0, speed: 60, onFunctionFailure: () => {} });
  });
  afterAll(() => local.close());

  test('is created and deleted with an inline function in Python that answers through cfnresponse', async () => {
    const credentials = { accessKeyId: '111122223333', secretAccessKey: 'local' };
    const client = new CloudFormation.CloudFormation({ endpoint: local.endpoint, region: 'us-east-1', credentials });
    const StackName = 'python';
    await client.createStack({ StackName, TemplateBody: template, Capabilities: ['CAPABILITY_IAM'] });
    const wait = { client, maxWaitTime: 300, minDelay: 1, maxDelay: 1 };
    await CloudFormation.waitUntilStackCreateComplete(wait, { StackName });
    const [stack] = (await client.describeStacks({ StackName })).Stacks!;
    expect(Object.fromEntries(stack!.Outputs!.map((one) => [one.OutputKey, one.OutputValue]))).toEqual({
      Data: '20',
      Id: 'CustomResourcePhysicalID',
    });
    await client.deleteStack({ StackName });
    await CloudFormation.waitUntilStackDeleteComplete(wait, { StackName: stack!.StackId! });
    client.destroy();
  });
});

describe('a function in Python', () => {
  let local: FunctionProcesses;
  beforeAll(async () => {
    local = await functionProcesses({ speed: 1000 });
  });
  afterAll(() => local.close());

  const create = (name: string, source: string, more = {}) =>
    local.create(name, { 'index.py': source }, { Runtime: 'python3.13', ...more });

  test('gets its event, its context and the environment of Lambda, with the local cloud as the endpoint', async () => {
    await create(
      'one',
      'import os\ndef handler(event, context): return [event["text"], context.function_name, len(context.aws_request_id), os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_EXECUTION_ENV"], os.getcwd() == os.environ["LAMBDA_TASK_ROOT"]]',
    );
    const { endpoint } = local.options;
    const expected = ['é', 'one', 36, endpoint, 'AWS_Lambda_python3.13', true];
    expect(await local.invoke('one', { text: 'é' })).toMatchObject({ response: expected, status: 200 });
  });

  test('lives at the time of the cloud: its clocks, its waits, its remaining time', async () => {
    await create(
      'clocks',
      `import datetime, logging, threading, time
# As AWS's client does.
logging.Formatter.converter = time.gmtime
def handler(event, context):
    now = datetime.datetime.now(datetime.timezone.utc)
    begun, monotonic, left = time.time(), time.monotonic(), context.get_remaining_time_in_millis()
    time.sleep(200)
    threading.Event().wait(200)
    return {
        "now": now.isoformat(),
        "logged": logging.Formatter("%(asctime)s").format(logging.makeLogRecord({"created": time.time()})),
        "waited": time.time() - begun,
        "monotonic": time.monotonic() - monotonic,
        "left": left - context.get_remaining_time_in_millis(),
        "same": abs(now.timestamp() - begun) < 60,
        "dates": isinstance(now, datetime.datetime) and now - datetime.timedelta(days=1) < now,
    }`,
    );
    const { response } = await local.invoke('clocks');
    const answer = response as Record<string, number | string | boolean>;
    expect(answer).toMatchObject({
      now: expect.stringMatching(/^2026-11-21T/),
      logged: expect.stringMatching(/^2026-11-21 /),
      same: true,
      dates: true,
    });
    expect(Math.min(...(['waited', 'monotonic'] as const).map((name) => Number(answer[name])))).toBeGreaterThanOrEqual(
      399,
    );
    expect(answer.left).toBeGreaterThanOrEqual(399_000);
  });

  test('has modules of its package, and its log goes to the logs service', async () => {
    const files = {
      'index.py': 'from lib import name\ndef handler(event, context):\n    print("hello from", name)\n    return name',
      'lib.py': 'name = "lib"',
    };
    await local.create('logs', files, { Runtime: 'python3.13' });
    expect((await local.invoke('logs')).response).toBe('lib');
    expect(await local.messages('logs')).toContain('hello from lib');
  });

  test('that raises fails the invocation with its error, and runs again', async () => {
    await create(
      'raises',
      'def handler(event, context):\n    if event.get("bad"): raise ValueError("no such thing")\n    return 1',
    );
    expect(await local.invoke('raises', { bad: true })).toMatchObject({
      error: 'Unhandled',
      response: { errorType: 'ValueError', errorMessage: 'no such thing' },
    });
    expect(await local.invoke('raises', {})).toMatchObject({ response: 1 });
  });

  test('without one of its modules fails with the name of the module', async () => {
    await create('imports', 'import no_such_module');
    expect((await local.invoke('imports')).response).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: "Unable to import module 'index': No module named 'no_such_module'",
    });
  });
});
