import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidPropertiesError } from '@studio-resources/core';
import { changedProperties } from '../../../../packages/core/src/lifecycle/change.ts';
import { readLeniently, readProperties } from '../../../../packages/core/src/schema/schema.ts';

type Result = StandardSchemaV1.Result<Record<string, unknown>>;

/** A Standard Schema of another library. */
function foreign(
  validate: (value: unknown) => Result | Promise<Result>,
): StandardSchemaV1<unknown, Record<string, unknown>> {
  return { '~standard': { version: 1, vendor: 'another-library', validate } };
}

test('any Standard Schema is accepted, including an asynchronous one', async () => {
  const schema = foreign(async (value) => ({ value: { read: value } }));
  await expect(readProperties(schema, { a: '1' })).resolves.toEqual({ read: { a: '1' } });
});

test('its issues are reported with their paths, in each form that the standard allows', async () => {
  const issues = [
    { message: 'too short', path: ['Rows', 0, { key: 'Name' }] },
    { message: 'not a date', path: [{ key: 'Until' }] },
    { message: 'too few properties' },
  ];
  const failure = readProperties(
    foreign(() => ({ issues })),
    {},
  );
  await expect(failure).rejects.toBeInstanceOf(InvalidPropertiesError);
  await expect(failure).rejects.toMatchObject({
    issues,
    message: 'Reading the properties: Rows[0].Name: too short; Until: not a date; too few properties',
  });
});

test('a schema that throws, or has an issue without a path, leaves lenient properties unchanged', async () => {
  const throwing = foreign(() => {
    throw new Error('broken');
  });
  const complaining = foreign(() => ({ issues: [{ message: 'too few' }] }));
  await expect(readLeniently(throwing, { a: '1' })).resolves.toEqual({ a: '1' });
  await expect(readLeniently(complaining, { a: '1' })).resolves.toEqual({ a: '1' });
});

test('properties are compared deeply, including those that are missing on one side', () => {
  const old: Record<string, unknown> = { Same: { a: [1, new Date(0)] }, Gone: 1, Deep: { a: { b: 1 } } };
  const now: Record<string, unknown> = { Same: { a: [1, new Date(0)] }, New: 1, Deep: { a: { b: 2 } } };
  expect(changedProperties(now, old)).toEqual(['New', 'Deep', 'Gone']);
});
