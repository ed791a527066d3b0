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

/** A service's error code tells something, `Error` does not, nor does a class of ours whose message is for people. */
function isTelling(name: string, message: string): boolean {
  return message === '' || !['Error', 'RuntimeError', 'InvalidPropertiesError', 'InvalidRequestError'].includes(name);
}
