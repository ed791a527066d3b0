import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { EventBridgeEvent } from './request/request.ts';

/** A permission that a resource's calls need: an IAM action and the resources it is needed on. */
export interface Permission {
  /** One action, never with a wildcard: `sagemaker:CreateDomain`. */
  action: `${string}:${string}`;
  /** An ARN pattern with `*` for the Region, the account and the name, or `*` where AWS knows no narrower one. */
  resource: string;
  /** Condition operators as in a policy: `{ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } }`. */
  condition?: Record<string, Record<string, string | readonly string[]>>;
}

/** How long an operation takes, in seconds. */
export interface Pace {
  /** How long it usually takes, in seconds. */
  expectedSeconds: number;
  /** How often to read it from then on, in seconds. */
  pollIntervalSeconds: number;
  /** How long to poll within the invocation before the waiter goes on, where there is one, in seconds. 10 if left out. */
  inlineSeconds?: number;
}

/** The log of a request: JSON lines with its stack, logical id and request id. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** The stack and logical id that a resource is held by, as its ownership tags name them. */
export interface Holder {
  /** The stack's ARN; of a direct invocation, one that no stack has. */
  readonly stackId: string;
  readonly logicalResourceId: string;
}

/**
 * `self`: the stack and logical id of the request. `renamed`: a logical id that the template of this stack no longer has.
 * `sibling`: another logical id of this stack's template. `other`: a logical id of another stack. `released`: a logical id
 * that another stack no longer has, or of a stack that is deleted.
 */
export type HolderStatus = 'self' | 'renamed' | 'sibling' | 'other' | 'released';

/** A tag of a stack. */
export interface StackTag {
  readonly Key: string;
  readonly Value: string;
}

/** Which resource of which stack a request is about. */
export interface Context {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly requestId: string;
  /** When the work on the request began: what is older was not created by it. */
  readonly since: Date;
  /** The stack's ARN. */
  readonly stackId: string;
  readonly logicalResourceId: string;
  /** As the template spells it, such as `Custom::StudioDomain`. */
  readonly resourceType: string;
  /** The partition, Region and account of the stack, read from its ARN. */
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly log: Log;
  /**
   * What the resource keeps for its next step of the same request, which another process may take: plain data, little of
   * it, and no secrets, since the history of the waiter shows it. Empty at the beginning.
   */
  readonly notes: Record<string, unknown>;
  /** Whether the stack, or one that it is nested in, is rolling back; `fallback`, false if left out, where CloudFormation does not say. */
  isRollingBack(fallback?: boolean): Promise<boolean>;
  /**
   * Whether the stack, or the root stack of a nested one, has ever been created completely; `fallback` where CloudFormation
   * does not say. A stack that has not is undone by its deletion as by a rollback.
   */
  hasCompleted(fallback: boolean): Promise<boolean>;
  /** What CloudFormation says of the holder of an existing resource. Throws where it does not say. */
  holderStatus(holder: Holder): Promise<HolderStatus>;
  /**
   * The tags of the stack, without those that AWS sets. CloudFormation gives them to resources of its own types, but not
   * to custom resources. Empty where it does not say.
   */
  stackTags(): Promise<readonly StackTag[]>;
}

/**
 * The status of a resource. `pending` may name what it waits for, for the log and for the response when time runs out.
 * An unknown status of the service is a failure, never a wait.
 */
export type Status = 'ready' | 'pending' | { pending: string } | { failed: string };

/**
 * One kind of custom resource. Each function is idempotent and returns at once: it reports or starts one step, and
 * throws when the service refuses. The runtime owns order, waiting, retries, deadlines, errors and responses. A member
 * that is left out is an ability that the resource does not have.
 */
export interface Resource<Props extends object, State> {
  /** The name in templates. */
  type: `Custom::${string}`;
  /** Turns CloudFormation's strings into values and rejects what is wrong, before any call. A Delete is not checked. */
  schema: StandardSchemaV1<unknown, Props>;
  /**
   * A change to one of these replaces the resource. A function where it depends on the values, such as names whose case
   * does not count.
   */
  immutable?: readonly (keyof Props & string)[] | ((props: Props, old: Props) => readonly (keyof Props & string)[]);
  /** The properties that make up a unique name: a replacement that changes none of them is refused. */
  nameProperties?: readonly (keyof Props & string)[];
  /** The properties whose values never reach a log or an error. */
  sensitive?: readonly (keyof Props & string)[];
  /** What the functions below call. Compared with the role in the provider's template, both ways. */
  permissions: readonly Permission[];
  /** Whether a string has the form of an id that `create` returns. Tells such ids from those that CloudFormation invents. */
  ownsId?(id: string): boolean;
  /**
   * Why a request must not touch what its properties or its physical id name, and what opens it; undefined where it may.
   * Called once per request, before the functions below. A Create or an Update that must not is refused; an Update that
   * rolls back, and a Delete, then succeed and leave everything as it is.
   */
  authorize?(props: Props, ctx: Context, id: string | undefined): Promise<string | undefined>;
  /** The physical id of what this stack and logical id created already, if anything; of several, the newest. */
  find?(props: Props, ctx: Context): Promise<string | undefined>;
  /** Starts to create it; returns the physical id, at most 1024 bytes. Called again only after a throttle. */
  create(props: Props, ctx: Context): Promise<string>;
  /** The live state; undefined once it is deleted. A not-found error of the service counts as undefined. */
  read?(id: string, props: Props, ctx: Context): Promise<State | undefined>;
  /** What a deletion still has to remove once `read` finds nothing, in words; undefined when nothing is left. */
  remainingAfterDelete?(id: string, props: Props, ctx: Context): Promise<string | undefined>;
  /** Starts to change it in place, from `old` to `props`; sends only what changed. Left out: any change replaces. */
  update?(id: string, props: Props, old: Props, ctx: Context): Promise<void>;
  /**
   * The next step, where one call is not enough; called after each `read` until `status` is `ready`. `old` are the
   * properties before an Update, also one that replaces; of a Create, the same as `props`.
   */
  advance?(state: State, props: Props, ctx: Context, old: Props): Promise<void>;
  /**
   * Takes every deletion step that is possible now; called again until nothing is left. Returns `retained` when what
   * is left is not this stack's to delete: then the deletion is done.
   */
  delete?(id: string, props: Props, ctx: Context): Promise<'retained' | undefined>;
  /**
   * The properties for the deletion of an orphan, of which CloudFormation does not know, so that it was never in use: a
   * creation that was cancelled, or whose response was lost. Left out: those that it was created with.
   */
  propertiesForOrphan?(props: Props): Props;
  /** The status of a state. Left out: always ready. */
  status?(state: State): Status;
  /** What `Fn::GetAtt` gives, on Create and on Update: always every name, an absent value as an empty string. */
  attributes?(state: State): Record<string, string>;
  /** What the response to a Create or Update that succeeds gives as its reason, where there is something to say. */
  summary?(state: State): string | undefined;
  /** Within how many seconds `find` and `read` know what was created, at the latest; left out: after a few reads. */
  visibleWithin?: number;
  /**
   * The properties of what is to be created for an event of EventBridge. It is handled like a Create, of which
   * CloudFormation knows nothing: only the log shows the outcome. Undefined where the event is ignored.
   */
  onEvent?(event: EventBridgeEvent): Record<string, unknown> | undefined;
  /** Why it cannot be used without a stack, by a direct invocation. Left out: it can. */
  needsStack?: string;
  /** How long each operation takes. */
  pace?: Partial<Record<'create' | 'update' | 'delete', Pace>>;
}
