import type { StandardSchemaV1 } from '@standard-schema/spec';

/** The base of the errors that the runtime itself throws. Its message is fit for the stack event. */
export class RuntimeError extends Error {
  override name = 'RuntimeError';
}

/** The properties do not fit the resource's schema. The message has a line's worth for each issue, path first. */
export class InvalidPropertiesError extends RuntimeError {
  override name = 'InvalidPropertiesError';
  readonly issues: readonly StandardSchemaV1.Issue[];

  /** `first` is what the message says before the issues. */
  constructor(issues: readonly StandardSchemaV1.Issue[], first = '') {
    super(`Reading the properties: ${first}${issues.map(described).join('; ')}`);
    this.issues = issues;
  }
}

/** The request is not one that CloudFormation sends. */
export class InvalidRequestError extends RuntimeError {
  override name = 'InvalidRequestError';
}

/** The key of the waiter's states cannot be read now. Another time it may be; the waiter tries for an hour. */
export class KeyUnavailableError extends RuntimeError {
  override name = 'KeyUnavailableError';
}

const carried = '; the signed response: ';

/** The response could not be delivered to CloudFormation; it is in the log. */
export class UndeliveredError extends RuntimeError {
  override name = 'UndeliveredError';
  /** Whether another attempt, later, may get through. */
  readonly retryable: boolean;

  constructor(message: string, retryable: boolean) {
    super(message);
    this.retryable = retryable;
  }

  /** The same error with the signed response in its message, which is all of an error that leaves a function. */
  withResponse(signed: string): UndeliveredError {
    return new UndeliveredError(`${this.message}${carried}${signed}`, this.retryable);
  }

  /** The message of such an error, and the signed response in it. */
  static split(text: string): { message: string; signed?: string } {
    const at = text.indexOf(carried);
    return at < 0 ? { message: text } : { message: text.slice(0, at), signed: text.slice(at + carried.length) };
  }
}

function described({ path = [], message }: StandardSchemaV1.Issue): string {
  const spelled = path.map((segment) => (typeof segment === 'object' ? segment.key : segment)).reduce(joined, '');
  return spelled === '' ? message : `${spelled}: ${message}`;
}

function joined(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}
/**
 * An error as one text: its name, where that says something, its message, and those of its causes that the message
 * does not have already.
 */
export function errorMessage(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : `unknown error: ${typeof error}`;
  // A service's own errors are not always as they are typed.
  const message = String(error.message ?? '');
  const says = isTelling(error.name, message) && !message.includes(error.name) ? `${error.name}: ${message}` : message;
  if (error.cause === undefined || depth > 10) return says;
  const cause = errorMessage(error.cause, depth + 1);
  const bare = error.cause instanceof Error ? String(error.cause.message ?? '') : cause;
  return bare !== '' && says.includes(bare) ? says : `${says}: ${cause}`;
}

const ownNames = ['Error', 'RuntimeError', 'InvalidPropertiesError', 'InvalidRequestError', 'KeyUnavailableError'];

/** A service's error code helps, `Error` does not, nor does a class of the runtime whose message is for people. */
function isTelling(name: string, message: string): boolean {
  return message === '' || !ownNames.includes(name);
}
