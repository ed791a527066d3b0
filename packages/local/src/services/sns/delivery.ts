import type { Call } from '../../service.ts';
import type { SubscriptionRecord } from './records.ts';

/** What SNS sends of itself; `Subject` only where the publisher gave one. */
export interface Envelope {
  Type: 'Notification' | 'SubscriptionConfirmation';
  MessageId?: string;
  Subject?: string;
  Message: string;
  Token?: string;
}

/** How long an endpoint may take to answer, in real milliseconds. */
const responseTimeout = 15_000;

/** Posts to an HTTP endpoint as SNS does, but for the signature. One that does not answer misses the message. */
export async function post(
  { arn, topicArn, endpoint, attributes }: SubscriptionRecord,
  envelope: Envelope,
  call: Call,
) {
  const raw = envelope.Type === 'Notification' && attributes.RawMessageDelivery === 'true';
  const whole = { ...envelope, TopicArn: topicArn, Timestamp: new Date(call.clock.now()).toISOString() };
  try {
    await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'x-amz-sns-message-type': envelope.Type,
        'x-amz-sns-topic-arn': topicArn,
        'x-amz-sns-subscription-arn': arn,
      },
      body: raw ? envelope.Message : JSON.stringify(whole),
      signal: AbortSignal.timeout(responseTimeout),
    });
  } catch {
    // SNS tries again for hours; what is not there when the local cloud calls has missed it.
  }
}

/** The event that a function gets. */
export function eventOf({ arn, topicArn }: SubscriptionRecord, envelope: Envelope, call: Call) {
  const Timestamp = new Date(call.clock.now()).toISOString();
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: arn,
        Sns: { ...envelope, TopicArn: topicArn, Timestamp, MessageAttributes: {} },
      },
    ],
  };
}
