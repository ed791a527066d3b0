import { type Context, type EventBridgeEvent, isForEvent } from '@studio-resources/core';

/** CloudTrail reports a call within minutes, and Lambda keeps an event for half an hour. In milliseconds. */
const newWithin = 3_600_000;

/** The parameters of a SageMaker call that has succeeded, from CloudTrail's event of it; undefined for any other event. */
export function requestParametersIn(
  { source, detail }: EventBridgeEvent,
  operation: string,
): Readonly<Record<string, unknown>> | undefined {
  const { eventName, eventSource, requestParameters, errorCode } = detail;
  if (source !== 'aws.sagemaker' || eventSource !== 'sagemaker.amazonaws.com') return undefined;
  if (eventName !== operation || errorCode !== undefined) return undefined;
  return Object(requestParameters);
}

/** Whether a request stands for an event, and what the event says was created is older: a rule can make up an event. */
export function isTooOldForEvent(created: Date | undefined, ctx: Pick<Context, 'since' | 'stackId'>): boolean {
  return isForEvent(ctx) && ctx.since.getTime() - (created?.getTime() ?? 0) > newWithin;
}
