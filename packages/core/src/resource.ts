import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { EventBridgeEvent } from './request/request.ts';

/** A right that a resource's calls need: an IAM action and the resources it is needed on. */
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
  /** How long it usually takes. */
  expectedSeconds: number;
  /** How often to look from then on. */
  pollIntervalSeconds: number;
  /** How long to look within the invocation before the waiter goes on, where there is one. 10 if left out. */
  inlineSeconds?: number;
}

/** What a resource may write to the log. One JSON line each, with stack, logical id and request id. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Which resource of which stack a request is about. */
export interface Context {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly requestId: string;
  /** When the work on the request was begun: what is older is not of its making. */
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
   * What the resource has to know at its next look at the same request, whichever process takes that: plain data, and
   * little of it, readable by whoever may read the waiter's history. Empty at the beginning.
   */
  readonly notes: Record<string, unknown>;
  /** Is the stack on its way back to how it was before? Unless it is certain that it is, it is not. */
  isRollingBack(): Promise<boolean>;
}

/**
 * Where a resource stands. `pending` may name what is awaited, for the log and for the answer when time runs out. An
 * unknown status of the service is a failure, never a wait.
 */
export type Status = 'ready' | 'pending' | { pending: string } | { failed: string };

/**
 * One kind of custom resource. Each function is idempotent and returns at once: it reports or starts one step, and
 * throws when the service refuses. The runtime owns order, waiting, retries, deadlines, errors and answers. A member
 * that is left out is an ability that the resource does not have.
 */
export interface Resource<Props extends object, State> {
  /** The name in templates. */
  type: `Custom::${string}`;
  /** Undoes CloudFormation's strings and rejects what is wrong, before anything is called. Delete is never checked. */
  schema: StandardSchemaV1<unknown, Props>;
  /**
   * A change to one of these replaces the resource. A function where it depends on the values, such as names whose case
   * does not count.
   */
  immutable?: readonly (keyof Props & string)[] | ((props: Props, old: Props) => readonly (keyof Props & string)[]);
  /** The properties that make up a name which no two can share: a replacement that changes none of them is refused. */
  nameProperties?: readonly (keyof Props & string)[];
  /** The properties whose values never reach a log or an error. */
  sensitive?: readonly (keyof Props & string)[];
  /** What the functions below call. Compared with the role in the provider's template, both ways. */
  permissions: readonly Permission[];
  /** Does this string have the form of an id that `create` returns? Says which ids CloudFormation invented. */
  ownsId?(id: string): boolean;
  /** The physical id of what this stack and logical id already made, if anything; the newest where there are several. */
  find?(props: Props, ctx: Context): Promise<string | undefined>;
  /** Starts making it; returns the physical id, at most 1024 bytes. Called again only when it was throttled. */
  create(props: Props, ctx: Context): Promise<string>;
  /** The live state; undefined once it is gone. A not-found error of the service counts as undefined. */
  read?(id: string, props: Props, ctx: Context): Promise<State | undefined>;
  /** What of it a deletion still has to remove once `read` finds nothing, in words; undefined when nothing is left. */
  remainingAfterDelete?(id: string, props: Props): Promise<string | undefined>;
  /** Starts changing it in place, from `old` to `props`; sends only what changed. Left out: any change replaces. */
  update?(id: string, props: Props, old: Props, ctx: Context): Promise<void>;
  /**
   * The next step, where one call is not enough; called after each look until `status` is `ready`. `old` are the
   * properties before an Update, be it a replacement; of a Create, the same as `props`.
   */
  advance?(state: State, props: Props, ctx: Context, old: Props): Promise<void>;
  /**
   * Takes every deletion step that is possible now; called again until nothing is left. Returns `retained` when what
   * is left is not ours to delete: then the deletion is done.
   */
  delete?(id: string, props: Props, ctx: Context): Promise<'retained' | undefined>;
  /**
   * The properties by which something is deleted that CloudFormation was never told of, so that nobody can have used
   * it: a creation that was called off, or whose answer was lost. Left out: those that it was made with.
   */
  propertiesForOrphan?(props: Props): Props;
  /** Where the state stands. Left out: always ready. */
  status?(state: State): Status;
  /** What `Fn::GetAtt` answers, on Create and on Update: always every name, an absent value as an empty string. */
  attributes?(state: State): Record<string, string>;
  /** Within how many seconds `find` and `read` know what was made, at the latest; left out: after a few looks. */
  visibleWithin?: number;
  /**
   * The properties that an event of EventBridge asks to be made, which CloudFormation then knows nothing of: it is worked
   * on as a Create is, and the log alone says what became of it. Undefined where the event asks for nothing.
   */
  onEvent?(event: EventBridgeEvent): Record<string, unknown> | undefined;
  /** How long each operation takes. */
  pace?: Partial<Record<'create' | 'update' | 'delete', Pace>>;
}
