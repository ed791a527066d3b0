import type * as ECR from '@aws-sdk/client-ecr';
import type { ResourceContext } from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { asIn, document, flag, optional, required, struct, tags, text } from './property.ts';
import { type ServiceClient, serviceClient, undefinedIfNotFound } from './service-client.ts';

const ecrClient = (context: ResourceContext) => serviceClient<typeof ECR>(context, 'ecr');

interface Policies {
  LifecyclePolicy?: { LifecyclePolicyText?: string };
  RepositoryPolicyText?: string;
}

const repository = nativeType({
  type: 'AWS::ECR::Repository',
  properties: {
    EmptyOnDelete: optional(flag),
    EncryptionConfiguration: optional(struct({ EncryptionType: required(text), KmsKey: optional(text) }), 'replaces'),
    ImageScanningConfiguration: optional(asIn<ECR.ImageScanningConfiguration>()),
    ImageTagMutability: optional(text),
    LifecyclePolicy: optional(struct({ LifecyclePolicyText: optional(text), RegistryId: optional(text) })),
    RepositoryName: optional(text, 'replaces'),
    RepositoryPolicyText: optional(document),
    Tags: optional(tags),
  },
  async create({ RepositoryName, EncryptionConfiguration: encryption, Tags, ...values }, context) {
    const ecr = ecrClient(context);
    // Its names are in small letters.
    const repositoryName = RepositoryName ?? context.inventName(256).toLowerCase();
    const { repository: created } = await ecr('CreateRepository', {
      repositoryName,
      encryptionConfiguration: encryption && {
        encryptionType: encryption.EncryptionType as ECR.EncryptionType,
        kmsKey: encryption.KmsKey,
      },
      imageScanningConfiguration: values.ImageScanningConfiguration,
      imageTagMutability: values.ImageTagMutability as ECR.ImageTagMutability | undefined,
      tags: Tags?.length ? Tags : undefined,
    });
    context.initiated(repositoryName);
    await setPolicies(ecr, repositoryName, values, {});
    return repositoryResource(created!);
  },
  async update({ physicalId: repositoryName, values, old, changed }, context) {
    const ecr = ecrClient(context);
    if (changed.has('ImageTagMutability')) {
      const imageTagMutability = (values.ImageTagMutability ?? 'MUTABLE') as ECR.ImageTagMutability;
      await ecr('PutImageTagMutability', { repositoryName, imageTagMutability });
    }
    if (changed.has('ImageScanningConfiguration')) {
      const imageScanningConfiguration = values.ImageScanningConfiguration ?? { scanOnPush: false };
      await ecr('PutImageScanningConfiguration', { repositoryName, imageScanningConfiguration });
    }
    await setPolicies(ecr, repositoryName, values, old);
    const { repositories } = await ecr('DescribeRepositories', { repositoryNames: [repositoryName] });
    const { set, gone } = tagChanges(values.Tags, old.Tags);
    const resourceArn = repositories![0]!.repositoryArn;
    if (gone.length > 0) await ecr('UntagResource', { resourceArn, tagKeys: gone });
    if (set.length > 0) await ecr('TagResource', { resourceArn, tags: set });
    return repositoryResource(repositories![0]!);
  },
  async delete(repositoryName, { EmptyOnDelete = false }, context) {
    await undefinedIfNotFound(ecrClient(context)('DeleteRepository', { repositoryName, force: EmptyOnDelete }));
  },
});

async function setPolicies(
  ecr: ServiceClient<typeof ECR>,
  repositoryName: string,
  now: Policies,
  old: Policies,
): Promise<void> {
  const lifecyclePolicyText = now.LifecyclePolicy?.LifecyclePolicyText;
  if (lifecyclePolicyText !== old.LifecyclePolicy?.LifecyclePolicyText) {
    if (lifecyclePolicyText !== undefined) await ecr('PutLifecyclePolicy', { repositoryName, lifecyclePolicyText });
    else await undefinedIfNotFound(ecr('DeleteLifecyclePolicy', { repositoryName }));
  }
  const policyText = now.RepositoryPolicyText;
  if (policyText !== old.RepositoryPolicyText) {
    if (policyText !== undefined) await ecr('SetRepositoryPolicy', { repositoryName, policyText });
    else await undefinedIfNotFound(ecr('DeleteRepositoryPolicy', { repositoryName }));
  }
}

function repositoryResource({ repositoryName, repositoryArn, repositoryUri }: ECR.Repository) {
  return { physicalId: repositoryName!, attributes: { Arn: repositoryArn!, RepositoryUri: repositoryUri! } };
}

export const ecrTypes = [repository];
