import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { paginateListUserProfiles } from '@aws-sdk/client-sagemaker';
import { paginateListExecutions, paginateListStateMachines } from '@aws-sdk/client-sfn';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { deployTemplate, readTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

const Bucket = 'studio-resources-members';

/** At virtual time, enough for several pages of a list and several looks of the waiter. */
const members = process.env.CLOUD === 'wire' ? 1000 : 400;
let cloud: TestCloud;
let DomainId: string;

beforeAll(async () => {
  const faults: Rule[] = [
    { on: 'quota', fault: 'limit', quota: 'Maximum number of Studio user profiles allowed per account', value: 2000 },
    { on: 'call', fault: 'throttle', service: 'sagemaker', operation: 'CreateUserProfile', rate: 0.05 },
  ];
  cloud = await startCloud({ faults });
  const { s3 } = cloud.clients;
  DomainId = (await deployTemplate(cloud, 'studio', 'examples/studio.yaml')).DomainId!;
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
});

afterAll(() => cloud.stop());

const nameOf = (n: number) => `user-${String(n).padStart(4, '0')}`;

/** Puts a file of these members; returns its version. */
async function put(lines: readonly string[]): Promise<string> {
  const Body = ['UserProfileName,Tag:team', ...lines].join('\n');
  const { VersionId } = await cloud.clients.s3.send(new PutObjectCommand({ Bucket, Key: 'team.csv', Body }));
  return VersionId!;
}

async function deploy(MembersS3VersionId: string) {
  const template = await readTemplate('examples/user-profile-fleet.yaml');
  const parameters = { DomainId, MembersS3Uri: `s3://${Bucket}/team.csv`, MembersS3VersionId };
  return cloud.deploy('users', { template, parameters });
}

async function profiles(): Promise<string[]> {
  const pages = paginateListUserProfiles(
    { client: cloud.clients.sagemaker, pageSize: 100 },
    { DomainIdEquals: DomainId },
  );
  const all = (await Array.fromAsync(pages)).flatMap(({ UserProfiles = [] }) => UserProfiles);
  expect(all.every(({ Status }) => Status === 'InService')).toBe(true);
  return all.map(({ UserProfileName }) => UserProfileName!).sort();
}

/** How often the fleet's function has called each operation of SageMaker, refused calls apart, since the last time. */
const counted = new Map<string, number>();
async function calls(): Promise<Record<string, number>> {
  const all = new Map<string, number>();
  for (const { service, operation, principal, error } of await cloud.calls()) {
    if (service !== 'sagemaker' || !/StudioUserProfileFleet|studio-user-profile-fleet/.test(principal)) continue;
    const name = error ? `${operation} ${error.code}` : operation;
    all.set(name, (all.get(name) ?? 0) + 1);
  }
  const since = [...all].map(([name, count]) => [name, count - (counted.get(name) ?? 0)] as const);
  for (const [name, count] of all) counted.set(name, count);
  return Object.fromEntries(since.filter(([, count]) => count > 0));
}

/** The lines of the file, one of which is bad at first. */
const all = Array.from({ length: members }, (_, n) => `${nameOf(n)},red`);
const bad = all.with(199, `${nameOf(199)},red,green`);
const others = Array.from({ length: members }, (_, n) => nameOf(n)).toSpliced(199, 1);

test('the members of a fleet are created at the rate of the service', async () => {
  const { sfn } = cloud.clients;
  const created = await deploy(await put(bad));
  expect(created.failures).toEqual([]);
  expect(created.outputs).toEqual({
    MemberCount: `${members}`,
    FailedCount: '1',
    Failed: '[line 201 user-0199: expected 2 cells, as in the first line; got 3]',
  });
  expect(await profiles()).toEqual(['ada', ...others]);
  const ofCreation = await calls();
  expect(ofCreation.CreateUserProfile).toBe(members - 1);
  expect(ofCreation['CreateUserProfile ThrottlingException']).toBeGreaterThan(10);
  expect(ofCreation).not.toHaveProperty('DescribeUserProfile');
  // A process does not read what it has made itself; only another process that continues reads each once.
  expect(ofCreation.ListTags ?? 0).toBeLessThanOrEqual(members);
  const lines = await cloud.logLines('studio-resources-studio-user-profile-fleet');
  expect(lines).toContainEqual(
    expect.stringContaining(` of ${members.toLocaleString('en')} profiles in service, 1 failed"`),
  );

  const stateMachineArn = (await Array.fromAsync(paginateListStateMachines({ client: sfn }, {})))[0]!.stateMachines![0]!
    .stateMachineArn;
  const pages = await Array.fromAsync(paginateListExecutions({ client: sfn }, { stateMachineArn }));
  const executions = pages.flatMap((page) => page.executions ?? []);
  expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'SUCCEEDED'));
  expect(lines).toContainEqual(expect.stringContaining('Handed off to the waiter'));
});

test('an update that would remove too many members removes none', async () => {
  const fewer = await deploy(await put(all.slice(20)));
  expect(fewer.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(fewer.failures.join('\n')).toContain('it would remove 20 user profiles, and MaxRemovals is 10: user-0000, ');
  expect(await profiles()).toEqual(['ada', ...others]);
  expect(Object.keys(await calls()).filter((name) => !/^(Describe|List)/.test(name))).toEqual([]);
});

test('a file with other members changes those that differ', async () => {
  const blue = all.slice(5).map((line, n) => (n < 7 ? line.replace('red', 'blue') : line));
  const changed = await deploy(await put([...blue, 'new-one,red', 'new-two,red']));
  expect(changed.failures).toEqual([]);
  expect(changed.outputs).toMatchObject({ MemberCount: `${members - 3}`, FailedCount: '0', Failed: '[]' });
  const kept = Array.from({ length: members - 5 }, (_, n) => nameOf(n + 5));
  expect(await profiles()).toEqual(['ada', 'new-one', 'new-two', ...kept]);
  const ofChange = await calls();
  expect(ofChange).toMatchObject({ AddTags: 7, CreateUserProfile: 3, DeleteUserProfile: 5, DescribeUserProfile: 7 });
  expect(ofChange.ListTags).toBeLessThanOrEqual(2 * members);
  expect(ofChange).not.toHaveProperty('UpdateUserProfile');
});

test('all members are deleted with the stack', async () => {
  await removeStack(cloud, 'users');
  expect(await profiles()).toEqual(['ada']);
  const ofDeletion = await calls();
  expect(ofDeletion.DeleteUserProfile).toBe(members - 3);
  expect(ofDeletion.ListTags).toBeLessThanOrEqual(2 * members);
});
