import { AwsError } from '../../errors.ts';

/** A setting that was put. Throws the error for one that was not. */
export function present<T>(value: T | undefined, bucket: string, code: string, message: string): T {
  if (value === undefined) throw new AwsError(code, message, { status: 404, members: { BucketName: bucket } });
  return value;
}

/** For a body that is none of the operation's. */
export function malformed(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
