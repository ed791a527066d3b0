import { InvalidRequestError } from '../errors.ts';
import { isUnasked } from './event-bridge.ts';
import type { Request, RequestIdentity } from './request.ts';
import { isResponseUrl } from './response-url.ts';

/** What an event turned out to be. Without a request, the problems say why, and the addressee can be told. */
export type Envelope =
  | { readonly addressee: RequestIdentity; readonly request: Request }
  | { readonly addressee: RequestIdentity; readonly problem: InvalidRequestError };

/** What an answer repeats, and how much of its 4096 bytes that may take as JSON. CloudFormation's own take less. */
const longest = { StackId: 1024, RequestId: 256, LogicalResourceId: 300, PhysicalResourceId: 1200 };

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks an event before anything else is done with it. Only one of `ours` may ask for no answer.
 *
 * @throws InvalidRequestError when nobody can be told: the ids or the response URL are missing or wrong
 */
export function openEnvelope(event: unknown, ours = false): Envelope {
  if (!isRecord(event)) throw new InvalidRequestError('Reading the event: it is not an object');
  const addressee = addresseeOf(event, ours);
  const problems = problemsOf(event);
  if (problems.length > 0) {
    return { addressee, problem: new InvalidRequestError(`Reading the request: ${problems.join('; ')}`) };
  }
  const properties = isRecord(event.ResourceProperties) ? event.ResourceProperties : {};
  const request = {
    ...addressee,
    requestType: event.RequestType as Request['requestType'],
    resourceType: text(event, 'ResourceType') ?? '',
    properties: declared(properties),
    oldProperties: declared(isRecord(event.OldResourceProperties) ? event.OldResourceProperties : {}),
    serviceTimeout: serviceTimeout(properties.ServiceTimeout),
  };
  return { addressee, request };
}

function addresseeOf(event: Fields, ours: boolean): RequestIdentity {
  const ids = ['StackId', 'RequestId', 'LogicalResourceId'] as const;
  const missing = ids.filter((id) => text(event, id) === undefined);
  if (missing.length > 0) throw new InvalidRequestError(`Reading the event: it has no ${missing.join(', no ')}`);
  const long = Object.entries(longest).filter(
    ([id, bytes]) => Buffer.byteLength(JSON.stringify(text(event, id) ?? '')) > bytes,
  );
  if (long.length > 0) {
    throw new InvalidRequestError(
      `Reading the event: an answer has no room for its ${long.map(([id]) => id).join(', ')}`,
    );
  }
  const stackId = text(event, 'StackId') ?? '';
  const [arn, partition = '', service, region = '', account = ''] = stackId.split(':');
  const unasked = ours && isUnasked(stackId);
  if (arn !== 'arn' || (service !== 'cloudformation' && !unasked)) {
    throw new InvalidRequestError('Reading the event: its StackId is not the ARN of a stack');
  }
  const responseUrl = text(event, 'ResponseURL') ?? '';
  if (unasked ? responseUrl !== '' : !isResponseUrl(responseUrl, { partition, region })) {
    throw new InvalidRequestError(
      `Reading the event: its ResponseURL is not one of CloudFormation's own in ${region}, so it gets no answer`,
    );
  }
  return {
    responseUrl,
    stackId,
    requestId: text(event, 'RequestId') ?? '',
    logicalResourceId: text(event, 'LogicalResourceId') ?? '',
    physicalResourceId: text(event, 'PhysicalResourceId'),
    partition,
    region,
    account,
  };
}

function problemsOf(event: Fields): string[] {
  const problems: string[] = [];
  const type = event.RequestType;
  if (type !== 'Create' && type !== 'Update' && type !== 'Delete') {
    problems.push('RequestType has to be Create, Update or Delete');
  }
  if (text(event, 'ResourceType') === undefined) problems.push('ResourceType is missing');
  if ((type === 'Update' || type === 'Delete') && text(event, 'PhysicalResourceId') === undefined) {
    problems.push('PhysicalResourceId is missing');
  }
  for (const name of ['ResourceProperties', 'OldResourceProperties']) {
    if (event[name] !== undefined && !isRecord(event[name])) problems.push(`${name} has to be an object`);
  }
  return problems;
}

/** The properties that the template means for the resource. */
function declared({ ServiceToken: _token, ServiceTimeout: _timeout, ...properties }: Fields): Fields {
  return properties;
}

/** CloudFormation checks it before it asks, so what cannot be read is as good as missing. */
function serviceTimeout(value: unknown): number {
  const seconds = typeof value === 'string' || typeof value === 'number' ? Number(value) : 3600;
  return seconds >= 1 && seconds <= 3600 ? seconds : 3600;
}

function text(event: Fields, name: string): string | undefined {
  const value = Object.hasOwn(event, name) ? event[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
