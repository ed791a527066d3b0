import * as SNS from '@aws-sdk/client-sns';
import { regionalArn } from '../../arn.ts';
import { type Access, type Call, type Definition, service } from '../../service.ts';
import { publishOperations, publishTasks } from './publish.ts';
import { topics } from './records.ts';
import { subscriptionOperations, topicOf } from './subscriptions.ts';
import { topicOperations } from './topics.ts';

function onTopic({ TopicArn, TargetArn }: { TopicArn?: string; TargetArn?: string }): Access[] {
  return [{ resource: TopicArn ?? TargetArn ?? '' }];
}

function onTagged({ ResourceArn = '' }: { ResourceArn?: string }): Access[] {
  return [{ resource: ResourceArn }];
}

/** A subscription is authorised as what is its topic's. */
function onSubscription({ SubscriptionArn = '' }: { SubscriptionArn?: string }, call: Call): Access[] {
  return [{ resource: topicOf(SubscriptionArn, call) }];
}

const access: Definition<typeof SNS>['access'] = {
  CreateTopic: ({ Name = '' }, call) => [{ resource: regionalArn('sns', Name, call) }],
  DeleteTopic: onTopic,
  GetTopicAttributes: onTopic,
  SetTopicAttributes: onTopic,
  ListTopics: () => [{ resource: '*' }],
  TagResource: onTagged,
  UntagResource: onTagged,
  ListTagsForResource: onTagged,
  Subscribe: (input) => [
    {
      resource: input.TopicArn,
      context: { 'sns:Protocol': input.Protocol ?? '', 'sns:Endpoint': input.Endpoint ?? '' },
    },
  ],
  ConfirmSubscription: onTopic,
  Unsubscribe: onSubscription,
  GetSubscriptionAttributes: onSubscription,
  SetSubscriptionAttributes: onSubscription,
  ListSubscriptions: () => [{ resource: '*' }],
  ListSubscriptionsByTopic: onTopic,
  Publish: onTopic,
};

/** SNS: topics that reach functions and HTTP endpoints. Mail is not sent. */
export const sns = service('sns', 'sns', SNS, {
  operations: { ...topicOperations, ...subscriptionOperations, ...publishOperations },
  tasks: publishTasks,
  access,
  tagsOf: (arn, call) => topics(call).get(arn)?.tags,
  resourcePolicy(arn, call) {
    const topic = topics(call).get(arn);
    const document = topic?.attributes.Policy;
    return topic && document !== undefined ? { document, account: topic.account } : undefined;
  },
});
