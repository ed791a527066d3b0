import { error, Studio } from '../studio.ts';

const RepositoryUrl = 'https://git.example.com/team/notebooks.git';
const SecretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:git-AbCdEf';
const named = { CodeRepositoryName: 'notebooks' };
const nameOf = (error: { name: string }) => error.name;

test('a code repository exists at once, with its tags, until it is deleted', async () => {
  const studio = await Studio.open();
  const arn = studio.arn('code-repository', 'notebooks');
  const Tags = [{ Key: 'team', Value: 'a' }];
  const GitConfig = { RepositoryUrl, Branch: 'main' };
  expect(await studio.sm('CreateCodeRepository', { ...named, GitConfig, Tags })).toMatchObject({
    CodeRepositoryArn: arn,
  });
  const described = await studio.sm('DescribeCodeRepository', named);
  expect(described).toMatchObject({ ...named, CodeRepositoryArn: arn, GitConfig });
  expect(described.LastModifiedTime).toEqual(described.CreationTime);
  expect((await studio.sm('ListTags', { ResourceArn: arn })).Tags).toEqual(Tags);
  await studio.sm('DeleteCodeRepository', named);
  await expect(studio.sm('ListTags', { ResourceArn: arn })).rejects.toEqual(error('ValidationException', arn));
  await expect(studio.sm('DescribeCodeRepository', named)).rejects.toEqual(
    error('ValidationException', 'Cannot find CodeRepository'),
  );
});

test('of a code repository only the secret can be changed', async () => {
  const studio = await Studio.open();
  await studio.sm('CreateCodeRepository', { ...named, GitConfig: { RepositoryUrl } });
  await studio.sm('UpdateCodeRepository', { ...named, GitConfig: { SecretArn } });
  expect((await studio.sm('DescribeCodeRepository', named)).GitConfig).toEqual({ RepositoryUrl, SecretArn });
});

test('the name of a code repository can be used once', async () => {
  const studio = await Studio.open();
  await studio.sm('CreateCodeRepository', { ...named, GitConfig: { RepositoryUrl } });
  await expect(studio.sm('CreateCodeRepository', { ...named, GitConfig: { RepositoryUrl } })).rejects.toEqual(
    error('ValidationException', 'already existing'),
  );
});

test('nothing can be done with a code repository that does not exist', async () => {
  const studio = await Studio.open();
  const calls = [
    studio.sm('DescribeCodeRepository', named),
    studio.sm('UpdateCodeRepository', { ...named, GitConfig: { SecretArn } }),
    studio.sm('DeleteCodeRepository', named),
  ];
  expect(await Promise.all(calls.map((call) => call.catch(nameOf)))).toEqual(calls.map(() => 'ValidationException'));
});

test.each([
  [{ RepositoryUrl: 'http://git.example.com/team' }, 'repositoryUrl'],
  [{ RepositoryUrl, Branch: 'not a branch' }, 'branch'],
  [{ RepositoryUrl, SecretArn: 'git-password' }, 'secretArn'],
])('a code repository with %j is refused', async (GitConfig, member) => {
  const studio = await Studio.open();
  await expect(studio.sm('CreateCodeRepository', { ...named, GitConfig })).rejects.toEqual(
    error('ValidationException', member),
  );
});

test('code repositories are listed by name, in pages', async () => {
  const studio = await Studio.open();
  for (const CodeRepositoryName of ['b', 'c', 'a', 'other']) {
    await studio.sm('CreateCodeRepository', { CodeRepositoryName, GitConfig: { RepositoryUrl } });
  }
  const names = async (more: object) => {
    const { CodeRepositorySummaryList = [], NextToken } = await studio.sm('ListCodeRepositories', more);
    return { names: CodeRepositorySummaryList.map((one) => one.CodeRepositoryName), NextToken };
  };
  const first = await names({ MaxResults: 2 });
  expect(first.names).toEqual(['a', 'b']);
  expect((await names({ MaxResults: 2, NextToken: first.NextToken })).names).toEqual(['c', 'other']);
  expect((await names({ NameContains: 'oth' })).names).toEqual(['other']);
  expect((await names({ SortOrder: 'Descending', MaxResults: 1 })).names).toEqual(['other']);
});
