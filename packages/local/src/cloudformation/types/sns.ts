import type * as SNS from '@aws-sdk/client-sns';
import type { ResourceContext } from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { document, flag, list, optional, required, struct, tags, text } from './property.ts';
import { type ServiceClient, serviceClient, undefinedIfNotFound } from './service-client.ts';

const snsClient = (context: ResourceContext) => serviceClient<typeof SNS>(context, 'sns');

const subscriptionOf = struct({ Endpoint: required(text), Protocol: required(text) });

type Subscriptions = ReturnType<typeof subscriptionOf>[];

const topic = nativeType({
  type: 'AWS::SNS::Topic',
  properties: {
    DisplayName: optional(text),
    KmsMasterKeyId: optional(text),
    Subscription: optional(list(subscriptionOf)),
    Tags: optional(tags),
    TopicName: optional(text, 'replaces'),
  },
  async create({ TopicName, DisplayName, KmsMasterKeyId, Subscription = [], Tags }, context) {
    const sns = snsClient(context);
    const Name = TopicName ?? context.inventName(256);
    const Attributes = { ...(DisplayName && { DisplayName }), ...(KmsMasterKeyId && { KmsMasterKeyId }) };
    const { TopicArn } = await sns('CreateTopic', { Name, Attributes, Tags: Tags?.length ? Tags : undefined });
    context.initiated(TopicArn!);
    await subscribe(sns, TopicArn!, Subscription, []);
    return topicResource(TopicArn!);
  },
  async update({ physicalId: TopicArn, values, old, changed }, context) {
    const sns = snsClient(context);
    for (const AttributeName of ['DisplayName', 'KmsMasterKeyId'] as const) {
      if (!changed.has(AttributeName)) continue;
      await sns('SetTopicAttributes', { TopicArn, AttributeName, AttributeValue: values[AttributeName] ?? '' });
    }
    await subscribe(sns, TopicArn, values.Subscription ?? [], old.Subscription ?? []);
    const { set, gone } = tagChanges(values.Tags, old.Tags);
    if (gone.length > 0) await sns('UntagResource', { ResourceArn: TopicArn, TagKeys: gone });
    if (set.length > 0) await sns('TagResource', { ResourceArn: TopicArn, Tags: set });
    return topicResource(TopicArn);
  },
  async delete(TopicArn, _, context) {
    await undefinedIfNotFound(snsClient(context)('DeleteTopic', { TopicArn }));
  },
});

/** Subscribes what is new, and takes away what only was. */
async function subscribe(
  sns: ServiceClient<typeof SNS>,
  TopicArn: string,
  now: Subscriptions,
  old: Subscriptions,
): Promise<void> {
  const isIn = (all: Subscriptions, one: { Endpoint?: string; Protocol?: string }) =>
    all.some(({ Endpoint, Protocol }) => Endpoint === one.Endpoint && Protocol === one.Protocol);
  for (const one of now) if (!isIn(old, one)) await sns('Subscribe', { TopicArn, ...one });
  const gone = old.filter((one) => !isIn(now, one));
  if (gone.length === 0) return;
  const { Subscriptions = [] } = await sns('ListSubscriptionsByTopic', { TopicArn });
  for (const { SubscriptionArn, Endpoint, Protocol } of Subscriptions) {
    const isGone = isIn(gone, { Endpoint, Protocol });
    // An unconfirmed subscription cannot be deleted, and expires.
    if (isGone && SubscriptionArn?.startsWith('arn:')) await sns('Unsubscribe', { SubscriptionArn });
  }
}

function topicResource(arn: string) {
  return { physicalId: arn, attributes: { TopicArn: arn, TopicName: arn.slice(arn.lastIndexOf(':') + 1) } };
}

const subscription = nativeType({
  type: 'AWS::SNS::Subscription',
  properties: {
    Endpoint: optional(text, 'replaces'),
    Protocol: required(text, 'replaces'),
    RawMessageDelivery: optional(flag),
    TopicArn: required(text, 'replaces'),
  },
  async create({ Endpoint, Protocol, RawMessageDelivery, TopicArn }, context) {
    const Attributes: Record<string, string> =
      RawMessageDelivery === undefined ? {} : { RawMessageDelivery: String(RawMessageDelivery) };
    const input = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true };
    const { SubscriptionArn } = await snsClient(context)('Subscribe', input);
    return { physicalId: SubscriptionArn!, attributes: { Arn: SubscriptionArn } };
  },
  async update({ physicalId: SubscriptionArn, values: { RawMessageDelivery = false } }, context) {
    const change = { AttributeName: 'RawMessageDelivery', AttributeValue: String(RawMessageDelivery) };
    await snsClient(context)('SetSubscriptionAttributes', { SubscriptionArn, ...change });
    return { physicalId: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
  },
  async delete(SubscriptionArn, _, context) {
    await undefinedIfNotFound(snsClient(context)('Unsubscribe', { SubscriptionArn }));
  },
});

const topicPolicy = nativeType({
  type: 'AWS::SNS::TopicPolicy',
  properties: { PolicyDocument: required(document), Topics: required(list(text)) },
  async create({ PolicyDocument, Topics }, context) {
    await setPolicy(snsClient(context), Topics, PolicyDocument);
    return { physicalId: context.inventName(256), attributes: {} };
  },
  async update({ physicalId, values: { PolicyDocument, Topics }, old }, context) {
    const sns = snsClient(context);
    await setPolicy(sns, Topics, PolicyDocument);
    const gone = (old.Topics ?? []).filter((one) => !Topics.includes(one));
    await setPolicy(sns, gone, '');
    return { physicalId, attributes: {} };
  },
  async delete(_, { Topics = [] }, context) {
    await setPolicy(snsClient(context), Topics, '');
  },
});

/** No policy brings back SNS's own; a topic that is gone has none. */
async function setPolicy(sns: ServiceClient<typeof SNS>, Topics: string[], AttributeValue: string): Promise<void> {
  for (const TopicArn of Topics) {
    const set = sns('SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
    await (AttributeValue === '' ? undefinedIfNotFound(set) : set);
  }
}

export const snsTypes = [topic, subscription, topicPolicy];
