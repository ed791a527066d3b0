import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DeleteSecretCommand, GetSecretValueCommand, RestoreSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { startCloud } from '../stacks/cloud.ts';
import { runLines, shellLines } from '../stacks/shell.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { attackerOf, executionOf, historyOf, resourceOf, startWaiter, statusOf } from './attacker.ts';
import { studioTemplate } from './studio-stack.ts';

const minute = 60_000;
let cloud: TestCloud;
let SecretId: string;

beforeAll(async () => {
  const faults: Rule[] = [
    { on: 'resource', fault: 'stuck', kind: 'domain', during: 'create', seconds: 50 * 60, count: 2 },
    { on: 'call', fault: 'throttle', service: 'secrets-manager', function: '*-studio-domain', count: 2 },
  ];
  cloud = await startCloud({ faults });
  SecretId = (await resourceOf(cloud, 'studio-resources', 'StateKey')).id!;
});

afterAll(() => cloud.stop());

const valueNow = async () => (await cloud.clients.secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString!;

/** As SECURITY.md says it. */
const rotate = () => runLines(cloud, shellLines('SECURITY.md', 'Rotate the key of the waiter'));

const studioDomain = { FunctionName: 'studio-resources-studio-domain' };

/** Ends the function's environments, so that the next invocation has nothing in memory. */
async function replaceEnvironments(): Promise<void> {
  const { lambda } = cloud.clients;
  const Description = `changed at ${(await cloud.calls()).length}`;
  await lambda.send(new UpdateFunctionConfigurationCommand({ ...studioDomain, Description }));
  const state = async () => (await lambda.send(new GetFunctionConfigurationCommand(studioDomain))).LastUpdateStatus;
  await cloud.until(async () => (await state()) === 'Successful', 'the function to be changed');
}

test("who reads the functions' configuration and the waiter's history finds no key there", async () => {
  const mallory = await attackerOf(cloud);
  const value = await valueNow();
  for (const FunctionName of ['studio-resources-responder', studioDomain.FunctionName]) {
    const command = new GetFunctionConfigurationCommand({ FunctionName });
    const configuration = await mallory.clients.lambda.send(command);
    expect(JSON.stringify(configuration)).not.toContain(value);
    expect(configuration.Environment!.Variables).toMatchObject({ STATE_KEY_ARN: SecretId });
  }
  const get = mallory.clients.secrets.send(new GetSecretValueCommand({ SecretId }));
  await expect(get).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a creation of fifty minutes succeeds though the key is rotated meanwhile, and functions are replaced', async () => {
  const creation = cloud.deploy('studio-rotated', {
    template: studioTemplate('studio-rotated', { hasProfile: false }),
  });
  const { waiter } = await executionOf(cloud, 'studio-rotated', 'Domain');
  const first = await valueNow();
  await rotate();
  await replaceEnvironments();
  // The state is sealed anew with each poll, so that a second rotation finds none of the first key.
  await cloud.pass(10 * minute);
  await rotate();
  await replaceEnvironments();
  await cloud.pass(10 * minute);
  expect((await resourceOf(cloud, 'studio-rotated', 'Domain')).status).toBe('CREATE_IN_PROGRESS');
  // A state of the first key, which may have leaked, is of no more use.
  const { function: functionArn } = await executionOf(cloud, 'studio-rotated', 'Domain');
  const replay = await startWaiter(cloud, { function: functionArn, waiter, waitSeconds: 1 });
  await cloud.until(async () => (await statusOf(cloud, replay)) !== 'RUNNING', 'the execution to end');
  expect(await historyOf(cloud, replay)).toContain('InvalidRequestError');
  expect(await creation).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
  expect(first).not.toBe(await valueNow());
});

test('while the secret is deleted requests wait for it, and go on once it is restored', async () => {
  const { secrets } = cloud.clients;
  const creation = cloud.deploy('studio-restored', {
    template: studioTemplate('studio-restored', { hasProfile: false }),
  });
  await executionOf(cloud, 'studio-restored', 'Domain');
  await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
  await replaceEnvironments();
  await cloud.pass(15 * minute);
  expect((await resourceOf(cloud, 'studio-restored', 'Domain')).status).toBe('CREATE_IN_PROGRESS');
  expect((await cloud.logLines(studioDomain.FunctionName)).join('\n')).toContain('KeyUnavailableError');
  await secrets.send(new RestoreSecretCommand({ SecretId }));
  expect(await creation).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
});

test('without the secret a new request is not handed off: the function polls by itself, and says so', async () => {
  await cloud.clients.secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
  await replaceEnvironments();
  const template = studioTemplate('studio-alone', { hasProfile: false });
  expect(await cloud.deploy('studio-alone', { template })).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
  const lines = (await cloud.logLines(studioDomain.FunctionName)).join('\n');
  expect(lines).toContain('Reading the key of the waiter failed, so this invocation polls');
});
