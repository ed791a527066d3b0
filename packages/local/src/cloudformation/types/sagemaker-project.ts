import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../errors.ts';
import { type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { nativeType } from './native-type.ts';
import { asIn, document, list, optional, required, struct, tags, text } from './property.ts';
import { retagArn, sagemakerClient } from './sagemaker-domain.ts';
import { pollUntil } from './service-client.ts';

/** Seconds between two polls of a project. */
const POLL_SECONDS = 10;

/** Undefined when SageMaker says, as it does of all but Studio, in a ValidationException that the thing is not there. */
export async function undefinedUnlessExists<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (
      error instanceof AwsError &&
      /does not exist|Could not find|Cannot find|in DeleteCompleted status/.test(error.message)
    ) {
      return undefined;
    }
    throw error;
  }
}

const templateProvider = struct({
  CfnTemplateProviderDetail: required(
    struct({
      Parameters: optional(list(struct({ Key: required(text), Value: required(text) }))),
      RoleARN: optional(text),
      TemplateName: required(text),
      TemplateURL: required(text),
    }),
  ),
});

const project = nativeType({
  type: 'AWS::SageMaker::Project',
  properties: {
    ProjectDescription: optional(text),
    ProjectName: required(text),
    ServiceCatalogProvisioningDetails: optional(asIn<SageMaker.ServiceCatalogProvisioningDetails>()),
    Tags: optional(tags),
    TemplateProviderDetails: optional(list(templateProvider)),
  },
  async create({ TemplateProviderDetails, ...values }, context) {
    const sagemaker = sagemakerClient(context);
    const TemplateProviders = TemplateProviderDetails?.map(({ CfnTemplateProviderDetail: CfnTemplateProvider }) => ({
      CfnTemplateProvider,
    }));
    const { ProjectArn } = await sagemaker('CreateProject', { ...values, TemplateProviders });
    context.initiated(ProjectArn!);
    const { ProjectName } = values;
    // As AWS's own type does, it is content with a project that has failed: its status is an attribute.
    const made = await pollUntil(context, POLL_SECONDS, async () => {
      const seen = await sagemaker('DescribeProject', { ProjectName });
      return /InProgress$|^Pending$/.test(seen.ProjectStatus!) ? undefined : seen;
    });
    const { ProvisionedProductId, ProvisionedProductStatusMessage } =
      made.ServiceCatalogProvisionedProductDetails ?? {};
    return {
      physicalId: ProjectArn!,
      attributes: {
        ProjectArn,
        ProjectId: made.ProjectId,
        ProjectStatus: made.ProjectStatus,
        CreationTime: made.CreationTime!.toISOString(),
        'ServiceCatalogProvisionedProductDetails.ProvisionedProductId': ProvisionedProductId,
        'ServiceCatalogProvisionedProductDetails.ProvisionedProductStatusMessage': ProvisionedProductStatusMessage,
      },
    };
  },
  // Without an update: AWS's type replaces a project for whatever changes.
  async delete(arn, _, context) {
    const sagemaker = sagemakerClient(context);
    const ProjectName = arn.slice(arn.lastIndexOf('/') + 1);
    const read = () => undefinedUnlessExists(sagemaker('DescribeProject', { ProjectName }));
    const isBusy = ({ ProjectStatus = '' } = {}) => /InProgress$|^Pending$/.test(ProjectStatus);
    await pollUntil(context, POLL_SECONDS, async () => !isBusy(await read()) || undefined);
    await undefinedUnlessExists(sagemaker('DeleteProject', { ProjectName }));
    const { ProjectStatus, ...left } = await pollUntil(context, POLL_SECONDS, async () => {
      const seen = (await read()) ?? { ProjectStatus: 'DeleteCompleted' as const };
      return isBusy(seen) ? undefined : (seen as Partial<SageMaker.DescribeProjectOutput>);
    });
    if (ProjectStatus === 'DeleteCompleted') return;
    const reason = left.ServiceCatalogProvisionedProductDetails?.ProvisionedProductStatusMessage ?? '';
    throw new ResourceFailure(`Project ${ProjectName} is in state ${ProjectStatus}: ${reason}`);
  },
});

const modelPackageGroup = nativeType({
  type: 'AWS::SageMaker::ModelPackageGroup',
  properties: {
    ModelPackageGroupDescription: optional(text, 'replaces'),
    ModelPackageGroupName: required(text, 'replaces'),
    ModelPackageGroupPolicy: optional(document),
    Tags: optional(tags),
  },
  async create({ ModelPackageGroupPolicy, ...values }, context) {
    const { ModelPackageGroupArn } = await sagemakerClient(context)('CreateModelPackageGroup', values);
    context.initiated(ModelPackageGroupArn!);
    if (ModelPackageGroupPolicy !== undefined) await putPolicy(values, ModelPackageGroupPolicy, context);
    return groupMade(values, context);
  },
  async update({ values, old, changed }, context) {
    const { ModelPackageGroupName, ModelPackageGroupPolicy } = values;
    if (changed.has('ModelPackageGroupPolicy')) {
      if (ModelPackageGroupPolicy !== undefined) await putPolicy(values, ModelPackageGroupPolicy, context);
      else await sagemakerClient(context)('DeleteModelPackageGroupPolicy', { ModelPackageGroupName });
    }
    const made = await groupMade(values, context);
    await retagArn(sagemakerClient(context), made.physicalId, values.Tags, old.Tags);
    return made;
  },
  async delete(arn, _, context) {
    const sagemaker = sagemakerClient(context);
    const ModelPackageGroupName = arn.slice(arn.lastIndexOf('/') + 1);
    await undefinedUnlessExists(sagemaker('DeleteModelPackageGroup', { ModelPackageGroupName }));
    const read = () => undefinedUnlessExists(sagemaker('DescribeModelPackageGroup', { ModelPackageGroupName }));
    await pollUntil(context, 2, async () => (await read()) === undefined || undefined);
  },
});

interface GroupName {
  ModelPackageGroupName: string;
}

async function putPolicy({ ModelPackageGroupName }: GroupName, ResourcePolicy: string, context: ResourceContext) {
  await sagemakerClient(context)('PutModelPackageGroupPolicy', { ModelPackageGroupName, ResourcePolicy });
}

async function groupMade({ ModelPackageGroupName }: GroupName, context: ResourceContext) {
  const seen = await sagemakerClient(context)('DescribeModelPackageGroup', { ModelPackageGroupName });
  return {
    physicalId: seen.ModelPackageGroupArn!,
    attributes: {
      ModelPackageGroupArn: seen.ModelPackageGroupArn,
      ModelPackageGroupStatus: seen.ModelPackageGroupStatus,
      CreationTime: seen.CreationTime!.toISOString(),
    },
  };
}

export const projectTypes = [project, modelPackageGroup];
