import { error, Studio } from '../studio.ts';

test('a profile has a uid, and its name matches in any case', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  const { UserProfileArn } = await studio.sm('CreateUserProfile', { DomainId, UserProfileName: 'Ana' });
  expect((await studio.sm('DescribeUserProfile', { DomainId, UserProfileName: 'Ana' })).Status).toBe('Pending');
  await studio.settle();
  expect(await studio.sm('DescribeUserProfile', { DomainId, UserProfileName: 'ANA' })).toMatchObject({
    UserProfileArn,
    UserProfileName: 'Ana',
    Status: 'InService',
    HomeEfsFileSystemUid: '200001',
  });
  await studio.profile(DomainId, 'eva');
  expect(await studio.sm('DescribeUserProfile', { DomainId, UserProfileName: 'eva' })).toMatchObject({
    HomeEfsFileSystemUid: '200002',
  });
  await expect(studio.profile(DomainId, 'ANA')).rejects.toEqual(error('ResourceInUse', `[${UserProfileArn}]`));
});

test('a profile needs a domain that exists and is ready', async () => {
  const studio = await Studio.open();
  await expect(studio.profile('d-0aa', 'ana')).rejects.toEqual(error('ResourceNotFound'));
  const { DomainId } = await studio.sm('CreateDomain', studio.domainRequest());
  await expect(studio.profile(DomainId!, 'ana')).rejects.toEqual(
    error('ValidationException', 'is not in InService status'),
  );
});

test('the members for single sign-on are required in an SSO domain, and refused in others', async () => {
  const studio = await Studio.open();
  const iamDomain = await studio.domain();
  const ssoDomain = await studio.domain({ DomainName: 'sso', AuthMode: 'SSO' });
  const ana = { UserProfileName: 'ana', SingleSignOnUserIdentifier: 'UserName', SingleSignOnUserValue: 'ana@x' };
  await expect(studio.sm('CreateUserProfile', { DomainId: iamDomain, ...ana })).rejects.toEqual(
    error('ValidationException', 'cannot be specified'),
  );
  await expect(studio.profile(ssoDomain, 'ana')).rejects.toEqual(error('ValidationException', 'are required'));
  await expect(
    studio.sm('CreateUserProfile', { DomainId: ssoDomain, ...ana, SingleSignOnUserIdentifier: 'Email' }),
  ).rejects.toEqual(
    error(
      'ValidationException',
      "Value 'Email' at 'singleSignOnUserIdentifier' failed to satisfy constraint: Member must satisfy regular expression pattern: UserName",
    ),
  );
  await expect(
    studio.sm('CreateUserProfile', { DomainId: ssoDomain, ...ana, SingleSignOnUserValue: 'a'.repeat(257) }),
  ).rejects.toEqual(error('ValidationException', 'less than or equal to 256'));
  await studio.sm('CreateUserProfile', { DomainId: ssoDomain, ...ana });
  await studio.settle();
  expect(await studio.sm('DescribeUserProfile', { DomainId: ssoDomain, UserProfileName: 'ana' })).toMatchObject({
    SingleSignOnUserValue: 'ana@x',
  });
});

test('a profile cannot be deleted while it has apps or owns spaces', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.profile(DomainId, 'Ana');
  await studio.space(DomainId, 'lab', 'ana');
  const profile = { DomainId, UserProfileName: 'ANA' };
  const arn = studio.arn('user-profile', DomainId, 'Ana');
  const app = { DomainId, UserProfileName: 'ana', AppType: 'JupyterServer', AppName: 'default' } as const;
  await studio.sm('CreateApp', app);
  await studio.settle();
  await expect(studio.sm('DeleteUserProfile', profile)).rejects.toEqual(
    error('ResourceInUse', `Unable to delete UserProfile [${arn}] because App(s) are associated with it.`),
  );
  await studio.sm('DeleteApp', app);
  await studio.settle();
  await expect(studio.sm('DeleteUserProfile', profile)).rejects.toEqual(
    error('ResourceInUse', `Unable to delete UserProfile [${arn}] because Space(s) are associated with it.`),
  );
  await studio.sm('DeleteSpace', { DomainId, SpaceName: 'lab' });
  await studio.settle();
  await studio.sm('DeleteUserProfile', profile);
  await expect(studio.sm('DeleteUserProfile', profile)).rejects.toEqual(error('ResourceInUse', 'Deleting'));
  await studio.settle();
  await expect(studio.sm('DeleteUserProfile', profile)).rejects.toEqual(error('ResourceNotFound'));
});

test('profiles are listed by domain and part of the name, in the requested order', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  const other = await studio.domain({ DomainName: 'other' });
  for (const name of ['ana', 'eva', 'Anatol']) await studio.profile(DomainId, name);
  await studio.profile(other, 'ana');
  const names = async (request: Parameters<typeof studio.sm<'ListUserProfiles'>>[1]) =>
    (await studio.sm('ListUserProfiles', request)).UserProfiles!.map(({ UserProfileName }) => UserProfileName);
  expect(await names({ DomainIdEquals: DomainId })).toEqual(['ana', 'eva', 'Anatol']);
  expect(await names({ DomainIdEquals: DomainId, UserProfileNameContains: 'ana' })).toEqual(['ana', 'Anatol']);
  expect(await names({ UserProfileNameContains: 'ana', SortOrder: 'Descending' })).toEqual(['ana', 'Anatol', 'ana']);
  const UserSettings = { StudioWebPortal: 'DISABLED' } as const;
  await studio.sm('UpdateUserProfile', { DomainId, UserProfileName: 'ana', UserSettings });
  await studio.settle();
  expect(await names({ DomainIdEquals: DomainId, SortBy: 'LastModifiedTime' })).toEqual(['eva', 'Anatol', 'ana']);
  const first = await studio.sm('ListUserProfiles', { MaxResults: 3 });
  expect(first.UserProfiles).toHaveLength(3);
  expect((await studio.sm('ListUserProfiles', { NextToken: first.NextToken })).UserProfiles).toHaveLength(1);
  await expect(studio.sm('ListUserProfiles', { MaxResults: 101 })).rejects.toEqual(
    error('ValidationException', "Value '101' at 'maxResults'"),
  );
});

test("the account's quota of profiles counts those of all its domains", async () => {
  const studio = await Studio.open();
  const domains = [await studio.domain(), await studio.domain({ DomainName: 'other' })] as const;
  studio.table('quotas').set('Maximum number of Studio user profiles allowed per account', 1);
  await studio.profile(domains[0], 'ana');
  await expect(studio.profile(domains[1], 'eva')).rejects.toEqual(
    error('ResourceLimitExceeded', "'Maximum number of Studio user profiles allowed per account' is 1 UserProfiles"),
  );
});

test('a profile takes five custom images at most, and a domain 200', async () => {
  const studio = await Studio.open();
  const images = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ImageName: `image-${index}`, AppImageConfigName: 'config' }));
  const DefaultUserSettings = { KernelGatewayAppSettings: { CustomImages: images(6) } };
  const DomainId = await studio.domain({ DefaultUserSettings });
  const request = { DomainId, UserProfileName: 'ana' };
  await expect(studio.sm('CreateUserProfile', { ...request, UserSettings: DefaultUserSettings })).rejects.toEqual(
    error('ValidationException', 'CustomImages must have length less than or equal to 5'),
  );
});

test('a presigned URL is for a profile of an IAM domain that is ready', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  const ssoDomain = await studio.domain({ DomainName: 'sso', AuthMode: 'SSO' });
  const single = { SingleSignOnUserIdentifier: 'UserName', SingleSignOnUserValue: 'ana' };
  await studio.sm('CreateUserProfile', { DomainId: ssoDomain, UserProfileName: 'ana', ...single });
  await studio.sm('CreateUserProfile', { DomainId, UserProfileName: 'ana' });
  const request = { DomainId, UserProfileName: 'ana' };
  await expect(studio.sm('CreatePresignedDomainUrl', request)).rejects.toEqual(
    error('ValidationException', 'is not in InService status'),
  );
  await studio.settle();
  const { AuthorizedUrl } = await studio.sm('CreatePresignedDomainUrl', { ...request, ExpiresInSeconds: 60 });
  const { searchParams, host, pathname } = new URL(AuthorizedUrl!);
  expect([host, pathname]).toEqual([`${DomainId}.studio.eu-west-1.sagemaker.aws`, '/auth']);
  const content = JSON.parse(Buffer.from(searchParams.get('token')!.split('.')[0]!, 'base64url').toString());
  expect(content.until).toBe(studio.clock.now() + 60_000);
  await expect(studio.sm('CreatePresignedDomainUrl', { DomainId: ssoDomain, UserProfileName: 'ana' })).rejects.toEqual(
    error('ValidationException', 'AuthMode SSO'),
  );
  await expect(studio.sm('CreatePresignedDomainUrl', { ...request, ExpiresInSeconds: 301 })).rejects.toEqual(
    error('ValidationException', 'less than or equal to 300'),
  );
  await expect(studio.sm('CreatePresignedDomainUrl', { ...request, LandingUri: 'jupyter' })).rejects.toEqual(
    error('ValidationException', 'LandingUri'),
  );
  await expect(studio.sm('CreatePresignedDomainUrl', { ...request, SpaceName: 'lab' })).rejects.toEqual(
    error('ResourceNotFound'),
  );
});
