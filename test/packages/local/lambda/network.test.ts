import * as EC2 from '@aws-sdk/client-ec2';
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { FunctionCloud } from '../function-cloud.ts';

let local: FunctionCloud;
let client: EC2.EC2Client;
beforeEach(async () => {
  local = await FunctionCloud.open();
  client = new EC2.EC2Client(local.options);
});
afterEach(async () => {
  client.destroy();
  await local.discard();
});

async function network() {
  const { Vpc } = await client.send(new EC2.CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const VpcId = Vpc!.VpcId!;
  const { Subnet } = await client.send(new EC2.CreateSubnetCommand({ VpcId, CidrBlock: '10.0.0.0/24' }));
  const group = { VpcId, GroupName: 'g', Description: 'd' };
  const { GroupId } = await client.send(new EC2.CreateSecurityGroupCommand(group));
  return { VpcId, SubnetIds: [Subnet!.SubnetId!], SecurityGroupIds: [GroupId!] };
}

test('a function in a VPC shows it, and can be removed from it', async () => {
  const { VpcId, ...VpcConfig } = await network();
  await local.create('inside', 'export const handler = async () => 1;', { VpcConfig });
  const get = new GetFunctionConfigurationCommand({ FunctionName: 'inside' });
  expect((await local.lambda.send(get)).VpcConfig).toEqual({ VpcId, ...VpcConfig, Ipv6AllowedForDualStack: false });
  const none = { SubnetIds: [], SecurityGroupIds: [] };
  await local.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'inside', VpcConfig: none }));
  expect((await local.lambda.send(get)).VpcConfig).toMatchObject({ VpcId: '', ...none });
});

test('subnets that do not exist, or that are of another VPC, are refused', async () => {
  const { SubnetIds } = await network();
  const { SecurityGroupIds } = await network();
  const create = (VpcConfig: object) => local.create('inside', 'export const handler = async () => 1;', { VpcConfig });
  await expect(create({ SubnetIds, SecurityGroupIds })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'Security groups and subnets must be in the same VPC.',
  });
  await expect(create({ SubnetIds: ['subnet-00000000'], SecurityGroupIds })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringMatching(
      /^Error occurred while DescribeSubnets\. EC2 Error Code: InvalidSubnetID\.NotFound\. EC2 Error Message: /,
    ),
  });
});
