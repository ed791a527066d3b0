import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { error, Studio } from '../studio.ts';

test('tags are added, replaced, listed and removed, and are deleted with their resource', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain({ Tags: [{ Key: 'team', Value: 'a' }] });
  const ResourceArn = studio.arn('domain', DomainId);
  await studio.sm('AddTags', {
    ResourceArn,
    Tags: [
      { Key: 'team', Value: 'b' },
      { Key: 'cost', Value: '1' },
    ],
  });
  expect((await studio.sm('ListTags', { ResourceArn })).Tags).toEqual([
    { Key: 'cost', Value: '1' },
    { Key: 'team', Value: 'b' },
  ]);
  await studio.sm('DeleteTags', { ResourceArn, TagKeys: ['team'] });
  expect((await studio.sm('ListTags', { ResourceArn })).Tags).toEqual([{ Key: 'cost', Value: '1' }]);
  const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
  await expect(studio.sm('AddTags', { ResourceArn, Tags: many })).rejects.toEqual(
    error('ResourceLimitExceeded', 'would be 51'),
  );
  await expect(studio.sm('ListTags', { ResourceArn, MaxResults: 49 })).rejects.toEqual(
    error('ValidationException', 'greater than or equal to 50'),
  );
  await studio.sm('DeleteDomain', { DomainId });
  await studio.settle();
  await expect(studio.sm('ListTags', { ResourceArn })).rejects.toEqual(error('ValidationException', ResourceArn));
});

const allow = (Action: string | string[], Resource = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

test('creating a domain requires the permissions to pass every role in it and to create the service-linked role', async () => {
  const studio = await Studio.open();
  const other = await studio.executionRole('Spaces');
  const request = studio.domainRequest({ DefaultSpaceSettings: { ExecutionRole: other } });
  const create = allow('sagemaker:CreateDomain');
  const link = allow('iam:CreateServiceLinkedRole');
  const pass = (Resource: string) => allow('iam:PassRole', Resource);
  const refused = await studio.role('A', create, link, pass(studio.roleArn));
  await expect(studio.sm('CreateDomain', request, refused)).rejects.toEqual(
    error('AccessDeniedException', `iam:PassRole on resource: ${other}`),
  );
  const unlinked = await studio.role('B', create, pass(studio.roleArn), pass(other));
  await expect(studio.sm('CreateDomain', request, unlinked)).rejects.toEqual(
    error('AccessDeniedException', 'iam:CreateServiceLinkedRole'),
  );
  await studio.sm('CreateDomain', request, await studio.role('C', create, link, pass(studio.roleArn), pass(other)));

  await studio.call(iam, 'CreateServiceLinkedRole', { AWSServiceName: 'sagemaker.amazonaws.com' });
  const linked = { ...request, DomainName: 'second' };
  await studio.sm('CreateDomain', linked, unlinked);
  const encrypted = { ...request, DomainName: 'third', KmsKeyId: 'key' };
  await expect(studio.sm('CreateDomain', encrypted, unlinked)).rejects.toEqual(
    error('AccessDeniedException', 'elasticfilesystem:CreateFileSystem'),
  );
});

test('creating with tags requires the permission to add them', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  const request = { DomainId, UserProfileName: 'ana', Tags: [{ Key: 'team', Value: 'a' }] };
  const create = allow('sagemaker:CreateUserProfile', studio.arn('user-profile', DomainId, 'ana'));
  await expect(studio.sm('CreateUserProfile', request, await studio.role('A', create))).rejects.toEqual(
    error('AccessDeniedException', 'sagemaker:AddTags'),
  );
  const tag = allow('sagemaker:AddTags', studio.arn('user-profile', DomainId, '*'));
  await studio.sm('CreateUserProfile', request, await studio.role('B', create, tag));
});

test('permissions can depend on the tags of a domain, a profile and an app', async () => {
  const studio = await Studio.open();
  const Tags = [{ Key: 'team', Value: 'a' }];
  const DomainId = await studio.domain({ Tags });
  const untagged = await studio.domain({ DomainName: 'other' });
  await studio.sm('CreateUserProfile', { DomainId, UserProfileName: 'Ana', Tags });
  await studio.settle();
  const app = { DomainId, UserProfileName: 'ana', AppType: 'JupyterServer', AppName: 'default' } as const;
  await studio.sm('CreateApp', { ...app, Tags });
  await studio.settle();
  const ours = { StringEquals: { 'aws:ResourceTag/team': 'a' } };
  const role = await studio.role('A', allow('sagemaker:D*', '*', ours));
  await studio.sm('DescribeDomain', { DomainId }, role);
  await studio.sm('DescribeUserProfile', { DomainId, UserProfileName: 'ana' }, role);
  await studio.sm('DescribeApp', app, role);
  await expect(studio.sm('DescribeDomain', { DomainId: untagged }, role)).rejects.toEqual(
    error('AccessDeniedException'),
  );
});

test("an app has its domain's and its user's tags besides its own", async () => {
  const studio = await Studio.open();
  const tag = (Key: string, Value: string) => ({ Key, Value });
  const DomainId = await studio.domain({ Tags: [tag('of', 'domain'), tag('team', 'a')] });
  await studio.sm('CreateUserProfile', { DomainId, UserProfileName: 'ana', Tags: [tag('of', 'user')] });
  await studio.sm('CreateSpace', { DomainId, SpaceName: 'lab', Tags: [tag('of', 'space')] });
  await studio.settle();
  const tagsOf = async (where: object, Tags: { Key: string; Value: string }[] = []) => {
    const app = { DomainId, ...where, AppType: 'JupyterServer', AppName: 'default', Tags } as const;
    const { AppArn: ResourceArn } = await studio.sm('CreateApp', app);
    return (await studio.sm('ListTags', { ResourceArn })).Tags;
  };
  expect(await tagsOf({ UserProfileName: 'ana' }, [tag('team', 'b')])).toEqual([tag('of', 'user'), tag('team', 'b')]);
  expect(await tagsOf({ SpaceName: 'lab' })).toEqual([tag('of', 'space'), tag('team', 'a')]);
});
