import { CreateResourceShareCommand, GetResourceSharesCommand, RAMClient } from '@aws-sdk/client-ram';
import { account as consumer, region } from '../../scripts/start/clients.ts';
import { removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

const owner = '111122223333';

let cloud: TestCloud;
let ram: RAMClient;
let ofOwner: RAMClient;

beforeAll(async () => {
  cloud = await startCloud({ provider: { ShareOwnerAccountIds: owner } });
  ram = new RAMClient(cloud.clientOptions);
  ofOwner = new RAMClient(cloud.as(owner).clientOptions);
});

afterAll(() => cloud.stop());

async function share(name: string): Promise<string> {
  const resourceArns = [`arn:aws:sagemaker:${region}:${owner}:pipeline/train`];
  const command = new CreateResourceShareCommand({ name, resourceArns, principals: [consumer] });
  return (await ofOwner.send(command)).resourceShare!.resourceShareArn!;
}

/** Whether the account is in the share. */
async function isIn(arn: string): Promise<boolean> {
  const { resourceShares } = await ram.send(new GetResourceSharesCommand({ resourceOwner: 'OTHER-ACCOUNTS' }));
  return resourceShares!.some(({ resourceShareArn, status }) => resourceShareArn === arn && status === 'ACTIVE');
}

const acceptance = (logicalId: string, arn: string) => `
  ${logicalId}:
    Type: Custom::ResourceShareAcceptance
    Properties:
      ServiceToken: !ImportValue ResourceShareAcceptanceServiceToken
      ResourceShareArn: ${arn}
      LeaveOnDelete: true
`;

/** What makes an update fail once the acceptance is done. */
const failing = (after: string) => `
  Failing:
    Type: AWS::SageMaker::UserProfile
    DependsOn: ${after}
    Properties: { DomainId: d-missing, UserProfileName: ada }
`;

const topic = `
  Topic: { Type: 'AWS::SNS::Topic' }
`;

const deploy = (name: string, ...resources: string[]) =>
  cloud.deploy(name, { template: `Resources:${resources.join('')}`, parameters: {} });

async function deployed(name: string, ...resources: string[]): Promise<void> {
  expect(await deploy(name, ...resources)).toMatchObject({ failures: [] });
}

test('a share outlives a rename, its rollback and a second holder in the stack, and is left by the last', async () => {
  const arn = await share('renamed');
  await deployed('one', acceptance('Share', arn));
  const renaming = await deploy('one', acceptance('Renamed', arn), failing('Renamed'));
  expect(renaming.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await isIn(arn)).toBe(true);
  await deployed('one', acceptance('Renamed', arn));
  expect(await isIn(arn)).toBe(true);
  await deployed('one', acceptance('Renamed', arn), acceptance('Second', arn));
  await deployed('one', acceptance('Second', arn));
  expect(await isIn(arn)).toBe(true);
  await deployed('one', topic);
  expect(await isIn(arn)).toBe(false);
  await removeStack(cloud, 'one');
});

test.each([
  ['one', 'two'],
  ['two', 'one'],
])('of two stacks that hold a share, %s goes first, and the account stays in it until %s goes', async (first, last) => {
  const arn = await share(`held-${first}`);
  for (const name of ['one', 'two']) await deployed(name, acceptance('Share', arn));
  await removeStack(cloud, first);
  expect(await isIn(arn)).toBe(true);
  await removeStack(cloud, last);
  expect(await isIn(arn)).toBe(false);
});

test('a stack that is rolled back leaves no share that the account was in before', async () => {
  const arn = await share('before');
  await deployed('one', acceptance('Share', arn));
  const { status } = await deploy('two', acceptance('Share', arn), failing('Share'));
  expect(status).toBe('ROLLBACK_COMPLETE');
  await removeStack(cloud, 'two');
  expect(await isIn(arn)).toBe(true);
  await removeStack(cloud, 'one');
  expect(await isIn(arn)).toBe(false);
});

test('it moves to another stack, and back', async () => {
  const arn = await share('moved');
  await deployed('one', topic, acceptance('Share', arn));
  for (const [from, to] of [
    ['one', 'two'],
    ['two', 'one'],
  ] as const) {
    await deployed(to, topic, acceptance('Share', arn));
    await deployed(from, topic);
    expect(await isIn(arn)).toBe(true);
  }
  await removeStack(cloud, 'two');
  expect(await isIn(arn)).toBe(true);
  await removeStack(cloud, 'one');
  expect(await isIn(arn)).toBe(false);
});
