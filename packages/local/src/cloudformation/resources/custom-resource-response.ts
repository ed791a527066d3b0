import { ResourceFailure } from './resource-type.ts';

/** What an answer must repeat. */
export interface Expected {
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
}

/** The answer of a custom resource's provider, checked. */
export interface Response {
  status: 'SUCCESS' | 'FAILED';
  reason?: string;
  physicalId: string;
  noEcho: boolean;
  data: Record<string, unknown>;
}

const MAX_BYTES = 4096;
const MAX_ID_BYTES = 1024;

/** Reads an answer. Throws a `ResourceFailure`, in CloudFormation's words, for one that breaks the protocol. */
export function readResponse(body: Uint8Array, expected: Expected): Response {
  if (body.byteLength > MAX_BYTES) throw new ResourceFailure('Response object is too long.');
  const answer = parse(body);
  const physicalId = answer.PhysicalResourceId;
  if (typeof physicalId !== 'string' || physicalId === '' || Buffer.byteLength(physicalId) > MAX_ID_BYTES) {
    throw new ResourceFailure('Invalid PhysicalResourceId');
  }
  const invalid = (member: string) => new ResourceFailure(`Invalid ${member}`, { physicalId });
  for (const [member, value] of Object.entries(expected)) if (answer[member] !== value) throw invalid(member);
  const { Status: status, Reason: reason, NoEcho: noEcho, Data: data } = answer;
  if (status !== 'SUCCESS' && status !== 'FAILED') throw invalid('Response object: Status must be SUCCESS or FAILED');
  if (status === 'FAILED' && (typeof reason !== 'string' || reason === '')) {
    throw invalid('Response object: Reason must be provided for Status FAILED');
  }
  if (data !== undefined && data !== null && !isMap(data)) throw invalid('Response object: Data must be a map');
  return {
    status,
    reason: typeof reason === 'string' ? reason : undefined,
    physicalId,
    noEcho: noEcho === true || noEcho === 'true',
    data: isMap(data) ? data : {},
  };
}

function parse(body: Uint8Array): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(body));
    if (isMap(answer)) return answer;
  } catch (cause) {
    throw new ResourceFailure('Response is not valid JSON', { cause });
  }
  throw new ResourceFailure('Response is not valid JSON');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
