import type { Exchange } from '../../cloud-events.ts';
import { type Cloud, scopeOf } from '../../service.ts';
import { cloudtrail } from '../cloudtrail/index.ts';
import { logsChanges } from '../cloudtrail/logging.ts';
import type { TrailRecord } from '../cloudtrail/records.ts';
import { put, rulesIn } from './bus.ts';

/** How long CloudTrail takes to tell of a call, in seconds. */
const lag = 10;

/** What only reads; EventBridge is not told of it. */
const reads = /^(Describe|List|Get|Head|Search|Lookup|Filter)/;

/**
 * Puts on the bus what CloudTrail, in every account and Region, tells of calls that change something: of those that a trail
 * logs.
 */
export function followCalls(cloud: Cloud): void {
  cloud.events.on('exchange', (exchange) => {
    if (reads.test(exchange.operation) || rulesIn(cloud, exchange).size === 0) return;
    const prefix = cloud.services.get(exchange.service)?.iamPrefix;
    if (prefix === undefined || !isLogged(exchange, prefix, cloud)) return;
    const { account, region } = exchange;
    const detail = detailOf(exchange, prefix);
    const event = {
      source: `aws.${prefix}`,
      detailType: 'AWS API Call via CloudTrail',
      account,
      region,
      resources: [],
      detail,
    };
    put(cloud, event, lag);
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

function detailOf({ time, region, operation, request, response, error }: Exchange, prefix: string) {
  return {
    eventVersion: '1.09',
    eventTime: time,
    eventSource: `${prefix}.amazonaws.com`,
    eventName: operation,
    awsRegion: region,
    requestParameters: asLogged(request),
    responseElements: error ? null : asLogged(response),
    ...(error && { errorCode: error.code, errorMessage: error.message }),
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
