import { AwsError } from '../../errors.ts';
import { InvalidInput } from '../../protocols/problem.ts';
import { getResourceType } from '../resources/registry.ts';
import { Cancelled, ResourceFailure } from '../resources/resource-type.ts';
import type { ResourceRecord } from '../stack.ts';
import { InvalidProperties, withAdvice } from '../types/advice.ts';
import { adviceOn, schemaProblems } from '../types/invalid-input.ts';
import { invalidProperties } from '../types/native-type.ts';
import type { Run } from './run.ts';

/** Why a resource failed, as its event says it: AWS's text, and under it what to change in the template, where that is known. */
export function failureReason(cause: unknown, resource: ResourceRecord, requestToken: string, { plan }: Run): string {
  const { logicalId, type, properties } = resource;
  const lineOf = (path: string) => plan?.template.at(path).line;
  const invalid = isNative(type) ? inCauses(cause, InvalidProperties) : undefined;
  if (invalid) return withAdvice(textOf(cause, type, requestToken), invalid.advice, logicalId, lineOf);
  const input = isNative(type) ? inCauses(cause, InvalidInput) : undefined;
  if (!input) return textOf(cause, type, requestToken);
  const advice = adviceOn(input.problems, properties, getResourceType(type).properties);
  // What a service does not know, CloudFormation does not send: it holds the properties against the type's schema first.
  const problems = schemaProblems(input.problems, properties);
  const text =
    problems.length > 0 ? invalidProperties(logicalId, problems.join('\n')) : textOf(cause, type, requestToken);
  return withAdvice(text, advice, logicalId, lineOf);
}

function textOf(cause: unknown, type: string, requestToken: string): string {
  if (cause instanceof Cancelled) return 'Resource creation cancelled';
  if (cause instanceof ResourceFailure) return cause.message;
  if (cause instanceof AwsError) {
    if (!isNative(type)) return cause.message;
    const service = type.split('::')[1];
    const where = `(Service: ${service}, Status Code: ${cause.status ?? 400}, Error Code: ${cause.name})`;
    return `Resource handler returned message: "${cause.message} ${where}" (RequestToken: ${requestToken}, HandlerErrorCode: ${handlerErrorCode(cause)})`;
  }
  console.error(`Working on a resource of type ${type} failed unexpectedly:`, cause);
  return `Internal failure: ${cause instanceof Error ? cause.message : String(cause)}`;
}

function isNative(type: string): boolean {
  return type.startsWith('AWS::') && type !== 'AWS::CloudFormation::CustomResource';
}

/** The error, or the first of its causes, that is of a kind. */
function inCauses<T>(error: unknown, kind: new (...args: never[]) => T): T | undefined {
  if (error instanceof kind) return error;
  return error instanceof Error ? inCauses(error.cause, kind) : undefined;
}

/** The codes of resource handlers, by the service's error codes. */
const HANDLER_ERROR_CODES: [pattern: RegExp, code: string][] = [
  [/AccessDenied|UnauthorizedOperation|NotAuthorized/, 'AccessDenied'],
  [/Throttl|TooManyRequests|RequestLimitExceeded/, 'Throttling'],
  [/AlreadyExists|AlreadyOwnedByYou|Duplicate|EntityAlreadyExists/, 'AlreadyExists'],
  [/NotFound|NoSuch/, 'NotFound'],
  [/LimitExceeded|QuotaExceeded/, 'ServiceLimitExceeded'],
  [/InUse|Conflict|DependencyViolation/, 'ResourceConflict'],
  [/Internal|ServiceFailure|NotImplemented/, 'ServiceInternalError'],
];

function handlerErrorCode({ name }: AwsError): string {
  return HANDLER_ERROR_CODES.find(([pattern]) => pattern.test(name))?.[1] ?? 'InvalidRequest';
}

/** Lists the failed resources, as the stack's own event does. */
export function failureSummary(resources: Readonly<Record<string, ResourceRecord>>): string {
  const parts = (['create', 'update', 'delete'] as const).map((verb) => {
    const failed = Object.values(resources).filter(({ status }) => status === `${verb.toUpperCase()}_FAILED`);
    return failed.length === 0 ? '' : `The following resource(s) failed to ${verb}: [${idsOf(failed)}].`;
  });
  return parts.filter((part) => part !== '').join(' ');
}

export function idsOf(resources: readonly ResourceRecord[]): string {
  return resources.map(({ logicalId }) => logicalId).join(', ');
}
