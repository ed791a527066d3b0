/** The error with which a call is refused, as `Code: message`; `no error` if it succeeds. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'no error';
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return `${error.name}: ${error.message}`;
  }
}

/** The code of that error alone. */
export async function code(call: Promise<unknown>): Promise<string> {
  const text = await refusal(call);
  return text === 'no error' ? text : text.slice(0, text.indexOf(': '));
}

/** Undefined where the call fails with this code; what it gives otherwise. */
export async function unless<T>(codes: RegExp, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && '$metadata' in error && codes.test(error.name)) return undefined;
    throw error;
  }
}

/** An answer of the service to what was asked; not one about rights, and not the lack of an operation. */
function isAnswer(error: unknown): error is Error & { $metadata: { httpStatusCode?: number } } {
  if (!(error instanceof Error) || !('$metadata' in error)) return false;
  const { httpStatusCode = 0 } = error.$metadata as { httpStatusCode?: number };
  return httpStatusCode >= 400 && httpStatusCode < 500 && !notAnswers.test(error.name);
}

const notAnswers =
  /^(UnknownOperation|InvalidAction|NotImplemented|AccessDenied|UnauthorizedOperation|UnrecognizedClient|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch|AuthFailure|OptInRequired|Throttling|Unknown)/;
