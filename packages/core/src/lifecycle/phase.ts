import type { Request } from '../request/request.ts';
import type { Context, Resource } from '../resource.ts';
import { readLeniently, readProperties } from '../schema/read-properties.ts';
import type { Stack } from '../stack/stack.ts';
import { createFailedId, createUncertainId, physicalIdProblem } from './physical-id.ts';

/** A request that can be worked on: with its resource, and with properties in their proper types. */
export interface Job<Props extends object, State> {
  readonly resource: Resource<Props, State>;
  readonly request: Request;
  readonly props: Props;
  /** The properties before an Update. */
  readonly old: Props;
  readonly ctx: Context;
  readonly stack: Stack;
}

/**
 * How far a request has come. Plain data: with the request, it is all that is needed to go on elsewhere.
 */
export interface Progress {
  /** What is done with the resource. A replacement is a `create`, though the request says Update. */
  operation: 'create' | 'update' | 'delete';
  /** When it was begun, in milliseconds since the epoch. */
  readonly since: number;
  /** The physical id of what is made, changed or deleted, once it is known. */
  id?: string;
  /** CloudFormation waits for the answer, or showed last that it does not; undefined before it was asked. */
  awaited?: boolean;
  /** How an Update is to be made has been decided. */
  planned: boolean;
  /** The one call of `update` was taken, or is not needed. */
  started: boolean;
  /** `create` was called, and nobody knows yet whether it made something. */
  inDoubt: boolean;
  /** This request's own `create` made it, and not an earlier one. */
  made: boolean;
  /** CloudFormation no longer wants what is made, so it is deleted again; and since when, in milliseconds. */
  calledOff: boolean;
  calledOffSince?: number;
  /** How often that has failed. */
  refusals?: number;
  /** What is made has been seen; and how many looks ago. */
  seen: boolean;
  missed: number;
  /** The failure that the resource was in before it was changed; and how many looks have shown it since. */
  failedBefore?: string;
  stale: number;
  /** What is being deleted, once that is known. */
  doomed?: Doomed;
  /** What the last look was waiting for. */
  awaiting: string;
  /** What the resource itself has to know at its next look. */
  notes?: Record<string, unknown>;
}

/** Something that is to go. */
export interface Doomed {
  readonly id: string;
  /** When that was decided, in milliseconds since the epoch. */
  readonly since: number;
  /** `delete` was called. */
  begun: boolean;
  /** It has been seen since; and how many looks have not seen it. */
  seen: boolean;
  missed: number;
  /** The failure that it was in before it was deleted. */
  failedBefore?: string;
  /** It was being made or changed when its deletion was asked for, and that has not failed since. */
  inMotion: boolean;
}

export function doomed(id: string): Doomed {
  return { id, since: Date.now(), begun: false, seen: false, missed: 0, inMotion: false };
}

/** The beginning, when nothing has been done. */
export function beginning({ requestType }: Request, now: number): Progress {
  const operation = requestType === 'Create' ? 'create' : requestType === 'Update' ? 'update' : 'delete';
  const nothing = {
    planned: false,
    started: false,
    inDoubt: false,
    made: false,
    calledOff: false,
    seen: false,
  };
  return { operation, since: now, ...nothing, missed: 0, stale: 0, awaiting: 'the first call' };
}

/** Reads the properties. A Delete takes them as they are, where they do not fit. */
export async function jobOf<Props extends object, State>(
  resource: Resource<Props, State>,
  request: Request,
  { ctx, stack }: Pick<Job<Props, State>, 'ctx' | 'stack'>,
): Promise<Job<Props, State>> {
  const { schema } = resource;
  if (request.requestType === 'Delete') {
    const props = await readLeniently(schema, request.properties);
    return { resource, request, props, old: props, ctx, stack };
  }
  const props = await readProperties(schema, request.properties);
  const old =
    request.requestType === 'Update' ? await readLeniently(schema, request.oldProperties, request.properties) : props;
  return { resource, request, props, old, ctx, stack };
}

/** The physical id that an answer has to carry now. */
export function idOf({ requestType, requestId, physicalResourceId }: Request, { id, inDoubt }: Progress): string {
  // A Delete with another id than it was asked about would confuse CloudFormation.
  if (requestType === 'Delete') return physicalResourceId ?? createFailedId(requestId);
  if (id !== undefined) return id;
  const settled = physicalResourceId ?? createFailedId(requestId);
  if (!inDoubt) return settled;
  const doubtful = createUncertainId(requestId, physicalResourceId);
  return physicalIdProblem(doubtful) ? settled : doubtful;
}

/** What is being done, as an error begins. */
export function doing({ operation }: Progress): string {
  return operation === 'create' ? 'Creating' : operation === 'update' ? 'Updating' : 'Deleting';
}
