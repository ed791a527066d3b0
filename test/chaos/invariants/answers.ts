import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { membersIn } from '../fleets.ts';
import type { Put, Sent } from '../observer.ts';
import type { Finding, Scene } from '../scene.ts';
import { account, region } from '../world.ts';
import { isHolderRefusal } from './refusals.ts';

/** CloudFormation takes no longer answer, in bytes. */
const mostBytes = 4096;

/** No answer is on its way for so many milliseconds. */
const transit = 120;

/** How long CloudFormation waits for one, in milliseconds. */
const longest = 3_600_000;

/** Every request got one logical answer: in time, well formed, and never another one after it. */
export function answers(scene: Scene): Finding[] {
  const { seen } = scene;
  return seen.requests.flatMap((request) => {
    const own = seen.answers.filter(({ key }) => key === keyOf(request));
    const what = `${request.RequestType} ${request.LogicalResourceId} of ${request.time}`;
    const [first] = own;
    if (!first) return isCancelled(request, scene) ? [] : [{ rule: 'a request has no answer', detail: what }];
    return [
      ...late(request, first, what),
      ...own.flatMap((one) => malformed(request, one, what)),
      ...contradicting(scene, own, what),
      ...(mayFail(scene, request, first) ? [] : unfounded(first, what)),
    ];
  });
}

export function keyOf({ StackId, LogicalResourceId, RequestId }: Sent): string {
  return `${StackId}|${LogicalResourceId}|${RequestId}`;
}

interface Answer {
  Status?: unknown;
  Reason?: unknown;
  PhysicalResourceId?: unknown;
  StackId?: unknown;
  RequestId?: unknown;
  LogicalResourceId?: unknown;
  Data?: Record<string, unknown>;
}

export function answerOf({ body }: Pick<Put, 'body'>): Answer | undefined {
  try {
    return JSON.parse(body) as Answer;
  } catch {
    return undefined;
  }
}

function late(request: Sent, first: Put, what: string): Finding[] {
  const took = Date.parse(first.time) - Date.parse(request.time);
  return took <= longest ? [] : [{ rule: 'an answer came too late', detail: `${what}: after ${took / 1000} s` }];
}

function malformed(request: Sent, put: Put, what: string): Finding[] {
  const problem = problemWith(request, put);
  return problem ? [{ rule: 'an answer breaks the protocol', detail: `${what}: ${problem}` }] : [];
}

function problemWith(request: Sent, put: Put): string | undefined {
  const answer = answerOf(put);
  const { Status, Reason, PhysicalResourceId: id } = answer ?? {};
  if (!answer) return 'it is not JSON';
  if (Buffer.byteLength(put.body) > mostBytes) return `it has ${Buffer.byteLength(put.body)} bytes`;
  if (Status !== 'SUCCESS' && Status !== 'FAILED') return `its Status is ${Status}`;
  if (Status === 'FAILED' && (typeof Reason !== 'string' || Reason === '')) return 'it gives no Reason';
  if (typeof id !== 'string' || id === '' || Buffer.byteLength(id) > 1024) return `its PhysicalResourceId is ${id}`;
  const repeated = (['StackId', 'RequestId', 'LogicalResourceId'] as const).find(
    (name) => answer[name] !== request[name],
  );
  if (repeated) return `it does not repeat ${repeated}`;
  if (request.RequestType === 'Delete' && id !== request.PhysicalResourceId) return `a Delete changes the id to ${id}`;
  return undefined;
}

function contradicting({ history }: Scene, own: Put[], what: string): Finding[] {
  // The responder cannot know what happened before a crash, nor of another delivery that continues, nor of a response
  // that was being sent at that moment.
  const [crash, next] = own.map(({ time }) => Date.parse(time));
  const isTwice = history.faults.some(({ fault }) => fault === 'duplicate') || next! - crash! < transit;
  const given = own.flatMap((one) => answerOf(one) ?? []);
  const ofOne = given.filter((one, index) => !isForACrash(one) || (index === 0 && !isTwice));
  const statuses = new Set(ofOne.map(({ Status }) => Status));
  if (statuses.size <= 1) return [];
  return [
    { rule: 'a request has contradicting answers', detail: `${what}: ${own.map(({ body }) => body).join(' then ')}` },
  ];
}

function isForACrash({ Reason }: Answer): boolean {
  return /ended without a response/.test(String(Reason));
}

/** Nothing that can be lived through makes a request fail. */
function unfounded(first: Put, what: string): Finding[] {
  const answer = answerOf(first);
  if (answer?.Status !== 'FAILED') return [];
  return [{ rule: 'a request failed though it could be done', detail: `${what}: ${answer.Reason}` }];
}

/** Whether there is a good reason for a request to fail, beside what it asks for. */
function mayFail(scene: Scene, request: Sent, first: Put): boolean {
  const { hasFatalFault, requests } = scene.seen;
  if (hasFatalFault || isOvertaken(request, first, requests) || isCancelled(request, scene)) return true;
  if (isRefusal(request, first, requests) || isHolderRefusal(request, first, scene)) return true;
  if (isStarved(first, scene)) return true;
  // SageMaker takes no subnets away under an app.
  const hasWork = scene.history.stacks.flat().some((step) => step.do === 'work');
  return hasWork && /with InService App/.test(String(answerOf(first)?.Reason));
}

/**
 * Its hour was over, and so many calls failed that the SDKs stopped to retry: a retry takes 5 of their 500 tokens, and what
 * succeeds gives back 1, or what its last retry took. So where more than a third fails, the tokens run out, and a pass of many calls fails each
 * time.
 */
function isStarved({ body }: Put, { history }: Scene): boolean {
  const failing = history.faults.filter(({ on, fault }) => on === 'call' && fault !== 'slow');
  const succeeding = failing.reduce((rest, { rate = 1 }) => rest * (1 - rate), 1);
  return succeeding < 2 / 3 && /: not done after \d+ s, .*still waiting for: [A-Z]\w+: /.test(body);
}

/** A fleet was to lose more members than its template lets it. */
function isRefusal({ StackId, LogicalResourceId, ResourceProperties }: Sent, first: Put, requests: Sent[]): boolean {
  const members = membersIn(ResourceProperties);
  if (!members || !/, and MaxRemovals is /.test(String(answerOf(first)?.Reason))) return false;
  const own = requests.filter((one) => one.StackId === StackId && one.LogicalResourceId === LogicalResourceId);
  const known = new Set(own.flatMap((one) => [...(membersIn(one.ResourceProperties)?.keys() ?? [])]));
  return known.difference(members).size > Number(ResourceProperties.MaxRemovals);
}

/** CloudFormation wanted something else of the same resource before it had the answer. */
export function isOvertaken(request: Sent, first: Put, requests: Sent[]): boolean {
  return requests.some(
    (other) =>
      other !== request &&
      other.StackId === request.StackId &&
      other.LogicalResourceId === request.LogicalResourceId &&
      other.time >= request.time &&
      other.time <= first.time,
  );
}

/** CloudFormation has called the request off before it had waited too long. */
export function isCancelled({ StackId, LogicalResourceId, time }: Sent, { world }: Scene): boolean {
  const events = world.store.table<StackEvent[]>('cloudformation', { account, region }, 'events').get(StackId) ?? [];
  return events.some((event) => {
    const waited = event.Timestamp!.getTime() - Date.parse(time);
    const isLater = waited >= 0 && waited < longest && event.LogicalResourceId === LogicalResourceId;
    return isLater && /cancelled$/.test(event.ResourceStatusReason ?? '');
  });
}
