import { KMS } from '@aws-sdk/client-kms';
import * as Lambda from '@aws-sdk/client-lambda';
import { FunctionCloud, functionArn, role } from '../function-cloud.ts';
import { answers } from './new-function.ts';

let cloud: FunctionCloud;
let keys: KMS;
let KMSKeyArn: string;

beforeEach(async () => {
  cloud = await FunctionCloud.open({ allow: ['logs:*'] });
  keys = new KMS(cloud.options);
  KMSKeyArn = (await keys.createKey({})).KeyMetadata!.Arn!;
});

afterEach(() => cloud.close());

const Environment = { Variables: { TEAM: 'red' } };
const create = () => cloud.create('one', answers('hello'), { KMSKeyArn, Environment });

test('a function with variables under a key gets a grant for its role, which needs no right of its own', async () => {
  await create();
  expect((await cloud.invoke('one')).response).toBe('hello');
  const { Grants } = await keys.listGrants({ KeyId: KMSKeyArn });
  expect(Grants).toMatchObject([
    {
      GranteePrincipal: role,
      Constraints: { EncryptionContextEquals: { 'aws:lambda:FunctionArn': functionArn('one') } },
    },
  ]);
});

test('it cannot be created with a key that is missing, and says why', async () => {
  KMSKeyArn = `${KMSKeyArn}0`;
  await expect(create()).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringMatching(/the KMS key is invalid for CreateGrant.*NotFoundException/),
  });
});

test('a new environment does not start while the key is disabled, waits for its deletion or is no longer granted', async () => {
  await create();
  await keys.disableKey({ KeyId: KMSKeyArn });
  await expect(cloud.invoke('one')).rejects.toMatchObject({ name: 'KMSDisabledException' });
  await keys.scheduleKeyDeletion({ KeyId: KMSKeyArn });
  await expect(cloud.invoke('one')).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  await keys.cancelKeyDeletion({ KeyId: KMSKeyArn });
  await keys.enableKey({ KeyId: KMSKeyArn });
  const { Grants = [] } = await keys.listGrants({ KeyId: KMSKeyArn });
  await keys.revokeGrant({ KeyId: KMSKeyArn, GrantId: Grants[0]!.GrantId! });
  await expect(cloud.invoke('one')).rejects.toMatchObject({ name: 'KMSAccessDeniedException' });
});

test('its key is changed in place, and another version keeps its own', async () => {
  await create();
  await cloud.lambda.send(new Lambda.PublishVersionCommand({ FunctionName: 'one' }));
  const other = (await keys.createKey({})).KeyMetadata!.Arn!;
  await cloud.lambda.send(new Lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'one', KMSKeyArn: other }));
  await cloud.settled('one');
  await keys.disableKey({ KeyId: KMSKeyArn });
  expect((await cloud.invoke('one')).response).toBe('hello');
  const first = cloud.invoke('one', undefined, { Qualifier: '1' });
  await expect(first).rejects.toMatchObject({ name: 'KMSDisabledException' });
});
