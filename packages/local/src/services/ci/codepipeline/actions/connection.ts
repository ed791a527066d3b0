import { ActionFailure, type Provider } from '../job.ts';
import { checkRight } from './right.ts';

/** A repository behind a connection, which nothing here leads to. */
export const connection: Provider = {
  async start(job) {
    const { ConnectionArn = '', FullRepositoryId, BranchName } = job.configuration;
    // The service was renamed; the right is by the name in the connection's ARN.
    checkRight(job, `${ConnectionArn.split(':')[2]}:UseConnection`, ConnectionArn);
    const message = `The local cloud reaches no ${FullRepositoryId}, of which branch ${BranchName} is wanted. Use a source in S3 or CodeCommit here.`;
    throw new ActionFailure('ConfigurationError', message);
  },
};
