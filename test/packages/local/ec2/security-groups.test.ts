import { error, Studio } from '../studio.ts';

const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
const https = (CidrIp: string) => ({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp }] });

test('a new security group allows all outbound and no inbound traffic', async () => {
  const studio = await Studio.open();
  const GroupId = await studio.securityGroup('apps');
  const { SecurityGroups } = await studio.ec2('DescribeSecurityGroups', { GroupIds: [GroupId] });
  expect(SecurityGroups).toMatchObject([
    {
      GroupName: 'apps',
      IpPermissions: [],
      IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    },
  ]);
});

test('an error names what is invalid about a new group', async () => {
  const studio = await Studio.open();
  await studio.securityGroup('apps');
  await expect(studio.securityGroup('apps')).rejects.toEqual(
    error('InvalidGroup.Duplicate', `The security group 'apps' already exists for VPC '${studio.VpcId}'`),
  );
  await expect(studio.securityGroup('default')).rejects.toEqual(error('InvalidParameterValue', 'reserved'));
  await expect(studio.securityGroup('sg-1')).rejects.toEqual(error('InvalidParameterValue', 'sg-*'));
  await expect(studio.securityGroup('Grüße')).rejects.toEqual(error('InvalidParameterValue', 'ASCII'));
  const request = { GroupName: 'x', Description: 'x' };
  await expect(studio.ec2('CreateSecurityGroup', request)).rejects.toEqual(error('VPCIdNotSpecified'));
  await expect(studio.ec2('CreateSecurityGroup', { ...request, VpcId: 'vpc-0aa' })).rejects.toEqual(
    error('InvalidVpcID.NotFound'),
  );
  await expect(studio.ec2('DescribeSecurityGroups', { GroupIds: ['sg-0aa'] })).rejects.toEqual(
    error('InvalidGroup.NotFound', "The security group 'sg-0aa' does not exist"),
  );
  await expect(studio.ec2('DescribeSecurityGroups', { GroupNames: ['apps'] })).rejects.toEqual(
    error('InvalidGroup.NotFound', 'in default VPC'),
  );
});

test('a rule cannot be authorised twice, and one that does not exist cannot be revoked', async () => {
  const studio = await Studio.open();
  const GroupId = await studio.securityGroup('apps');
  const allow = (...IpPermissions: object[]) => studio.ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
  const revoke = (...IpPermissions: object[]) => studio.ec2('RevokeSecurityGroupIngress', { GroupId, IpPermissions });
  const { SecurityGroupRules } = await allow(https('10.0.0.5/16'), https('10.9.0.0/16'));
  expect(SecurityGroupRules).toMatchObject([{ CidrIpv4: '10.0.0.0/16', IsEgress: false }, { CidrIpv4: '10.9.0.0/16' }]);
  await expect(allow(https('10.9.0.0/16'))).rejects.toEqual(
    error(
      'InvalidPermission.Duplicate',
      'the specified rule "peer: 10.9.0.0/16, TCP, from port: 443, to port: 443, ALLOW" already exists',
    ),
  );
  await expect(revoke(https('10.9.0.0/16'), https('10.8.0.0/16'))).rejects.toEqual(
    error('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.'),
  );
  await expect(revoke({ ...https('10.9.0.0/16'), ToPort: 444 })).rejects.toEqual(error('InvalidPermission.NotFound'));
  await revoke(https('10.9.0.0/16'));
  const ids = [SecurityGroupRules![0]!.SecurityGroupRuleId!];
  await studio.ec2('RevokeSecurityGroupIngress', { GroupId, SecurityGroupRuleIds: ids });
  await studio.ec2('RevokeSecurityGroupEgress', { GroupId, IpPermissions: everything });
  const { SecurityGroups } = await studio.ec2('DescribeSecurityGroups', { GroupIds: [GroupId] });
  expect(SecurityGroups).toMatchObject([{ IpPermissions: [], IpPermissionsEgress: [] }]);
});

test('a permission as it is described can be revoked as it is', async () => {
  const studio = await Studio.open();
  const [GroupId, other] = [await studio.securityGroup('apps'), await studio.securityGroup('other')];
  const IpPermissions = [
    { ...https('10.0.0.0/16'), IpRanges: [{ CidrIp: '10.0.0.0/16', Description: 'us' }, { CidrIp: '10.1.0.0/16' }] },
    { IpProtocol: '17', FromPort: 53, ToPort: 53, UserIdGroupPairs: [{ GroupId: other }] },
    { IpProtocol: 'icmp', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
    { IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-1' }] },
  ];
  await studio.ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
  const described = async () =>
    (await studio.ec2('DescribeSecurityGroups', { GroupIds: [GroupId] })).SecurityGroups![0]!.IpPermissions!;
  const before = await described();
  expect(before).toMatchObject([{ IpRanges: [{ Description: 'us' }, {}] }, { IpProtocol: 'udp' }, {}, {}]);
  await studio.ec2('RevokeSecurityGroupIngress', { GroupId, IpPermissions: before });
  expect(await described()).toEqual([]);
});

test('the flat members of a request are one rule', async () => {
  const studio = await Studio.open();
  const GroupId = await studio.securityGroup('apps');
  const rule = { GroupId, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/8' };
  await studio.ec2('AuthorizeSecurityGroupIngress', rule);
  await studio.ec2('RevokeSecurityGroupIngress', rule);
  await expect(studio.ec2('AuthorizeSecurityGroupIngress', { GroupId, SourceSecurityGroupName: 'x' })).rejects.toEqual(
    error('InvalidParameterCombination'),
  );
});

test('an error names what is invalid about a rule', async () => {
  const studio = await Studio.open();
  const GroupId = await studio.securityGroup('apps');
  const allow = (permission?: object) =>
    studio.ec2('AuthorizeSecurityGroupIngress', { GroupId, ...(permission && { IpPermissions: [permission] }) });
  const pair = [{ GroupId: 'sg-0aa' }];
  for (const [permission, code] of [
    [undefined, 'MissingParameter'],
    [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 1 }, 'MissingParameter'],
    [{ FromPort: 1, ToPort: 1 }, 'MissingParameter'],
    [{ ...https('10.0.0.0/8'), IpProtocol: 'carrier-pigeon' }, 'InvalidPermission.Malformed'],
    [{ ...https('10.0.0.0/8'), FromPort: undefined }, 'InvalidParameterValue'],
    [{ ...https('10.0.0.0/8'), ToPort: 70_000 }, 'InvalidParameterValue'],
    [{ ...https('10.0.0.0/8'), FromPort: 444 }, 'InvalidParameterValue'],
    [https('10.0.0.0/99'), 'InvalidParameterValue'],
    [{ IpProtocol: '-1', UserIdGroupPairs: pair }, 'InvalidGroup.NotFound'],
  ] as const) {
    await expect(allow(permission)).rejects.toEqual(error(code));
  }
});

test('a group that another group refers to, or an interface has, cannot be deleted', async () => {
  const studio = await Studio.open();
  const [first, second] = [await studio.securityGroup('first'), await studio.securityGroup('second')];
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 2049, ToPort: 2049, UserIdGroupPairs: [{ GroupId: first }] }];
  await studio.ec2('AuthorizeSecurityGroupEgress', { GroupId: second, IpPermissions });
  await expect(studio.ec2('DeleteSecurityGroup', { GroupId: first })).rejects.toEqual(
    error('DependencyViolation', `resource ${first} has a dependent object`),
  );
  await studio.ec2('RevokeSecurityGroupEgress', { GroupId: second, IpPermissions });
  await studio.ec2('DeleteSecurityGroup', { GroupId: first });
  await studio.ec2('CreateNetworkInterface', { SubnetId: studio.SubnetIds[0], Groups: [second] });
  await expect(studio.ec2('DeleteSecurityGroup', { GroupId: second })).rejects.toEqual(error('DependencyViolation'));
  await expect(studio.ec2('DeleteSecurityGroup', {})).rejects.toEqual(error('MissingParameter'));
});

test("a rule's description and content can be changed, and rules are listed by id", async () => {
  const studio = await Studio.open();
  const [GroupId, other] = [await studio.securityGroup('apps'), await studio.securityGroup('other')];
  const TagSpecifications = [{ ResourceType: 'security-group-rule' as const, Tags: [{ Key: 'a', Value: 'b' }] }];
  const IpPermissions = [https('10.0.0.0/16')];
  const made = await studio.ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions, TagSpecifications });
  const [{ SecurityGroupRuleId }] = made.SecurityGroupRules as [{ SecurityGroupRuleId: string }];
  const described = [{ ...https('10.0.0.0/16'), IpRanges: [{ CidrIp: '10.0.0.0/16', Description: 'us' }] }];
  await studio.ec2('UpdateSecurityGroupRuleDescriptionsIngress', { GroupId, IpPermissions: described });
  const rule = async () =>
    (await studio.ec2('DescribeSecurityGroupRules', { SecurityGroupRuleIds: [SecurityGroupRuleId] }))
      .SecurityGroupRules![0];
  expect(await rule()).toMatchObject({ Description: 'us', Tags: [{ Key: 'a', Value: 'b' }] });
  const modify = (group: string, SecurityGroupRule: object) =>
    studio.ec2('ModifySecurityGroupRules', {
      GroupId: group,
      SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule }],
    });
  await modify(GroupId, { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, ReferencedGroupId: other });
  expect(await rule()).toMatchObject({ FromPort: 80, ReferencedGroupInfo: { GroupId: other } });
  expect((await rule())!.CidrIpv4).toBeUndefined();
  await expect(modify(other, {})).rejects.toEqual(error('InvalidSecurityGroupRuleId.NotFound'));
  await expect(
    studio.ec2('UpdateSecurityGroupRuleDescriptionsEgress', { GroupId, IpPermissions: described }),
  ).rejects.toEqual(error('InvalidPermission.NotFound'));
});
