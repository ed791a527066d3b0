import type * as CodeCommit from '@aws-sdk/client-codecommit';
import { regionalArn } from '../../../arn.ts';
import { AwsError } from '../../../errors.ts';
import type { Call, Definition } from '../../../service.ts';

export type Operations = Definition<typeof CodeCommit>['operations'];

export interface FileRecord {
  blobId: string;
  mode: CodeCommit.FileModeTypeEnum;
  content: Uint8Array;
}

/** A commit with all files as they were then, by path. */
export interface CommitRecord {
  id: string;
  treeId: string;
  parents: string[];
  message: string;
  author: CodeCommit.UserInfo;
  files: Record<string, FileRecord>;
}

export interface RepositoryRecord {
  shown: CodeCommit.RepositoryMetadata & { repositoryName: string; Arn: string };
  tags: Record<string, string>;
  commits: Record<string, CommitRecord>;
  /** The newest commit of each branch. */
  branches: Record<string, string>;
}

export const repositories = (call: Call) => call.table<RepositoryRecord>('repositories');

/** CodeCommit's ARNs are of the repository alone, with no kind before the name. */
export const arnOf = (name: string, call: Call) => regionalArn('codecommit', name, call);

/** Throws RepositoryDoesNotExistException. */
export function getRepository(name: string | undefined, call: Call): RepositoryRecord {
  const found = repositories(call).get(name ?? '');
  if (found) return found;
  throw new AwsError('RepositoryDoesNotExistException', `${name} does not exist`);
}

/** The commit of a branch, or of that id; the default branch's if left out. */
export function getCommit(repository: RepositoryRecord, specifier?: string): CommitRecord {
  const { branches, commits, shown } = repository;
  const name = (specifier ?? shown.defaultBranch ?? '').replace(/^refs\/heads\//, '');
  const found = commits[branches[name] ?? name];
  if (found) return found;
  throw new AwsError('CommitDoesNotExistException', `The commit ${specifier ?? name} does not exist`);
}

/** Throws BranchDoesNotExistException. */
export function getBranch({ branches }: RepositoryRecord, name = ''): { branchName: string; commitId: string } {
  const commitId = branches[name];
  if (commitId !== undefined) return { branchName: name, commitId };
  throw new AwsError('BranchDoesNotExistException', `The specified branch ${name} does not exist`);
}
