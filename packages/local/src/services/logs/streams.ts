import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import {
  arnOf,
  type Event,
  getGroup,
  getStream,
  invalid,
  invalidToken,
  type Operations,
  type Stream,
  streams,
  streamsOf,
} from './state.ts';

const hour = 3_600_000;

export const streamOperations: Operations = {
  CreateLogStream({ logGroupName, logStreamName: name = '' }, call) {
    const group = getGroup(call, { logGroupName }).name;
    if (streams(call).has(`${group}:${name}`)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    }
    streams(call).set(`${group}:${name}`, { group, name, created: call.clock.now(), events: [] });
    return {};
  },

  DeleteLogStream({ logGroupName, logStreamName }, call) {
    const { name } = getGroup(call, { logGroupName });
    const stream = getStream(call, name, logStreamName);
    streams(call).delete(`${name}:${stream.name}`);
    return {};
  },

  DescribeLogStreams({ limit = 50, nextToken, ...input }, call) {
    const { name: group } = getGroup(call, input);
    const prefix = input.logStreamNamePrefix ?? '';
    if (prefix && input.orderBy === 'LastEventTime') {
      throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const found = streamsOf(call, group).filter(({ name }) => name.startsWith(prefix));
    const keyOf = input.orderBy === 'LastEventTime' ? timeAndName : ({ name }: Stream) => name;
    const request = { token: nextToken, size: limit, descending: input.descending };
    const { items, token } = pageOf(found, keyOf, request, invalidToken);
    return { logStreams: items.map((stream) => described(call, stream)), nextToken: token };
  },

  PutLogEvents({ logGroupName, logStreamName, logEvents = [] }, call) {
    const stream = getStream(call, getGroup(call, { logGroupName }).name, logStreamName);
    const now = call.clock.now();
    const times = logEvents.map(({ timestamp = 0 }) => timestamp);
    if (times.some((time, i) => i > 0 && time < times[i - 1]!)) {
      throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
    }
    const tooNew = times.findIndex((time) => time > now + 2 * hour);
    const tooOld = times.findLastIndex((time) => time < now - 14 * 24 * hour);
    const accepted = logEvents.slice(tooOld + 1, tooNew < 0 ? undefined : tooNew);
    for (const { timestamp = now, message = '' } of accepted) {
      stream.events.push({ id: eventId(call, timestamp), timestamp, ingested: now, message });
    }
    stream.events.sort((a, b) => a.timestamp - b.timestamp);
    return {
      nextSequenceToken: eventId(call, now),
      rejectedLogEventsInfo:
        accepted.length === logEvents.length
          ? undefined
          : {
              tooNewLogEventStartIndex: tooNew < 0 ? undefined : tooNew,
              tooOldLogEventEndIndex: tooOld < 0 ? undefined : tooOld + 1,
            },
    };
  },

  GetLogEvents({ startTime = 0, endTime, limit = 10_000, nextToken, startFromHead, ...input }, call) {
    const stream = getStream(call, getGroup(call, input).name, input.logStreamName);
    const within = stream.events.filter(
      ({ timestamp }) => timestamp >= startTime && (endTime === undefined || timestamp < endTime),
    );
    const [from, to] = window(within, limit, nextToken, startFromHead ?? false);
    return {
      events: within.slice(from, to).map(({ timestamp, message, ingested }) => ({
        timestamp,
        message,
        ingestionTime: ingested,
      })),
      nextForwardToken: `f/${to}`,
      nextBackwardToken: `b/${from}`,
    };
  },
};

/** The first event of a page, and the one after its last: tokens go on from either end, and stay the same at the end. */
function window(events: Event[], limit: number, token: string | undefined, fromHead: boolean): [number, number] {
  const [, direction, text] = /^([fb])\/(\d+)$/.exec(token ?? '') ?? [];
  if (token !== undefined && direction === undefined) throw invalidToken();
  const position = Math.min(Number(text), events.length);
  if (direction === 'b') return [Math.max(0, position - limit), position];
  if (direction === 'f') return [position, Math.min(events.length, position + limit)];
  return fromHead ? [0, Math.min(events.length, limit)] : [Math.max(0, events.length - limit), events.length];
}

function described(call: Call, stream: Stream) {
  return {
    logStreamName: stream.name,
    creationTime: stream.created,
    firstEventTimestamp: stream.events[0]?.timestamp,
    lastEventTimestamp: stream.events.at(-1)?.timestamp,
    lastIngestionTime: stream.events.at(-1)?.ingested,
    arn: `${arnOf(call, stream.group)}:log-stream:${stream.name}`,
    storedBytes: 0,
  };
}

function timeAndName({ name, events, created }: Stream): string {
  return `${String(events.at(-1)?.timestamp ?? created).padStart(15, '0')} ${name}`;
}

/** 56 digits, as AWS numbers its events: the later, the greater. */
function eventId(call: Call, timestamp: number): string {
  return `${timestamp}${String(call.cloud.store.next()).padStart(43, '0')}`;
}
