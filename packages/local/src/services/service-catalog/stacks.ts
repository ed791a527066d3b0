import type * as CloudFormation from '@aws-sdk/client-cloudformation';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { statusOf } from '../../protocols/errors.ts';
import { modelOf } from '../../protocols/model.ts';
import type { Call } from '../../service.ts';
import { assumeAsService } from '../sts.ts';
import { getArtifact } from './artifacts.ts';
import { constraintsOf } from './constraints.ts';
import { rulesOf } from './paths.ts';
import { products } from './product-records.ts';
import { type LaunchRecord, launchRecords, type ProvisionedRecord, provisionedProducts } from './provisioned.ts';
import { portfolios } from './records.ts';
import { constrained, publishTemplate } from './templates.ts';

/** What CloudFormation is to be asked for a record. */
export interface StackRequest {
  parameters?: CloudFormation.Parameter[];
  notificationArns?: string[];
  /** Of a termination: forget the product although its stack could not be deleted. */
  ignoreErrors?: boolean;
  /** Of a termination: leave the stack where it is. */
  retain?: boolean;
}

interface Step {
  recordId: string;
  request: StackRequest;
}

/** How often Service Catalog polls a stack, in seconds. */
const pollSeconds = [3, 6] as const;

type Cause = { code: string; text: string };

/** What happens in the background: a stack is asked for, and followed to its end. */
export const stackTasks = {
  async launch(step: Step, call: Call): Promise<void> {
    const record = launchRecords(call).get(step.recordId)!;
    const provisioned = provisionedProducts(call).get(record.provisionedId)!;
    record.status = 'IN_PROGRESS';
    if (step.request.retain || (isTermination(record) && provisioned.stackId === undefined)) {
      return succeed(record, provisioned, [], call);
    }
    await attempt(step, record, provisioned, call, async () => {
      if (isTermination(record)) {
        await cloudformation(record, call)('DeleteStack', { StackName: provisioned.stackId });
      } else if (!(await ask(step.request, record, provisioned, call))) {
        return succeed(record, provisioned, await outputsOf(record, provisioned, call), call);
      }
      call.takes(pollSeconds, 'follow', step);
    });
  },

  async follow(step: Step, call: Call): Promise<void> {
    const record = launchRecords(call).get(step.recordId)!;
    const provisioned = provisionedProducts(call).get(record.provisionedId)!;
    await attempt(step, record, provisioned, call, async () => {
      const stack = await stackOf(record, provisioned, call);
      if (stack.StackStatus?.endsWith('_IN_PROGRESS')) {
        call.takes(pollSeconds, 'follow', step);
      } else if (/^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(stack.StackStatus ?? '')) {
        succeed(record, provisioned, outputList(stack), call);
      } else {
        const text = await reasonsOf(stack, record, call);
        end(step, record, provisioned, { code: stack.StackStatus!, text }, call);
      }
    });
  },
};

export function provisionedProductArn(name: string, id: string, call: Call): string {
  return regionalArn('servicecatalog', `stack/${name}/${id}`, call);
}

/** Asks for the stack to be as the record says. False: it is so already. */
async function ask(
  { parameters, notificationArns }: StackRequest,
  record: LaunchRecord,
  provisioned: ProvisionedRecord,
  call: Call,
): Promise<boolean> {
  const cfn = cloudformation(record, call);
  const product = products(call).get(record.productId)!;
  const constraints = constraintsOf(provisioned.portfolioId, product.id, call);
  const template = constrained(getArtifact(product, record.artifactId).template, rulesOf({ constraints }));
  const TemplateURL = await publishTemplate(template, product.id, call);
  const { Capabilities } = (await cfn('GetTemplateSummary', {
    TemplateURL,
  })) as CloudFormation.GetTemplateSummaryOutput;
  const definition = {
    StackName: provisioned.stackName,
    TemplateURL,
    Parameters: parameters,
    Capabilities,
    NotificationARNs: notificationArns,
    Tags: stackTags(record, provisioned, product.arn, call),
  };
  if (record.type === 'PROVISION_PRODUCT') {
    const { StackId } = (await cfn('CreateStack', definition)) as CloudFormation.CreateStackOutput;
    provisioned.stackId = StackId;
    return true;
  }
  try {
    await cfn('UpdateStack', definition);
    return true;
  } catch (cause) {
    // AWS does not document an update without changes; here it succeeds.
    if (cause instanceof AwsError && cause.message === 'No updates are to be performed.') return false;
    throw cause;
  }
}

/** The user's tags, and those that say where the stack is from. */
function stackTags(
  record: LaunchRecord,
  provisioned: ProvisionedRecord,
  productArn: string,
  call: Call,
): CloudFormation.Tag[] {
  const origin = {
    productArn,
    provisioningPrincipalArn: record.principal.arn,
    portfolioArn: portfolios(call).get(provisioned.portfolioId)?.arn ?? '',
    provisioningArtifactIdentifier: record.artifactId,
    provisionedProductArn: provisioned.arn,
  };
  return [
    ...Object.entries(provisioned.tags).map(([Key, Value]) => ({ Key, Value })),
    ...Object.entries(origin).map(([name, Value]) => ({ Key: `aws:servicecatalog:${name}`, Value })),
  ];
}

/** CloudFormation, with the rights of the launch role, or of the caller where there is none. */
function cloudformation({ launchRoleArn, principal: user }: LaunchRecord, { cloud, region }: Call) {
  return (operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const principal =
      launchRoleArn === undefined
        ? user
        : assumeAsService(cloud, launchRoleArn, 'servicecatalog.amazonaws.com', 'servicecatalog').principal;
    return cloud.call({ service: 'cloudformation', operation, input, principal, region });
  };
}

async function stackOf(
  record: LaunchRecord,
  { stackId }: ProvisionedRecord,
  call: Call,
): Promise<CloudFormation.Stack> {
  const { Stacks } = await cloudformation(record, call)('DescribeStacks', { StackName: stackId });
  return (Stacks as CloudFormation.Stack[])[0]!;
}

async function outputsOf(record: LaunchRecord, provisioned: ProvisionedRecord, call: Call) {
  return outputList(await stackOf(record, provisioned, call));
}

function outputList({ StackId, Outputs = [] }: CloudFormation.Stack): LaunchRecord['outputs'] {
  const own = { OutputKey: 'CloudformationStackARN', OutputValue: StackId };
  return [
    { ...own, Description: 'The ARN of the launched Cloudformation Stack' },
    ...Outputs.map(({ OutputKey, OutputValue, Description }) => ({ OutputKey, OutputValue, Description })),
  ];
}

/** Why a stack is not as it was to be: its own reason, and what failed since the operation began. */
async function reasonsOf(stack: CloudFormation.Stack, record: LaunchRecord, call: Call): Promise<string> {
  const input = { StackName: stack.StackId };
  const { StackEvents } = await cloudformation(record, call)('DescribeStackEvents', input);
  const failures = (StackEvents as CloudFormation.StackEvent[])
    .filter(({ ResourceStatus, Timestamp }) => ResourceStatus?.endsWith('_FAILED') && Timestamp! >= record.created)
    .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason ?? ''}`)
    .reverse();
  return [stack.StackStatusReason, ...failures].filter((text) => text).join('; ');
}

/** Does something for a record; whatever is refused is how the record ends. */
async function attempt(
  step: Step,
  record: LaunchRecord,
  provisioned: ProvisionedRecord,
  call: Call,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    end(step, record, provisioned, { code: cause.name, text: refusalText(cause, call) }, call);
  }
}

/** As AWS's own client says it. */
function refusalText(error: AwsError, { cloud, requestId }: Call): string {
  const service = cloud.services.get('cloudformation')!;
  const status = statusOf(modelOf(service), error);
  return `${error.message} (Service: AmazonCloudFormation; Status Code: ${status}; Error Code: ${error.name}; Request ID: ${requestId}; Proxy: null)`;
}

function isTermination({ type }: LaunchRecord): boolean {
  return type === 'TERMINATE_PROVISIONED_PRODUCT';
}

function succeed(
  record: LaunchRecord,
  provisioned: ProvisionedRecord,
  outputs: LaunchRecord['outputs'],
  call: Call,
): void {
  record.status = 'SUCCEEDED';
  record.updated = new Date(call.clock.now());
  if (isTermination(record)) {
    provisionedProducts(call).delete(provisioned.id);
    return;
  }
  record.outputs = outputs;
  provisioned.status = 'AVAILABLE';
  provisioned.statusMessage = undefined;
  provisioned.lastSuccessfulProvisioningRecordId = record.id;
}

function end(
  { request }: Step,
  record: LaunchRecord,
  provisioned: ProvisionedRecord,
  { code, text }: Cause,
  call: Call,
): void {
  record.updated = new Date(call.clock.now());
  record.errors = [{ code, text }];
  if (request.ignoreErrors) {
    record.status = 'SUCCEEDED';
    provisionedProducts(call).delete(provisioned.id);
    return;
  }
  record.status = 'FAILED';
  // A first launch that failed has left nothing that runs; what ran before still does, if not as it was to.
  provisioned.status = record.type === 'PROVISION_PRODUCT' ? 'ERROR' : 'TAINTED';
  provisioned.statusMessage = text;
}
