import type { Call } from '../../service.ts';
import { constraintViolation, invalidParameter } from './errors.ts';

/** A function, and perhaps a version or an alias of it. */
export interface Reference {
  account: string;
  region: string;
  name: string;
  qualifier?: string;
}

const pattern =
  /^(?:(?:arn:aws[a-zA-Z-]*:lambda:(?<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?<account>\d{12}):)?function:)?(?<name>[a-zA-Z0-9-_]{1,64})(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]{1,128}))?$/;

/** Reads a name, a partial ARN (`123456789012:function:name`) or an ARN, each with or without a qualifier. */
export function parseReference(functionName: string, call: Call, qualifier?: string): Reference {
  const groups = pattern.exec(functionName)?.groups;
  if (!groups) {
    throw constraintViolation(
      functionName,
      'functionName',
      'Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?',
    );
  }
  if (qualifier && groups.qualifier && qualifier !== groups.qualifier) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  }
  return {
    account: groups.account ?? call.account,
    region: groups.region ?? call.region,
    name: groups.name!,
    qualifier: qualifier ?? groups.qualifier,
  };
}

/** The function's ARN, with the qualifier if there is one. */
export function arnOf({ account, region, name, qualifier }: Reference): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}${qualifier ? `:${qualifier}` : ''}`;
}
