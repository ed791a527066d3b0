import { error, Studio } from '../studio.ts';

test('filters take several values, wildcards, and tags', async () => {
  const studio = await Studio.open();
  const { VpcId } = studio;
  for (const [GroupName, team] of [
    ['app-one', 'a'],
    ['app-two', 'b'],
    ['other', 'a'],
    ['a*b', ''],
  ] as const) {
    const Tags = [{ Key: 'team', Value: team }];
    await studio.ec2('CreateSecurityGroup', {
      GroupName,
      Description: `${GroupName} group`,
      VpcId,
      TagSpecifications: [{ ResourceType: 'security-group', Tags }],
    });
  }
  const named = async (...filters: [string, ...string[]][]) => {
    const Filters = filters.map(([Name, ...Values]) => ({ Name, Values }));
    const { SecurityGroups } = await studio.ec2('DescribeSecurityGroups', { Filters });
    return SecurityGroups!.map(({ GroupName }) => GroupName).sort();
  };
  expect(await named(['group-name', 'app-*'])).toEqual(['app-one', 'app-two']);
  expect(await named(['group-name', 'app-???'])).toEqual(['app-one', 'app-two']);
  expect(await named(['group-name', 'a\\*b'])).toEqual(['a*b']);
  expect(await named(['group-name', 'app-one', 'other'])).toEqual(['app-one', 'other']);
  expect(await named(['tag:team', 'a'], ['group-name', 'app*'])).toEqual(['app-one']);
  expect(await named(['tag-key', 'team'], ['tag-value', 'b'])).toEqual(['app-two']);
  expect(await named(['description', 'other gro?p'])).toEqual(['other']);
  expect(await named(['group-name', 'app.one'])).toEqual([]);
  await expect(named(['colour', 'red'])).rejects.toEqual(
    error('InvalidParameterValue', "The filter 'colour' is invalid"),
  );
});

test('a list has pages, with each item once', async () => {
  const studio = await Studio.open();
  for (let n = 2; n < 9; n += 1) await studio.subnet(`10.0.${n}.0/24`, 'a');
  const first = await studio.ec2('DescribeSubnets', { MaxResults: 5 });
  const second = await studio.ec2('DescribeSubnets', { MaxResults: 5, NextToken: first.NextToken });
  expect(second.NextToken).toBeUndefined();
  const blocks = [...first.Subnets!, ...second.Subnets!].map(({ CidrBlock }) => CidrBlock).sort();
  expect(blocks).toEqual(Array.from({ length: 9 }, (_, index) => `10.0.${index}.0/24`));
  await expect(studio.ec2('DescribeSubnets', { NextToken: 'made up' })).rejects.toEqual(
    error('InvalidParameterValue', 'pagination token'),
  );
  await expect(studio.ec2('DescribeSubnets', { SubnetIds: studio.SubnetIds, MaxResults: 5 })).rejects.toEqual(
    error('InvalidParameterCombination'),
  );
});

test('tags are added, replaced, described and removed', async () => {
  const studio = await Studio.open();
  const Resources = [studio.VpcId, studio.SubnetIds[0]!];
  const tag = (Key: string, Value: string) => ({ Key, Value });
  await studio.ec2('CreateTags', { Resources, Tags: [tag('a', '1'), tag('b', '1')] });
  await studio.ec2('CreateTags', { Resources: [studio.VpcId], Tags: [tag('a', '2')] });
  const described = async (...Values: string[]) => {
    const { Tags } = await studio.ec2('DescribeTags', { Filters: [{ Name: 'resource-id', Values }] });
    return Tags!.map(({ Key, Value, ResourceType }) => [ResourceType, Key, Value]);
  };
  expect(await described(studio.VpcId)).toEqual([
    ['vpc', 'a', '2'],
    ['vpc', 'b', '1'],
  ]);
  const Filters = [
    { Name: 'tag:a', Values: ['1'] },
    { Name: 'resource-type', Values: ['subnet'] },
  ];
  expect((await studio.ec2('DescribeTags', { Filters })).Tags).toMatchObject([{ ResourceId: Resources[1] }]);
  // A value that is not the tag's keeps it.
  await studio.ec2('DeleteTags', { Resources: [studio.VpcId], Tags: [tag('a', '1'), { Key: 'b' }] });
  expect(await described(studio.VpcId)).toEqual([['vpc', 'a', '2']]);
  await studio.ec2('DeleteTags', { Resources });
  expect(await described(...Resources)).toEqual([]);
});

test('an error names what is invalid about tags', async () => {
  const studio = await Studio.open();
  const create = (Resources: string[], Key: string) =>
    studio.ec2('CreateTags', { Resources, Tags: [{ Key, Value: '' }] });
  await expect(create(['vpc-0aa'], 'a')).rejects.toEqual(error('InvalidID', "The ID 'vpc-0aa' does not exist"));
  await expect(create(['thing-1'], 'a')).rejects.toEqual(error('InvalidID', 'is not valid'));
  await expect(create([studio.VpcId], 'aws:a')).rejects.toEqual(error('InvalidParameterValue', 'reserved'));
  const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
  await expect(studio.ec2('CreateTags', { Resources: [studio.VpcId], Tags })).rejects.toEqual(
    error('TagLimitExceeded'),
  );
  const TagSpecifications = [{ ResourceType: 'subnet' as const, Tags: [{ Key: 'a', Value: 'b' }] }];
  await expect(studio.ec2('CreateVpc', { CidrBlock: '10.5.0.0/16', TagSpecifications })).rejects.toEqual(
    error('InvalidParameterValue', "'subnet' is not a valid taggable resource type"),
  );
  expect((await studio.ec2('DescribeVpcs', {})).Vpcs).toHaveLength(1);
});

test('tagging requires a permission for each resource, and permissions may depend on tags', async () => {
  const studio = await Studio.open();
  const [first, second] = [await studio.securityGroup('first'), await studio.securityGroup('second')];
  const arn = (id: string) => `arn:aws:ec2:eu-west-1:111122223333:security-group/${id}`;
  const tagger = await studio.role('A', { Effect: 'Allow', Action: 'ec2:CreateTags', Resource: arn(first) });
  const Tags = [{ Key: 'ours', Value: 'yes' }];
  await studio.ec2('CreateTags', { Resources: [first], Tags }, tagger);
  await expect(studio.ec2('CreateTags', { Resources: [first, second], Tags }, tagger)).rejects.toEqual(
    error('UnauthorizedOperation'),
  );
  const Condition = { StringEquals: { 'aws:ResourceTag/ours': 'yes' } };
  const remover = { Effect: 'Allow', Action: 'ec2:DeleteSecurityGroup', Resource: '*', Condition };
  const role = await studio.role('B', remover);
  await expect(studio.ec2('DeleteSecurityGroup', { GroupId: second }, role)).rejects.toEqual(
    error('UnauthorizedOperation'),
  );
  await studio.ec2('DeleteSecurityGroup', { GroupId: first }, role);
});

test('a dry run says that it would have succeeded, and does nothing', async () => {
  const studio = await Studio.open();
  await expect(studio.ec2('DeleteSubnet', { SubnetId: studio.SubnetIds[0], DryRun: true })).rejects.toMatchObject({
    name: 'DryRunOperation',
    status: 412,
  });
  expect((await studio.ec2('DescribeSubnets', {})).Subnets).toHaveLength(2);
});
