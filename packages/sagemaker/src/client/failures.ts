/** The name of an error that an SDK client throws: the service's error code. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** The answer, or undefined where the service says one of these codes: the thing that was asked for is not there. */
export async function unless<T>(codes: readonly string[], call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (codes.includes(codeOf(error))) return undefined;
    throw error;
  }
}

const denials = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'];

/**
 * Deletes a thing, or what is in it, unless the service answers with one of these codes. A right that depends on a
 * thing's tags ends with the thing: a call that is made again, after its first answer was lost or somebody else was
 * quicker, is denied. `isGone` then tells, also of what is on its way.
 */
export async function deleteUnless(
  codes: readonly string[],
  deletion: Promise<unknown>,
  isGone: () => Promise<boolean>,
): Promise<void> {
  try {
    await unless(codes, deletion);
  } catch (error) {
    if (!denials.includes(codeOf(error)) || !(await isGone())) throw error;
  }
}

/** The answer, or undefined where SageMaker knows no such thing. */
export function ifFound<T>(call: Promise<T>): Promise<T | undefined> {
  // A ValidationException is not listed: SageMaker also says so of things that are there, in another state.
  return unless(['ResourceNotFound'], call);
}
