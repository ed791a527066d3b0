import type { Subnet } from '@aws-sdk/client-ec2';
import { ec2 } from '../../../../packages/local/src/services/ec2/index.ts';
import { AuthorisedCloud } from '../authorised-cloud.ts';

const region = 'eu-west-1';
const byZone = (one: Subnet, other: Subnet) => (one.AvailabilityZone! < other.AvailabilityZone! ? -1 : 1);
let cloud: AuthorisedCloud;

beforeEach(() => {
  cloud = new AuthorisedCloud([ec2]);
});

afterEach(() => cloud.cloud.close());

test('the default VPC has a subnet in each zone, an internet gateway and a way to it, and is made once', async () => {
  const { Vpc } = await cloud.call(ec2, 'CreateDefaultVpc', {});
  expect(Vpc).toMatchObject({ CidrBlock: '172.31.0.0/16', IsDefault: true });
  const { VpcId = '' } = Vpc!;
  const inVpc = { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] };
  const { Subnets = [] } = await cloud.call(ec2, 'DescribeSubnets', inVpc);
  expect(Subnets.toSorted(byZone)).toMatchObject(
    ['0', '16', '32'].map((part, index) => ({
      CidrBlock: `172.31.${part}.0/20`,
      AvailabilityZone: region + 'abc'[index],
      DefaultForAz: true,
      MapPublicIpOnLaunch: true,
      AvailableIpAddressCount: 4091,
    })),
  );
  const { InternetGateways = [] } = await cloud.call(ec2, 'DescribeInternetGateways', {});
  expect(InternetGateways).toMatchObject([{ Attachments: [{ VpcId }] }]);
  const { RouteTables = [] } = await cloud.call(ec2, 'DescribeRouteTables', inVpc);
  expect(RouteTables[0]!.Routes).toMatchObject([
    { DestinationCidrBlock: '172.31.0.0/16', GatewayId: 'local' },
    { DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGateways[0]!.InternetGatewayId },
  ]);
  const { EnableDnsHostnames } = await cloud.call(ec2, 'DescribeVpcAttribute', {
    VpcId,
    Attribute: 'enableDnsHostnames',
  });
  expect(EnableDnsHostnames).toEqual({ Value: true });
  const again = { name: 'DefaultVpcAlreadyExists' };
  await expect(cloud.call(ec2, 'CreateDefaultVpc', {})).rejects.toMatchObject(again);
});

test('a default subnet that was deleted is made again, in a block that is free', async () => {
  const AvailabilityZone = `${region}b`;
  const none = cloud.call(ec2, 'CreateDefaultSubnet', { AvailabilityZone });
  await expect(none).rejects.toMatchObject({ name: 'DefaultVpcDoesNotExist' });
  await cloud.call(ec2, 'CreateDefaultVpc', {});
  const present = cloud.call(ec2, 'CreateDefaultSubnet', { AvailabilityZone });
  await expect(present).rejects.toMatchObject({ name: 'DefaultSubnetAlreadyExistsInAvailabilityZone' });
  const { Subnets = [] } = await cloud.call(ec2, 'DescribeSubnets', {});
  await cloud.call(ec2, 'DeleteSubnet', { SubnetId: Subnets.toSorted(byZone)[1]!.SubnetId });
  const { Subnet } = await cloud.call(ec2, 'CreateDefaultSubnet', { AvailabilityZone });
  expect(Subnet).toMatchObject({ AvailabilityZone, CidrBlock: '172.31.16.0/20', DefaultForAz: true });
  const elsewhere = cloud.call(ec2, 'CreateDefaultSubnet', { AvailabilityZone: 'us-east-1a' });
  await expect(elsewhere).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});
