import type * as CodeCommit from '@aws-sdk/client-codecommit';
import { type Zippable, zipSync } from 'fflate';
import { regionalArn } from '../../../../arn.ts';
import { codecommit as service } from '../../codecommit/index.ts';
import { getCommit, type RepositoryRecord } from '../../codecommit/records.ts';
import { putArtifact } from '../artifacts.ts';
import { ActionFailure, type Job, type Provider, perform } from '../job.ts';
import { checkRight } from './right.ts';

/** Takes the newest commit of a branch. */
export const codecommit: Provider = {
  async start(job) {
    const {
      RepositoryName: repositoryName = '',
      BranchName: branchName = '',
      OutputArtifactFormat,
    } = job.configuration;
    if (OutputArtifactFormat !== undefined && OutputArtifactFormat !== 'CODE_ZIP') {
      const message = 'The local cloud serves no Git: OutputArtifactFormat is CODE_ZIP';
      throw new ActionFailure('ConfigurationError', message);
    }
    const inBranch = { repositoryName, branchName };
    const { branch } = await perform<typeof CodeCommit, 'GetBranch'>(job, 'codecommit', 'GetBranch', inBranch);
    const commitId = job.execution.overrides[job.action.name!] ?? branch!.commitId!;
    const inCommit = { repositoryName, commitId };
    const { commit } = await perform<typeof CodeCommit, 'GetCommit'>(job, 'codecommit', 'GetCommit', inCommit);
    const { message = '', author } = commit!;
    const name = job.action.outputArtifacts![0]!.name!;
    await putArtifact(job, name, archiveOf(job, repositoryName, commitId));
    const created = new Date(job.call.clock.now());
    job.execution.revisions.push({ name, revisionId: commitId, revisionSummary: message, created });
    const variables = {
      RepositoryName: repositoryName,
      BranchName: branchName,
      CommitId: commitId,
      CommitMessage: message,
      AuthorDate: author?.date ?? '',
      CommitterDate: author?.date ?? '',
    };
    return { status: 'Succeeded', variables, externalExecutionId: commitId };
  },
};

/** CodePipeline has CodeCommit put the archive where it is wanted, by calls that no SDK has. */
function archiveOf(job: Job, repositoryName: string, commitId: string): Uint8Array {
  const { account, cloud } = job.call;
  const { region } = job;
  for (const right of ['codecommit:UploadArchive', 'codecommit:GetUploadArchiveStatus']) {
    checkRight(job, right, regionalArn('codecommit', repositoryName, { account, region }));
  }
  const repositories = cloud.store.table<RepositoryRecord>(service.id, { account, region }, 'repositories');
  const { files } = getCommit(repositories.get(repositoryName)!, commitId);
  const entries = Object.entries(files).map(([path, { content, mode }]): [string, Zippable[string]] => [
    path,
    [content, { os: 3, attrs: (mode === 'EXECUTABLE' ? 0o100755 : 0o100644) << 16 }],
  ]);
  return zipSync(Object.fromEntries(entries));
}
