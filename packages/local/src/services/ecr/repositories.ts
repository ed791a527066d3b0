import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { partitionOf } from '../../iam/partition.ts';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import { getRepository, invalid, named, type Operations, type RepositoryRecord, repositories } from './records.ts';

export function arnOf(name: string, call: Call): string {
  return regionalArn('ecr', `repository/${name}`, call);
}

function uriOf(name: string, { account, region }: Call): string {
  const suffix = partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `${account}.dkr.ecr.${region}.${suffix}/${name}`;
}

export const repositoryOperations: Operations = {
  CreateRepository(input, call) {
    const { repositoryName: name = '', tags = [], imageTagMutability = 'MUTABLE' } = input;
    if (repositories(call).has(name)) {
      const message = `The repository with name '${name}' already exists in the registry with id '${call.account}'`;
      throw new AwsError('RepositoryAlreadyExistsException', message);
    }
    const made: RepositoryRecord = {
      shown: {
        repositoryArn: arnOf(name, call),
        registryId: call.account,
        repositoryName: name,
        repositoryUri: uriOf(name, call),
        createdAt: new Date(call.clock.now()),
        imageTagMutability,
        imageScanningConfiguration: { scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false },
        encryptionConfiguration: input.encryptionConfiguration ?? { encryptionType: 'AES256' },
      },
      tags: Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      images: {},
    };
    repositories(call).set(name, made);
    return { repository: made.shown };
  },

  DescribeRepositories({ registryId, repositoryNames, nextToken, maxResults = 100 }, call) {
    const all = repositoryNames
      ? repositoryNames.map((repositoryName) => getRepository({ registryId, repositoryName }, call))
      : [...repositories(call).values()];
    const keyOf = ({ shown }: RepositoryRecord) => shown.repositoryName;
    const request = { token: nextToken, size: maxResults };
    const { items, token } = pageOf(all, keyOf, request, () => invalid('The nextToken is not valid'));
    return { repositories: items.map(({ shown }) => shown), nextToken: token };
  },

  DeleteRepository(input, call) {
    const repository = getRepository(input, call);
    if (Object.keys(repository.images).length > 0 && !input.force) {
      const message = `The repository with name '${input.repositoryName}' in registry with id '${call.account}' cannot be deleted because it still contains images`;
      throw new AwsError('RepositoryNotEmptyException', message);
    }
    repositories(call).delete(repository.shown.repositoryName);
    return { repository: repository.shown };
  },

  PutImageTagMutability(input, call) {
    const repository = getRepository(input, call);
    repository.shown.imageTagMutability = input.imageTagMutability;
    return { ...named(repository), imageTagMutability: input.imageTagMutability };
  },

  PutImageScanningConfiguration(input, call) {
    const repository = getRepository(input, call);
    const imageScanningConfiguration = { scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false };
    repository.shown.imageScanningConfiguration = imageScanningConfiguration;
    return { ...named(repository), imageScanningConfiguration };
  },

  TagResource({ resourceArn, tags = [] }, call) {
    const { tags: own } = taggedRepository(resourceArn, call);
    for (const { Key = '', Value = '' } of tags) own[Key] = Value;
    return {};
  },

  UntagResource({ resourceArn, tagKeys = [] }, call) {
    const { tags } = taggedRepository(resourceArn, call);
    for (const key of tagKeys) delete tags[key];
    return {};
  },

  ListTagsForResource({ resourceArn }, call) {
    const { tags } = taggedRepository(resourceArn, call);
    return { tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
};

export function taggedRepository(arn: string | undefined, call: Call): RepositoryRecord {
  return getRepository({ repositoryName: arn?.split(':repository/')[1] }, call);
}
