import type * as SNS from '@aws-sdk/client-sns';
import { AwsError } from '../../errors.ts';
import type { Call, Definition } from '../../service.ts';

export type Operations = Definition<typeof SNS>['operations'];

export interface TopicRecord {
  arn: string;
  name: string;
  account: string;
  /** As SetTopicAttributes took them, `Policy` among them. */
  attributes: Record<string, string>;
  tags: Record<string, string>;
}

export interface SubscriptionRecord {
  arn: string;
  topicArn: string;
  owner: string;
  protocol: string;
  endpoint: string;
  /** What confirms it; gone once it is confirmed. */
  token?: string;
  attributes: Record<string, string>;
}

export const topics = (call: Call) => call.table<TopicRecord>('topics');
export const subscriptions = (call: Call) => call.table<SubscriptionRecord>('subscriptions');

/** Throws NotFound. */
export function getTopic(arn: string | undefined, call: Call): TopicRecord {
  const found = topics(call).get(arn ?? '');
  if (found) return found;
  throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
}

/** Throws NotFound. */
export function getSubscription(arn: string | undefined, call: Call): SubscriptionRecord {
  const found = subscriptions(call).get(arn ?? '');
  if (found) return found;
  throw new AwsError('NotFound', 'Subscription does not exist', { status: 404 });
}

export function subscriptionsOf(topicArn: string, call: Call): SubscriptionRecord[] {
  return [...subscriptions(call).values()].filter((one) => one.topicArn === topicArn);
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${message}`);
}
