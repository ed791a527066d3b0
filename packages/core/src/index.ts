export {
  errorMessage,
  InvalidPropertiesError,
  InvalidRequestError,
  KeyUnavailableError,
  RuntimeError,
  UndeliveredError,
} from './errors.ts';
export { isForEvent } from './request/parse-request.ts';
export type { EventBridgeEvent, LambdaContext } from './request/request.ts';
export type { Context, Holder, HolderStatus, Log, Pace, Permission, Resource, StackTag, Status } from './resource.ts';
export type { DirectResult } from './response/direct-result.ts';
export { respond } from './response/responder.ts';
export type { Constraints } from './schema/constraints.ts';
export {
  type Defined,
  type Definition,
  fromApi,
  fromConstrainedApi,
  type Present,
  type PropsOf,
  properties,
  type Schema,
  structure,
} from './schema/schema.ts';
export {
  blob,
  boolean,
  type Issue,
  integer,
  json,
  list,
  map,
  matching,
  number,
  oneOf,
  type Path,
  type Place,
  shown,
  string,
  strings,
  type Type,
  timestamp,
  type,
} from './schema/type.ts';
export { type Handler, runtimePermissions, type ServeOptions, serve } from './serve.ts';
export { isNotFound, isThrottle, isTransient } from './service-errors.ts';
export { isDirectHolder, nameOfHolder } from './stack/stack.ts';
export type { Polled, WaiterState } from './waiting/waiter-state.ts';
