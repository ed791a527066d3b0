import { pageOf } from '../../pages.ts';
import { alphanumerics } from '../../random.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { post } from './delivery.ts';
import {
  getSubscription,
  getTopic,
  invalid,
  type Operations,
  type SubscriptionRecord,
  subscriptions,
  subscriptionsOf,
} from './records.ts';

/** What an endpoint of each protocol looks like. Those of `lambda` are AWS's own, and need not confirm. */
const protocols: Record<string, RegExp> = {
  email: /^[^@\s]+@[^@\s]+$/,
  'email-json': /^[^@\s]+@[^@\s]+$/,
  http: /^http:\/\//,
  https: /^https:\/\//,
  lambda: /^arn:[^:]+:lambda:/,
};

/** Messages are not filtered, and are delivered once. */
const settable = ['RawMessageDelivery'];

function shown(one: SubscriptionRecord) {
  return {
    SubscriptionArn: one.token === undefined ? one.arn : 'PendingConfirmation',
    Owner: one.owner,
    Protocol: one.protocol,
    Endpoint: one.endpoint,
    TopicArn: one.topicArn,
  };
}

function page(all: Iterable<SubscriptionRecord>, NextToken: string | undefined) {
  const request = { token: NextToken, size: 100 };
  const { items, token } = pageOf(
    all,
    ({ arn }) => arn,
    request,
    () => invalid('NextToken'),
  );
  return { Subscriptions: items.map(shown), NextToken: token };
}

export const subscriptionOperations: Operations = {
  async Subscribe({ TopicArn, Protocol = '', Endpoint = '', Attributes = {}, ReturnSubscriptionArn }, call) {
    const topic = getTopic(TopicArn, call);
    const form = Object.hasOwn(protocols, Protocol) ? protocols[Protocol]! : undefined;
    if (!form) throw invalid(`Amazon SNS of the local cloud knows no protocol ${Protocol}`);
    if (!form.test(Endpoint)) throw invalid(`${Protocol} endpoint`);
    const [unknown] = Object.keys(Attributes).filter((name) => !settable.includes(name));
    if (unknown) throw invalid(`Attributes Reason: the local cloud knows ${settable}, and not ${unknown}`);
    const same = subscriptionsOf(topic.arn, call).find((one) => one.protocol === Protocol && one.endpoint === Endpoint);
    const subscription: SubscriptionRecord = same ?? {
      arn: `${topic.arn}:${requestId(call.cloud.store)}`,
      topicArn: topic.arn,
      owner: call.account,
      protocol: Protocol,
      endpoint: Endpoint,
      ...(Protocol !== 'lambda' && { token: alphanumerics(call.cloud.store, 32) }),
      attributes: Attributes,
    };
    subscriptions(call).set(subscription.arn, subscription);
    const { token, arn } = subscription;
    // Mail is not sent, so a subscription by mail stays pending until a call confirms its token.
    if (token !== undefined && /^https?$/.test(Protocol)) {
      const message = `You have chosen to subscribe to the topic ${topic.arn}.`;
      await post(subscription, { Type: 'SubscriptionConfirmation', Message: message, Token: token }, call);
    }
    return { SubscriptionArn: token === undefined || ReturnSubscriptionArn ? arn : 'pending confirmation' };
  },

  ConfirmSubscription({ TopicArn, Token }, call) {
    const topic = getTopic(TopicArn, call);
    const found = subscriptionsOf(topic.arn, call).find(({ token }) => token !== undefined && token === Token);
    if (!found) throw invalid('Token');
    delete found.token;
    return { SubscriptionArn: found.arn };
  },

  Unsubscribe({ SubscriptionArn = '' }, call) {
    if (!/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+:[^:]+$/.test(SubscriptionArn)) throw invalid('SubscriptionArn');
    subscriptions(call).delete(SubscriptionArn);
    return {};
  },

  ListSubscriptions: ({ NextToken }, call) => page(subscriptions(call).values(), NextToken),

  ListSubscriptionsByTopic: ({ TopicArn, NextToken }, call) =>
    page(subscriptionsOf(getTopic(TopicArn, call).arn, call), NextToken),

  GetSubscriptionAttributes({ SubscriptionArn }, call) {
    const { arn, token, topicArn, owner, protocol, endpoint, attributes } = getSubscription(SubscriptionArn, call);
    return {
      Attributes: {
        SubscriptionArn: arn,
        TopicArn: topicArn,
        Owner: owner,
        Protocol: protocol,
        Endpoint: endpoint,
        PendingConfirmation: String(token !== undefined),
        RawMessageDelivery: 'false',
        ...attributes,
      },
    };
  },

  SetSubscriptionAttributes({ SubscriptionArn, AttributeName = '', AttributeValue = '' }, call) {
    if (!settable.includes(AttributeName)) throw invalid(`AttributeName. The local cloud knows ${settable}`);
    const { attributes } = getSubscription(SubscriptionArn, call);
    if (AttributeValue === '') delete attributes[AttributeName];
    else attributes[AttributeName] = AttributeValue;
    return {};
  },
};

/** The topic that a subscription is of, for authorisation: those who may do something to it are its topic's. */
export function topicOf(subscriptionArn: string, call: Call): string {
  return subscriptions(call).get(subscriptionArn)?.topicArn ?? subscriptionArn.replace(/:[^:]*$/, '');
}
