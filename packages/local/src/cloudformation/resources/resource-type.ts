import type { Principal } from '../../principal.ts';
import type { Cloud } from '../../service.ts';
import type { ResourceDeclaration } from '../template/parse.ts';

/** A resource's properties, evaluated. */
export type Properties = Record<string, unknown>;

/** What a resource of a stack is outside the template, once it exists. */
export interface PhysicalResource {
  /** What `Ref` gives. */
  physicalId: string;
  /** What `Fn::GetAtt` gives. */
  attributes: Record<string, unknown>;
  /** The attributes are not shown to people. */
  noEcho?: boolean;
}

/** Whose rights a call has, and where it is made. */
export type Caller = Pick<ResourceContext, 'cloud' | 'principal' | 'region'>;

/** What a resource's functions know of their stack, and the services that they can call. */
export interface ResourceContext {
  readonly cloud: Cloud;
  readonly account: string;
  readonly region: string;
  /** Whose rights its calls have. */
  readonly principal: Principal;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** Unique to this request. */
  readonly requestId: string;
  /** What the resource's CreationPolicy says, evaluated. */
  readonly creationPolicy?: unknown;
  /** Aborted when the operation is cancelled. */
  readonly signal: AbortSignal;
  /** Called as soon as the thing has an id, so that it is deleted even when the rest fails. */
  initiated(physicalId: string): void;
  /** Resolves after `ms` virtual milliseconds; throws `Cancelled` once the operation is cancelled. */
  pause(ms: number): Promise<void>;
  /** A name for what the template gives none. */
  inventName(most?: number): string;
}

/**
 * A kind of resource. `create` and `update` resolve once the thing is as declared, `delete` once it is gone. Each
 * throws when it cannot be done: an `AwsError` as a service gave it, or a `ResourceFailure` with CloudFormation's words.
 */
export interface ResourceType {
  /** The names of the properties of a native type. */
  readonly properties?: readonly string[];
  /** Throws `ValidationError` when what the template declares can be seen to be wrong before anything is evaluated. */
  check?(declaration: ResourceDeclaration): void;
  /** Puts in what the stack adds to the declared properties: its tags. */
  complete?(properties: Properties, tags: readonly { Key?: string; Value?: string }[]): Properties;
  /** Of changed properties: those that make a new thing necessary. Left out: the answer to an update says. */
  replacedBy?(changed: readonly string[], now: Properties, old: Properties): string[];
  create(properties: Properties, context: ResourceContext): Promise<PhysicalResource>;
  update(
    physicalId: string,
    properties: Properties,
    old: Properties,
    context: ResourceContext,
  ): Promise<PhysicalResource>;
  delete(physicalId: string, properties: Properties, context: ResourceContext): Promise<void>;
  /** How a thing that exists is taken into a stack. Left out: it cannot be. */
  readonly imports?: Imports;
  /** CloudFormation's words for an attribute that the thing does not have. */
  missingAttribute(attribute: string, physicalId: string): string;
  /** Takes back a change although the thing was replaced: its provider may have kept the old one. */
  readonly updatesOnRollback?: boolean;
  /** Is updated in every update, changed or not. */
  readonly alwaysUpdates?: boolean;
}

/** How existing resources of a type are identified and found. */
export interface Imports {
  /** The properties that identify a thing. */
  readonly identifier: readonly string[];
  /** The thing with these values; undefined where there is none. */
  find(identifier: Readonly<Record<string, string>>, caller: Caller): Promise<PhysicalResource | undefined>;
}

/** Something that did not work, in CloudFormation's own words. */
export class ResourceFailure extends Error {
  override readonly name = 'ResourceFailure';
  /** The id of what was created before the failure. */
  readonly physicalId?: string;
  /** No call was made, so the resource is unchanged. */
  readonly isUnchanged: boolean;

  constructor(message: string, more: { physicalId?: string; unsent?: boolean; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.physicalId = more.physicalId;
    this.isUnchanged = more.unsent ?? false;
  }
}

/** The operation was cancelled while a resource was in flight. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  /** The id by which it is deleted. */
  readonly physicalId?: string;

  constructor(physicalId?: string) {
    super('The operation was cancelled');
    this.physicalId = physicalId;
  }
}
