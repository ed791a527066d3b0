import { errorMessage, InvalidPropertiesError, UndeliveredError } from './errors.ts';
import { physicalIdOf, type RequestState } from './lifecycle/phase.ts';
import { requestLog } from './request/log.ts';
import { type IncomingRequest, idOfUnreadable, parsePayload } from './request/parse-request.ts';
import { type Redactor, redactor } from './request/redact.ts';
import type { LambdaContext, Request } from './request/request.ts';
import type { Context, Log, Permission, Resource } from './resource.ts';
import { type DirectResult, directResult } from './response/direct-result.ts';
import { deliver, type Outcome, responseBody, responseCache } from './response/response.ts';
import { signedResponse } from './response/signed-response.ts';
import { readLeniently, readProperties } from './schema/schema.ts';
import { isDirectHolder, type Stack, stackOf } from './stack/stack.ts';
import { withoutStack } from './stack/without-stack.ts';
import {
  type HandOff,
  handBack,
  handOffToWaiter,
  nextDelay,
  poll,
  stateOf,
  timeForWork,
  timeoutResult,
  wholeSeconds,
  withDeadline,
} from './waiting/poll.ts';
import { currentKey, type StateKey } from './waiting/state-key.ts';
import type { Polled } from './waiting/waiter-state.ts';

/** What Lambda calls. It responds to CloudFormation itself; what it returns is for the waiter, or for a direct invocation. */
export type Handler = (payload: unknown, context: LambdaContext) => Promise<Polled | DirectResult>;

export interface ServeOptions {
  /**
   * Whether to ask CloudFormation if it still wants what was created, so that a creation that it has cancelled leaves
   * nothing behind, a request that is delivered again late changes nothing, and a rollback to properties that the schema no
   * longer takes is not refused. Takes `cloudformation:DescribeStackResource`, `cloudformation:DescribeStackEvents` and
   * `cloudformation:DescribeStacks`.
   * Done where there is a waiter, unless this says otherwise. `ctx.isRollingBack` and `ctx.holderStatus`, which takes
   * `cloudformation:GetTemplate` as well, always ask.
   */
  checksStack?: boolean;
}

/**
 * What the runtime itself calls, beside the resources: the waiter, where there is one, the key of its states, and
 * CloudFormation, about the stack of a request. A function whose role lacks them polls by itself, and cleans up less.
 */
export const runtimePermissions: readonly Permission[] = [
  { action: 'states:StartExecution', resource: 'arn:*:states:*:*:stateMachine:*' },
  { action: 'secretsmanager:GetSecretValue', resource: 'arn:*:secretsmanager:*:*:secret:*' },
  { action: 'cloudformation:DescribeStackResource', resource: 'arn:*:cloudformation:*:*:stack/*' },
  { action: 'cloudformation:DescribeStackEvents', resource: 'arn:*:cloudformation:*:*:stack/*' },
  { action: 'cloudformation:DescribeStacks', resource: 'arn:*:cloudformation:*:*:stack/*' },
  { action: 'cloudformation:GetTemplate', resource: 'arn:*:cloudformation:*:*:stack/*' },
];

/** How soon the waiter polls again when this environment is at work on the request, in seconds. */
const RUNNING_WAIT_SECONDS = 5;

/**
 * Makes the Lambda handler of a resource: `export const handler = serve(studioDomain)`. Each request of CloudFormation
 * gets one response, before the function's timeout and before its `ServiceTimeout`, whatever the resource does. Where
 * the environment names a waiter, that waits for what takes longer than the resource's pace is worth an invocation.
 *
 * A direct invocation gets a result, or an InvocationError with the reason, once nothing is left to do, or its time is over.
 *
 * Otherwise, the handler throws only when no response can get through: InvalidRequestError for an event that names no response URL
 * of CloudFormation, UndeliveredError when another delivery of the response, which it carries, may get through,
 * KeyUnavailableError for a state of the waiter whose key cannot be read now.
 */
export function serve<Props extends object, State>(
  resource: Resource<Props, State>,
  options: ServeOptions = {},
): Handler {
  const cache = responseCache();
  return async (payload, context) => {
    const { checksStack = Boolean(process.env.WAITER_ARN) } = options;
    const incoming = await parsePayload(payload, context, resource);
    if (!incoming) return { done: true };
    const { invokedFunctionArn: functionArn, logGroupName, logStreamName } = context;
    const { identity, waiter, request } = incoming;
    const redact = redactor(identity.responseUrl);
    const log = requestLog(identity, redact, resource.sensitive);
    const remaining = context.getRemainingTimeInMillis();
    if (request?.isDirect) {
      const stackFor = () => withoutStack(request);
      const outcome = await outcomeOf(resource, incoming, { log, redact, remaining, stackFor, checksStack: true });
      if (typeof outcome === 'string') throw new Error(`Answering the invocation: its outcome is ${outcome}`);
      log.info('Answering', { outcome });
      return directResult(request, outcome);
    }
    const cached = cache.find(identity);
    if (cached === 'running') {
      log.info('This environment is at work on the request already');
      return waiter ? { done: false, waiter: waiter.packed, waitSeconds: RUNNING_WAIT_SECONDS } : { done: true };
    }
    if (cached !== undefined) log.info('The request has its response already, sending the same again');

    let polled: Polled = { done: true };
    const report = (next: Polled) => {
      polled = next;
    };
    const packing = { functionArn, sensitive: resource.sensitive, log };
    const handOff = waiter
      ? handBack(incoming.event, { ...packing, key: waiter.key, report })
      : handOffToWaiter(incoming, packing);
    const respond = async () => {
      const outcome = await outcomeOf(resource, incoming, {
        log,
        redact,
        handOff,
        remaining,
        stackFor: request && identity.expectsResponse ? (state) => stackOf(request, log, state) : undefined,
        checksStack,
      });
      if (typeof outcome === 'string') return undefined;
      return responseBody(identity, outcome, `the log group ${logGroupName}, stream ${logStreamName}`);
    };
    const body = cached ?? (await cache.keep(identity, respond()));
    if (body === undefined) return polled;
    if (!identity.expectsResponse) {
      const outcome: { Status: string } = JSON.parse(body);
      if (outcome.Status === 'FAILED') log.error('Handling the event failed', { outcome });
      else log.info('Handled the event', { outcome });
      return { done: true };
    }
    log.info('Responding', { response: JSON.parse(body) });
    let key: Promise<StateKey | undefined> | undefined;
    // Read while there is time, in case that the responder has to deliver the response.
    const onFailure = () => {
      key ??= waiter || process.env.STATE_KEY_ARN ? keyForSigning(log) : undefined;
    };
    await deliver(identity.responseUrl, body, { log, context, onFailure }).catch(async (error: unknown) => {
      log.error('The response could not be delivered', { response: JSON.parse(body), error });
      // The responder, which gets this error, delivers the same response. But what CloudFormation refuses is refused.
      if (!(error instanceof UndeliveredError)) throw error;
      if (!error.retryable) return;
      const signing = await key;
      throw signing ? error.withResponse(signedResponse(body, identity, signing)) : error;
    });
    return { done: true };
  };
}

/** Without it, the responder does not know a response for a function's, and sends one of its own. */
async function keyForSigning(log: Log): Promise<StateKey | undefined> {
  try {
    return await currentKey();
  } catch (error) {
    log.warn('Reading the key that signs the response failed, so that the responder cannot send it', { error });
    return undefined;
  }
}

/** What a request is worked on with. */
interface Dependencies {
  readonly log: Log;
  readonly redact: Redactor;
  /** How many milliseconds the invocation has left. */
  readonly remaining: number;
  /** The request's stack, of which resources ask; none for an event. */
  readonly stackFor?: (state: RequestState) => Stack;
  /** Whether the runtime asks as well. */
  readonly checksStack: boolean;
  /** Lets the waiter go on with the request, where there is one. */
  readonly handOff?: HandOff;
}

/**
 * Works on a request until it has an outcome, at the latest a bit before the invocation's time and the request's have
 * passed; or until it needs none, since the waiter goes on or CloudFormation does not expect a response. Never throws:
 * each failure is an outcome, with a reason without secrets.
 */
async function outcomeOf<Props extends object, State>(
  resource: Resource<Props, State>,
  incoming: IncomingRequest,
  dependencies: Dependencies,
): Promise<Outcome | 'handed off' | 'not expected'> {
  const { request, waiter } = incoming;
  const { log, redact, handOff } = dependencies;
  const failed = (id: string, reason: string): Outcome => {
    const redacted = redact.text(reason);
    log.error('Failed', { id, reason: redacted });
    return { status: 'FAILED', id, reason: redacted };
  };
  if (!request) return failed(idOfUnreadable(incoming), errorMessage(incoming.problem));
  const state = stateOf(incoming);
  // An execution that is late, or a state that is sent again: CloudFormation has given up, and may have gone on since.
  if (waiter && Date.now() - state.since > 1000 * request.serviceTimeout) {
    const { id, reason } = timeoutResult(request, state);
    return failed(id, reason);
  }
  const redactedHandOff: HandOff | undefined =
    handOff && ((next, seconds) => handOff({ ...next, waitingFor: redact.text(next.waitingFor) }, seconds));
  try {
    const { remaining } = dependencies;
    const time = timeForWork(incoming, state, { remaining, startsWaiter: Boolean(handOff) });
    const outcome = await withDeadline(time, (signal) =>
      work(resource, request, state, { ...dependencies, handOff: redactedHandOff, signal, inline: !waiter }),
    );
    if (typeof outcome === 'string') return outcome;
    if (outcome?.status === 'FAILED') return failed(outcome.id, outcome.reason);
    if (outcome) return outcome.reason === undefined ? outcome : { ...outcome, reason: redact.text(outcome.reason) };
    // A pass that hangs is not yet a failure, unless it is not known what its call to create has made.
    const isUncertain = state.phase.name === 'creating' && state.phase.outcomeUnknown;
    const seconds = nextDelay(resource, request, state);
    if (redactedHandOff && seconds >= 1 && !isUncertain && (await redactedHandOff(state, wholeSeconds(seconds)))) {
      return 'handed off';
    }
    const { id, reason } = timeoutResult(request, state);
    return failed(id, reason);
  } catch (error) {
    log.error('Handling the request failed', { error });
    return failed(physicalIdOf(request, state), errorMessage(error));
  }
}

/**
 * Reads the properties, and polls. A Delete takes properties as they are, where they do not fit the schema. So do a request
 * that is under way and a rollback: an earlier release may have accepted them, and a rollback that fails leaves the stack stuck.
 */
async function work<Props extends object, State>(
  resource: Resource<Props, State>,
  request: Request,
  state: RequestState,
  {
    log,
    redact,
    stackFor,
    checksStack,
    handOff,
    signal,
    inline,
  }: Dependencies & { signal: AbortSignal; inline: boolean },
): Promise<Outcome | 'handed off' | 'not expected' | undefined> {
  const { requestType, resourceType, physicalResourceId, properties, oldProperties } = request;
  if (inline) log.info('Received', { requestType, resourceType, physicalResourceId });
  const { schema, sensitive = [] } = resource;
  const hideSensitive = (bag: Readonly<Record<string, unknown>>) => redact.hide(sensitive.map((name) => bag[name]));
  if (sensitive.length > 0) for (const bag of [properties, oldProperties]) hideSensitive(bag);
  const stack = stackFor?.(state);
  const asked = checksStack ? stack : undefined;
  const ctx = contextOf(request, state, { log, stack });
  const isDelete = requestType === 'Delete';
  const props = isDelete
    ? await readLeniently(schema, properties)
    : await readProperties(schema, properties).catch(async (cause: Error) => {
        // What the waiter brings back was read by an earlier pass, perhaps of another release.
        const isAccepted = !inline || (requestType === 'Update' && (await asked?.isRollingBack(false)));
        if (!isAccepted) throw misdirected(cause, resource.type, resourceType);
        log.warn('Properties that were accepted before no longer fit, and are taken as they are', { error: cause });
        return readLeniently(schema, properties);
      });
  const old = requestType === 'Update' ? await readLeniently(schema, oldProperties, properties) : props;
  if (sensitive.length > 0) hideSensitive(props as Record<string, unknown>);
  const job = { resource, request, props, old, ctx, stack: asked };
  return poll(job, state, { signal, handOff, inline });
}

/**
 * What properties of another type mean: the ServiceToken names another resource's function. A template may call a type
 * as it likes, so a type that fits by its properties is taken.
 */
function misdirected(cause: Error, served: string, given: string): Error {
  if (given === served || !given.startsWith('Custom::') || !(cause instanceof InvalidPropertiesError)) return cause;
  return new InvalidPropertiesError(
    cause.issues,
    `the ServiceToken names the function of ${served}, and the resource is a ${given}. Give it the ServiceToken of ${given}; ` +
      `or, if it is meant to be a ${served}: `,
  );
}

function contextOf(
  { requestType, requestId, stackId, logicalResourceId, resourceType, partition, region, account }: Request,
  state: RequestState,
  { log, stack }: { log: Log; stack?: Stack },
): Context {
  state.notes ??= {};
  let tags: ReturnType<Context['stackTags']> | undefined;
  const names = { requestType, requestId, stackId, logicalResourceId, resourceType, partition, region, account };
  return {
    ...names,
    since: new Date(state.since),
    log,
    notes: state.notes,
    stackTags() {
      tags ??= stack ? stack.tags() : Promise.resolve([]);
      return tags;
    },
    isRollingBack: async (fallback = false) => (await stack?.isRollingBack(fallback)) ?? fallback,
    hasCompleted: async (fallback) => (await stack?.hasCompleted(fallback)) ?? fallback,
    async holderStatus(holder) {
      if (holder.stackId === stackId && holder.logicalResourceId === logicalResourceId) return 'self';
      // CloudFormation would know no such stack, and so the holder would count as released.
      if (isDirectHolder(holder) && holder.stackId !== stackId) return 'other';
      if (stack) return stack.holderStatus(holder);
      // Without a way to ask, the resource counts as held.
      return holder.stackId === stackId ? 'sibling' : 'other';
    },
  };
}
