import type { Cloud, Exchange } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import { requestId } from '../../request-id.ts';
import { scopeOf } from '../../service.ts';
import { cloudtrail } from '../cloudtrail/index.ts';
import { logsChanges } from '../cloudtrail/logging.ts';
import type { TrailRecord } from '../cloudtrail/records.ts';
import { eventbridge } from './index.ts';
import { matches } from './pattern.ts';
import type { RuleRecord } from './records.ts';

/** How long CloudTrail takes to tell of a call, in seconds. */
const lag = 10;

/** What only reads; EventBridge is not told of it. */
const reads = /^(Describe|List|Get|Head|Search|Lookup|Filter)/;

/**
 * Brings to the targets of rules what CloudTrail, in every account and Region, tells of calls that change something: of
 * those that a trail logs.
 */
export function followCalls(cloud: Cloud): void {
  cloud.events.on('exchange', (exchange) => {
    if (reads.test(exchange.operation)) return;
    const rules = cloud.store.table<RuleRecord>(eventbridge.id, exchange, 'rules');
    const prefix = cloud.services.get(exchange.service)?.iamPrefix;
    if (rules.size === 0 || prefix === undefined || !isLogged(exchange, prefix, cloud)) return;
    const event = eventOf(exchange, prefix, requestId(cloud.store));
    for (const { shown, targets } of rules.values()) {
      if (shown.State !== 'ENABLED' || !matches(JSON.parse(shown.EventPattern!), event)) continue;
      const bring = () => Promise.all(targets.map(({ Arn }) => deliver(Arn, event, shown.Arn, cloud)));
      cloud.clock.after(1000 * lag * cloud.durations, () => void bring());
    }
  });
}

/** Does a trail log the call? Without one, CloudTrail has it in the event history, and EventBridge is not told. */
function isLogged({ account, region }: Exchange, prefix: string, { store }: Cloud): boolean {
  const trails = store.table<TrailRecord>(cloudtrail.id, scopeOf(cloudtrail, { account, region }), 'trails');
  return [...trails.values()].some(
    (trail) =>
      (trail.shown.HomeRegion === region || trail.shown.IsMultiRegionTrail) &&
      logsChanges(trail, `${prefix}.amazonaws.com`),
  );
}

async function deliver(FunctionName: string, event: ReturnType<typeof eventOf>, rule: string, cloud: Cloud) {
  const principal = servicePrincipal('events.amazonaws.com', event.account, rule);
  const input = { FunctionName, InvocationType: 'Event', Payload: new TextEncoder().encode(JSON.stringify(event)) };
  try {
    await cloud.call({ service: 'lambda', operation: 'Invoke', input, principal, region: event.region });
  } catch (error) {
    // A function that is gone, or that does not let EventBridge in, misses the event.
    if (!(error instanceof AwsError)) throw error;
  }
}

function eventOf({ time, account, region, operation, request, response, error }: Exchange, prefix: string, id: string) {
  return {
    version: '0',
    id,
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${prefix}`,
    account,
    time,
    region,
    resources: [],
    detail: {
      eventVersion: '1.09',
      eventTime: time,
      eventSource: `${prefix}.amazonaws.com`,
      eventName: operation,
      awsRegion: region,
      requestParameters: asLogged(request),
      responseElements: error ? null : asLogged(response),
      ...(error && { errorCode: error.code, errorMessage: error.message }),
    },
  };
}

/** CloudTrail begins the names of members with a small letter. */
function asLogged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asLogged);
  if (value instanceof Uint8Array) return '';
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name.charAt(0).toLowerCase() + name.slice(1), asLogged(one)]),
  );
}
