import { EC2Client } from '@aws-sdk/client-ec2';
import { EFSClient } from '@aws-sdk/client-efs';
import {
  deleteOrphanedResources,
  findNfsSecurityGroups,
  findOrphanedResources,
} from '@studio-resources/sagemaker/domain/orphaned-resources';
import { mockClient } from 'aws-sdk-client-mock';
import { awsError } from '../../../handlers/aws-error.ts';
import { FakeOrphanedResources } from './fake-orphaned-resources.ts';

const arnOf = (id: string) => `arn:aws:sagemaker:eu-west-1:111122223333:domain/${id}`;
const mocks = [mockClient(EFSClient), mockClient(EC2Client)];
let fake: FakeOrphanedResources;
/** What an operation meets once. */
let refusals: Map<string, Error>;
/** The same, after it was carried out. */
let lost: Map<string, Error>;

beforeEach(() => {
  fake = new FakeOrphanedResources();
  refusals = new Map();
  lost = new Map();
  for (const { send } of mocks) {
    send.callsFake(async (command) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      const refusal = refusals.get(operation);
      refusals.delete(operation);
      if (refusal) throw refusal;
      const answer = await fake.operations[operation]!({ ...command.input } as never);
      const denial = lost.get(operation);
      lost.delete(operation);
      if (denial) throw denial;
      return answer as never;
    });
  }
  fake.make('d-ours', arnOf('d-ours'), ['subnet-1', 'subnet-2', 'subnet-3']);
  fake.make('d-theirs', arnOf('d-theirs'), ['subnet-1']);
});
afterAll(() => {
  for (const mock of mocks) mock.restore();
});

/** Removes as often as the runtime would look. */
async function removeUntilGone(): Promise<number> {
  for (let looks = 0; looks < 20; looks += 1) {
    if ((await findOrphanedResources('d-ours')).length === 0) return looks;
    await deleteOrphanedResources('d-ours');
  }
  throw new Error(`Deleting orphaned resources: still there are ${await findOrphanedResources('d-ours')}`);
}

test('the orphaned resources of a domain are found by its tag, and no others', async () => {
  expect(await findOrphanedResources('d-ours')).toEqual([
    'file system fs-1',
    'security group sg-in-1',
    'security group sg-out-1',
  ]);
  expect(await findOrphanedResources('d-our')).toEqual([]);
  expect(await findNfsSecurityGroups('d-theirs')).toEqual({ inbound: 'sg-in-2', outbound: 'sg-out-2' });
  expect(await findNfsSecurityGroups('d-none')).toEqual({ inbound: '', outbound: '' });
});

test('the orphaned resources of a domain are deleted step by step, and no others', async () => {
  await removeUntilGone();
  expect(fake.ids()).toEqual(['fs-2', 'sg-in-2', 'sg-out-2']);
});

test.each([
  ['DeleteMountTarget', 'DependencyTimeout'],
  ['DeleteMountTarget', 'MountTargetNotFound'],
  ['DescribeMountTargets', 'FileSystemNotFound'],
  ['DeleteFileSystem', 'FileSystemInUse'],
  ['DeleteFileSystem', 'IncorrectFileSystemLifeCycleState'],
  ['RevokeSecurityGroupIngress', 'InvalidPermission.NotFound'],
  ['DeleteSecurityGroup', 'DependencyViolation'],
  ['DeleteSecurityGroup', 'InvalidGroup.NotFound'],
])('a %s that fails with %s is retried', async (operation, code) => {
  refusals.set(operation, awsError(code, 'not now'));
  await removeUntilGone();
  expect(refusals.size).toBe(0);
});

test.each([
  ['DescribeMountTargets', 'AccessDeniedException'],
  ['DeleteFileSystem', 'BadRequest'],
  ['DeleteSecurityGroup', 'UnauthorizedOperation'],
  ['RevokeSecurityGroupIngress', 'UnauthorizedOperation'],
])('a %s that fails with %s fails with this error', async (operation, code) => {
  refusals.set(operation, awsError(code, 'never'));
  await expect(removeUntilGone()).rejects.toThrow('never');
});

test.each([
  ['DeleteSecurityGroup', 'UnauthorizedOperation'],
  ['DeleteFileSystem', 'AccessDeniedException'],
  ['DeleteMountTarget', 'AccessDeniedException'],
])('a %s that fails with %s because the resource and its tags are gone is done', async (operation, code) => {
  lost.set(operation, awsError(code, 'never'));
  await removeUntilGone();
  expect(lost.size).toBe(0);
  expect(fake.ids()).toEqual(['fs-2', 'sg-in-2', 'sg-out-2']);
});

test.each(['RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress'])(
  'a %s that is denied because another deletion was faster is done',
  async (operation) => {
    fake.operations[operation] = () => {
      for (const id of ['sg-in-1', 'sg-out-1']) fake.groups.delete(id);
      throw awsError('UnauthorizedOperation', 'never');
    };
    await removeUntilGone();
    expect(fake.ids()).toEqual(['fs-2', 'sg-in-2', 'sg-out-2']);
  },
);
