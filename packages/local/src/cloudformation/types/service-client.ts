import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../errors.ts';
import { statusOf } from '../../protocols/errors.ts';
import { modelOf } from '../../protocols/model.ts';
import type { Input, OperationName, Output } from '../../service.ts';
import type { Caller, ResourceContext } from '../resources/resource-type.ts';

/** A service's operations, typed by its SDK client, called with the rights of the stack. */
export type ServiceClient<Module extends object> = <Name extends OperationName<Module>>(
  operation: Name,
  input: Input<Module, Name>,
) => Promise<Output<Module, Name>>;

/**
 * A client of a service. Scalars in the input, and the first letters of members' names, become what the service's schema
 * says: templates have text for all scalars, and capitals for all names.
 */
export function serviceClient<Module extends object>(caller: Caller, service: string): ServiceClient<Module> {
  const { cloud, principal, region } = caller;
  return async <Name extends OperationName<Module>>(operation: Name, input: Input<Module, Name>) => {
    const known = cloud.services.get(service);
    const model = known && modelOf(known);
    const schema = model?.operations.get(operation)?.input;
    const sent = (schema ? coerced(schema, input) : input) as Record<string, unknown>;
    try {
      return (await cloud.call({ service, operation, input: sent, principal, region })) as Output<Module, Name>;
    } catch (cause) {
      if (!model || !(cause instanceof AwsError)) throw cause;
      throw withStatus(cause, statusOf(model, cause));
    }
  };
}

/** The same error with the HTTP status that a client of the service sees, for the reason of an event. */
function withStatus(cause: AwsError, status: number): AwsError {
  return Object.assign(new AwsError(cause.name, cause.message, { status, members: cause.members }), { cause });
}

/** The value with its scalars as the schema has them; what does not fit is left for the service to refuse. */
function coerced(schema: NormalizedSchema, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    return schema.isListSchema() ? value.map((item) => coerced(schema.getValueSchema(), item)) : value;
  }
  if (schema.isStructSchema() && isPlain(value)) {
    const members = new Map(schema.structIterator());
    // Templates begin names with a capital letter, and some services' APIs do not.
    const spelled = (name: string) => (members.has(uncapitalised(name)) ? uncapitalised(name) : name);
    const entries = Object.entries(value).map(([name, item]) => {
      const own = members.has(name) ? name : spelled(name);
      const member = members.get(own);
      return [own, member ? coerced(member, item) : item];
    });
    return Object.fromEntries(entries);
  }
  if (schema.isMapSchema() && isPlain(value)) return mapped(value, (_, item) => coerced(schema.getValueSchema(), item));
  if (schema.isBooleanSchema() && (value === 'true' || value === 'false')) return value === 'true';
  if (schema.isNumericSchema() && typeof value === 'string' && value.trim() !== '') {
    return Number.isFinite(Number(value)) ? Number(value) : value;
  }
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  return schema.isStringSchema() && isScalar ? String(value) : value;
}

function uncapitalised(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function mapped(value: Record<string, unknown>, change: (name: string, item: unknown) => unknown) {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, change(name, item)]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !(value instanceof Date);
}

/** Does the error say that the resource does not exist? */
export function isNotFound(error: unknown): boolean {
  return error instanceof AwsError && /NotFound|NoSuch|DoesNotExist$|^404$/.test(error.name);
}

/** Undefined where the resource does not exist. */
export async function undefinedIfNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Polls every `seconds` until `read` gives something. */
export async function pollUntil<T>(
  context: ResourceContext,
  seconds: number,
  read: () => Promise<T | undefined>,
): Promise<T> {
  for (;;) {
    const seen = await read();
    if (seen !== undefined) return seen;
    await context.pause(seconds * 1000);
  }
}

/** How often, and how long, a call is retried while another resource blocks it. Seconds. */
const RETRY = { every: 15, longest: 600 };

/** Retries while the error says that another resource has to be deleted first; throws that error in the end. */
export async function retryWhileInUse<T>(context: ResourceContext, codes: RegExp, call: () => Promise<T>): Promise<T> {
  const { clock } = context.cloud;
  const last = clock.now() + RETRY.longest * 1000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AwsError) || !codes.test(error.name) || clock.now() >= last) throw error;
      await context.pause(RETRY.every * 1000);
    }
  }
}
