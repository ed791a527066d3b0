import { AwsError } from '../../errors.ts';
import { Cancelled, ResourceFailure } from '../resources/resource-type.ts';
import type { ResourceRecord } from '../stack.ts';

/** Why a resource failed, as its event says it. */
export function failureReason(cause: unknown, type: string, requestToken: string): string {
  if (cause instanceof Cancelled) return 'Resource creation cancelled';
  if (cause instanceof ResourceFailure) return cause.message;
  if (cause instanceof AwsError) {
    if (!type.startsWith('AWS::') || type === 'AWS::CloudFormation::CustomResource') return cause.message;
    const service = type.split('::')[1];
    const where = `(Service: ${service}, Status Code: ${cause.status ?? 400}, Error Code: ${cause.name})`;
    return `Resource handler returned message: "${cause.message} ${where}" (RequestToken: ${requestToken}, HandlerErrorCode: ${handlerErrorCode(cause)})`;
  }
  console.error(`Working on a resource of type ${type} failed unexpectedly:`, cause);
  return `Internal failure: ${cause instanceof Error ? cause.message : String(cause)}`;
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
