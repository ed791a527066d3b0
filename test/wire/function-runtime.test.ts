import { UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { callbackHandlers } from '../packages/local/callback-handlers.ts';
import { role, zipOf } from '../packages/local/function-cloud.ts';
import { type FunctionProcesses, functionProcesses } from './function-cloud.ts';

let local: FunctionProcesses;
beforeEach(async () => {
  local = await functionProcesses();
});
afterEach(() => local.close());

test('a function keeps its module state while its environment is warm', async () => {
  await local.create('counter', 'let n = 0; export const handler = async () => { n += 1; return n; };');
  expect(await local.invoke('counter')).toMatchObject({ response: 1, status: 200, error: undefined });
  expect(await local.invoke('counter')).toMatchObject({ response: 2 });
});

test('a function that is busy is run in a second process', async () => {
  await local.create(
    'busy',
    'export const handler = async () => { await new Promise((r) => setTimeout(r, 20)); return process.pid; };',
  );
  // Both are asked for before either has a process.
  const [first, second] = await Promise.all([local.invoke('busy'), local.invoke('busy')]);
  expect(second.response).not.toBe(first.response);
});

test('CommonJS and folders work as on Lambda, and an event comes in as it was sent', async () => {
  const source = 'exports.run = async (event, context) => [event, context.awsRequestId.length, context.functionName];';
  await local.create('common', { 'lib/main.js': source }, { Handler: 'lib/main.run' });
  const { response } = await local.invoke('common', { text: 'é' });
  expect(response).toEqual([{ text: 'é' }, 36, 'common']);
});

test('a missing event becomes an empty object', async () => {
  await local.create('echo', 'export const handler = async (event) => event;');
  expect((await local.invoke('echo')).response).toEqual({});
});

test('the environment is Lambda’s and the function’s own, with nothing of the machine', async () => {
  process.env.SECRET_OF_THE_MACHINE = 'x';
  await local.create('env', 'export const handler = async () => process.env;', {
    Environment: { Variables: { COLOUR: 'blue' } },
    MemorySize: 256,
  });
  const { response } = await local.invoke('env');
  delete process.env.SECRET_OF_THE_MACHINE;
  const variables = response as Record<string, string>;
  expect(variables).toMatchObject({
    COLOUR: 'blue',
    TZ: ':UTC',
    _HANDLER: 'index.handler',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'env',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/env',
    AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^2026\/11\/21\/\[\$LATEST\][0-9a-f]{32}$/),
    AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
    AWS_ENDPOINT_URL: local.options.endpoint,
    LAMBDA_TASK_ROOT: expect.any(String),
  });
  expect(variables).not.toHaveProperty('SECRET_OF_THE_MACHINE');
});

test('a function calls the local cloud with the credentials of its role', async () => {
  const source = `
    import { request } from 'node:http';
    const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN } = process.env;
    export const handler = () => new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'x-amz-security-token': AWS_SESSION_TOKEN,
        authorization: 'AWS4-HMAC-SHA256 Credential=' + AWS_ACCESS_KEY_ID + '/20261121/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00',
      };
      const call = request(AWS_ENDPOINT_URL, { method: 'POST', headers }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve(/<Arn>(.*)<.Arn>/.exec(text)?.[1]);
      });
      call.on('error', reject).end('Action=GetCallerIdentity&Version=2011-06-15');
    });`;
  await local.create('caller', source);
  const { response } = await local.invoke('caller');
  expect(response).toBe(role.replace(':iam:', ':sts:').replace('role/function', 'assumed-role/function/caller'));
});

test('a new version of the code replaces environments that are warm', async () => {
  await local.create('versions', 'export const handler = async () => "old";');
  expect((await local.invoke('versions')).response).toBe('old');
  const ZipFile = zipOf('export const handler = async () => "new";');
  await local.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'versions', ZipFile }));
  await local.clock.pass(2000);
  expect((await local.invoke('versions')).response).toBe('new');
});

test.each(callbackHandlers)('a handler of nodejs22.x that %s answers as on Lambda', async (_, handler, expected) => {
  await local.create('callback', { 'index.js': `exports.handler = ${handler};` }, { Runtime: 'nodejs22.x' });
  expect(await local.invoke('callback', { n: 1 })).toMatchObject(expected);
});
