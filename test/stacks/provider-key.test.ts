import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  PutKeyPolicyCommand,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { root } from '../../scripts/handlers.ts';
import { readTemplate, removeStack, startCloud } from './cloud.ts';
import { installProvider } from './provider.ts';
import type { TestCloud } from './test-cloud.ts';

const hour = 3_600_000;
const FunctionName = 'studio-resources-studio-domain';

let cloud: TestCloud;
let example: string;
let KeyId: string;
let stateKey: string;

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
  example = await readTemplate('examples/studio.yaml');
  // The template that the page shows.
  const page = await readFile(join(root, 'docs/INSTALLING.md'), 'utf8');
  const [, template = ''] = /```yaml\n(Resources:\n {2}Key:\n[\s\S]*?)```/.exec(page) ?? [];
  const made = await cloud.deploy('key', { template });
  expect(made.failures).toEqual([]);
  KeyId = made.outputs.KmsKeyArn!;
  stateKey = (await installProvider(cloud, { KmsKeyArn: KeyId })).outputs.StateKey!;
});

afterAll(() => cloud.stop());

test('functions and log groups are encrypted with the key', async () => {
  const { lambda, logs } = cloud.clients;
  const { KMSKeyArn } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  expect(KMSKeyArn).toBe(KeyId);
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(logGroups.length).toBeGreaterThan(10);
  expect([...new Set(logGroups.map(({ kmsKeyId }) => kmsKeyId))]).toEqual([KeyId]);
});

test('resources are created, changed and deleted, also after the key and the secret have been rotated', async () => {
  const { kms, secrets } = cloud.clients;
  const { failures, status } = await cloud.deploy('studio', { template: example });
  expect({ failures, status }).toEqual({ failures: [], status: 'CREATE_COMPLETE' });
  await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
  await secrets.send(new PutSecretValueCommand({ SecretId: stateKey, SecretString: 'k'.repeat(64) }));
  const changed = await cloud.update('studio', { parameters: { CostCenter: '4711' } });
  expect({ failures: changed.failures, status: changed.status }).toEqual({ failures: [], status: 'UPDATE_COMPLETE' });
  await removeStack(cloud, 'studio');
});

test('while the key is disabled, no function starts; a request goes on once the key is enabled again', async () => {
  const { kms, lambda } = cloud.clients;
  // Environments that are warm have decrypted their variables already.
  await cloud.pass(hour);
  await kms.send(new DisableKeyCommand({ KeyId }));
  const invoked = lambda.send(new InvokeCommand({ FunctionName }));
  await expect(invoked).rejects.toMatchObject({ name: 'KMSDisabledException' });
  const deploying = cloud.deploy('studio', { template: example });
  await cloud.pass(hour / 6);
  await kms.send(new EnableKeyCommand({ KeyId }));
  const { failures, status } = await deploying;
  expect({ failures, status }).toEqual({ failures: [], status: 'CREATE_COMPLETE' });
  await removeStack(cloud, 'studio');
});

test('a key whose policy lacks CloudWatch Logs cannot be given to the provider, and the event says so', async () => {
  const { kms } = cloud.clients;
  const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
  const { Statement, ...document } = JSON.parse(Policy) as { Statement: object[] };
  const closed = JSON.stringify({ ...document, Statement: Statement.slice(0, 1) });
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: closed }));
  await expect(installProvider(cloud, { KmsKeyArn: KeyId, NamePrefix: 'second' }, 'second')).rejects.toThrow(
    /The specified KMS key does not exist or is not allowed to be used with LogGroup '[^']*log-group:[^']*second/,
  );
});
