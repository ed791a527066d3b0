import type { Cloud, Exchange } from '../cloud.ts';
import { servicePrincipal } from '../principal.ts';
import { requestId } from '../request-id.ts';
import { matches, rulesIn } from './rules.ts';

/** CloudTrail tells EventBridge of a call some while later. Virtual milliseconds. */
const delay = 5_000;

/**
 * Tells the rules of each account of the calls in it that change something, as CloudTrail does, and has their targets
 * invoked. The returned function ends that.
 */
export function followTrail(cloud: Cloud): () => void {
  const waiting = new Set<() => void>();
  const tell = (exchange: Exchange) => {
    const { account, region, operation } = exchange;
    if (account === '' || /^(Describe|Get|Head|List)/.test(operation)) return;
    if (rulesIn(cloud.store, { account, region }).size === 0) return;
    const take = cloud.clock.after(delay, () => {
      waiting.delete(take);
      void deliver(cloud, eventOf(cloud, exchange));
    });
    waiting.add(take);
  };
  cloud.events.on('exchange', tell);
  return () => {
    cloud.events.off('exchange', tell);
    for (const take of waiting) take();
  };
}

type TrailEvent = ReturnType<typeof eventOf>;

/** The event as EventBridge has it. */
function eventOf(cloud: Cloud, { time, account, region, principal, service, operation, ...call }: Exchange) {
  return {
    version: '0',
    id: requestId(cloud.store),
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account,
    time,
    region,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: { arn: principal, accountId: account },
      eventTime: time,
      eventSource: `${service}.amazonaws.com`,
      eventName: operation,
      awsRegion: region,
      requestParameters: inCamelCase(call.request),
      responseElements: inCamelCase(call.response) ?? null,
      ...(call.error && { errorCode: call.error.code, errorMessage: call.error.message }),
      eventID: requestId(cloud.store),
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
    },
  };
}

async function deliver(cloud: Cloud, event: TrailEvent): Promise<void> {
  const { account, region } = event;
  for (const { arn, isEnabled, pattern, targets } of rulesIn(cloud.store, { account, region }).values()) {
    if (!isEnabled || !matches(pattern, event)) continue;
    const principal = { ...servicePrincipal('events.amazonaws.com', account), sourceArn: arn };
    const Payload = Buffer.from(JSON.stringify(event));
    for (const { Arn } of targets) {
      const input = { FunctionName: Arn, InvocationType: 'Event', Payload };
      await cloud.call({ service: 'lambda', operation: 'Invoke', input, principal, region }).catch((cause: Error) => {
        console.error(`Invoking ${Arn} for the rule ${arn} failed: ${cause.message}`);
      });
    }
  }
}

/** CloudTrail spells the names of members as Java does. */
function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name[0]!.toLowerCase() + name.slice(1), inCamelCase(inner)]),
  );
}
