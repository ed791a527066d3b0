import { pageOf } from '../../pages.ts';
import { type Event, getGroup, getStream, invalid, invalidToken, type Operations, streamsOf } from './state.ts';

export const filterOperations: Operations = {
  FilterLogEvents({ startTime = 0, endTime, filterPattern, limit = 10_000, nextToken, ...input }, call) {
    const { name: group } = getGroup(call, input);
    const { logStreamNames, logStreamNamePrefix = '' } = input;
    if (logStreamNames && logStreamNamePrefix) {
      throw invalid('Either logStreamNames or logStreamNamePrefix may be given, not both.');
    }
    const searched = logStreamNames
      ? logStreamNames.map((name) => getStream(call, group, name))
      : streamsOf(call, group).filter(({ name }) => name.startsWith(logStreamNamePrefix));
    const matches = patternOf(filterPattern);
    const found = searched
      .flatMap((stream) => stream.events.map((event) => ({ stream: stream.name, event })))
      .filter(({ event }) => isWithin(event, startTime, endTime) && matches(event.message));
    // Ids begin with the time.
    const { items, token } = pageOf(found, ({ event }) => event.id, { token: nextToken, size: limit }, invalidToken);
    return {
      events: items.map(({ stream, event }) => ({
        logStreamName: stream,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingested,
        eventId: event.id,
      })),
      searchedLogStreams: [],
      nextToken: token,
    };
  },
};

function isWithin({ timestamp }: Event, start: number, end: number | undefined): boolean {
  return timestamp >= start && (end === undefined || timestamp <= end);
}

/**
 * A filter pattern of terms: all of `ERROR "two words"`, none of `-DEBUG`, and at least one of `?a ?b`; a term may be a
 * regular expression between percent signs. Throws for patterns over JSON (`{ … }`) and over columns (`[ … ]`).
 */
export function patternOf(pattern = ''): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[]/.test(text)) {
    throw invalid('Invalid filter pattern: the local cloud filters by terms, not by JSON members or columns');
  }
  const terms = [...text.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|(\S+))/g)].map(
    ([, sign = '', quoted, expression, word = '']) => {
      if (expression !== undefined) return { sign, test: (message: string) => new RegExp(expression).test(message) };
      const wanted = quoted?.replace(/\\(.)/g, '$1') ?? word;
      return { sign, test: (message: string) => message.includes(wanted) };
    },
  );
  const all = terms.filter(({ sign }) => sign === '');
  const none = terms.filter(({ sign }) => sign === '-');
  const any = terms.filter(({ sign }) => sign === '?');
  return (message) =>
    all.every(({ test }) => test(message)) &&
    !none.some(({ test }) => test(message)) &&
    // Beside other terms, AWS ignores those with a question mark.
    (any.length === 0 || all.length + none.length > 0 || any.some(({ test }) => test(message)));
}
