import * as EFS from '@aws-sdk/client-efs';
import * as IAM from '@aws-sdk/client-iam';
import { jest } from '@jest/globals';
import type { Exchange } from '../../../packages/local/src/cloud-events.ts';
import { createCloud } from '../../../packages/local/src/create-cloud.ts';
import { AwsError } from '../../../packages/local/src/errors.ts';
import { accountPrincipal } from '../../../packages/local/src/principal.ts';
import { type Call, service } from '../../../packages/local/src/service.ts';
import { Store } from '../../../packages/local/src/store.ts';
import { VirtualClock } from './virtual-clock.ts';

const endpoint = 'http://127.0.0.1:4566';
const as = { principal: accountPrincipal('111111111111'), region: 'us-east-1' };
const european = { principal: accountPrincipal('111111111111'), region: 'eu-west-1' };

/** A file system that is deleted ten seconds after it was asked for; its creation token says what else happens. */
const efs = service('efs', 'elasticfilesystem', EFS, {
  operations: {
    CreateFileSystem({ CreationToken = '' }, call) {
      if (CreationToken === 'crash') throw new Error('out of disk');
      call.table<object>('fileSystems').set(CreationToken, { Tags: [] });
      return description(call, CreationToken);
    },
    DeleteFileSystem({ FileSystemId = '' }, call) {
      if (FileSystemId === 'fs-0000b051') throw new AwsError('FileSystemInUse', 'has mount targets');
      call.later(10_000, 'finishDeletion', { FileSystemId });
      return {};
    },
    DescribeFileSystems: (_, call) => ({
      FileSystems: [...call.table('fileSystems').keys()].map((id) => description(call, id)),
    }),
  },
  tasks: {
    finishDeletion({ FileSystemId }: { FileSystemId: string }, call) {
      if (FileSystemId === 'fs-0000005c') throw new Error('no such task');
      call.table('fileSystems').delete(FileSystemId);
    },
  },
});

const iam = service('iam', 'iam', IAM, {
  scope: 'account',
  operations: {
    async GetRole({ RoleName }, call) {
      const { FileSystems } = await call.invoke(efs, 'DescribeFileSystems', {});
      const Arn = `${call.principal.arn} ${FileSystems?.length}`;
      return { Role: { Path: '/', RoleName, RoleId: 'AROA', Arn, CreateDate: new Date(call.clock.now()) } };
    },
    CreateRole({ RoleName = '' }, call) {
      call.table('roles').set(RoleName, {});
      return { Role: undefined };
    },
    ListRoles: (_, call) => ({ Roles: [...call.table('roles').keys()].map((RoleName) => role(RoleName)) }),
  },
});

function role(RoleName: string): IAM.Role {
  return { Path: '/', RoleName, RoleId: 'AROA', Arn: '-', CreateDate: new Date(0) };
}

function description(call: Call, FileSystemId: string): EFS.FileSystemDescription {
  return {
    OwnerId: call.account,
    CreationToken: FileSystemId,
    FileSystemId,
    CreationTime: new Date(call.clock.now()),
    LifeCycleState: 'available',
    NumberOfMountTargets: 0,
    SizeInBytes: { Value: 0 },
    PerformanceMode: 'generalPurpose',
    Tags: [],
  };
}

const clock = new VirtualClock();
let store: Store;
let cloud: ReturnType<typeof createCloud>;
let exchanges: Exchange[];
const authorise = jest.fn<() => Promise<void>>(async () => {});

beforeEach(() => {
  store = new Store();
  cloud = createCloud({ clock, store, endpoint, services: [efs, iam], authorise });
  exchanges = [];
  cloud.events.on('exchange', (exchange) => exchanges.push(exchange));
});

afterEach(() => {
  cloud.close();
  authorise.mockReset();
  jest.restoreAllMocks();
});

const create = (CreationToken: string, where = as) => cloud.invoke(efs, 'CreateFileSystem', { CreationToken }, where);
const list = async (where = as) => {
  const { FileSystems = [] } = await cloud.invoke(efs, 'DescribeFileSystems', {}, where);
  return FileSystems.map(({ FileSystemId }) => FileSystemId);
};

test('a table belongs to an account and a Region, or to an account alone', async () => {
  await create('a');
  expect(await list()).toEqual(['a']);
  expect(await list(european)).toEqual([]);
  expect(await list({ ...as, principal: accountPrincipal('222222222222') })).toEqual([]);
  const AssumeRolePolicyDocument = '{}';
  await cloud.invoke(iam, 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument }, as);
  expect((await cloud.invoke(iam, 'ListRoles', {}, european)).Roles).toHaveLength(1);
});

test('an operation calls another service as its own caller', async () => {
  await create('a');
  const { Role } = await cloud.invoke(iam, 'GetRole', { RoleName: 'r' }, as);
  expect(Role?.Arn).toBe('arn:aws:iam::111111111111:root 1');
  expect(exchanges.map(({ operation }) => operation)).toEqual(['CreateFileSystem', 'DescribeFileSystems', 'GetRole']);
});

test('a call is authorised with its original input, before it changes anything', async () => {
  authorise.mockRejectedValueOnce(new AwsError('AccessDeniedException', 'no'));
  await expect(create('a')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(await list()).toEqual([]);
  expect(authorise.mock.calls[0]).toMatchObject([
    { id: 'efs' },
    { operation: 'CreateFileSystem', input: { CreationToken: 'a' } },
    { account: '111111111111', region: 'us-east-1' },
  ]);
});

test('input that does not match the schema is refused before the call is authorised', async () => {
  await expect(cloud.call({ service: 'efs', operation: 'DeleteFileSystem', input: {}, ...as })).rejects.toMatchObject({
    name: 'BadRequest',
    message:
      "1 validation error detected: Value at 'fileSystemId' failed to satisfy constraint: Member must not be null",
  });
  expect(authorise).not.toHaveBeenCalled();
});

test('the error names an operation that is not implemented', async () => {
  await expect(
    cloud.call({ service: 'efs', operation: 'DescribeReplicationConfigurations', input: {}, ...as }),
  ).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'The local cloud does not implement elasticfilesystem:DescribeReplicationConfigurations',
    status: 501,
  });
});

test('an unknown operation and an unknown service have different errors', async () => {
  await expect(cloud.call({ service: 'efs', operation: 'Nothing', input: {}, ...as })).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
  await expect(cloud.call({ service: 'sqs', operation: 'SendMessage', input: {}, ...as })).rejects.toMatchObject({
    message: 'The local cloud has no service sqs. It has: efs, iam',
  });
});

test('an error of the local cloud itself is an internal failure, with its stack trace on stderr', async () => {
  const print = jest.spyOn(console, 'error').mockImplementation(() => {});
  await expect(create('crash')).rejects.toMatchObject({ name: 'InternalFailure', status: 500 });
  expect(print).toHaveBeenCalledWith(
    'efs CreateFileSystem failed unexpectedly:',
    expect.objectContaining({ message: 'out of disk' }),
  );
});

test('each call is recorded as an exchange, whether it succeeds or not', async () => {
  await create('a');
  await expect(cloud.invoke(efs, 'DeleteFileSystem', { FileSystemId: 'fs-0000b051' }, as)).rejects.toThrow(
    'has mount targets',
  );
  expect(exchanges).toMatchObject([
    {
      time: new Date(clock.now()).toISOString(),
      account: '111111111111',
      region: 'us-east-1',
      principal: 'arn:aws:iam::111111111111:root',
      service: 'efs',
      operation: 'CreateFileSystem',
      request: { CreationToken: 'a' },
      status: 201,
      response: { FileSystemId: 'a' },
    },
    { operation: 'DeleteFileSystem', status: 409, error: { code: 'FileSystemInUse', message: 'has mount targets' } },
  ]);
});

test('a caller cannot change the data of a service, nor a service the input of the caller', async () => {
  const Tags = [{ Key: 'k', Value: 'v' }];
  const described = await cloud.invoke(efs, 'CreateFileSystem', { CreationToken: 'a', Tags }, as);
  described.Tags?.push({ Key: 'other', Value: 'x' });
  const { FileSystems } = await cloud.invoke(efs, 'DescribeFileSystems', {}, as);
  expect(FileSystems?.[0]?.Tags).toEqual([]);
  expect(Tags).toEqual([{ Key: 'k', Value: 'v' }]);
});

test('request ids look like UUIDs, never repeat, and are the same in a run with the same seed', async () => {
  const ids = async () => {
    const seen: string[] = [];
    const asking = service('efs', 'elasticfilesystem', EFS, {
      operations: {
        DeleteFileSystem(_, { requestId }) {
          seen.push(requestId);
          return {};
        },
      },
    });
    const one = createCloud({ clock, store: new Store(), endpoint, services: [asking], authorise });
    for (const FileSystemId of ['fs-0000000a', 'fs-0000000b'])
      await one.invoke(asking, 'DeleteFileSystem', { FileSystemId }, as);
    return seen;
  };
  const [first, second] = [await ids(), await ids()];
  expect(first).toEqual(second);
  expect(new Set(first).size).toBe(2);
  expect(first[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});

describe('what happens later', () => {
  test('happens at its time, and not before', async () => {
    await create('fs-0000000a');
    await cloud.invoke(efs, 'DeleteFileSystem', { FileSystemId: 'fs-0000000a' }, as);
    await clock.pass(9_999);
    expect(await list()).toEqual(['fs-0000000a']);
    await clock.pass(1);
    expect(await list()).toEqual([]);
  });

  test('happens in a cloud that is started from the saved state', async () => {
    await create('fs-0000000a');
    await cloud.invoke(efs, 'DeleteFileSystem', { FileSystemId: 'fs-0000000a' }, as);
    const saved = store.save(clock.now());
    cloud.close();
    await clock.pass(20_000);
    const next = new Store();
    next.load(saved);
    cloud = createCloud({ clock, store: next, endpoint, services: [efs, iam], authorise });
    expect(await list()).toEqual(['fs-0000000a']);
    await clock.pass(0);
    expect(await list()).toEqual([]);
  });

  test('happens in order of time, and at the same time in the order of scheduling', async () => {
    const order: string[] = [];
    const noting = service('efs', 'elasticfilesystem', EFS, {
      operations: {
        DeleteFileSystem({ FileSystemId = '' }, call) {
          call.later(Number(FileSystemId.slice(-2)), 'note', FileSystemId);
          return {};
        },
      },
      tasks: { note: (id: string) => void order.push(id) },
    });
    const one = createCloud({ clock, store: new Store(), endpoint, services: [noting], authorise });
    for (const FileSystemId of ['fs-00000a20', 'fs-00000b10', 'fs-00000c20', 'fs-00000d00']) {
      await one.invoke(noting, 'DeleteFileSystem', { FileSystemId }, as);
    }
    await clock.pass(30);
    expect(order).toEqual(['fs-00000d00', 'fs-00000b10', 'fs-00000a20', 'fs-00000c20']);
  });

  test('and fails is reported on stderr, and stops nothing else', async () => {
    const print = jest.spyOn(console, 'error').mockImplementation(() => {});
    await create('fs-0000000a');
    await cloud.invoke(efs, 'DeleteFileSystem', { FileSystemId: 'fs-0000005c' }, as);
    await cloud.invoke(efs, 'DeleteFileSystem', { FileSystemId: 'fs-0000000a' }, as);
    await clock.pass(10_000);
    expect(print).toHaveBeenCalledWith("Playing efs's task finishDeletion failed:", expect.any(Error));
    expect(await list()).toEqual([]);
  });
});
