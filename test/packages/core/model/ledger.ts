import type { Context } from '@studio-resources/core';
import type { WireRequest } from '../wire.ts';
import { attributeNames, ownerOf, type Service } from './service.ts';

/** What CloudFormation sent. */
export interface Sent {
  readonly RequestType: Context['requestType'];
  readonly RequestId: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly ResponseURL: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
}

/** An answer, as CloudFormation reads it. */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** What is wrong with an answer, by the rules that CloudFormation and this project have for one; checked as it comes. */
export function faultsOfAnswer(
  sent: Sent,
  { method, headers, body }: WireRequest,
  service: Service,
  environment: string,
): string[] {
  const wrong: string[] = [];
  const check = (holds: boolean, rule: string) => {
    if (!holds) wrong.push(`${sent.RequestType} ${sent.RequestId}: ${rule}: ${body}`);
  };
  check(method === 'PUT', 'an answer is a PUT');
  check(headers.get('content-type') === '', 'its content type is empty');
  check(headers.get('content-length') === String(body.byteLength), 'its Content-Length is in bytes');
  check(!headers.has('transfer-encoding'), 'it is not sent in chunks');
  check(body.byteLength <= 4096, 'it is at most 4096 bytes long');
  const { PhysicalResourceId: id, Reason, Data, Status, ...ids } = JSON.parse(String(body));
  const { StackId, RequestId, LogicalResourceId } = sent;
  check(JSON.stringify(ids) === JSON.stringify({ StackId, RequestId, LogicalResourceId }), 'ids are copied verbatim');
  check(Status === 'SUCCESS' || Status === 'FAILED', 'it has a status');
  check((Status === 'FAILED') === (typeof Reason === 'string' && Reason !== ''), 'FAILED, and only it, has a reason');
  check(!/\p{Cc}/u.test(Reason ?? ''), 'a reason has no control characters');
  check(!/hunter2|swordfish|5ecre7/.test(String(body)), 'an answer has no secrets');
  check(typeof id === 'string' && id !== '' && Buffer.byteLength(id) <= 1024, 'it has a physical id');
  check(isRightId(sent, Status, id, service, environment), 'the physical id is the right one');
  const complete = attributeNames.every((name) => typeof Data?.[name] === 'string');
  check(Status === 'FAILED' || sent.RequestType === 'Delete' || complete, 'SUCCESS has all attributes');
  return wrong;
}

/** Which physical id an answer has to have, given what is really there. */
function isRightId(sent: Sent, status: Answer['Status'], id: string, service: Service, environment: string): boolean {
  const { RequestType, RequestId, PhysicalResourceId: current, ResourceProperties } = sent;
  if (RequestType === 'Delete') return id === current;
  const owner = ownerOf({ stackId: sent.StackId, logicalResourceId: sent.LogicalResourceId });
  const named = service.made.some(
    (each) => each.id === id && each.owner === owner && each.name === ResourceProperties.Name,
  );
  if (status === 'SUCCESS') return named;
  if (id === `studio-resources:create-unsettled:${RequestId}`) return RequestType === 'Create';
  if (id.startsWith(`studio-resources:create-unsettled:${RequestId}:`)) return RequestType === 'Update';
  const left = service.things().some(({ madeFor, madeBy }) => madeFor === RequestId && madeBy === environment);
  if (id === `studio-resources:create-failed:${RequestId}`) return RequestType === 'Create' && !left;
  if (id === current) return RequestType === 'Update' && !left;
  return named;
}
