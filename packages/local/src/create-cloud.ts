import { EventEmitter } from 'node:events';
import type { Clock } from './clock.ts';
import type { CloudEvents, Exchange, Request } from './cloud-events.ts';
import { copyOf } from './copy.ts';
import { AwsError } from './errors.ts';
import { callWithFaults } from './faults/calls.ts';
import { ConnectionFault } from './faults/connection-fault.ts';
import { Faults } from './faults/faults.ts';
import { checkPlaces } from './faults/places.ts';
import type { FaultPlan } from './faults/rule.ts';
import { type Principal, servicePrincipal } from './principal.ts';
import { internalFailure, statusOf } from './protocols/errors.ts';
import { type Model, modelOf, type OperationModel } from './protocols/model.ts';
import { validate } from './protocols/validate.ts';
import { between } from './random.ts';
import { requestId } from './request-id.ts';
import { Schedule } from './schedule.ts';
import {
  type Call,
  type Cloud,
  type Input,
  type OperationName,
  type Output,
  type Service,
  scopeOf,
} from './service.ts';
import type { ScheduledTask, Store } from './store.ts';

/** Throws the service's own access denied error if the request's principal may not make it. */
export type Authorise = (service: Service, request: Request, call: Call) => void | Promise<void>;

export interface CloudOptions {
  clock: Clock;
  store: Store;
  /** Where clients reach it, such as `http://127.0.0.1:4566`. */
  endpoint: string;
  services: Iterable<Service>;
  /** What the services take, as a multiple of what AWS takes; 1 if left out. */
  durations?: number;
  authorise: Authorise;
  /** Whether Studio is at the endpoint as well; not if left out. */
  servesStudio?: boolean;
  /** The Jupyter server that stands for those of all apps; none if left out. */
  jupyter?: string;
  /** The faults to inject; none if left out. */
  faults?: FaultPlan;
}

type Operation = (input: Record<string, unknown>, call: Call) => unknown;
type Task = (argument: unknown, call: Call) => unknown;

/**
 * Makes the local cloud. What the store still has to do is taken up at once; `close` stops it. Throws for a rule that
 * can never match.
 */
export function createCloud(options: CloudOptions): Cloud & { close(): void } {
  const { clock, store, endpoint, authorise, servesStudio = false, jupyter, durations = 1 } = options;
  const services: ReadonlyMap<string, Service> = new Map([...options.services].map((one) => [one.id, one]));
  const plan = options.faults ?? { rules: [] };
  checkPlaces(plan.rules, services);
  const events = new EventEmitter<CloudEvents>();
  const faults = new Faults(plan, (fault) => {
    events.emit('fault', { time: new Date(clock.now()).toISOString(), ...fault });
  });

  const cloud: Cloud & { close(): void } = {
    clock,
    store,
    events,
    endpoint,
    durations,
    servesStudio,
    jupyter,
    services,
    faults,
    async call(request) {
      const service = services.get(request.service);
      if (!service) throw new AwsError('NotImplemented', missingService(request.service, services), { status: 501 });
      const call = callOf(service, request);
      const model = modelOf(service);
      const input = copyOf(request.input);
      const time = clock.now();
      try {
        const perform = () => run(service, model, { ...request, input }, call);
        const output = request.fromClient ? await callWithFaults(service, call, perform) : await perform();
        record(time, call, input, { status: successStatus(model, request.operation, output), response: output });
        return output;
      } catch (cause) {
        if (cause instanceof ConnectionFault) {
          const { code, message } = cause;
          record(time, call, input, { status: 0, error: { code, message } });
          throw cause;
        }
        const error =
          cause instanceof AwsError ? cause : internalFailure(model, `${service.id} ${request.operation}`, cause);
        const { name: code, message } = error;
        record(time, call, input, { status: statusOf(model, error), error: { code, message } });
        throw error;
      }
    },
    async invoke<M extends object, Name extends OperationName<M>>(
      service: Service<M>,
      operation: Name,
      input: Input<M, Name>,
      as: { principal: Principal; region: string; via?: string },
    ) {
      const plain = input as Record<string, unknown>;
      const output = await cloud.call({ service: service.id, operation, input: plain, ...as });
      return output as Output<M, Name>;
    },
    close: () => schedule.stop(),
  };

  async function run(service: Service, model: Model, request: Request, call: Call): Promise<Record<string, unknown>> {
    const operation = model.operations.get(request.operation);
    if (!operation) throw new AwsError('UnknownOperationException', `The operation ${request.operation} is unknown`);
    const perform = (service.operations as Record<string, Operation | undefined>)[request.operation];
    if (!perform) {
      const message = `The local cloud does not implement ${service.iamPrefix}:${request.operation}`;
      throw new AwsError('NotImplemented', message, { status: 501 });
    }
    validate(model, operation, request.input);
    await authorise(service, request, call);
    return copyOf((await perform(request.input, call)) ?? {}) as Record<string, unknown>;
  }

  function callOf(
    service: Service,
    { operation, requestId: id, principal, region, via }: Omit<Request, 'service' | 'input'>,
  ): Call {
    const { account } = principal;
    const later = (ms: number, task: string, argument: unknown) =>
      schedule.add({ at: clock.now() + ms, service: service.id, account, region, task, argument: copyOf(argument) });
    return {
      service: service.id,
      operation,
      requestId: id ?? requestId(store),
      account,
      region,
      principal,
      via,
      clock,
      cloud,
      table: (name, of) => store.table(service.id, scopeOf(service, { account, region, ...of }), name),
      later,
      takes: (seconds, task, argument) => later(between(store, seconds) * 1000 * durations, task, argument),
      invoke: (other, name, input, as = principal) => cloud.invoke(other, name, input, { principal: as, region }),
    };
  }

  async function play({ service: id, account, region, task, argument }: ScheduledTask): Promise<void> {
    try {
      const service = services.get(id);
      const perform = service?.tasks?.[task] as Task | undefined;
      if (!service || !perform) throw new Error(`Playing a task: ${id} has no task ${task}`);
      const principal = servicePrincipal(service.principal, account);
      await perform(argument, callOf(service, { operation: task, principal, region }));
    } catch (cause) {
      console.error(`Playing ${id}'s task ${task} failed:`, cause);
    }
  }

  function record(
    time: number,
    call: Call,
    request: unknown,
    end: Pick<Exchange, 'status' | 'response' | 'error'>,
  ): void {
    const { account, region, service, operation } = call;
    const principal = call.principal.arn;
    const at = new Date(time).toISOString();
    events.emit('exchange', { time: at, account, region, principal, service, operation, request, ...end });
  }

  const schedule = new Schedule(clock, store, (task) => void play(task));
  return cloud;
}

function successStatus(model: Model, name: string, output: Record<string, unknown>): number {
  const operation: OperationModel = model.operations.get(name)!;
  if (!operation.output.isUnitSchema()) {
    for (const [member, schema] of operation.output.structIterator()) {
      const value = output[member];
      if (schema.getMergedTraits().httpResponseCode && typeof value === 'number') return value;
    }
  }
  return operation.http?.[2] ?? 200;
}

function missingService(id: string, services: ReadonlyMap<string, Service>): string {
  return `The local cloud has no service ${id}. It has: ${[...services.keys()].join(', ')}`;
}
