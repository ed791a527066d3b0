import { codecommit } from '../../../../packages/local/src/services/ci/codecommit/index.ts';
import { AuthorisedCloud } from '../authorised-cloud.ts';
import { error } from '../studio.ts';

const cloud = new AuthorisedCloud([codecommit]);
afterAll(() => cloud.cloud.close());

const bytes = (text: string) => new TextEncoder().encode(text);

test('a commit follows its parent on a branch, and files can be read as of any commit', async () => {
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
