import { UndeliveredError } from '../errors.ts';

type Fields = Readonly<Record<string, unknown>>;

/** How a function ended without a response, as Lambda or the waiter reports it. */
export interface Crash {
  /** The function's name, where it is known. */
  readonly functionName?: string;
  /** `Sandbox.Timedout`, `Lambda.TooManyRequestsException`, …, or why Lambda gave up on the event. */
  readonly type: string;
  readonly message: string;
  /** The response that it could not deliver, with its signature. */
  readonly signedResponse?: string;
}

/** Reads the record of a failed asynchronous invocation, or the input that the waiter's Catch gives. */
export function crashOf({ requestContext, responsePayload, function: functionArn, error }: Fields): Crash {
  if (error !== undefined) {
    const { Error: type, Cause } = fieldsOf(error);
    const told = fieldsOf(parsed(Cause));
    const message = text(told.errorMessage) ?? text(Cause) ?? '';
    return crash(functionArn, text(told.errorType) ?? text(type) ?? '', message);
  }
  const { condition, functionArn: arn } = fieldsOf(requestContext);
  const { errorType, errorMessage } = fieldsOf(responsePayload);
  const type = text(errorType) ?? (condition === 'RetriesExhausted' ? '' : (text(condition) ?? ''));
  return crash(arn, type, text(errorMessage) ?? '');
}

function crash(functionArn: unknown, type: string, whole: string): Crash {
  const { message, signed } = type === 'UndeliveredError' ? UndeliveredError.split(whole) : { message: whole };
  return { functionName: nameOf(functionArn), type, message, signedResponse: signed };
}

/** What each kind of crash means, the first that fits. */
const meanings: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [/Sandbox\.Timedout|Task timed out|States\.Timeout/, 'it ran out of time'],
  [/OutOfMemory|signal: killed|heap out of memory/, 'it ran out of memory; give the function more'],
  [/EventAgeExceeded/, 'Lambda had no room to run it for so long that the request is too old; raise its concurrency'],
  [/ZeroReservedConcurrency/, 'its reserved concurrency is zero, so Lambda does not run it'],
  [/TooManyRequests|Throttl/, 'Lambda had no room to run it; raise its concurrency'],
  // How the runtime reports code that it cannot load (loadModule and resolveHandler in aws-lambda-ric 4.0.2; Node's own
  // errors otherwise), and which setting of esbuild helps, which most functions are bundled by.
  [
    /\b(module|exports) is not defined in ES module/,
    "its code cannot be loaded; bundle it with esbuild's format: 'esm'",
  ],
  [
    /require is not defined in ES module|Dynamic require of/,
    "its code cannot be loaded; give esbuild the banner that defines require by node:module's createRequire",
  ],
  [
    /ImportModuleError|Cannot find (package|module) /,
    'its code cannot be loaded; its zip has to have all that it imports, in a file of the name in Handler; esbuild: bundle: true, nothing external',
  ],
  [/HandlerNotFound|MalformedHandlerName/, 'its code cannot be loaded; export the handler under the name in Handler'],
  [
    /UserCodeSyntaxError/,
    "its code cannot be loaded; bundle it with esbuild's target: 'node24' and format: 'esm', into a file that ends in .mjs",
  ],
  [/Runtime\.Init|InitError/, 'it could not be started'],
  [/Runtime\.ExitError/, 'its process ended'],
  [/AccessDenied/, 'a permission is missing'],
  [/ResourceNotFound/, 'it does not exist'],
];

/** Why there is no better response, for the stack event. */
export function reasonOf({ functionName, type, message }: Crash): string {
  const what = functionName === undefined ? 'The function' : `The function ${functionName}`;
  const told = [type, message].filter((part) => part !== '').join(': ');
  const [, meaning] = meanings.find(([pattern]) => pattern.test(told)) ?? [];
  const why = [meaning, told].filter(Boolean).join(' (') + (meaning && told ? ')' : '');
  const where = functionName === undefined ? '' : `. Its log group /aws/lambda/${functionName} may say more`;
  return `${what} ended without a response: ${why || 'it does not say why'}${where}`;
}

/** Lambda's names for a function: `arn:aws:lambda:eu-west-1:111122223333:function:NAME`, perhaps with a version. */
function nameOf(arn: unknown): string | undefined {
  return text(arn)?.split(':')[6];
}

function parsed(value: unknown): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
