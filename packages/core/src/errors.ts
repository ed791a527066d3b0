import type { StandardSchemaV1 } from '@standard-schema/spec';

/** The base of the errors that the runtime itself throws. Its message is fit for the stack event. */
export class RuntimeError extends Error {
  override name = 'RuntimeError';
}

/** The properties do not fit the resource's schema. The message has a line's worth for each issue, path first. */
export class InvalidPropertiesError extends RuntimeError {
  override name = 'InvalidPropertiesError';
  readonly issues: readonly StandardSchemaV1.Issue[];

  constructor(issues: readonly StandardSchemaV1.Issue[]) {
    super(`Reading the properties: ${issues.map(described).join('; ')}`);
    this.issues = issues;
  }
}

/** The request is not one that CloudFormation sends. */
export class InvalidRequestError extends RuntimeError {
  override name = 'InvalidRequestError';
}

const carried = '; the answer: ';

/** The response could not be delivered to CloudFormation; it is in the log. */
export class UndeliveredError extends RuntimeError {
  override name = 'UndeliveredError';
  /** Whether another attempt, later, may get through. */
  readonly retryable: boolean;

  constructor(message: string, retryable: boolean) {
    super(message);
    this.retryable = retryable;
  }

  /** The same error with the response in its message, which is all of an error that leaves a function. */
  withResponse(body: string): UndeliveredError {
    return new UndeliveredError(`${this.message}${carried}${body}`, this.retryable);
  }

  /** The response in the message of such an error. */
  static responseIn(message: string): string | undefined {
    const at = message.indexOf(carried);
    return at < 0 ? undefined : message.slice(at + carried.length);
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

/** A service's error code helps, `Error` does not, nor does a class of the runtime whose message is for people. */
function isTelling(name: string, message: string): boolean {
  return message === '' || !['Error', 'RuntimeError', 'InvalidPropertiesError', 'InvalidRequestError'].includes(name);
}
