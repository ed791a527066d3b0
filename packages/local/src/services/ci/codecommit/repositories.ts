import { AwsError } from '../../../errors.ts';
import { requestId } from '../../../request-id.ts';
import { arnOf, getRepository, type Operations, repositories } from './records.ts';

export const repositoryOperations: Operations = {
  CreateRepository({ repositoryName: name = '', repositoryDescription, tags = {}, kmsKeyId }, call) {
    if (name.endsWith('.git')) {
      throw new AwsError('InvalidRepositoryNameException', `${name} is not a valid repository name`);
    }
    if (repositories(call).has(name)) {
      throw new AwsError('RepositoryNameExistsException', `Repository named ${name} already exists`);
    }
    const now = new Date(call.clock.now());
    const host = `git-codecommit.${call.region}.amazonaws.com/v1/repos/${name}`;
    const shown = {
      accountId: call.account,
      repositoryId: requestId(call.cloud.store),
      repositoryName: name,
      repositoryDescription,
      kmsKeyId,
      creationDate: now,
      lastModifiedDate: now,
      cloneUrlHttp: `https://${host}`,
      cloneUrlSsh: `ssh://${host}`,
      Arn: arnOf(name, call),
    };
    repositories(call).set(name, { shown, tags, commits: {}, branches: {} });
    return { repositoryMetadata: shown };
  },

  GetRepository: ({ repositoryName }, call) => ({ repositoryMetadata: getRepository(repositoryName, call).shown }),

  ListRepositories: (_, call) => ({
    repositories: [...repositories(call).values()].map(({ shown: { repositoryName, repositoryId } }) => ({
      repositoryName,
      repositoryId,
    })),
  }),

  UpdateRepositoryDescription({ repositoryName, repositoryDescription }, call) {
    getRepository(repositoryName, call).shown.repositoryDescription = repositoryDescription;
    return {};
  },

  UpdateRepositoryName({ oldName, newName = '' }, call) {
    const repository = getRepository(oldName, call);
    if (repositories(call).has(newName)) {
      throw new AwsError('RepositoryNameExistsException', `Repository named ${newName} already exists`);
    }
    repositories(call).delete(repository.shown.repositoryName);
    repository.shown.repositoryName = newName;
    repository.shown.Arn = arnOf(newName, call);
    repositories(call).set(newName, repository);
    return {};
  },

  /** Deleting one that does not exist succeeds, as in AWS; the response then has no id. */
  DeleteRepository({ repositoryName = '' }, call) {
    const repositoryId = repositories(call).get(repositoryName)?.shown.repositoryId;
    repositories(call).delete(repositoryName);
    return { repositoryId };
  },

  TagResource({ resourceArn, tags = {} }, call) {
    Object.assign(getRepository(nameIn(resourceArn), call).tags, tags);
    return {};
  },

  UntagResource({ resourceArn, tagKeys = [] }, call) {
    const { tags } = getRepository(nameIn(resourceArn), call);
    for (const key of tagKeys) delete tags[key];
    return {};
  },

  ListTagsForResource: ({ resourceArn }, call) => ({ tags: getRepository(nameIn(resourceArn), call).tags }),
};

export function nameIn(arn = ''): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
