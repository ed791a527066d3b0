import type * as CodeCommit from '@aws-sdk/client-codecommit';
import type * as S3 from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import type { ResourceContext } from '../../resources/resource-type.ts';
import { nativeType, tagChanges, tagMap } from '../native-type.ts';
import { optional, required, struct, tags, text } from '../property.ts';
import { type ServiceClient, serviceClient, undefinedIfNotFound } from '../service-client.ts';

const codecommitClient = (context: ResourceContext) => serviceClient<typeof CodeCommit>(context, 'codecommit');

const codeOf = struct({
  BranchName: optional(text),
  S3: required(struct({ Bucket: required(text), Key: required(text), ObjectVersion: optional(text) })),
});

const repository = nativeType({
  type: 'AWS::CodeCommit::Repository',
  properties: {
    // What the repository begins with; of no meaning afterwards.
    Code: optional(codeOf),
    KmsKeyId: optional(text),
    RepositoryDescription: optional(text),
    RepositoryName: required(text),
    Tags: optional(tags),
  },
  async create({ RepositoryName: repositoryName, RepositoryDescription, KmsKeyId, Code, Tags = [] }, context) {
    const codecommit = codecommitClient(context);
    const { repositoryMetadata } = await codecommit('CreateRepository', {
      repositoryName,
      repositoryDescription: RepositoryDescription,
      kmsKeyId: KmsKeyId,
      tags: Tags.length > 0 ? tagMap(Tags) : undefined,
    });
    // Its physical id is not its name, so that the name can be changed in place.
    context.initiated(repositoryMetadata!.repositoryId!);
    if (Code) await putCode(codecommit, repositoryName, Code, context);
    return repositoryResource(repositoryMetadata!);
  },
  async update({ physicalId, values, old, changed }, context) {
    const codecommit = codecommitClient(context);
    const { RepositoryName: repositoryName, RepositoryDescription: repositoryDescription = '' } = values;
    if (changed.has('RepositoryName')) {
      await codecommit('UpdateRepositoryName', { oldName: old.RepositoryName, newName: repositoryName });
    }
    if (changed.has('RepositoryDescription')) {
      await codecommit('UpdateRepositoryDescription', { repositoryName, repositoryDescription });
    }
    const { repositoryMetadata } = await codecommit('GetRepository', { repositoryName });
    const { Arn: resourceArn } = repositoryMetadata!;
    const { set, gone } = tagChanges(values.Tags, old.Tags);
    if (gone.length > 0) await codecommit('UntagResource', { resourceArn, tagKeys: gone });
    if (set.length > 0) await codecommit('TagResource', { resourceArn, tags: tagMap(set) });
    return { ...repositoryResource(repositoryMetadata!), physicalId };
  },
  async delete(_, { RepositoryName: repositoryName }, context) {
    await undefinedIfNotFound(codecommitClient(context)('DeleteRepository', { repositoryName }));
  },
});

/** The first commit: the files of a zip in S3. */
async function putCode(
  codecommit: ServiceClient<typeof CodeCommit>,
  repositoryName: string,
  { BranchName: branchName = 'main', S3: at }: ReturnType<typeof codeOf>,
  context: ResourceContext,
): Promise<void> {
  const { Bucket, Key, ObjectVersion: VersionId } = at;
  const { Body } = await serviceClient<typeof S3>(context, 's3')('GetObject', { Bucket, Key, VersionId });
  const putFiles = Object.entries(unzipSync(Body!))
    .filter(([path]) => !path.endsWith('/'))
    .map(([filePath, fileContent]) => ({ filePath, fileContent }));
  await codecommit('CreateCommit', { repositoryName, branchName, putFiles, commitMessage: 'Initial commit' });
}

function repositoryResource({
  repositoryId,
  repositoryName,
  Arn,
  cloneUrlHttp,
  cloneUrlSsh,
}: CodeCommit.RepositoryMetadata) {
  return {
    physicalId: repositoryId!,
    attributes: { Arn, Name: repositoryName, CloneUrlHttp: cloneUrlHttp, CloneUrlSsh: cloneUrlSsh },
  };
}

export const codecommitTypes = [repository];
