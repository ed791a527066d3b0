import { AwsError } from '../../errors.ts';
import { findByNameAlone, isManagedByAws, lastPublished } from '../../iam/managed/index.ts';

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message);
}

export function noSuchRole(name: string): AwsError {
  return noSuchEntity(`The role with name ${name} cannot be found.`);
}

export function noSuchUser(name: string): AwsError {
  return noSuchEntity(`The user with name ${name} cannot be found.`);
}

/** A policy to attach, in AWS's words; where it could be one that AWS has and the local cloud lacks, with what to do. */
export function notAttachable(arn: string): AwsError {
  return noSuchEntity(`Policy ${arn} does not exist or is not attachable.${hint(arn)}`);
}

/** The same of a permissions boundary. */
export function notBounding(arn: string): AwsError {
  return noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.${hint(arn)}`);
}

function hint(arn: string): string {
  if (!isManagedByAws(arn)) return '';
  const namesake = findByNameAlone(arn);
  return namesake
    ? ` (AWS has this policy under another path: ${arn.slice(0, arn.indexOf(':policy/'))}:policy${namesake})`
    : ` (The local cloud knows AWS's managed policies of up to ${lastPublished()}. If AWS has a later one of this name, the local cloud lacks it: write its statements into a policy of your own, or take it over with npm run managed-policies.)`;
}

export function noSuchPolicy(arn: string): AwsError {
  return noSuchEntity(`Policy ${arn} was not found.`);
}

export function alreadyExists(what: string): AwsError {
  return new AwsError('EntityAlreadyExists', `${what} already exists.`);
}

export function deleteConflict(what: string): AwsError {
  return new AwsError('DeleteConflict', `Cannot delete entity, must ${what} first.`);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceeded', message);
}

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message);
}
