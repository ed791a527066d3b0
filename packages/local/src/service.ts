import type { EventEmitter } from 'node:events';
import type { Clock } from './clock.ts';
import type { CloudEvents, Request } from './cloud-events.ts';
import type { Faults } from './faults/faults.ts';
import type { Right } from './iam/right.ts';
import type { Principal } from './principal.ts';
import type { Scope, Store } from './store.ts';

/** The operations of an SDK client's module: `CreateDomain` for each `CreateDomainCommand` that it exports. */
export type OperationName<Module> = keyof {
  [Key in keyof Module as Key extends `${infer Name}Command` ? Name : never]: true;
} &
  string;

type CommandOf<Module, Name extends string> = Module[`${Name}Command` & keyof Module];

/** An operation's input, as the SDK types it. */
export type Input<Module, Name extends string> =
  CommandOf<Module, Name> extends abstract new (...input: infer I) => unknown ? NonNullable<I[0]> : never;

/** An operation's output, as the SDK types it; bytes stay bytes where the SDK makes a stream of them. */
export type Output<Module, Name extends string> =
  CommandOf<Module, Name> extends new (
    ...input: never[]
  ) => { resolveMiddleware: (...all: never[]) => (...all: never[]) => Promise<{ output: infer O }> }
    ? WithBytes<Omit<O, '$metadata'>>
    : never;

type WithBytes<O> = {
  [Member in keyof O]: NonNullable<O[Member]> extends { transformToString(...all: never[]): unknown }
    ? Uint8Array
    : O[Member];
};

/** What an operation knows about the call, and the services that it can call. */
export interface Call {
  /** The SDK's id of the service: `sagemaker`, `cloudwatch-logs`. */
  readonly service: string;
  readonly operation: string;
  readonly requestId: string;
  readonly account: string;
  readonly region: string;
  readonly principal: Principal;
  /** The service that calls on the principal's behalf, where it is not the principal itself: `s3.us-east-1.amazonaws.com`. */
  readonly via?: string;
  readonly clock: Clock;
  readonly cloud: Cloud;
  /** This service's table of that name, in the call's account and Region (or another's). */
  table<T>(name: string, of?: { account?: string; region?: string }): Map<string, T>;
  /** Plays one of the service's `tasks` after `ms` virtual milliseconds; survives a restart with `--persist`. */
  later(ms: number, task: string, argument: unknown): void;
  /** Plays one of the service's `tasks` when AWS would be done: after between two numbers of seconds, as the cloud's
   * `durations` stretches them. */
  takes(seconds: readonly [number, number], task: string, argument: unknown): void;
  /** Calls another service's operation, as the same principal unless told otherwise. */
  invoke<M extends object, Name extends OperationName<M>>(
    service: Service<M>,
    operation: Name,
    input: Input<M, Name>,
    as?: Principal,
  ): Promise<Output<M, Name>>;
}

/** One right that a call needs. Members that are left out are derived: the action from the operation's name, the
 * resource from the ARN patterns that IAM publishes for it. */
export interface Access {
  action?: string;
  resource?: string;
  /** Condition keys of this call, such as `iam:PassedToService`. */
  context?: Record<string, string | string[]>;
}

/** A service as it is written: a table from operation to function, typed by the SDK, and what IAM must know of it. */
export interface Definition<Module extends object> {
  /** Where its tables live; in an account and Region unless said otherwise. */
  scope?: 'region' | 'account' | 'global';
  operations: {
    [Name in OperationName<Module>]?: (
      input: Input<Module, Name>,
      call: Call,
    ) => Output<Module, Name> | Promise<Output<Module, Name>>;
  };
  /** What happens later, by name: the ends of statuses that take time. */
  tasks?: Record<string, (argument: never, call: Call) => void | Promise<void>>;
  /** The rights a call needs, where they cannot be derived. An empty list: none (as for `sts:GetCallerIdentity`). */
  access?: { [Name in OperationName<Module>]?: (input: Input<Module, Name>, call: Call) => Access[] };
  /** What policies can ask about a request, such as its `sagemaker:InstanceTypes`. An action has those that it takes. */
  conditionKeys?: (operation: string, input: Record<string, unknown>, call: Call) => Record<string, string | string[]>;
  /** The roles that a call hands to the service; each needs `iam:PassRole`. */
  passedRoles?: (operation: string, input: Record<string, unknown>, call: Call) => string[];
  /** The tags on the resource of that ARN, for `aws:ResourceTag`. */
  tagsOf?: (arn: string, call: Call) => Record<string, string> | undefined;
  /** The account of the resource of that ARN, where the ARN does not have it; undefined where there is no such resource. */
  accountOf?: (arn: string, call: Call) => string | undefined;
  /** No principal has a right on its resources that their policies do not give: not the account, and no service of AWS's. */
  bindsEveryone?: boolean;
  /** Whether something beside policies gives one of these principals a right, as KMS's grants do: ARNs, and names of services. */
  allowsOtherwise?: (right: Right, principals: readonly string[], call: Call) => boolean;
  /** The policy of the resource of that ARN (a role's trust, a bucket's policy), as JSON, and whose the resource is. */
  resourcePolicy?: (arn: string, call: Call) => { document: string; account: string } | undefined;
}

/** A definition, with the SDK client whose schemas give its wire protocol. */
export interface Service<Module extends object = object> extends Definition<Module> {
  /** The SDK's id, also the last part of the client's package name: `efs` for `@aws-sdk/client-efs`. */
  readonly id: string;
  /** The prefix of its IAM actions: `elasticfilesystem`. */
  readonly iamPrefix: string;
  /** Its own principal: `elasticfilesystem.amazonaws.com`. */
  readonly principal: string;
  /** The SDK client's module. */
  readonly module: Module;
}

/**
 * Makes a service of the local cloud from the SDK client's module and a table of operations.
 *
 * `id` is the last part of the client's package name; `iamPrefix` its IAM prefix, and the name in its principal.
 */
export function service<Module extends object>(
  id: string,
  iamPrefix: string,
  module: Module,
  definition: Definition<Module>,
): Service<Module> {
  return { ...definition, id, iamPrefix, principal: `${iamPrefix}.amazonaws.com`, module };
}

/** Where a service's tables live, for what is in that account and Region. */
export function scopeOf({ scope }: Pick<Service, 'scope'>, { account, region }: Scope): Scope {
  if (scope === 'global') return { account: 'global', region: 'global' };
  return scope === 'account' ? { account, region: 'global' } : { account, region };
}

/**
 * The local cloud. `call` is its only entry: every call, from a socket or from another service, is checked against the
 * operation's schema, authorised, carried out and recorded there.
 */
export interface Cloud {
  readonly clock: Clock;
  readonly store: Store;
  readonly events: EventEmitter<CloudEvents>;
  /** Where clients reach it, such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** What the services take, as a multiple of what AWS takes. */
  readonly durations: number;
  readonly services: ReadonlyMap<string, Service>;
  /** Whether Studio is at the endpoint as well, for people's browsers. */
  readonly servesStudio: boolean;
  /** The Jupyter server that stands for those of all apps, where there is one: `http://127.0.0.1:8888`. */
  readonly jupyter?: string;
  /** Decides which faults are injected where. */
  readonly faults: Faults;
  /** Throws an `AwsError` as the service would answer it; a `ConnectionFault` where a client gets no answer. */
  call(request: Request): Promise<Record<string, unknown>>;
  /** The same call, typed by the service's SDK client. */
  invoke<M extends object, Name extends OperationName<M>>(
    service: Service<M>,
    operation: Name,
    input: Input<M, Name>,
    as: { principal: Principal; region: string; via?: string },
  ): Promise<Output<M, Name>>;
}
