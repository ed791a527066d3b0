import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as EC2 from '@aws-sdk/client-ec2';
import * as EFS from '@aws-sdk/client-efs';
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { FunctionCloud } from '../function-cloud.ts';

let local: FunctionCloud;
let efsClient: EFS.EFSClient;
let VpcConfig: { SubnetIds: string[]; SecurityGroupIds: string[] };

beforeEach(async () => {
  local = await FunctionCloud.open();
  efsClient = new EFS.EFSClient(local.options);
  const client = new EC2.EC2Client(local.options);
  const { Vpc } = await client.send(new EC2.CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const VpcId = Vpc!.VpcId!;
  const { Subnet } = await client.send(new EC2.CreateSubnetCommand({ VpcId, CidrBlock: '10.0.0.0/24' }));
  const group = { VpcId, GroupName: 'g', Description: 'd' };
  const { GroupId } = await client.send(new EC2.CreateSecurityGroupCommand(group));
  VpcConfig = { SubnetIds: [Subnet!.SubnetId!], SecurityGroupIds: [GroupId!] };
  client.destroy();
});
afterEach(async () => {
  efsClient.destroy();
  await local.discard();
});

async function fileSystem(): Promise<string> {
  const { FileSystemId } = await efsClient.send(new EFS.CreateFileSystemCommand({ CreationToken: 'one' }));
  return FileSystemId!;
}

async function accessPoint(FileSystemId: string, Path: string): Promise<{ id: string; arn: string }> {
  const made = await efsClient.send(new EFS.CreateAccessPointCommand({ FileSystemId, RootDirectory: { Path } }));
  const AccessPointId = made.AccessPointId!;
  await local.when(async () => {
    const { AccessPoints } = await efsClient.send(new EFS.DescribeAccessPointsCommand({ AccessPointId }));
    return AccessPoints![0]!.LifeCycleState === 'available' || undefined;
  });
  return { id: AccessPointId, arn: made.AccessPointArn! };
}

const source = `
import { readdir, writeFile } from 'node:fs/promises';
export const handler = async (text) => {
  const path = process.env.FILES_PATH;
  if (text) await writeFile(path + '/' + text, text);
  return { names: await readdir(path), other: process.env.OTHER };
};`;

const create = (name: string, arn: string, more: object = {}) =>
  local.create(name, source, {
    VpcConfig,
    FileSystemConfigs: [{ Arn: arn, LocalMountPath: '/mnt/data' }],
    Environment: { Variables: { FILES_PATH: '/mnt/data', OTHER: '/mnt/database' } },
    ...more,
  });

test('functions that mount one file system see the same files, each from the root of its access point', async () => {
  const id = await fileSystem();
  const [whole, part] = [await accessPoint(id, '/'), await accessPoint(id, '/part')];
  await create('whole', whole.arn);
  await create('part', part.arn, { Environment: { Variables: { FILES_PATH: '/mnt/data/' } } });
  expect((await local.invoke('part', 'inner.txt')).response).toEqual({ names: ['inner.txt'] });
  expect((await local.invoke('whole', 'outer.txt')).response).toEqual({
    names: ['outer.txt', 'part'],
    other: '/mnt/database',
  });
  expect(await readFile(join(local.files, id, 'part/inner.txt'), 'utf8')).toBe('inner.txt');
});

test('the mounts of a function are shown, and can be changed', async () => {
  const id = await fileSystem();
  const { arn } = await accessPoint(id, '/');
  await create('one', arn);
  const get = new GetFunctionConfigurationCommand({ FunctionName: 'one' });
  expect((await local.lambda.send(get)).FileSystemConfigs).toEqual([{ Arn: arn, LocalMountPath: '/mnt/data' }]);
  await local.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'one', FileSystemConfigs: [] }));
  await local.settled('one');
  expect((await local.lambda.send(get)).FileSystemConfigs).toEqual([]);
  expect(await local.invoke('one')).toMatchObject({ error: 'Unhandled' });
});

test('a function whose access point was deleted is not invoked', async () => {
  const { id, arn } = await accessPoint(await fileSystem(), '/');
  await create('one', arn);
  await efsClient.send(new EFS.DeleteAccessPointCommand({ AccessPointId: id }));
  await local.when(async () => {
    const { AccessPoints } = await efsClient.send(new EFS.DescribeAccessPointsCommand({}));
    return AccessPoints!.length === 0 || undefined;
  });
  await expect(local.invoke('one')).rejects.toMatchObject({ name: 'EFSMountFailureException' });
});

test('mounts that are impossible in Lambda are refused', async () => {
  const { arn } = await accessPoint(await fileSystem(), '/');
  const mount = (Arn: string, LocalMountPath: string) => ({ FileSystemConfigs: [{ Arn, LocalMountPath }] });
  const refused = (more: object) => expect(create('one', arn, more)).rejects;
  await refused(mount(arn, '/data')).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining("Value '/data' at 'fileSystemConfigs.1.member.localMountPath'"),
  });
  await refused(mount('fsap-1', '/mnt/data')).toMatchObject({ name: 'ValidationException' });
  await refused({ FileSystemConfigs: [arn, arn].map((Arn) => ({ Arn, LocalMountPath: '/mnt/data' })) }).toMatchObject({
    name: 'ValidationException',
  });
  await refused({ VpcConfig: undefined }).toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringContaining('Function must be configured to execute in a VPC'),
  });
  await refused(mount(arn.replace(/.$/, '0').replace(/.$/, arn.endsWith('0') ? '1' : '0'), '/mnt/data')).toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringContaining('does not exist'),
  });
});
