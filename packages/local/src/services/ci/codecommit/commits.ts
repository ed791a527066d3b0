import { createHash } from 'node:crypto';
import type * as CodeCommit from '@aws-sdk/client-codecommit';
import { AwsError } from '../../../errors.ts';
import type { Call, Input } from '../../../service.ts';
import {
  arnOf,
  type CommitRecord,
  type FileRecord,
  getBranch,
  getCommit,
  getRepository,
  type Operations,
  type RepositoryRecord,
} from './records.ts';

type CommitInput = Input<typeof CodeCommit, 'CreateCommit'>;

function sha1(kind: string, content: string | Uint8Array): string {
  return createHash('sha1').update(`${kind} `).update(content).digest('hex');
}

function pathOf(path = ''): string {
  const plain = path.replace(/^\/+/, '');
  if (plain !== '' && !plain.split('/').some((part) => part === '' || part === '.' || part === '..')) return plain;
  throw new AwsError('InvalidPathException', `The file path ${path} is not valid`);
}

/** Puts a commit on a branch; the branch's first makes it, and the repository's first its default branch. */
function commit(input: CommitInput, call: Call): CommitRecord & { before: Record<string, FileRecord> } {
  const repository = getRepository(input.repositoryName, call);
  const { branchName = '', parentCommitId, putFiles = [], deleteFiles = [], commitMessage = '' } = input;
  const parent = parentOf(repository, branchName, parentCommitId);
  const before = parent?.files ?? {};
  const files = { ...before };
  for (const { filePath } of deleteFiles) {
    const path = pathOf(filePath);
    if (!files[path]) throw new AwsError('FileDoesNotExistException', `The file ${filePath} does not exist`);
    delete files[path];
  }
  for (const { filePath, fileContent, fileMode = 'NORMAL', sourceFile } of putFiles) {
    const source = sourceFile && files[pathOf(sourceFile.filePath)];
    const content = fileContent ?? source?.content;
    if (!content) {
      throw new AwsError(
        'SourceFileOrContentRequiredException',
        `The file ${filePath} has neither content nor a source`,
      );
    }
    files[pathOf(filePath)] = { blobId: sha1('blob', content), mode: fileMode, content };
    if (sourceFile?.isMove) delete files[pathOf(sourceFile.filePath)];
  }
  const listing = Object.entries(files)
    .map(([path, { blobId, mode }]) => `${mode} ${blobId} ${path}`)
    .sort()
    .join('\n');
  const treeId = sha1('tree', listing);
  if (parent?.treeId === treeId) {
    throw new AwsError('NoChangeException', 'The commit contains no changes to the current state of the repository');
  }
  const time = call.clock.now();
  const author = {
    name: input.authorName ?? call.principal.arn.split('/').at(-1),
    email: input.email ?? '',
    date: `${Math.floor(time / 1000)} +0000`,
  };
  const parents = parent ? [parent.id] : [];
  const id = sha1('commit', JSON.stringify([treeId, parents, author, commitMessage, call.cloud.store.next()]));
  const made = { id, treeId, parents, message: commitMessage, author, files };
  repository.commits[id] = made;
  const event = repository.branches[branchName] === undefined ? 'referenceCreated' : 'referenceUpdated';
  repository.branches[branchName] = id;
  repository.shown.defaultBranch ??= branchName;
  repository.shown.lastModifiedDate = new Date(time);
  publishChange(repository, { event, branchName, commitId: id, oldCommitId: parent?.id }, call);
  return { ...made, before };
}

function parentOf(repository: RepositoryRecord, branch: string, parentCommitId: string | undefined) {
  const tip = repository.branches[branch];
  if (!/^[^\s~^:?*[\\]{1,256}$/.test(branch)) {
    throw new AwsError('InvalidBranchNameException', `The branch name ${branch} is not valid`);
  }
  if (tip === undefined) {
    if (parentCommitId === undefined) return undefined;
    throw new AwsError('BranchDoesNotExistException', `The specified branch ${branch} does not exist`);
  }
  if (parentCommitId === undefined) {
    throw new AwsError('ParentCommitIdRequiredException', 'A parent commit ID is required, as the branch has commits');
  }
  if (parentCommitId !== tip) {
    const message = 'The parent commit ID is outdated: it is not the tip of the branch';
    throw new AwsError('ParentCommitIdOutdatedException', message);
  }
  return repository.commits[tip];
}

interface Change {
  event: string;
  branchName: string;
  commitId: string;
  oldCommitId?: string;
}

/** Publishes a change of a branch to EventBridge. */
function publishChange(
  { shown }: RepositoryRecord,
  { event, branchName, commitId, oldCommitId }: Change,
  call: Call,
): void {
  const { account, region, cloud, principal } = call;
  cloud.events.emit('event', {
    source: 'aws.codecommit',
    detailType: 'CodeCommit Repository State Change',
    account,
    region,
    resources: [arnOf(shown.repositoryName, call)],
    detail: {
      event,
      repositoryName: shown.repositoryName,
      repositoryId: shown.repositoryId,
      referenceType: 'branch',
      referenceName: branchName,
      referenceFullName: `refs/heads/${branchName}`,
      commitId,
      ...(oldCommitId && { oldCommitId }),
      callerUserArn: principal.arn,
    },
  });
}

function metadata(files: Record<string, FileRecord>, paths: string[]): CodeCommit.FileMetadata[] {
  return paths.map((absolutePath) => ({
    absolutePath,
    blobId: files[absolutePath]!.blobId,
    fileMode: files[absolutePath]!.mode,
  }));
}

export const commitOperations: Operations = {
  CreateCommit(input, call) {
    const { id, treeId, files, before } = commit(input, call);
    const changed = Object.keys(files).filter((path) => files[path]!.blobId !== before[path]?.blobId);
    return {
      commitId: id,
      treeId,
      filesAdded: metadata(
        files,
        changed.filter((path) => !before[path]),
      ),
      filesUpdated: metadata(
        files,
        changed.filter((path) => before[path]),
      ),
      filesDeleted: metadata(
        before,
        Object.keys(before).filter((path) => !files[path]),
      ),
    };
  },

  PutFile({ fileContent, filePath, fileMode, name, ...input }, call) {
    const putFiles = [{ fileContent, filePath, fileMode }];
    const { id, treeId, files } = commit({ ...input, authorName: name, putFiles }, call);
    return { commitId: id, treeId, blobId: files[pathOf(filePath)]!.blobId };
  },

  GetCommit({ repositoryName, commitId }, call) {
    const { id, treeId, parents, message, author } = getCommit(getRepository(repositoryName, call), commitId);
    return { commit: { commitId: id, treeId, parents, message, author, committer: author } };
  },

  CreateBranch({ repositoryName, branchName = '', commitId }, call) {
    const repository = getRepository(repositoryName, call);
    if (repository.branches[branchName]) {
      throw new AwsError('BranchNameExistsException', `The branch ${branchName} already exists`);
    }
    const { id } = getCommit(repository, commitId);
    repository.branches[branchName] = id;
    publishChange(repository, { event: 'referenceCreated', branchName, commitId: id }, call);
    return {};
  },

  GetBranch: ({ repositoryName, branchName }, call) => ({
    branch: getBranch(getRepository(repositoryName, call), branchName),
  }),

  ListBranches: ({ repositoryName }, call) => ({
    branches: Object.keys(getRepository(repositoryName, call).branches).sort(),
  }),
};
