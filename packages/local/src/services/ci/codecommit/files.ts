import { createHash } from 'node:crypto';
import { AwsError } from '../../../errors.ts';
import { getCommit, getRepository, type Operations } from './records.ts';

export const fileOperations: Operations = {
  GetFile({ repositoryName, commitSpecifier, filePath = '' }, call) {
    const { id, files } = getCommit(getRepository(repositoryName, call), commitSpecifier);
    const path = filePath.replace(/^\/+/, '');
    const file = files[path];
    if (!file) throw new AwsError('FileDoesNotExistException', `The file ${filePath} does not exist`);
    return {
      commitId: id,
      blobId: file.blobId,
      filePath: path,
      fileMode: file.mode,
      fileSize: file.content.length,
      fileContent: file.content,
    };
  },

  GetFolder({ repositoryName, commitSpecifier, folderPath = '' }, call) {
    const { id, treeId, files } = getCommit(getRepository(repositoryName, call), commitSpecifier);
    const folder = folderPath.replace(/^\/+|\/+$/g, '');
    const prefix = folder === '' ? '' : `${folder}/`;
    const within = Object.entries(files).filter(([path]) => path.startsWith(prefix));
    if (within.length === 0 && folder !== '') {
      throw new AwsError('FolderDoesNotExistException', `The folder ${folderPath} does not exist`);
    }
    const deeper = within.filter(([path]) => path.slice(prefix.length).includes('/'));
    const folders = new Set(deeper.map(([path]) => path.slice(prefix.length).split('/')[0]!));
    const treeOf = (name: string) => createHash('sha1').update(`${treeId}/${prefix}${name}`).digest('hex');
    return {
      commitId: id,
      folderPath: folder,
      treeId: folder === '' ? treeId : treeOf(''),
      subFolders: [...folders].sort().map((name) => ({
        absolutePath: prefix + name,
        relativePath: name,
        treeId: treeOf(name),
      })),
      files: within
        .filter((one) => !deeper.includes(one))
        .map(([absolutePath, { blobId, mode: fileMode }]) => ({
          absolutePath,
          relativePath: absolutePath.slice(prefix.length),
          blobId,
          fileMode,
        })),
      symbolicLinks: [],
      subModules: [],
    };
  },
};
