import type * as CloudFormation from '@aws-sdk/client-cloudformation';
import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { Call, Input, OperationName, Output } from '../../service.ts';
import { serviceCatalog } from '../service-catalog/index.ts';
import { invalid, type ProjectRecord, tableOf } from './records.ts';
import { enter } from './statuses.ts';

/** What a project was launched as, and what is to be followed. */
export interface Launch {
  /** What `DescribeProject` shows of it. */
  shown: Pick<SageMaker.DescribeProjectOutput, 'ServiceCatalogProvisionedProductDetails' | 'TemplateProviderDetails'>;
  /** Of Service Catalog a record, of CloudFormation a stack. */
  id: string;
}

/** How often SageMaker polls what it has launched, in seconds. */
const pollSeconds = [4, 6] as const;

/** The parameters that SageMaker gives to every template. */
function ownParameters(ProjectName: string, ProjectId: string): SageMaker.ProvisioningParameter[] {
  return [
    { Key: 'SageMakerProjectName', Value: ProjectName },
    { Key: 'SageMakerProjectId', Value: ProjectId },
  ];
}

function projectTags(ProjectName: string, ProjectId: string): SageMaker.Tag[] {
  return [
    { Key: 'sagemaker:project-name', Value: ProjectName },
    { Key: 'sagemaker:project-id', Value: ProjectId },
  ];
}

/** Launches what a project consists of, with the rights of the caller. */
export function launch(request: SageMaker.CreateProjectInput, ProjectId: string, call: Call): Promise<Launch> {
  return request.ServiceCatalogProvisioningDetails
    ? provision(request, request.ServiceCatalogProvisioningDetails, ProjectId, call)
    : createStack(request, ProjectId, call);
}

async function provision(
  { ProjectName = '', Tags = [] }: SageMaker.CreateProjectInput,
  {
    ProductId,
    ProvisioningArtifactId,
    PathId,
    ProvisioningParameters = [],
  }: SageMaker.ServiceCatalogProvisioningDetails,
  ProjectId: string,
  call: Call,
): Promise<Launch> {
  const { RecordDetail } = await catalog(call, 'ProvisionProduct', {
    ProductId,
    ProvisioningArtifactId: ProvisioningArtifactId ?? (await newestArtifact(ProductId, call)),
    PathId,
    ProvisionedProductName: `${ProjectName}-${ProjectId}`,
    ProvisioningParameters: [...ProvisioningParameters, ...ownParameters(ProjectName, ProjectId)],
    Tags: [...Tags, ...projectTags(ProjectName, ProjectId)],
    ProvisionToken: ProjectId,
  });
  const { ProvisionedProductId, RecordId } = RecordDetail!;
  return { shown: { ServiceCatalogProvisionedProductDetails: { ProvisionedProductId } }, id: RecordId! };
}

async function newestArtifact(Id: string | undefined, call: Call): Promise<string | undefined> {
  const { ProvisioningArtifacts = [] } = await catalog(call, 'DescribeProduct', { Id });
  return ProvisioningArtifacts.at(-1)?.Id;
}

async function createStack(
  { ProjectName = '', Tags = [], TemplateProviders = [] }: SageMaker.CreateProjectInput,
  ProjectId: string,
  call: Call,
): Promise<Launch> {
  const provider = TemplateProviders[0]?.CfnTemplateProvider;
  if (!provider) throw invalid('A template provider takes a CfnTemplateProvider.');
  const { RoleARN, TemplateName, TemplateURL, Parameters = [] } = provider;
  const StackName = `sagemaker-${ProjectName}-${ProjectId}`;
  const { StackId } = await stacks(call, 'CreateStack', {
    StackName,
    TemplateURL,
    RoleARN,
    Parameters: stackParameters([...Parameters, ...ownParameters(ProjectName, ProjectId)]),
    Tags: [...Tags, ...projectTags(ProjectName, ProjectId)],
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  const StackDetail = { Name: StackName, Id: StackId, StatusMessage: '' };
  const CfnTemplateProviderDetail = { TemplateName, TemplateURL, RoleARN, Parameters, StackDetail };
  return { shown: { TemplateProviderDetails: [{ CfnTemplateProviderDetail }] }, id: StackId! };
}

function stackParameters(parameters: readonly { Key?: string; Value?: string }[]): CloudFormation.Parameter[] {
  return parameters.map(({ Key, Value }) => ({ ParameterKey: Key, ParameterValue: Value }));
}

/** Launches another version, or with other parameters: those that are left out stay. Undefined where nothing is asked for. */
export async function relaunch(
  { shown }: ProjectRecord,
  request: SageMaker.UpdateProjectInput,
  call: Call,
): Promise<string | undefined> {
  const { ServiceCatalogProvisioningUpdateDetails: details, TemplateProvidersToUpdate = [] } = request;
  const own = ownParameters(shown.ProjectName, shown.ProjectId);
  if (details) {
    const before = shown.ServiceCatalogProvisioningDetails;
    if (!before) throw invalid(`Project ${shown.ProjectName} was not launched from a product.`);
    const { ProvisioningArtifactId = before.ProvisioningArtifactId, ProvisioningParameters = [] } = details;
    const parameters = merged(before.ProvisioningParameters, ProvisioningParameters);
    const { RecordDetail } = await catalog(call, 'UpdateProvisionedProduct', {
      ProvisionedProductId: shown.ServiceCatalogProvisionedProductDetails!.ProvisionedProductId,
      ProductId: before.ProductId,
      ProvisioningArtifactId,
      PathId: before.PathId,
      ProvisioningParameters: [...parameters, ...own],
      UpdateToken: call.requestId,
    });
    shown.ServiceCatalogProvisioningDetails = {
      ...before,
      ProvisioningArtifactId,
      ProvisioningParameters: parameters,
    };
    return RecordDetail!.RecordId;
  }
  const provider = TemplateProvidersToUpdate[0]?.CfnTemplateProvider;
  if (!provider) return undefined;
  const detail = shown.TemplateProviderDetails?.[0]?.CfnTemplateProviderDetail;
  if (!detail) throw invalid(`Project ${shown.ProjectName} was not launched from a template.`);
  const Parameters = merged(detail.Parameters, provider.Parameters as SageMaker.CfnStackParameter[]);
  const { StackId } = await stacks(call, 'UpdateStack', {
    StackName: detail.StackDetail!.Id,
    TemplateURL: provider.TemplateURL,
    RoleARN: detail.RoleARN,
    Parameters: stackParameters([...Parameters, ...own]),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  Object.assign(detail, { TemplateName: provider.TemplateName, TemplateURL: provider.TemplateURL, Parameters });
  return StackId;
}

function merged<P extends { Key?: string }>(old: readonly P[] = [], now: readonly P[] = []): P[] {
  const keys = new Set(now.map(({ Key }) => Key));
  return [...old.filter(({ Key }) => !keys.has(Key)), ...now];
}

/** Takes down what was launched. Undefined where it is gone already. */
export async function terminate({ shown }: ProjectRecord, call: Call): Promise<string | undefined> {
  const ProvisionedProductId = shown.ServiceCatalogProvisionedProductDetails?.ProvisionedProductId;
  try {
    if (ProvisionedProductId !== undefined) {
      const input = { ProvisionedProductId, TerminateToken: call.requestId };
      return (await catalog(call, 'TerminateProvisionedProduct', input)).RecordDetail!.RecordId;
    }
  } catch (error) {
    if (error instanceof AwsError && error.cause instanceof AwsError && /NotFound/.test(error.cause.name))
      return undefined;
    throw error;
  }
  const StackName = shown.TemplateProviderDetails![0]!.CfnTemplateProviderDetail!.StackDetail!.Id;
  await stacks(call, 'DeleteStack', { StackName });
  return StackName;
}

interface Following {
  key: string;
  step: number;
}

/** Polls what was launched until the project's status can end. */
export function follow({ key, step }: ProjectRecord, call: Call): void {
  call.takes(pollSeconds, 'followProject', { key, step } satisfies Following);
}

interface End {
  status: 'Completed' | 'Failed';
  message: string;
}

/** The task that looks. */
export async function followProject({ key, step }: Following, call: Call): Promise<void> {
  const project = tableOf('project', call).get(key);
  if (!project || project.step !== step) return;
  const { shown, launched } = project;
  const details = shown.ServiceCatalogProvisionedProductDetails;
  const end = details ? await recordEnd(launched, call) : await stackEnd(launched, call);
  if (!end) return follow(project, call);
  const stack = shown.TemplateProviderDetails?.[0]?.CfnTemplateProviderDetail?.StackDetail;
  if (details) details.ProvisionedProductStatusMessage = end.message;
  if (stack) stack.StatusMessage = end.message;
  const verb = shown.Status.replace('InProgress', '') as 'Create' | 'Update' | 'Delete';
  enter('project', project, `${verb}${end.status}`, call);
}

async function recordEnd(Id: string, call: Call): Promise<End | undefined> {
  const { RecordDetail } = await call.invoke(serviceCatalog, 'DescribeRecord', { Id });
  const { Status, RecordErrors = [] } = RecordDetail!;
  if (Status === 'SUCCEEDED') return { status: 'Completed', message: '' };
  if (Status !== 'FAILED') return undefined;
  return { status: 'Failed', message: RecordErrors.map(({ Description }) => Description).join('; ') };
}

async function stackEnd(StackName: string, call: Call): Promise<End | undefined> {
  const { Stacks } = await stacks(call, 'DescribeStacks', { StackName });
  const { StackStatus = '' } = Stacks![0]!;
  if (/_IN_PROGRESS$/.test(StackStatus)) return undefined;
  if (/^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(StackStatus)) return { status: 'Completed', message: '' };
  const { StackEvents = [] } = await stacks(call, 'DescribeStackEvents', { StackName });
  const failure = StackEvents.find(({ ResourceStatus = '' }) => ResourceStatus.endsWith('_FAILED'));
  return { status: 'Failed', message: failure?.ResourceStatusReason ?? StackStatus };
}

/** Service Catalog, called with the caller's rights. What it refuses, SageMaker refuses in its words. */
async function catalog<Name extends OperationName<typeof ServiceCatalog>>(
  call: Call,
  operation: Name,
  input: Input<typeof ServiceCatalog, Name>,
): Promise<Output<typeof ServiceCatalog, Name>> {
  return asSageMakerError(call.invoke(serviceCatalog, operation, input));
}

async function stacks<Name extends OperationName<typeof CloudFormation>>(
  { cloud, principal, region }: { cloud: Call['cloud']; principal: Principal; region: string },
  operation: Name,
  input: Input<typeof CloudFormation, Name>,
): Promise<Output<typeof CloudFormation, Name>> {
  const plain = input as Record<string, unknown>;
  const output = cloud.call({ service: 'cloudformation', operation, input: plain, principal, region });
  return (await asSageMakerError(output)) as Output<typeof CloudFormation, Name>;
}

async function asSageMakerError<T>(output: Promise<T>): Promise<T> {
  try {
    return await output;
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw Object.assign(invalid(cause.message), { cause });
  }
}
