import type { Request } from '../request/request.ts';
import type { Outcome } from '../response/response.ts';

/**
 * How far a request has come. Plain data: with the request, it is all that another invocation needs to go on with it.
 * `transition` alone changes the phase; within a phase, the steps write its data.
 */
export interface RequestState {
  /** When the work on it began, in milliseconds since the epoch. */
  readonly since: number;
  readonly phase: Phase;
  /** The resource may touch what the request names. */
  isAuthorized?: boolean;
  /** Whether CloudFormation expects the response, as it said last; undefined before it was asked. */
  expected?: boolean;
  /** When it said so, in milliseconds since the epoch. */
  askedAt?: number;
  /** How many questions to CloudFormation in a row have failed that may be answered later. */
  unanswered?: number;
  /** What the last pass was waiting for, for the log and for the response when time runs out. */
  waitingFor: string;
  /** What the resource itself keeps for its next step. */
  notes?: Record<string, unknown>;
}

export type Phase = Planning | Creating | Updating | Deleting | Cancelling | Done;

/** An Update of which it is not decided whether it changes in place or replaces. */
export interface Planning {
  readonly name: 'planning';
}

/** Of a Create, or of an Update that replaces. */
export interface Creating {
  readonly name: 'creating';
  /** The physical id, once it is known. */
  id?: string;
  /** `create` was called, and it is not known whether it created something. */
  outcomeUnknown: boolean;
  /** This request's own `create` made it, and not an earlier delivery. */
  createdByThisRequest: boolean;
  /** An earlier direct invocation began it. Once it is ready, it is changed to what this one says. */
  begunBefore?: boolean;
  /** Whether it has been read, and how many reads in a row have not found it. */
  seen: boolean;
  missingReads: number;
}

export interface Updating {
  readonly name: 'updating';
  readonly id: string;
  /** `update` was called, or nothing differs. */
  updateCalled: boolean;
  seen: boolean;
  missingReads: number;
  /** The failure that the resource showed before the update, and how many reads have shown it since. */
  failureBefore?: string;
  staleReads: number;
  /** The replacement that this update takes back. */
  revertedReplacement?: Deletion;
}

export interface Deleting {
  readonly name: 'deleting';
  /** The physical id, once it is known: CloudFormation may name another one. */
  id?: string;
  /** How often it was looked for and not found. */
  missingReads: number;
  deletion?: Deletion;
}

/** CloudFormation no longer wants what this request created, so it is deleted; or it failed, and nothing else would delete it. */
export interface Cancelling {
  readonly name: 'cancelling';
  id?: string;
  /** Why the creation of a direct invocation failed. */
  readonly reason?: string;
  /** In milliseconds since the epoch. */
  readonly since: number;
  missingReads: number;
  /** How often the deletion has failed. */
  deletionFailures: number;
  deletion?: Deletion;
}

/** The request has an outcome; or it needs none, since CloudFormation does not expect a response. */
export interface Done {
  readonly name: 'done';
  readonly outcome: Outcome | 'not expected';
}

/** The deletion of one resource. */
export interface Deletion {
  readonly id: string;
  /** When it was decided, in milliseconds since the epoch. */
  readonly since: number;
  deleteCalled: boolean;
  seen: boolean;
  missingReads: number;
  /** The failure that the resource showed before the deletion. */
  failureBefore?: string;
  /** A creation or an update was under way when `delete` was called, and has not failed since. */
  wasTransitioning: boolean;
  /** The resource has left it, such as what it had only adopted. */
  retained?: boolean;
}

/** Which phases may follow which. ARCHITECTURE.md has the picture of this table. */
export const transitions = {
  planning: ['creating', 'updating', 'done'],
  creating: ['updating', 'cancelling', 'done'],
  updating: ['done'],
  deleting: ['done'],
  cancelling: ['done'],
  done: [],
} as const satisfies Record<Phase['name'], readonly Phase['name'][]>;

/** The phase that each type of request begins with. */
export const firstPhases = { Create: 'creating', Update: 'planning', Delete: 'deleting' } as const;

/**
 * Moves a request to another phase.
 *
 * @throws Error when the table has no such transition
 */
export function transition(state: RequestState, to: Phase): void {
  const allowed: readonly string[] = transitions[state.phase.name];
  if (!allowed.includes(to.name)) {
    throw new Error(`Moving a request from ${state.phase.name} to ${to.name}: there is no such transition`);
  }
  (state as { phase: Phase }).phase = to;
}

export function creating(): Creating {
  return { name: 'creating', outcomeUnknown: false, createdByThisRequest: false, seen: false, missingReads: 0 };
}

export function updating(id: string, { updateCalled }: { updateCalled: boolean }): Updating {
  return { name: 'updating', id, updateCalled, seen: false, missingReads: 0, staleReads: 0 };
}

/** The state of a request on which no work was done. `now` is in milliseconds since the epoch. */
export function initialState({ requestType }: Pick<Request, 'requestType'>, now: number): RequestState {
  const phases = {
    creating,
    planning: (): Planning => ({ name: 'planning' }),
    deleting: (): Deleting => ({ name: 'deleting', missingReads: 0 }),
  };
  return { since: now, phase: phases[firstPhases[requestType]](), waitingFor: 'the first call' };
}

/** Which of the resource's operations a phase is. A replacement is a `create`, though the request says Update. */
export function operationOf({ name }: Phase): 'create' | 'update' | 'delete' {
  switch (name) {
    case 'creating':
      return 'create';
    case 'planning':
    case 'updating':
      return 'update';
    default:
      return 'delete';
  }
}

/** What is being done, as an error begins. */
export function activityOf(phase: Phase): string {
  return { create: 'Creating', update: 'Updating', delete: 'Deleting' }[operationOf(phase)];
}

/** The id of what is created, changed or deleted, once it is known. */
export function idIn(phase: Phase): string | undefined {
  return 'id' in phase ? phase.id : undefined;
}

/** CloudFormation takes no longer physical id. */
export const MAX_ID_BYTES = 1024;

/** The physical id that a response has to carry now. */
export function physicalIdOf({ requestType, requestId, physicalResourceId }: Request, { phase }: RequestState): string {
  // A Delete has to repeat the id that it was sent.
  if (requestType === 'Delete') return physicalResourceId ?? createFailedId(requestId);
  const id = idIn(phase);
  if (id !== undefined) return id;
  const known = physicalResourceId ?? createFailedId(requestId);
  if (phase.name !== 'creating' || !phase.outcomeUnknown) return known;
  const uncertain = createUncertainId(requestId, physicalResourceId);
  return Buffer.byteLength(uncertain) > MAX_ID_BYTES ? known : uncertain;
}

/** The physical id of a Create that failed when it was certain that nothing was created: Delete has nothing to do. */
export function createFailedId(requestId: string): string {
  return `studio-resources:create-failed:${requestId}`;
}

const uncertainPrefix = 'studio-resources:create-unsettled:';
const besideMark = ':beside:';

/**
 * The physical id of a creation that failed when it was not certain whether anything was created: the call ended in a
 * network error, or had not ended when time ran out. Delete looks for the resource by its owner. For a replacement,
 * `replaced` is the id of the resource that existed before, which that Delete leaves alone.
 */
export function createUncertainId(requestId: string, replaced?: string): string {
  const old = replaced === undefined ? undefined : (replacedId(replaced) ?? replaced);
  const id = `${uncertainPrefix}${requestId}`;
  return old === undefined || old.startsWith('studio-resources:create-') ? id : `${id}${besideMark}${old}`;
}

/** The resource that existed before, from the physical id of an uncertain replacement. */
export function replacedId(id: string): string | undefined {
  const at = id.startsWith(uncertainPrefix) ? id.indexOf(besideMark) : -1;
  return at < 0 ? undefined : id.slice(at + besideMark.length);
}

export function isCreateFailedId(id: string): boolean {
  return id.startsWith('studio-resources:create-failed:');
}

/** Whether this is the id of something that the resource created, and not one of the runtime's or CloudFormation's own. */
export function isResourceId(id: string, ownsId?: (id: string) => boolean): boolean {
  return !id.startsWith('studio-resources:create-') && (ownsId?.(id) ?? true);
}
