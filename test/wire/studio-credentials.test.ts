import { CreateAppCommand, CreateSpaceCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { type Listener, listen } from '../../packages/local/src/server.ts';
import { iam } from '../../packages/local/src/services/iam/index.ts';
import { policyOf } from '../packages/local/authorised-cloud.ts';
import { region, Studio } from '../packages/local/studio.ts';

let listener: Listener;
let studio: Studio;
let DomainId: string;

beforeEach(async () => {
  listener = await listen(0);
  studio = await Studio.open(undefined, { endpoint: listener.endpoint });
  listener.serve(studio.cloud);
  DomainId = await studio.domain();
});
afterEach(async () => {
  studio.cloud.close();
  await listener.close();
});

const allow = (Action: string[], Condition: object) => ({ Effect: 'Allow', Action, Resource: '*', Condition });

test("what a user of Studio works with says who that is, so that spaces are their owners' alone", async () => {
  for (const name of ['ana', 'bo']) await studio.profile(DomainId, name);
  const own = `arn:aws:sagemaker:*:*:user-profile/\${sagemaker:DomainId}/\${sagemaker:UserProfileName}`;
  const PolicyDocument = policyOf(
    allow(['sagemaker:CreateSpace', 'sagemaker:CreateApp'], {
      ArnLike: { 'sagemaker:OwnerUserProfileArn': own },
      StringEquals: { 'sagemaker:SpaceSharingType': 'Private' },
    }),
  );
  await studio.call(iam, 'PutRolePolicy', { RoleName: 'Execution', PolicyName: 'own', PolicyDocument });

  const [ana, bo] = [await clientOf('ana'), await clientOf('bo')];
  const space = new CreateSpaceCommand({
    DomainId,
    SpaceName: 'lab',
    OwnershipSettings: { OwnerUserProfileName: 'Ana' },
    SpaceSharingSettings: { SharingType: 'Private' },
    SpaceSettings: { AppType: 'JupyterLab' },
  });
  await expect(bo.send(space)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await ana.send(space);
  await studio.settle();
  const app = new CreateAppCommand({ DomainId, SpaceName: 'lab', AppType: 'JupyterLab', AppName: 'default' });
  await expect(bo.send(app)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await ana.send(app);
});

test('a missing user, and a principal that is not a user, have no credentials', async () => {
  expect(await credentialsOf('missing')).toMatchObject({ code: 'ResourceNotFound' });
  const { status } = await fetch(`${listener.endpoint}/_sagemaker-instance-credentials/ana`);
  expect(status).toBe(404);
});

async function credentialsOf(name: string): Promise<Record<string, string>> {
  const arn = studio.arn('user-profile', DomainId, name);
  const response = await fetch(`${listener.endpoint}/_sagemaker-instance-credentials/${arn}`);
  return (await response.json()) as Record<string, string>;
}

async function clientOf(name: string): Promise<SageMakerClient> {
  const { AccessKeyId = '', SecretAccessKey = '', Token = '' } = await credentialsOf(name);
  return new SageMakerClient({
    endpoint: listener.endpoint,
    region,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token },
    maxAttempts: 1,
  });
}
