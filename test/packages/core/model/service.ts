import { type Context, number, properties, type Resource, type Status, string } from '@studio-resources/core';
import type { Fault, Plan } from './plan.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Props {
  Name: string;
  Size?: number;
  Secret?: string;
}

/** Something in the service, as it really is; what a read shows of it may lag. */
export interface Thing {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  /** The request that made it, and the environment that worked on it. */
  readonly madeFor: string;
  readonly madeBy: string;
  readonly madeAt: number;
  size: number | undefined;
  status: string;
  /** When the status changes, and to what; `Gone` is no status. */
  next?: { readonly at: number; readonly status: string };
  /** Something in it that has to be deleted first. */
  contents: boolean;
  goneAt?: number;
}

/** On whose behalf a call is made. */
export interface Caller {
  readonly environment: string;
  readonly isDeleting: boolean;
}

export interface Service {
  readonly resource: Resource<Props, Thing>;
  /** All that is really there now. */
  things(): readonly Thing[];
  /** Everything that was ever made. */
  readonly made: readonly Thing[];
  /** No more faults and failures from now on. */
  endFaults(): void;
}

export const attributeNames = ['Arn', 'Size', 'Status'];
export const otherOwner = 'another owner';

/**
 * A service in memory that lags, throttles, fails and takes its time as the plan says, and the resource that calls it.
 * The resource keeps its side of the contract: each function may be called again.
 *
 * @param called is told of each call before anything is done, and says who calls
 */
export function service(plan: Plan, time: VirtualTime, called: (call: string) => Caller): Service {
  const made: Thing[] = [];
  const faults = [...plan.faults];
  const failures = [...plan.failures];
  made.push({
    ...blank,
    id: 'thing-0',
    name: 'taken',
    owner: otherOwner,
    madeFor: '',
    madeBy: '',
    madeAt: time.now() - 1e6,
  });

  function things(): Thing[] {
    for (const thing of made) pass(thing);
    return made.filter(({ goneAt }) => goneAt === undefined);
  }

  function pass(thing: Thing): void {
    if (!thing.next || thing.next.at > time.now()) return;
    const { at, status } = thing.next;
    thing.next = undefined;
    if (status === 'Gone') thing.goneAt = at;
    else thing.status = status;
  }

  function begin(thing: Thing, doing: string, done: string, failed: string): void {
    thing.status = doing;
    thing.next = { at: time.now() + plan.takes, status: failures.shift() ? failed : done };
    pass(thing);
  }

  /** What a read shows: nothing yet of what is new, and still what is just gone. */
  function seen(id: string): Thing | undefined {
    things();
    const thing = made.find((each) => each.id === id);
    if (!thing || time.now() < thing.madeAt + plan.lag) return undefined;
    return thing.goneAt !== undefined && time.now() >= thing.goneAt + plan.lag ? undefined : { ...thing };
  }

  function nameTaken(name: string): Thing | undefined {
    return plan.named ? things().find((each) => each.name === name) : undefined;
  }

  /** One call to the service, with whatever befalls it. */
  async function call<T>(name: string, props: unknown, work: (environment: string) => T): Promise<T> {
    const { environment, isDeleting } = called(name);
    await time.sleep(10);
    const fault = faults.shift() ?? 'none';
    if (fault === 'slow') await time.sleep(3_000);
    if (fault.endsWith('After')) work(environment);
    if (fault.startsWith('stuck')) await time.sleep(2_000_000);
    const error = errorOf(fault, props);
    if (error) throw error;
    // A deletion takes the service's word for it that nothing is there.
    if (fault === 'blind' && name === 'read' && !isDeleting) return undefined as T;
    return work(environment);
  }

  const resource: Resource<Props, Thing> = {
    type: 'Custom::Thing',
    schema: properties({ Name: string(), Size: number().optional(), Secret: string().optional() }),
    immutable: ['Name'],
    ...(plan.named ? { nameProperties: ['Name'] as const } : {}),
    sensitive: ['Secret'],
    permissions: [],
    ownsId: (id) => id.startsWith('thing-'),
    find: ({ Name }, ctx) =>
      call('find', {}, () => {
        // The newest: where two have one name, it is the one that a replacement has just made.
        const own = things().filter((each) => each.owner === ownerOf(ctx) && each.name === Name);
        return own.findLast((each) => each.status !== 'Deleting' || ctx.requestType === 'Delete')?.id;
      }),
    create: (props, ctx) =>
      call('create', props, (environment) => {
        const there = nameTaken(props.Name);
        if (there && there.owner === ownerOf(ctx) && there.status !== 'Deleting') return there.id;
        if (there) throw failure('ResourceInUse', `${props.Name} exists`);
        const thing: Thing = {
          ...blank,
          id: `thing-${made.length}`,
          name: props.Name,
          owner: ownerOf(ctx),
          madeFor: ctx.requestId,
          madeBy: environment,
          madeAt: time.now(),
          size: props.Size,
          contents: plan.twoSteps,
        };
        made.push(thing);
        begin(thing, 'Creating', 'InService', 'Failed');
        return thing.id;
      }),
    read: (id) =>
      call('read', {}, () => {
        const thing = seen(id);
        if (!thing && plan.notFoundThrows) throw failure('ResourceNotFound', `no ${id}`);
        return thing;
      }),
    update: (id, props) =>
      call('update', props, () => {
        const thing = things().find((each) => each.id === id);
        if (!thing) throw failure('ResourceNotFound', `no ${id}`);
        if (thing.size === props.Size && thing.status !== 'Update_Failed') return;
        if (thing.next) throw failure('ResourceInUse', `${id} is ${thing.status}`);
        thing.size = props.Size;
        begin(thing, 'Updating', 'InService', 'Update_Failed');
      }),
    delete: (id, props, ctx) =>
      call('delete', props, () => {
        const thing = things().find((each) => each.id === id);
        if (!thing) throw failure('ResourceNotFound', `no ${id}`);
        if (thing.owner !== ownerOf(ctx)) return 'retained';
        if (thing.next) return undefined;
        if (thing.contents) thing.contents = false;
        else begin(thing, 'Deleting', 'Gone', 'Delete_Failed');
        return undefined;
      }),
    status: ({ status }): Status => {
      if (status === 'InService') return 'ready';
      return status.endsWith('ing') ? { pending: status } : { failed: `${status}: no luck` };
    },
    attributes: ({ id, size, status }) => ({ Arn: `arn:${id}`, Size: String(size ?? ''), Status: status }),
    pace: {
      create: { expectedSeconds: plan.takes / 1000, pollIntervalSeconds: 2 },
      update: { expectedSeconds: plan.takes / 1000, pollIntervalSeconds: 2 },
      delete: { expectedSeconds: plan.takes / 1000, pollIntervalSeconds: 2 },
    },
  };
  return {
    resource,
    things,
    made,
    endFaults() {
      faults.length = 0;
      failures.length = 0;
    },
  };
}

const blank = { size: undefined, status: 'InService', contents: false };

export function ownerOf({ stackId, logicalResourceId }: Pick<Context, 'stackId' | 'logicalResourceId'>): string {
  return `${stackId}|${logicalResourceId}`;
}

function errorOf(fault: Fault, props: unknown): Error | undefined {
  switch (fault) {
    case 'throttle':
      return failure('ThrottlingException', 'Rate exceeded');
    case 'unavailable':
    case 'unavailableAfter':
      return Object.assign(failure('ServiceUnavailable', 'try later'), { $metadata: { httpStatusCode: 503 } });
    case 'reset':
    case 'resetAfter':
    case 'stuck':
    case 'stuckAfter':
      return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    case 'refused':
    case 'refusedAfter':
      return failure('ValidationException', `\u001b[31mrefused\u001b[0m ${JSON.stringify(props)} ${'🦊'.repeat(600)}`);
    default:
      return undefined;
  }
}

function failure(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
