import { codecommit } from '../../../../packages/local/src/services/ci/codecommit/index.ts';
import { ecr } from '../../../../packages/local/src/services/ecr/index.ts';
import { AuthorisedCloud, account } from '../authorised-cloud.ts';
import { error } from '../studio.ts';

const cloud = new AuthorisedCloud([codecommit, ecr]);
afterAll(() => cloud.cloud.close());

const bytes = (text: string) => new TextEncoder().encode(text);

test('an immutable tag is given once, and a repository with images goes only by force', async () => {
  const repositoryName = 'team/tools';
  const { repository } = await cloud.call(ecr, 'CreateRepository', {
    repositoryName,
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
  });
  expect(repository!.repositoryUri).toBe(`${account}.dkr.ecr.eu-west-1.amazonaws.com/team/tools`);
  const put = (text: string, imageTag: string) =>
    cloud.call(ecr, 'PutImage', { repositoryName, imageTag, imageManifest: JSON.stringify({ text }) });
  const { image } = await put('one', '1');
  await expect(put('two', '1')).rejects.toEqual(error('ImageTagAlreadyExistsException'));
  await expect(put('one', '1')).rejects.toEqual(error('ImageAlreadyExistsException'));
  await put('one', 'also');
  await cloud.clock.pass(60_000);
  const { imageDetails } = await cloud.call(ecr, 'DescribeImages', {
    repositoryName,
    imageIds: [{ imageTag: 'also' }],
  });
  expect(imageDetails).toMatchObject([
    { imageDigest: image!.imageId!.imageDigest, imageTags: ['1', 'also'], imageScanStatus: { status: 'COMPLETE' } },
  ]);
  await expect(cloud.call(ecr, 'DescribeImages', { repositoryName, imageIds: [{ imageTag: 'no' }] })).rejects.toEqual(
    error('ImageNotFoundException'),
  );
  await expect(cloud.call(ecr, 'DeleteRepository', { repositoryName })).rejects.toEqual(
    error('RepositoryNotEmptyException'),
  );
  await cloud.call(ecr, 'DeleteRepository', { repositoryName, force: true });
  await expect(put('three', '3')).rejects.toEqual(error('RepositoryNotFoundException'));
  await expect(cloud.call(ecr, 'CreateRepository', { repositoryName: 'Not-Small' })).rejects.toEqual(
    error('InvalidParameterException'),
  );
});

test('commits follow their parents on a branch, and files are read as of any of them', async () => {
  const repositoryName = 'app';
  await cloud.call(codecommit, 'CreateRepository', { repositoryName });
  const commit = (parentCommitId: string | undefined, path: string, text: string) =>
    cloud.call(codecommit, 'CreateCommit', {
      repositoryName,
      branchName: 'main',
      parentCommitId,
      putFiles: [{ filePath: path, fileContent: bytes(text) }],
    });
  const first = await commit(undefined, 'in/a.txt', 'one');
  await expect(commit(undefined, 'b.txt', 'x')).rejects.toEqual(error('ParentCommitIdRequiredException'));
  await expect(commit('0', 'b.txt', 'x')).rejects.toEqual(error('ParentCommitIdOutdatedException'));
  await expect(commit(first.commitId, 'in/a.txt', 'one')).rejects.toEqual(error('NoChangeException'));
  await expect(commit(first.commitId, '../a.txt', 'one')).rejects.toEqual(error('InvalidPathException'));
  const second = await commit(first.commitId, 'in/a.txt', 'two');
  expect(second.filesUpdated).toMatchObject([{ absolutePath: 'in/a.txt' }]);
  const { branch } = await cloud.call(codecommit, 'GetBranch', { repositoryName, branchName: 'main' });
  expect(branch!.commitId).toBe(second.commitId);
  const read = async (commitSpecifier?: string) => {
    const { fileContent } = await cloud.call(codecommit, 'GetFile', {
      repositoryName,
      commitSpecifier,
      filePath: 'in/a.txt',
    });
    return new TextDecoder().decode(fileContent);
  };
  expect([await read(), await read('main'), await read(first.commitId)]).toEqual(['two', 'two', 'one']);
  expect(await cloud.call(codecommit, 'GetFolder', { repositoryName, folderPath: '/' })).toMatchObject({
    subFolders: [{ absolutePath: 'in' }],
    files: [],
  });
});
