import { ec2 } from '../../../../packages/local/src/services/ec2/index.ts';
import { efs } from '../../../../packages/local/src/services/efs/index.ts';
import { StackCloud } from '../stack-cloud.ts';

const ref = (Ref: string) => ({ Ref });
const attribute = (...path: string[]) => ({ 'Fn::GetAtt': path });
const resource = (Type: string, Properties: object = {}, more: object = {}) => ({
  Type: `AWS::${Type}`,
  Properties,
  ...more,
});
const outputs = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).map(([name, Value]) => [name, { Value }]));

function network({ dns = 'true', port = '443', tag = 'a' } = {}) {
  const Tags = [{ Key: 'Name', Value: tag }];
  return {
    Resources: {
      Vpc: resource('EC2::VPC', { CidrBlock: '10.0.0.0/16', EnableDnsSupport: true, EnableDnsHostnames: dns, Tags }),
      Subnet: resource('EC2::Subnet', {
        VpcId: ref('Vpc'),
        CidrBlock: { 'Fn::Select': [0, { 'Fn::Cidr': [attribute('Vpc', 'CidrBlock'), 2, 8] }] },
        AvailabilityZone: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
        MapPublicIpOnLaunch: dns,
        Tags,
      }),
      Gateway: resource('EC2::InternetGateway', { Tags }),
      Attachment: resource('EC2::VPCGatewayAttachment', { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') }),
      Table: resource('EC2::RouteTable', { VpcId: ref('Vpc'), Tags }),
      Route: resource(
        'EC2::Route',
        { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Gateway') },
        { DependsOn: 'Attachment' },
      ),
      Association: resource('EC2::SubnetRouteTableAssociation', {
        SubnetId: ref('Subnet'),
        RouteTableId: ref('Table'),
      }),
      Address: resource('EC2::EIP', { Domain: 'vpc', Tags }),
      Nat: resource(
        'EC2::NatGateway',
        {
          SubnetId: ref('Subnet'),
          AllocationId: attribute('Address', 'AllocationId'),
          Tags,
        },
        { DependsOn: 'Attachment' },
      ),
      Group: resource('EC2::SecurityGroup', {
        GroupDescription: 'apps',
        VpcId: ref('Vpc'),
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIp: '10.0.0.0/16' }],
        Tags,
      }),
      Inward: resource('EC2::SecurityGroupIngress', {
        GroupId: ref('Group'),
        IpProtocol: 'tcp',
        FromPort: 2049,
        ToPort: 2049,
        SourceSecurityGroupId: ref('Group'),
        Description: tag,
      }),
      Outward: resource('EC2::SecurityGroupEgress', {
        GroupId: ref('Group'),
        IpProtocol: 'tcp',
        FromPort: 2049,
        ToPort: 2049,
        DestinationSecurityGroupId: ref('Group'),
        Description: tag,
      }),
      Endpoint: resource('EC2::VPCEndpoint', {
        VpcId: ref('Vpc'),
        ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.s3' },
        VpcEndpointType: 'Gateway',
        RouteTableIds: [ref('Table')],
      }),
      Files: resource('EFS::FileSystem', { Encrypted: 'true', FileSystemTags: Tags }),
      Mount: resource('EFS::MountTarget', {
        FileSystemId: ref('Files'),
        SubnetId: ref('Subnet'),
        SecurityGroups: [ref('Group')],
      }),
    },
    Outputs: outputs({
      Vpc: ref('Vpc'),
      Group: ref('Group'),
      Default: attribute('Vpc', 'DefaultSecurityGroup'),
      Zone: attribute('Subnet', 'AvailabilityZone'),
    }),
  };
}

test('a whole network is created, updated in place and deleted, and nothing remains', async () => {
  const cloud = new StackCloud();
  const made = await cloud.create('network', network());
  expect(made.StackStatus).toBe('CREATE_COMPLETE');
  const value = (key: string) => made.Outputs!.find(({ OutputKey }) => OutputKey === key)!.OutputValue!;
  expect(value('Vpc')).toMatch(/^vpc-/);
  expect(value('Default')).toMatch(/^sg-/);
  expect(value('Zone')).toBe('us-east-1a');

  const updated = await cloud.update('network', network({ dns: 'false', port: '8443', tag: 'b' }));
  expect((await cloud.history('network')).filter((line) => line.includes('FAILED'))).toEqual([]);
  expect(updated).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Outputs: made.Outputs });
  const { SecurityGroups } = await cloud.invoke(ec2, 'DescribeSecurityGroups', { GroupIds: [value('Group')] });
  expect(SecurityGroups![0]!.IpPermissions!.map(({ FromPort }) => FromPort).sort()).toEqual([2049, 8443]);
  expect(SecurityGroups![0]!.Tags).toEqual([{ Key: 'Name', Value: 'b' }]);
  const dns = await cloud.invoke(ec2, 'DescribeVpcAttribute', { VpcId: value('Vpc'), Attribute: 'enableDnsHostnames' });
  expect(dns.EnableDnsHostnames).toEqual({ Value: false });

  expect(await cloud.delete('network')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect((await cloud.invoke(ec2, 'DescribeVpcs', {})).Vpcs).toEqual([]);
  expect((await cloud.invoke(ec2, 'DescribeAddresses', {})).Addresses).toEqual([]);
  expect((await cloud.invoke(ec2, 'DescribeInternetGateways', {})).InternetGateways).toEqual([]);
  expect((await cloud.invoke(efs, 'DescribeFileSystems', {})).FileSystems).toEqual([]);
});

test('a security group is deleted once nothing uses it any more', async () => {
  const cloud = new StackCloud();
  const stack = await cloud.create('network', {
    Resources: {
      Vpc: resource('EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
      Subnet: resource('EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' }),
      Group: resource('EC2::SecurityGroup', { GroupDescription: 'apps', VpcId: ref('Vpc') }),
    },
    Outputs: outputs({ Subnet: ref('Subnet'), Group: ref('Group') }),
  });
  const [group, subnet] = ['Group', 'Subnet'].map(
    (key) => stack.Outputs!.find((one) => one.OutputKey === key)!.OutputValue!,
  );
  const { NetworkInterface } = await cloud.invoke(ec2, 'CreateNetworkInterface', {
    SubnetId: subnet,
    Groups: [group!],
  });
  await cloud.call('DeleteStack', { StackName: 'network' });
  await cloud.clock.pass(60_000);
  expect(await cloud.stack('network')).toMatchObject({ StackStatus: 'DELETE_IN_PROGRESS' });
  await cloud.invoke(ec2, 'DeleteNetworkInterface', { NetworkInterfaceId: NetworkInterface!.NetworkInterfaceId });
  expect(await cloud.ended(stack.StackId!)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
});

test('a deletion that stays blocked fails with the service’s reason', async () => {
  const cloud = new StackCloud();
  const stack = await cloud.create('network', {
    Resources: {
      Vpc: resource('EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
      Subnet: resource('EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' }),
    },
    Outputs: outputs({ Subnet: ref('Subnet') }),
  });
  await cloud.invoke(ec2, 'CreateNetworkInterface', { SubnetId: stack.Outputs![0]!.OutputValue });
  expect(await cloud.delete('network')).toMatchObject({ StackStatus: 'DELETE_FAILED' });
  const [failed] = (await cloud.history('network')).filter((line) => line.startsWith('Subnet DELETE_FAILED'));
  expect(failed).toMatch(
    /Resource handler returned message: ".*has dependencies.*HandlerErrorCode: ResourceConflict\)$/,
  );
});

test('what is already gone counts as deleted', async () => {
  const cloud = new StackCloud();
  const stack = await cloud.create('network', {
    Resources: { Vpc: resource('EC2::VPC', { CidrBlock: '10.0.0.0/16' }) },
    Outputs: outputs({ Vpc: ref('Vpc') }),
  });
  await cloud.invoke(ec2, 'DeleteVpc', { VpcId: stack.Outputs![0]!.OutputValue });
  expect(await cloud.delete('network')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
});

test('a service’s refusal is the reason of the event', async () => {
  const cloud = new StackCloud();
  await cloud.create('network', {
    Resources: { Subnet: resource('EC2::Subnet', { VpcId: 'vpc-00000000', CidrBlock: '10.0.0.0/24' }) },
  });
  const [failed] = (await cloud.history('network')).filter((line) => line.startsWith('Subnet CREATE_FAILED'));
  expect(failed).toMatch(
    /Resource handler returned message: "The vpc ID 'vpc-00000000' does not exist \(Service: EC2, Status Code: 400, Error Code: InvalidVpcID.NotFound\)" \(RequestToken: [0-9a-f-]{36}, HandlerErrorCode: NotFound\)/,
  );
});

test.each([
  [{ CidrBlock: ['10.0.0.0/16'] }, '#/CidrBlock: expected type: String, found: JSONArray'],
  [{ CidrBlock: '10.0.0.0/16', Tags: 'a' }, '#/Tags: expected type: List, found: String'],
  [{ CidrBlock: '10.0.0.0/16', Tags: ['a'] }, '#/Tags/0: expected type: JSONObject, found: String'],
  [
    { CidrBlock: '10.0.0.0/16', Tags: [{ Key: 'a', Valu: 'b' }] },
    '#/Tags/0: extraneous key [Valu] is not permitted\n#/Tags/0: required key [Value] not found\nLocal cloud: ',
  ],
])('the error names the place of %j', async (Properties, problem) => {
  const cloud = new StackCloud();
  await cloud.create('network', { Resources: { Vpc: resource('EC2::VPC', Properties) } });
  expect(await cloud.history('network')).toContainEqual(expect.stringContaining(problem));
});

test('the error names the place of a value of the wrong type', async () => {
  const cloud = new StackCloud();
  await cloud.create('network', {
    Resources: { Vpc: resource('EC2::VPC', { CidrBlock: '10.0.0.0/16', EnableDnsSupport: 'maybe' }) },
  });
  expect(await cloud.history('network')).toContain(
    'Vpc CREATE_FAILED: Properties validation failed for resource Vpc with message:\n#/EnableDnsSupport: expected type: Boolean, found: String\nLocal cloud: /Resources/Vpc/Properties/EnableDnsSupport (line 1): give true or false',
  );
});

test('a parameter that must name an existing resource is checked', async () => {
  const cloud = new StackCloud();
  const template = {
    Parameters: { Vpc: { Type: 'AWS::EC2::VPC::Id' } },
    Resources: { Subnet: resource('EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' }) },
  };
  const Parameters = [{ ParameterKey: 'Vpc', ParameterValue: 'vpc-00000000' }];
  await expect(cloud.create('network', template, { Parameters })).rejects.toThrow(
    'Parameter validation failed: parameter value vpc-00000000 for parameter name Vpc does not exist',
  );
});

test('a rule can use the VPC and the tags of subnets', async () => {
  const cloud = new StackCloud();
  const subnet = async (CidrBlock: string, tag: string) => {
    const { Vpc } = await cloud.invoke(ec2, 'CreateVpc', { CidrBlock: '10.0.0.0/16' });
    const Tags = [{ Key: 'Team', Value: tag }];
    const TagSpecifications = [{ ResourceType: 'subnet' as const, Tags }];
    const { Subnet } = await cloud.invoke(ec2, 'CreateSubnet', { VpcId: Vpc!.VpcId, CidrBlock, TagSpecifications });
    return Subnet!;
  };
  const ours = await subnet('10.0.0.0/24', 'vision');
  const theirs = await subnet('10.0.1.0/24', 'speech');
  const ofAll = (attribute: string) => ({ 'Fn::ValueOfAll': ['AWS::EC2::Subnet::Id', attribute] });
  const assertion = (Assert: object, AssertDescription: string) => ({ Assert, AssertDescription });
  const template = {
    Parameters: { Vpc: { Type: 'AWS::EC2::VPC::Id' }, Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' } },
    Rules: {
      Ours: {
        Assertions: [
          assertion({ 'Fn::EachMemberEquals': [ofAll('VpcId'), ref('Vpc')] }, 'Subnets have to be in the VPC'),
          assertion({ 'Fn::EachMemberEquals': [ofAll('Tags.Team'), 'vision'] }, 'Subnets have to be of the team'),
          assertion(
            { 'Fn::Equals': [{ 'Fn::ValueOf': ['Vpc', 'VpcId'] }, ''] },
            'of a VPC, there is no such attribute',
          ),
        ],
      },
    },
    Resources: { Group: resource('EC2::SecurityGroup', { GroupDescription: 'apps', VpcId: ref('Vpc') }) },
  };
  const create = (Subnets: string[]) =>
    cloud.create('network', template, {
      Parameters: [
        { ParameterKey: 'Vpc', ParameterValue: ours.VpcId },
        { ParameterKey: 'Subnets', ParameterValue: Subnets.join(',') },
      ],
    });
  await expect(create([ours.SubnetId!, theirs.SubnetId!])).rejects.toThrow(
    'Subnets have to be in the VPC; Subnets have to be of the team',
  );
  expect(await create([ours.SubnetId!])).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
});
