import { RuntimeError } from './errors.ts';
import { isOwnId, nothingMade, perhapsMade, problemWithId } from './identity.ts';
import { changed, readLeniently, readProperties } from './properties.ts';
import type { Request } from './request.ts';
import type { Context, Resource } from './resource.ts';

/** A request that can be worked on: with its resource, and with properties in their proper types. */
export interface Job<Props extends object, State> {
  readonly resource: Resource<Props, State>;
  readonly request: Request;
  readonly props: Props;
  /** The properties before an Update. */
  readonly old: Props;
  readonly ctx: Context;
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
  /** The one call of `update` was taken, or is not needed. */
  started: boolean;
  /** `create` was called, and nobody knows yet whether it made something. */
  inDoubt: boolean;
  /** What is made has been seen; and how many looks ago. */
  seen: boolean;
  missed: number;
  /** The failure that the resource was in before it was deleted. */
  failedBefore?: string;
  /** What the last look was waiting for. */
  awaiting: string;
}

/** The beginning, when nothing has been done. */
export function beginning({ requestType }: Request, now: number): Progress {
  const operation = requestType === 'Create' ? 'create' : requestType === 'Update' ? 'update' : 'delete';
  return { operation, since: now, started: false, inDoubt: false, seen: false, missed: 0, awaiting: 'the first call' };
}

/** Reads the properties. A Delete takes them as they are, where they do not fit. */
export async function jobOf<Props extends object, State>(
  resource: Resource<Props, State>,
  request: Request,
  ctx: Context,
): Promise<Job<Props, State>> {
  const { schema } = resource;
  if (request.requestType === 'Delete') {
    const props = await readLeniently(schema, request.properties);
    return { resource, request, props, old: props, ctx };
  }
  const props = await readProperties(schema, request.properties);
  const old =
    request.requestType === 'Update' ? await readLeniently(schema, request.oldProperties, request.properties) : props;
  return { resource, request, props, old, ctx };
}

/**
 * Decides how an Update is made: in place, or by a replacement, which CloudFormation follows up with a Delete of what
 * is replaced.
 *
 * @throws RuntimeError when it takes a replacement that would need the name of what is still there
 */
export function planUpdate<Props extends object, State>(job: Job<Props, State>, progress: Progress): void {
  const { resource, request, props, old, ctx } = job;
  const id = request.physicalResourceId ?? '';
  const differing = changed(props, old);
  if (!isOwnId(id, resource.ownsId?.bind(resource))) {
    ctx.log.warn('There is nothing that could be changed: the resource was never made', { id });
    progress.operation = 'create';
    return;
  }
  // Without `update`, no change can be made in place.
  const immutable = typeof resource.immutable === 'function' ? resource.immutable(props, old) : resource.immutable;
  const replacing = resource.update ? differing.filter((name) => immutable?.includes(name)) : differing;
  if (replacing.length === 0) {
    ctx.log.info(differing.length === 0 ? 'No property differs' : 'Updating in place', { id, differing });
    Object.assign(progress, { id, started: differing.length === 0 });
    return;
  }
  const { fixedName = [] } = resource;
  // What a function leaves out is another spelling of the same, and so no other name.
  const renaming = typeof resource.immutable === 'function' ? replacing : differing;
  if (fixedName.length > 0 && !fixedName.some((name) => renaming.includes(name))) {
    throw new RuntimeError(
      `Replacing ${id}: a change of ${replacing.join(', ')} cannot be made in place, and a replacement cannot have the ` +
        `same ${fixedName.join(' and ')} while ${id} exists. Change ${fixedName.join(' or ')} as well`,
    );
  }
  ctx.log.info('Replacing', { id, differing });
  progress.operation = 'create';
}

/** The physical id that an answer has to carry now. */
export function idOf({ requestType, requestId, physicalResourceId }: Request, { id, inDoubt }: Progress): string {
  // A Delete with another id than it was asked about would confuse CloudFormation.
  if (requestType === 'Delete') return physicalResourceId ?? nothingMade(requestId);
  if (id !== undefined) return id;
  const settled = physicalResourceId ?? nothingMade(requestId);
  if (!inDoubt) return settled;
  const doubtful = perhapsMade(requestId, physicalResourceId);
  return problemWithId(doubtful) ? settled : doubtful;
}
