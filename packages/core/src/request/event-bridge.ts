import { InvalidRequestError } from '../errors.ts';
import type { Resource } from '../resource.ts';
import type { LambdaContext } from './request.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An event of EventBridge, as far as resources are to know it. */
export interface EventBridgeEvent {
  readonly id: string;
  /** `aws.sagemaker` */
  readonly source: string;
  /** `AWS API Call via CloudTrail` */
  readonly detailType: string;
  readonly detail: Fields;
}

/** The event that a function was called with; undefined for anything else. */
export function eventBridgeEventIn(payload: unknown): EventBridgeEvent | undefined {
  const { id, source, 'detail-type': detailType, detail } = Object(payload) as Fields;
  if (typeof detailType !== 'string' || typeof source !== 'string') return undefined;
  if (typeof id !== 'string' || id === '') throw new InvalidRequestError('Reading the event: it has no id');
  return { id, source, detailType, detail: Object(detail) };
}

/**
 * What an event asks of a resource, in the form of a request: a Create that nobody waits for. It has no response URL, and
 * for its stack the function's own ARN. Undefined where it asks for nothing.
 */
export function requestOf<Props extends object, State>(
  event: EventBridgeEvent,
  { onEvent, type }: Pick<Resource<Props, State>, 'onEvent' | 'type'>,
  { invokedFunctionArn }: Pick<LambdaContext, 'invokedFunctionArn'>,
): Fields | undefined {
  const properties = onEvent?.(event);
  if (properties === undefined) return undefined;
  return {
    RequestType: 'Create',
    StackId: invokedFunctionArn,
    RequestId: event.id,
    LogicalResourceId: event.source,
    ResourceType: type,
    ResourceProperties: properties,
  };
}

/** Is it the ARN of a function, which stands where a stack's does when nobody waits for an answer? */
export function isUnasked(stackId: string): boolean {
  return stackId.split(':')[2] === 'lambda';
}
