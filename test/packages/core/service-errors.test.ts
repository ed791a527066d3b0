import { isNotFound, isThrottle, isTransient } from '@studio-resources/core';
import { errorMessage } from '../../../packages/core/src/errors.ts';

const error = (fields: object, message = 'no') => Object.assign(new Error(message), fields);

test.each([
  { name: 'ThrottlingException' },
  { name: 'SlowDown' },
  { $metadata: { httpStatusCode: 429 } },
  { $retryable: { throttling: true } },
])('%j is a throttling error, and transient', (fields) => {
  expect(isThrottle(error(fields))).toBe(true);
  expect(isTransient(error(fields))).toBe(true);
});

test.each([
  { name: 'InternalFailure' },
  { name: 'TimeoutError' },
  { code: 'ENOTFOUND' },
  { $metadata: { httpStatusCode: 504 } },
  { $retryable: {} },
  { cause: { cause: { code: 'ECONNRESET' } } },
])('%j is transient, and not a throttling error', (fields) => {
  expect(isTransient(error(fields))).toBe(true);
  expect(isThrottle(error(fields))).toBe(false);
});

test.each([
  { name: 'ValidationException', $metadata: { httpStatusCode: 400 } },
  { name: 'LimitExceededException' },
  { name: 'AccessDeniedException' },
  {},
])('%j is final', (fields) => {
  expect(isTransient(error(fields))).toBe(false);
});

test.each([null, undefined, 'ThrottlingException', 429])('what is no error is final: %j', (thrown) => {
  expect(isTransient(thrown)).toBe(false);
});

test('an error that is its own cause causes no endless loop', () => {
  const loop: Error & { cause?: unknown } = new Error('no');
  loop.cause = loop;
  expect(isTransient(loop)).toBe(false);
  expect(errorMessage(loop)).toBe('no');
});

test.each([
  [{ name: 'ResourceNotFound' }, true],
  [{ name: 'NoSuchEntityException' }, true],
  [{ name: 'InvalidGroup.NotFound' }, true],
  [{ name: 'FileSystemNotFound' }, true],
  [{ $metadata: { httpStatusCode: 404 } }, true],
  [{ cause: { name: 'ResourceNotFoundException' } }, true],
  [{ name: 'ValidationException' }, false],
  [{ code: 'ENOTFOUND' }, false],
])('%j is not found: %s', (fields, expected) => {
  expect(isNotFound(error(fields))).toBe(expected);
});

test('an error message has the code, and the causes unless it quotes them itself', () => {
  expect(errorMessage(error({ name: 'ResourceLimitExceeded' }, 'too many'))).toBe('ResourceLimitExceeded: too many');
  expect(errorMessage(new Error('creating', { cause: error({ name: 'Odd' }, 'why') }))).toBe('creating: Odd: why');
  expect(errorMessage(new Error('creating: why', { cause: new Error('why') }))).toBe('creating: why');
  expect(errorMessage(new TypeError('x is not a function'))).toBe('TypeError: x is not a function');
  expect(errorMessage(error({ name: 'Odd' }, ''))).toBe('Odd: ');
  expect(errorMessage(error({ name: 'Odd', message: undefined }))).toBe('Odd: ');
  expect(errorMessage(new Error('why', { cause: error({ name: 'Odd', message: { Code: 1 } }) }))).toBe(
    'why: Odd: [object Object]',
  );
  expect(errorMessage('just text')).toBe('just text');
  expect(errorMessage(undefined)).toBe('unknown error: undefined');
});
