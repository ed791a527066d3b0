import { createHash } from 'node:crypto';
import type { Exchange } from '../../packages/local/src/cloud-events.ts';
import type { InjectedFault } from '../../packages/local/src/faults/rule.ts';
import type { Cloud } from '../../packages/local/src/service.ts';
import { existingIn } from './existing.ts';
import { usualLag } from './fault-rules.ts';

/** A request that CloudFormation sent to a custom resource. */
export interface Sent {
  RequestType: 'Create' | 'Update' | 'Delete';
  RequestId: string;
  StackId: string;
  LogicalResourceId: string;
  ResourceType: string;
  PhysicalResourceId?: string;
  ResponseURL: string;
  ResourceProperties: Record<string, unknown>;
  /** Virtual time, ISO 8601. */
  time: string;
}

/** An answer that was put to a response URL, as S3 has it. */
export interface Put {
  key: string;
  time: string;
  body: string;
  /** The status that each thing in SageMaker had then, by its physical id. */
  statuses: ReadonlyMap<string, string>;
}

/** A call that a function made, and that was denied. */
export interface Denial {
  /** The call and what was said of it. */
  what: string;
  /** The id of the one thing that it was about, where there is one. */
  about?: string;
}

/** Faults that cannot be lived through, and those that end an invocation, which may have begun to create. */
const fatal = new Set([
  'resource failed',
  'resource deleted',
  'call access-denied',
  'quota limit',
  'function crash',
  'function out-of-memory',
  'function hang',
]);

const responseBucket = 'cloudformation-custom-resource-response-';

/** What has gone through the cloud's door in one run. */
export class Observer {
  readonly requests: Sent[] = [];
  readonly answers: Put[] = [];
  /** How many faults were injected, by kind. */
  readonly faults = new Map<string, number>();
  /** The calls that functions made and that were denied. */
  readonly denials: Denial[] = [];
  /** The rights that roles have used: who, and what. */
  readonly rights = new Set<string>();
  calls = 0;
  /** A fault was injected after which a request may fail. */
  hasFatalFault = false;
  readonly #hash = createHash('sha256');
  readonly #store: Cloud['store'];

  constructor(cloud: Cloud) {
    this.#store = cloud.store;
    cloud.events.on('exchange', (exchange) => this.#see(exchange));
    cloud.events.on('fault', (fault) => this.#seeFault(fault));
    cloud.events.on('right', ({ principal, action }) => {
      if (principal.includes(':assumed-role/')) this.rights.add(`${principal} ${action}`);
    });
  }

  /** The same for two runs in which the same calls were made at the same times, with the same outcomes. */
  trace(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }

  #see(exchange: Exchange): void {
    const { time, service, operation, principal, request, status, error } = exchange;
    this.calls += 1;
    this.#hash.update(`${time} ${service} ${operation} ${principal} ${status} ${error?.code ?? ''}\n`);
    if (service === 'lambda' && operation === 'Invoke') this.#seeInvocation(time, request as { Payload?: Uint8Array });
    if (service === 's3' && operation === 'PutObject' && status === 200) this.#seePut(time, request as PutRequest);
    const isDenied = error && /^AccessDenied|^UnauthorizedOperation/.test(error.code);
    if (isDenied && principal.includes(':assumed-role/')) {
      this.denials.push({
        what: `${service} ${operation}: ${error.message}`,
        about: subjectOf(error.message, request),
      });
    }
  }

  #seeFault({ kind, rule, where: { operation = '' } }: InjectedFault): void {
    if (rule === usualLag.name) return;
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
    // A create call without a reply has an unknown outcome: it is not retried.
    const isOutcomeUnknown =
      /^call (unavailable|internal-error|reset|slow)$/.test(kind) && operation.startsWith('Create');
    if (isOutcomeUnknown || fatal.has(kind)) this.hasFatalFault = true;
  }

  #seeInvocation(time: string, { Payload }: { Payload?: Uint8Array }): void {
    const event = JSON.parse(Buffer.from(Payload ?? '{}').toString('utf8')) as Partial<Sent>;
    if (event.ResponseURL !== undefined && event.RequestType) this.requests.push({ ...(event as Sent), time });
  }

  #seePut(time: string, { Bucket, Key, Body }: PutRequest): void {
    if (!Bucket.startsWith(responseBucket)) return;
    const statuses = new Map([...existingIn(this.#store).values()].map(({ id, status }) => [id, status]));
    // A slow response is recorded when its sender gets the reply; CloudFormation had it before.
    const at = this.answers.findLastIndex((earlier) => earlier.time <= time) + 1;
    this.answers.splice(at, 0, { key: Key, time, body: Buffer.from(Body ?? '').toString('utf8'), statuses });
  }
}

interface PutRequest {
  Bucket: string;
  Key: string;
  Body?: Uint8Array;
}

/** EFS does not say what it denies, but is asked about one mount target or file system. What is in a domain is named with its id. */
function subjectOf(message: string, request: unknown): string | undefined {
  const inDomain = /on resource: arn:\S+[:/](d-[^:/\s]+\/[^:/\s]+)/.exec(message)?.[1];
  const named = inDomain ?? /on resource: arn:\S+[:/]([^:/\s]+)/.exec(message)?.[1];
  const { MountTargetId, FileSystemId } = (request ?? {}) as Record<string, string | undefined>;
  const id = named ?? MountTargetId ?? FileSystemId;
  return id?.includes('*') ? undefined : id;
}
