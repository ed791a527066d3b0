import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { checkPolicy } from '../../iam/policy-check.ts';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import {
  getTopic,
  invalid,
  type Operations,
  subscriptions,
  subscriptionsOf,
  type TopicRecord,
  topics,
} from './records.ts';

const attributeNames = [
  'DeliveryPolicy',
  'DisplayName',
  'KmsMasterKeyId',
  'Policy',
  'SignatureVersion',
  'TracingConfig',
];

function checkAttribute(name: string, value: string): void {
  if (!attributeNames.includes(name))
    throw invalid(`AttributeName. The local cloud knows ${attributeNames.join(', ')}`);
  if (name === 'Policy' && value !== '') {
    try {
      checkPolicy(value, 'resource');
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      throw invalid(`Policy Error: ${cause.message}`);
    }
  }
}

function setAttribute({ attributes }: TopicRecord, name: string, value: string): void {
  checkAttribute(name, value);
  if (value === '') delete attributes[name];
  else attributes[name] = value;
}

const arnOf = (name: string, call: Call) => regionalArn('sns', name, call);

export const topicOperations: Operations = {
  CreateTopic({ Name = '', Attributes = {}, Tags = [] }, call) {
    if (!/^[\w-]{1,256}$/.test(Name)) throw invalid('Topic Name');
    const arn = arnOf(Name, call);
    const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    const existing = topics(call).get(arn);
    if (existing) {
      // Creating a topic again gives it, unless that would change it.
      const differs = Object.entries(Attributes).some(([name, value]) => existing.attributes[name] !== value);
      if (differs) throw invalid('Attributes Reason: Topic already exists with different attributes');
      if (Tags.length > 0 && JSON.stringify(tags) !== JSON.stringify(existing.tags)) {
        throw invalid('Tags Reason: Topic already exists with different tags');
      }
      return { TopicArn: arn };
    }
    const topic: TopicRecord = { arn, name: Name, account: call.account, attributes: {}, tags };
    for (const [name, value] of Object.entries(Attributes)) setAttribute(topic, name, value);
    topics(call).set(arn, topic);
    return { TopicArn: arn };
  },

  /** Deleting a topic that does not exist succeeds, as in AWS. Its subscriptions are deleted with it. */
  DeleteTopic({ TopicArn = '' }, call) {
    topics(call).delete(TopicArn);
    for (const { arn } of subscriptionsOf(TopicArn, call)) subscriptions(call).delete(arn);
    return {};
  },

  GetTopicAttributes({ TopicArn }, call) {
    const { arn, account, attributes } = getTopic(TopicArn, call);
    const all = subscriptionsOf(arn, call);
    const pending = all.filter(({ token }) => token !== undefined).length;
    return {
      Attributes: {
        TopicArn: arn,
        Owner: account,
        DisplayName: '',
        SubscriptionsConfirmed: String(all.length - pending),
        SubscriptionsPending: String(pending),
        SubscriptionsDeleted: '0',
        ...attributes,
      },
    };
  },

  SetTopicAttributes({ TopicArn, AttributeName = '', AttributeValue = '' }, call) {
    setAttribute(getTopic(TopicArn, call), AttributeName, AttributeValue);
    return {};
  },

  ListTopics({ NextToken }, call) {
    const request = { token: NextToken, size: 100 };
    const { items, token } = pageOf(
      topics(call).values(),
      ({ arn }) => arn,
      request,
      () => invalid('NextToken'),
    );
    return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: token };
  },

  TagResource({ ResourceArn, Tags = [] }, call) {
    const { tags } = taggedTopic(ResourceArn, call);
    for (const { Key = '', Value = '' } of Tags) tags[Key] = Value;
    return {};
  },

  UntagResource({ ResourceArn, TagKeys = [] }, call) {
    const { tags } = taggedTopic(ResourceArn, call);
    for (const key of TagKeys) delete tags[key];
    return {};
  },

  ListTagsForResource({ ResourceArn }, call) {
    const { tags } = taggedTopic(ResourceArn, call);
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
};

function taggedTopic(arn: string | undefined, call: Call): TopicRecord {
  const found = topics(call).get(arn ?? '');
  if (found) return found;
  throw new AwsError('ResourceNotFound', 'Resource does not exist', { status: 404 });
}
