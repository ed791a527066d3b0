import type * as CloudFormation from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import { Cancelled, type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { findStack, getStack, isInProgress, type StackRecord } from '../stack.ts';
import { nativeType } from './native-type.ts';
import { list, mapOf, number, optional, required, tags, text, type ValuesOf } from './property.ts';
import { pollUntil, serviceClient } from './service-client.ts';

const stackClient = (context: ResourceContext) => serviceClient<typeof CloudFormation>(context, 'cloudformation');

/** Seconds between two polls of a nested stack. */
const POLL_SECONDS = 2;

const properties = {
  NotificationARNs: optional(list(text)),
  Parameters: optional(mapOf(parameterText)),
  Tags: optional(tags),
  TemplateURL: required(text),
  TimeoutInMinutes: optional(number),
};

type Values = ValuesOf<typeof properties>;

/** A list stands for a parameter of a list type. */
function parameterText(value: unknown, path: string): string {
  return Array.isArray(value) ? value.map((item) => text(item, path)).join(',') : text(value, path);
}

const nestedStack = nativeType({
  type: 'AWS::CloudFormation::Stack',
  // Its template may have changed behind the same URL.
  alwaysUpdates: true,
  properties,

  async create(values, context) {
    const { StackId } = await stackClient(context)('CreateStack', {
      ...requestOf(values, context),
      StackName: context.inventName(128),
      TimeoutInMinutes: values.TimeoutInMinutes,
      // Its parent, whose creation fails with it, takes it down.
      OnFailure: 'DO_NOTHING',
    });
    const stack = getStack(context, StackId);
    const parent = getStack(context, context.stackId);
    stack.parentId = parent.id;
    stack.rootId = parent.rootId ?? parent.id;
    context.initiated(stack.id);
    await waitUntilAtRest(stack, context);
    if (stack.status !== 'CREATE_COMPLETE') {
      throw new ResourceFailure(`Embedded stack ${stack.id} was not successfully created: ${stack.statusReason ?? ''}`);
    }
    return stackResource(stack);
  },

  async update({ physicalId, values }, context) {
    const stack = getStack(context, physicalId);
    await waitUntilAtRest(stack, context);
    try {
      await stackClient(context)('UpdateStack', { ...requestOf(values, context), StackName: physicalId });
    } catch (error) {
      if (error instanceof AwsError && error.message === 'No updates are to be performed.') return stackResource(stack);
      throw error;
    }
    try {
      await pollUntil(context, POLL_SECONDS, async () =>
        /^UPDATE_(IN_PROGRESS|COMPLETE_CLEANUP)/.test(stack.status) ? undefined : true,
      );
    } catch (error) {
      if (error instanceof Cancelled && stack.status === 'UPDATE_IN_PROGRESS') {
        await stackClient(context)('CancelUpdateStack', { StackName: physicalId });
      }
      throw error;
    }
    if (stack.status === 'UPDATE_COMPLETE') return stackResource(stack);
    const text = `Embedded stack ${stack.id} was not successfully updated. Currently in ${stack.status} with reason: ${stack.statusReason ?? ''}`;
    throw new ResourceFailure(text);
  },

  async delete(physicalId, _, context) {
    const stack = findStack(context, physicalId);
    if (!stack) return;
    if (stack.status !== 'CREATE_IN_PROGRESS') await waitUntilAtRest(stack, context);
    await stackClient(context)('DeleteStack', { StackName: physicalId });
    await waitUntilAtRest(stack, context);
    if (stack.status === 'DELETE_COMPLETE') return;
    throw new ResourceFailure(`Embedded stack ${stack.id} was not successfully deleted: ${stack.statusReason ?? ''}`);
  },
});

function requestOf({ TemplateURL, Parameters = {}, Tags, NotificationARNs }: Values, context: ResourceContext) {
  const { capabilities } = getStack(context, context.stackId).definition;
  return {
    TemplateURL,
    Parameters: Object.entries(Parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Capabilities: capabilities,
    Tags,
    NotificationARNs,
  };
}

/** Waits until no operation is under way. */
async function waitUntilAtRest(stack: StackRecord, context: ResourceContext): Promise<void> {
  await pollUntil(context, POLL_SECONDS, async () => (isInProgress(stack.status) ? undefined : true));
}

function stackResource({ id, outputs }: StackRecord) {
  return {
    physicalId: id,
    attributes: Object.fromEntries(outputs.map(({ name, value }) => [`Outputs.${name}`, value])),
  };
}

export const nestedStackTypes = [nestedStack];
