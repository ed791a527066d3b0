import { AwsError } from '../../errors.ts';
import { allowsService } from '../../iam/service-access.ts';
import { servicePrincipal } from '../../principal.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { type Envelope, eventOf, post } from './delivery.ts';
import { encryptFor } from './encryption.ts';
import {
  getTopic,
  invalid,
  type Operations,
  type SubscriptionRecord,
  subscriptions,
  subscriptionsOf,
} from './records.ts';

/** Bytes. */
const mostText = 256 * 1024;

interface Delivery {
  subscription: string;
  envelope: Envelope;
}

export const publishOperations: Operations = {
  async Publish({ TopicArn, TargetArn, Message = '', Subject, MessageStructure }, call) {
    const topic = getTopic(TopicArn ?? TargetArn, call);
    const { principal } = call;
    // Users and roles are authorised already; a service needs the topic's policy.
    if (
      principal.kind === 'service' &&
      !allowsService(topic.attributes.Policy, { action: 'sns:Publish', resource: topic.arn }, principal)
    ) {
      const message = `User: ${principal.service} is not authorized to perform: SNS:Publish on resource: ${topic.arn} because no resource-based policy allows the SNS:Publish action`;
      throw new AwsError('AuthorizationError', message, { status: 403 });
    }
    if (Message === '') throw invalid('Empty message');
    if (Buffer.byteLength(Message) > mostText) throw invalid('Message too long');
    if (Subject !== undefined && (Subject === '' || Subject.length > 100 || /[\n\r]/.test(Subject))) {
      throw invalid('Subject');
    }
    await encryptFor(topic, call);
    const texts: Texts = MessageStructure === 'json' ? textsOf(Message) : { default: Message };
    const MessageId = requestId(call.cloud.store);
    for (const { arn, protocol, token } of subscriptionsOf(topic.arn, call)) {
      if (token !== undefined) continue;
      const envelope = { Type: 'Notification', MessageId, Subject, Message: texts[protocol] ?? texts.default };
      call.later(0, 'deliver', { subscription: arn, envelope });
    }
    return { MessageId };
  },
};

/** What a message says, by protocol. */
type Texts = { default: string; [protocol: string]: string | undefined };

function textsOf(message: string): Texts {
  try {
    const texts = JSON.parse(message) as Texts;
    if (typeof texts.default === 'string') return texts;
  } catch {
    // It is said below.
  }
  throw invalid('Message Structure - No default entry in JSON message body');
}

export const publishTasks = {
  async deliver({ subscription, envelope }: Delivery, call: Call): Promise<void> {
    const found: SubscriptionRecord | undefined = subscriptions(call).get(subscription);
    if (found?.protocol === 'lambda') await invoke(found, envelope, call);
    else if (found && /^https?$/.test(found.protocol)) await post(found, envelope, call);
  },
};

async function invoke(subscription: SubscriptionRecord, envelope: Envelope, call: Call): Promise<void> {
  const Payload = Buffer.from(JSON.stringify(eventOf(subscription, envelope, call)));
  const input = { FunctionName: subscription.endpoint, InvocationType: 'Event', Payload };
  const principal = servicePrincipal('sns.amazonaws.com', call.account, subscription.topicArn);
  try {
    await call.cloud.call({ service: 'lambda', operation: 'Invoke', input, principal, region: call.region });
  } catch (cause) {
    // A function that is gone, or that does not let SNS in, misses the message.
    if (!(cause instanceof AwsError)) throw cause;
  }
}
