import type { Words } from './handlers/kinds.ts';
import type { ShownStack } from './handlers/shown-stack.ts';

/** What CloudFormation sends, as far as a test says it. Scalars are strings, as CloudFormation makes them. */
export interface Sent {
  RequestType: 'Create' | 'Update' | 'Delete';
  PhysicalResourceId?: string;
  LogicalResourceId?: string;
  StackId?: string;
  ResourceProperties: Record<string, unknown>;
  OldResourceProperties?: Record<string, unknown>;
}

/** What CloudFormation gets. */
export interface Answer {
  Status: 'SUCCESS' | 'FAILED';
  Reason?: string;
  PhysicalResourceId: string;
  Data?: Record<string, string>;
}

/** Where a resource is tried: its requests go in, and the service behind it can be looked at and tampered with. */
export interface World {
  send(request: Sent): Promise<Answer>;
  /** The ids of all things of this kind that exist. */
  existing(): Promise<string[]>;
  /** A thing as the service shows it, with its tags. */
  look(id: string): Promise<Record<string, unknown>>;
  /** The operations so far that changed something. */
  mutations(): Promise<string[]>;
  /** Lets the service refuse the next call that creates, changes or deletes. */
  refuseNext(what: 'create' | 'update' | 'delete', code: string, message: string): Promise<void>;
  /** Lets the service accept the next such call, and fail at it. */
  failNext(what: 'create' | 'update' | 'delete', reason: string): Promise<void>;
  /** Gives a thing a status. A status of something in motion comes to rest by itself. */
  setStatus(id: string, status: string, reason?: string): Promise<void>;
  deleteBehindItsBack(id: string): Promise<void>;
  /** Takes the tags that say who made it. */
  disown(id: string): Promise<void>;
  /** Has CloudFormation show a stack so; where things have names that another resource can have taken. */
  showStack?(stack: ShownStack): void;
  close(): Promise<void>;
}

/** A resource that is to be held against the contract, in a world of its own. */
export interface Subject {
  world: World;
  /** The form of its physical ids. */
  id: RegExp;
  /** Every name that `Fn::GetAtt` knows. */
  attributes: readonly string[];
  /** Good properties, and how the service shows what they make. */
  properties: Record<string, unknown>;
  shown: Record<string, unknown>;
  /** What changes in place. */
  changed: Record<string, unknown>;
  changedShown: Record<string, unknown>;
  /** What replaces, where anything does. */
  replacing?: Record<string, unknown>;
  /** What would replace under the same name, and the property that is at fault. */
  colliding?: [properties: Record<string, unknown>, property: string];
  /** Good properties with booleans and numbers in them, as CloudFormation's strings, and what the service must get. */
  strings: [properties: Record<string, unknown>, shown: Record<string, unknown>];
  /** Properties that are refused before anything is called, and why. */
  wrong: readonly [properties: Record<string, unknown>, reason: string][];
  /** The service's statuses and what each means for a resource that should be ready. */
  statuses?: Record<string, 'ready' | 'pending' | 'failed'>;
  /** What the service calls them. */
  words?: Words;
}
