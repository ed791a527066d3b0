import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { s3 } from '../s3/index.ts';
import { assumeAsService } from '../sts.ts';
import { getModelPackage } from './model-package.ts';
import { list } from './pages.ts';
import { all, arnOf, invalid, type ModelRecord, type Operations, tableOf } from './records.ts';
import { rolesMustBeAssumable } from './roles.ts';
import { checkTags, forgetTags, tagNew } from './tags.ts';
import { matchesTimes } from './time-filter.ts';

/** The model of that name. Throws a ValidationException: the API has no error of its own for it. */
export function getModel(ModelName: string | undefined, call: Call): ModelRecord {
  const model = tableOf('model', call).get(ModelName ?? '');
  if (model) return model;
  throw invalid(`Could not find model "${arnOf('model', ModelName ?? '', call)}".`);
}

export const modelOperations: Operations = {
  async CreateModel(request, call) {
    checkTags(request.Tags);
    const { Tags, ModelName = '', PrimaryContainer, Containers = [], ExecutionRoleArn, ...more } = request;
    const arn = arnOf('model', ModelName, call);
    if (tableOf('model', call).has(ModelName)) throw invalid(`Cannot create already existing model "${arn}".`);
    const containers = [...(PrimaryContainer ? [PrimaryContainer] : []), ...Containers];
    if (containers.length === 0)
      throw invalid('Provide either PrimaryContainer or Containers in the CreateModel request.');
    rolesMustBeAssumable({ ExecutionRole: ExecutionRoleArn }, call);
    for (const container of containers) await checkContainer(container, ExecutionRoleArn, call);
    const CreationTime = new Date(call.clock.now());
    tableOf('model', call).set(ModelName, {
      key: ModelName,
      arn,
      shown: {
        ...more,
        ...{ ModelName, PrimaryContainer, ExecutionRoleArn, CreationTime },
        ...(Containers.length > 0 && { Containers }),
        ModelArn: arn,
      },
      visibleAt: CreationTime.getTime(),
      step: 0,
    });
    tagNew(arn, Tags, call);
    return { ModelArn: arn };
  },

  DescribeModel: ({ ModelName }, call) => getModel(ModelName, call).shown,

  ListModels({ SortOrder = 'Descending', ...request }, call) {
    const part = request.NameContains ?? '';
    const models = all('model', call, ({ key, shown }) => key.includes(part) && matchesTimes(request, shown));
    const { items, NextToken } = list({ ...request, SortOrder }, models, summaryOf, call);
    return { Models: items, NextToken };
  },

  DeleteModel({ ModelName }, call) {
    const { key, arn } = getModel(ModelName, call);
    tableOf('model', call).delete(key);
    forgetTags(arn, call);
    return {};
  },
};

function summaryOf({ shown: { ModelName, ModelArn, CreationTime } }: ModelRecord): SageMaker.ModelSummary {
  return { ModelName, ModelArn, CreationTime };
}

/** A container is one of its own, or comes from a model package. SageMaker looks at its data with the model's role. */
async function checkContainer(
  { Image, ModelDataUrl, ModelPackageName }: SageMaker.ContainerDefinition,
  roleArn: string | undefined,
  call: Call,
): Promise<void> {
  if (ModelPackageName !== undefined) {
    const { InferenceSpecification, ModelApprovalStatus } = getModelPackage(ModelPackageName, call).shown;
    if (ModelApprovalStatus === 'Rejected') throw invalid(`Cannot use rejected model package ${ModelPackageName}`);
    for (const one of InferenceSpecification?.Containers ?? []) {
      const { Image, ModelDataUrl } = one;
      await checkContainer({ Image, ModelDataUrl }, roleArn, call);
    }
    return;
  }
  if (Image === undefined) throw invalid('Image should be provided in the container definition.');
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(ModelDataUrl ?? '') ?? [];
  if (Bucket === undefined || roleArn === undefined) return;
  const { principal } = assumeAsService(call.cloud, roleArn, 'sagemaker.amazonaws.com', 'SageMaker');
  try {
    await call.invoke(s3, 'HeadObject', { Bucket, Key }, principal);
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw Object.assign(invalid(problemWith(ModelDataUrl!, roleArn, cause)), { cause });
  }
}

function problemWith(url: string, roleArn: string, { name }: AwsError): string {
  if (/NotFound|NoSuch/.test(name)) return `Could not find model data at ${url}.`;
  return `Could not access model data at ${url}. Please ensure that the role "${roleArn}" exists and that its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions and that the object is located in ${url.split('/')[2]}.`;
}
