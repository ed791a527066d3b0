import * as CodeCommit from '@aws-sdk/client-codecommit';
import { type Access, type Call, type Definition, service } from '../../../service.ts';
import { commitOperations } from './commits.ts';
import { fileOperations } from './files.ts';
import { arnOf, repositories } from './records.ts';
import { nameIn, repositoryOperations } from './repositories.ts';

interface Target {
  repositoryName?: string;
}

function onRepository({ repositoryName = '' }: Target, call: Call): Access[] {
  return [{ resource: arnOf(repositoryName, call) }];
}

/** What a policy can tell apart: the branch that is written to. */
function onBranch({ branchName = '', ...target }: Target & { branchName?: string }, call: Call): Access[] {
  const context = { 'codecommit:References': `refs/heads/${branchName}` };
  return onRepository(target, call).map((one) => ({ ...one, context }));
}

function onTagged({ resourceArn = '' }: { resourceArn?: string }): Access[] {
  return [{ resource: resourceArn }];
}

const access: Definition<typeof CodeCommit>['access'] = {
  CreateRepository: onRepository,
  GetRepository: onRepository,
  ListRepositories: () => [{ resource: '*' }],
  UpdateRepositoryDescription: onRepository,
  UpdateRepositoryName: ({ oldName: repositoryName }, call) => onRepository({ repositoryName }, call),
  DeleteRepository: onRepository,
  TagResource: onTagged,
  UntagResource: onTagged,
  ListTagsForResource: onTagged,
  CreateCommit: onBranch,
  PutFile: onBranch,
  CreateBranch: onBranch,
  GetCommit: onRepository,
  GetBranch: onRepository,
  ListBranches: onRepository,
  GetFile: onRepository,
  GetFolder: onRepository,
};

/** CodeCommit: repositories as its API reads and writes them. Git itself is not served. */
export const codecommit = service('codecommit', 'codecommit', CodeCommit, {
  operations: { ...repositoryOperations, ...commitOperations, ...fileOperations },
  access,
  tagsOf: (arn, call) => repositories(call).get(nameIn(arn))?.tags,
});
