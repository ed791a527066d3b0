import type { Request } from '../request/request.ts';
import type { Context, Resource } from '../resource.ts';
import type { Stack } from '../stack/stack.ts';

/** A request that can be worked on: with its resource, and with properties in their proper types. */
export interface Job<Props extends object, State> {
  readonly resource: Resource<Props, State>;
  readonly request: Request;
  readonly props: Props;
  /** The properties before an Update; of other requests, the same as `props`. */
  readonly old: Props;
  readonly ctx: Context;
  /** Undefined for functions that do not ask CloudFormation about the stack. */
  readonly stack?: Stack;
}
