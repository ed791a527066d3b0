import type { StandardSchemaV1 } from '@standard-schema/spec';
import { boolean, InvalidPropertiesError, integer, matching, properties } from '@studio-resources/core';
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

describe('properties that are read leniently', () => {
  const schema = properties({
    Name: matching(/^[a-z]+$/, 'small letters'),
    Keep: boolean(),
    Size: integer().optional(),
  })
    .alias({ Title: 'Name' })
    .check(({ Size }, place) => {
      if (Size === undefined) place.at('Size').wrong('required, but missing');
    });

  test.each([
    ['one that is required does not fit', { Name: 'UPPER' }, { Name: 'UPPER' }],
    ['one does not fit under its other name', { Title: 'UPPER' }, { Title: 'UPPER' }],
    ['one that is required is missing', {}, {}],
  ])('are read but for that one, where %s', async (_, given, kept) => {
    expect(await readLeniently(schema, { ...given, Keep: 'false', Size: '5' })).toEqual({
      ...kept,
      Keep: false,
      Size: 5,
    });
  });

  test('are read where a rule between them does not hold', async () => {
    expect(await readLeniently(schema, { Name: 'one', Keep: 'false' })).toEqual({ Name: 'one', Keep: false });
  });
});

test('properties are compared deeply, including those that are missing on one side', () => {
  const old: Record<string, unknown> = { Same: { a: [1, new Date(0)] }, Gone: 1, Deep: { a: { b: 1 } } };
  const now: Record<string, unknown> = { Same: { a: [1, new Date(0)] }, New: 1, Deep: { a: { b: 2 } } };
  expect(changedProperties(now, old)).toEqual(['New', 'Deep', 'Gone']);
});
