import { stripVTControlCharacters } from 'node:util';
import { errorMessage } from '../error-message.ts';
import { RuntimeError } from '../errors.ts';
import type { RequestIdentity } from '../request/request.ts';

/** What became of a request. `id` is the physical id, always; a reason is told without secrets. */
export type Outcome =
  | { readonly status: 'SUCCESS'; readonly id: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly status: 'FAILED'; readonly id: string; readonly reason: string };

/** CloudFormation takes no longer body, in bytes. */
export const LONGEST_BODY = 4096;

/**
 * The body that answers a request, at most 4096 bytes of JSON. A reason that is too long is cut, and then says where
 * the whole of it is; attributes that are too long make the answer FAILED, since a part of them would break templates.
 *
 * @param whereLogged names the log group and stream
 */
export function responseBody(to: RequestIdentity, outcome: Outcome, whereLogged: string): string {
  if (outcome.status === 'FAILED') return failedBody(to, outcome.id, outcome.reason, whereLogged);
  const body = successBody(to, outcome);
  if (body instanceof Error) return failedBody(to, outcome.id, errorMessage(body), whereLogged);
  if (Buffer.byteLength(body) <= LONGEST_BODY) return body;
  return failedBody(to, outcome.id, tooLong(outcome.attributes, Buffer.byteLength(body)), whereLogged);
}

function successBody(to: RequestIdentity, { id, attributes }: Extract<Outcome, { status: 'SUCCESS' }>): string | Error {
  try {
    return JSON.stringify({ Status: 'SUCCESS', ...ids(to, id), Data: attributes });
  } catch (cause) {
    return new RuntimeError(`Answering CloudFormation: the attributes of ${id} cannot be written as JSON`, { cause });
  }
}

function failedBody(to: RequestIdentity, id: string, reason: string, whereLogged: string): string {
  const body = (Reason: string) => JSON.stringify({ Status: 'FAILED', Reason, ...ids(to, id) });
  const clean = onOneLine(reason) || 'failed without a reason';
  if (Buffer.byteLength(body(clean)) <= LONGEST_BODY) return body(clean);
  const pointer = `… (all of it is in ${whereLogged})`;
  return body(cut(clean, LONGEST_BODY - Buffer.byteLength(body(pointer))) + pointer);
}

function ids({ stackId, requestId, logicalResourceId }: RequestIdentity, id: string) {
  return { PhysicalResourceId: id, StackId: stackId, RequestId: requestId, LogicalResourceId: logicalResourceId };
}

/** Control characters make stack events unreadable for the console and unparsable for tools. */
function onOneLine(reason: string): string {
  return stripVTControlCharacters(reason)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

/** The longest beginning of a text that takes at most `room` bytes within JSON, whole characters only. */
function cut(text: string, room: number): string {
  let left = room;
  let kept = '';
  for (const character of text) {
    left -= Buffer.byteLength(JSON.stringify(character)) - 2;
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

function tooLong(attributes: Readonly<Record<string, string>>, length: number): string {
  const sizes = Object.entries(attributes)
    .map(([key, value]) => ({ key, bytes: Buffer.byteLength(JSON.stringify(value)) }))
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 3);
  const biggest = sizes.map(({ key, bytes }) => `${key} (${bytes} bytes)`).join(', ');
  return `Answering CloudFormation: the attributes make ${length} bytes, and ${LONGEST_BODY} are allowed; the biggest are ${biggest}`;
}
