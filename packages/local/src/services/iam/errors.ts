import { AwsError } from '../../errors.ts';
import { isManagedByAws } from '../../iam/managed/index.ts';

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message);
}

export function noSuchRole(name: string): AwsError {
  return noSuchEntity(`The role with name ${name} cannot be found.`);
}

export function noSuchUser(name: string): AwsError {
  return noSuchEntity(`The user with name ${name} cannot be found.`);
}

/** A policy to attach. AWS has many more of its own than are known here, so the text says what to do about that. */
export function notAttachable(arn: string): AwsError {
  const hint = isManagedByAws(arn)
    ? ' (The local cloud knows only some of the policies that AWS manages; write its statements into a policy of your own, or add it to packages/local/src/iam/managed.)'
    : '';
  return noSuchEntity(`Policy ${arn} does not exist or is not attachable.${hint}`);
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
