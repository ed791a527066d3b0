import { InvalidRequestError } from '../errors.ts';
import { createFailedId, createUncertainId } from '../lifecycle/phase.ts';
import type { Context, Resource } from '../resource.ts';
import { type Unpacked, unpackState } from '../waiting/waiter-state.ts';
import { isDirect, requestOfInvocation } from './direct-invocation.ts';
import {
  type EventBridgeEvent,
  type LambdaContext,
  type Request,
  type RequestIdentity,
  unqualifiedArn,
} from './request.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A request as it arrives: from CloudFormation, or from the waiter with its state. */
export type IncomingRequest = {
  /** As CloudFormation sent it. */
  readonly event: Fields;
  readonly identity: RequestIdentity;
  /** Only where it comes from the waiter. */
  readonly waiter?: Unpacked['waiter'];
} & (
  | { readonly request: Request; readonly problem?: undefined }
  // What is wrong with it; the response can say so, since the identity is known. Work on it may have begun.
  | { readonly request?: undefined; readonly problem: InvalidRequestError; readonly mayHaveCreated: boolean }
);

/** How many of a response's 4096 bytes each repeated id may take, as JSON. CloudFormation's own ids are shorter. */
const maximumBytes = { StackId: 1024, RequestId: 256, LogicalResourceId: 300, PhysicalResourceId: 1200 };

/** How a payload is read. */
interface Reading {
  /** The ARN of the function that reads it: of its Region are the response bucket and the stack, of its account the stack. */
  readonly reader: string;
  /** The ARN of the function that a state of the waiter has to be for. The reader's own, if left out. */
  readonly owner?: unknown;
  /** The runtime has made the request itself. Only such a one may expect no response. */
  readonly internal?: boolean;
}

/**
 * Parses what a function was called with, before anything else is done with it.
 *
 * @throws InvalidRequestError when it cannot be responded to: the ids or the response URL are missing or wrong, or the
 * waiter's state is not one that a handler sealed
 * @throws KeyUnavailableError when it comes from the waiter, and the key of its state cannot be read now
 */
export async function parseRequest(
  payload: unknown,
  { reader, owner = reader, internal = false }: Reading,
): Promise<IncomingRequest> {
  const isFromWaiter = Object.hasOwn(Object(payload), 'waiter');
  const unpacked = isFromWaiter ? await unpackState((payload as { waiter: unknown }).waiter, owner) : undefined;
  const event = unpacked ? unpacked.event : payload;
  if (!isRecord(event)) throw new InvalidRequestError('Reading the event: it is not an object');
  const here = placeOf(reader);
  const identity = identityOf(event, internal || isFromWaiter, here);
  const incoming = { event, identity, waiter: unpacked?.waiter };

  const { RequestType: requestType, ResourceProperties = {}, OldResourceProperties = {} } = event;
  const problems = unpacked?.problem ? [unpacked.problem] : [];
  // CloudFormation calls only functions of the stack's own Region, and other accounts are none of this one's.
  if (identity.partition !== here.partition || identity.region !== here.region || identity.account !== here.account) {
    problems.push(
      `StackId has to name a stack of the function's own account ${here.account} and Region ${here.region}; install the provider where the stack is`,
    );
  }
  if (requestType !== 'Create' && requestType !== 'Update' && requestType !== 'Delete') {
    problems.push('RequestType has to be Create, Update or Delete');
  }
  const resourceType = text(event, 'ResourceType');
  if (resourceType === undefined) problems.push('ResourceType is missing');
  if ((requestType === 'Update' || requestType === 'Delete') && identity.physicalResourceId === undefined) {
    problems.push('PhysicalResourceId is missing');
  }
  if (!isRecord(ResourceProperties)) problems.push('ResourceProperties has to be an object');
  if (!isRecord(OldResourceProperties)) problems.push('OldResourceProperties has to be an object');
  if (problems.length > 0) {
    const problem = new InvalidRequestError(`Reading the request: ${problems.join('; ')}`);
    return { ...incoming, problem, mayHaveCreated: isFromWaiter && requestType === 'Create' };
  }
  const { ServiceToken: _token, ServiceTimeout: timeout, ...properties } = ResourceProperties as Fields;
  const { ServiceToken: _oldToken, ServiceTimeout: _oldTimeout, ...oldProperties } = OldResourceProperties as Fields;
  // CloudFormation checks ServiceTimeout before it sends the request, so a value that is not one counts as missing.
  const seconds = typeof timeout === 'string' || typeof timeout === 'number' ? Number(timeout) : 3600;
  const serviceTimeout = seconds >= 1 && seconds <= 3600 ? seconds : 3600;
  const request = { ...identity, requestType, resourceType, properties, oldProperties, serviceTimeout } as Request;
  return { ...incoming, request };
}

/** The physical id for the response to a request that cannot be read. */
export function idOfUnreadable({ identity, ...read }: IncomingRequest): string {
  const { physicalResourceId, requestId } = identity;
  if (physicalResourceId !== undefined) return physicalResourceId;
  return read.problem && read.mayHaveCreated ? createUncertainId(requestId) : createFailedId(requestId);
}

function identityOf(event: Fields, internal: boolean, here: Place): RequestIdentity {
  const ids = ['StackId', 'RequestId', 'LogicalResourceId'] as const;
  const missing = ids.filter((id) => text(event, id) === undefined);
  if (missing.length > 0) throw new InvalidRequestError(`Reading the event: it has no ${missing.join(', no ')}`);
  const long = Object.entries(maximumBytes).filter(
    ([id, bytes]) => Buffer.byteLength(JSON.stringify(text(event, id) ?? '')) > bytes,
  );
  if (long.length > 0) {
    const names = long.map(([id]) => id).join(', ');
    throw new InvalidRequestError(`Reading the event: its ${names} is too long to be repeated in a response`);
  }
  const stackId = text(event, 'StackId') ?? '';
  const { arn, service, partition, region, account } = placeOf(stackId);
  // In place of a stack's ARN, the runtime's own requests for events of EventBridge have the function's.
  const expectsResponse = !(internal && service === 'lambda');
  if (arn !== 'arn' || (service !== 'cloudformation' && expectsResponse)) {
    throw new InvalidRequestError('Reading the event: its StackId is not the ARN of a stack');
  }
  const responseUrl = text(event, 'ResponseURL') ?? '';
  if (expectsResponse ? !isResponseUrl(responseUrl, here) : responseUrl !== '') {
    throw new InvalidRequestError(
      `Reading the event: its ResponseURL is not one of CloudFormation's own in ${here.region}, so no response is sent`,
    );
  }
  return {
    responseUrl,
    expectsResponse,
    stackId,
    requestId: text(event, 'RequestId') ?? '',
    logicalResourceId: text(event, 'LogicalResourceId') ?? '',
    physicalResourceId: text(event, 'PhysicalResourceId'),
    partition,
    region,
    account,
  };
}

/** Where an ARN says that something is. */
interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** `arn:aws:lambda:eu-west-1:111122223333:function:NAME:QUALIFIER`; the qualifier is a version or an alias. */
function placeOf(text: string): Place & { arn?: string; service?: string; qualifier?: string } {
  const [arn, partition = '', service, region = '', account = '', _type, _name, qualifier] = text.split(':');
  return { arn, service, partition, region, account, qualifier };
}

/** The DNS suffixes of the partitions. A partition that is not here has no response host that could be trusted. */
const suffixes: Readonly<Record<string, string>> = {
  aws: 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-us-gov': 'amazonaws.com',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
};

/**
 * Whether this is a response URL of CloudFormation. Only its own bucket of the function's Region is: an event could name
 * any host, a bucket with a similar name, or a Region that does not exist, whose bucket anybody could register.
 * `endpoint` is the origin that `AWS_ENDPOINT_URL` names, where there is one.
 */
export function isResponseUrl(
  url: string,
  { partition, region }: Pick<Place, 'partition' | 'region'>,
  endpoint = process.env.AWS_ENDPOINT_URL,
): boolean {
  const parsed = URL.parse(url);
  if (!parsed) return false;
  if (parsed.username !== '' || parsed.password !== '') return false;
  if (endpoint && parsed.origin === URL.parse(endpoint)?.origin) return /^https?:$/.test(parsed.protocol);
  const suffix = Object.hasOwn(suffixes, partition) ? suffixes[partition] : undefined;
  if (parsed.protocol !== 'https:' || parsed.port !== '' || suffix === undefined || region === '') return false;
  const bucket = `cloudformation-custom-resource-response-${region.replaceAll('-', '')}`;
  const hosts = [`s3.${region}`, `s3-${region}`, `s3.dualstack.${region}`, 's3'].map((host) => `${host}.${suffix}`);
  return hosts.some(
    (host) =>
      parsed.hostname === `${bucket}.${host}` ||
      (parsed.hostname === host && parsed.pathname.startsWith(`/${bucket}/`)),
  );
}

/**
 * The alias by which a rule of EventBridge invokes a function. Who may change the targets of a rule decides what
 * it sends, so the alias is for events only: requests through it are refused. The rule has the right to invoke the alias,
 * and not the function itself. Lambda tells the function which ARN it was invoked by; no payload can change that.
 */
const eventAlias = 'events';

/**
 * Parses what a resource's function was called with: a request, or an event of EventBridge or a direct invocation, which
 * stand for one. Undefined for an event that the resource ignores, or of another account or Region, which a bus may also bring.
 *
 * @throws InvalidRequestError as `parseRequest` and `requestOfInvocation` do, and for what is no event where only events are taken
 * @throws KeyUnavailableError as `parseRequest` does
 */
export async function parsePayload<Props extends object, State>(
  payload: unknown,
  { invokedFunctionArn: reader, awsRequestId }: Pick<LambdaContext, 'invokedFunctionArn' | 'awsRequestId'>,
  resource: Pick<Resource<Props, State>, 'onEvent' | 'type' | 'needsStack'>,
): Promise<IncomingRequest | undefined> {
  const { partition, region, account, qualifier } = placeOf(reader);
  const event = eventBridgeEventIn(payload);
  if (!event) {
    if (qualifier !== eventAlias) {
      if (!isDirect(payload)) return parseRequest(payload, { reader });
      const request = requestOfInvocation(payload, {
        partition,
        region,
        account,
        requestId: awsRequestId,
        ...resource,
      });
      return { event: payload, identity: request, request };
    }
    throw new InvalidRequestError(
      `Reading the event: through the alias ${eventAlias}, this function takes events of EventBridge only; ` +
        'the rule has to send the event as it is, without an input of its own',
    );
  }
  const isOwn = (event.account ?? account) === account && (event.region ?? region) === region;
  const request = isOwn ? requestOfEvent(event, resource, reader) : undefined;
  return request && parseRequest(request, { reader, internal: true });
}

/** Whether a request stands for an event of EventBridge: in place of a stack, it names the function. No request can. */
export function isForEvent({ stackId }: Pick<Context, 'stackId'>): boolean {
  return placeOf(stackId).service === 'lambda';
}

/** The event that a function was called with; undefined for anything else. */
function eventBridgeEventIn(payload: unknown): EventBridgeEvent | undefined {
  const { id, source, 'detail-type': detailType, detail, account, region } = Object(payload) as Fields;
  if (typeof detailType !== 'string' || typeof source !== 'string') return undefined;
  if (typeof id !== 'string' || id === '') throw new InvalidRequestError('Reading the event: it has no id');
  const where = { account: asText(account), region: asText(region) };
  return { id, source, detailType, detail: Object(detail), ...where };
}

/**
 * The request that an event stands for: a Create that expects no response. It has no response URL, and in place of a
 * stack's ARN the function's own. Undefined where the resource ignores the event.
 */
function requestOfEvent<Props extends object, State>(
  event: EventBridgeEvent,
  { onEvent, type }: Pick<Resource<Props, State>, 'onEvent' | 'type'>,
  functionArn: string,
): Fields | undefined {
  const properties = onEvent?.(event);
  if (properties === undefined) return undefined;
  return {
    RequestType: 'Create',
    StackId: unqualifiedArn(functionArn),
    RequestId: event.id,
    LogicalResourceId: event.source,
    ResourceType: type,
    ResourceProperties: properties,
  };
}

function text(event: Fields, name: string): string | undefined {
  const value = Object.hasOwn(event, name) ? event[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function asText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
