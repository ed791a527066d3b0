import {
  blob,
  boolean,
  integer,
  json,
  list,
  map,
  matching,
  number,
  oneOf,
  type PropsOf,
  properties,
  type Schema,
  string,
  strings,
  structure,
  timestamp,
  type,
} from '@studio-resources/core';

function issuesOf<T extends object>(schema: Schema<T>, value: unknown): string[] {
  const { issues = [] } = schema['~standard'].validate(value);
  return issues.map(({ path = [], message }) => `${path.join('.')}: ${message}`);
}

const schema = properties({
  Name: string(),
  Count: integer().default(1),
  Ratio: number().optional(),
  Kind: oneOf('Small', 'Large').default('Small'),
  On: boolean().optional(),
  Users: strings().optional(),
  Limits: map(number()).optional(),
  Rows: list(map(string())).optional(),
  Key: blob().optional(),
  Until: timestamp().optional(),
  Account: matching(/^\d{12}$/, 'the 12 digits of an account').optional(),
  Anything: json().optional(),
});

test('an empty list parameter, which arrives as a list with an empty text, is an empty list', () => {
  const lists = properties({ Names: strings(), Rows: list(structure({ Id: string() })) });
  expect(lists['~standard'].validate({ Names: [''], Rows: [''] })).toEqual({ value: { Names: [], Rows: [] } });
  expect(issuesOf(lists, { Names: ['', 'a'], Rows: ['', ''] })).toHaveLength(2);
});

test('custom properties are read in their types, with defaults for omitted ones', () => {
  const props: PropsOf<typeof schema> = {
    Name: '7',
    Count: 2,
    Ratio: 0.5,
    Kind: 'Large',
    On: false,
    Users: ['a', 'b'],
    Limits: { a: 1 },
    Rows: [{ a: 'true' }],
    Key: new Uint8Array([1, 2, 3]),
    Until: new Date(0),
    Account: '111122223333',
    Anything: { a: ['true', '1'] },
  };
  const given = {
    Name: 7,
    Count: '2',
    Ratio: '.5'.padStart(3, '0'),
    Kind: 'Large',
    On: 'FALSE',
    Users: 'a,b',
    Limits: { a: '1' },
    Rows: [{ a: true }],
    Key: 'AQID',
    Until: '0',
    Account: 111122223333,
    Anything: { a: ['true', '1'] },
  };
  expect(schema['~standard'].validate(given)).toEqual({ value: props });
  expect(schema['~standard'].validate({ Name: 'a' })).toEqual({ value: { Name: 'a', Count: 1, Kind: 'Small' } });
});

test.each([
  [{}, ['Name: required, but missing']],
  [{ Name: null }, ['Name: expected a string, got null']],
  [{ Name: 'a', Count: '1.5' }, ['Count: expected a whole number, got "1.5"']],
  [{ Name: 'a', Count: '9007199254740993' }, ['Count: expected a whole number, got "9007199254740993"']],
  [{ Name: 'a', Count: 'x' }, ['Count: expected a number, got "x"']],
  [{ Name: 'a', Kind: 'small' }, ['Kind: expected one of Small, Large; got "small"']],
  [{ Name: 'a', Limits: { b: 'x' } }, ['Limits.b: expected a number, got "x"']],
  [{ Name: 'a', Limits: [1] }, ['Limits: expected an object, got a list']],
  [{ Name: 'a', Users: [{}] }, ['Users.0: expected a string, got an object']],
  [{ Name: 'a', Key: 'not base64!' }, ['Key: expected bytes in base64, got "not base64!"']],
  [{ Name: 'a', Account: '1111' }, ['Account: expected the 12 digits of an account, got "1111"']],
  [{ Name: 'a', Account: [] }, ['Account: expected a string, got a list']],
  ['text', [': expected an object, got "text"']],
])('%j is rejected: %j', (value, issues) => {
  expect(issuesOf(schema, value)).toEqual(issues);
});

test('a resource without properties says so', () => {
  expect(issuesOf(properties({}), { Name: 'a' })).toEqual(['Name: unknown property; none is known here']);
});

test('a custom type can be used', () => {
  const even = type<number>((value, place) =>
    Number(value) % 2 === 0 ? Number(value) : place.wrong('has to be even'),
  );
  const evens = properties({ Numbers: list(even) });
  expect(issuesOf(evens, { Numbers: ['2', '3'] })).toEqual(['Numbers.1: has to be even']);
  expect(evens['~standard'].validate({ Numbers: ['2'] })).toEqual({ value: { Numbers: [2] } });
});

test('values that are bytes, dates and numbers already are accepted unchanged', () => {
  const given = { Name: 'a', Key: new Uint8Array([9]), Until: new Date(5), Ratio: 1.25, On: true };
  expect(schema['~standard'].validate(given)).toMatchObject({ value: given });
});

test('an error in a custom structure has its path', () => {
  const places = properties({ Places: list(structure({ Id: string(), Size: integer().optional() })) });
  expect(places['~standard'].validate({ Places: [{ Id: 'a', Size: '1' }, { Id: 'b' }] })).toEqual({
    value: { Places: [{ Id: 'a', Size: 1 }, { Id: 'b' }] },
  });
  expect(issuesOf(places, { Places: [{ Size: 'x' }, { Id: 'b', Idd: 'c' }] })).toEqual([
    'Places.0.Id: required, but missing',
    'Places.0.Size: expected a number, got "x"',
    'Places.1.Idd: unknown property; did you mean Id?',
  ]);
});

test('a rule between properties is checked once each property is valid', () => {
  const range = properties({ Least: integer(), Most: integer() }).check(({ Least, Most }, place) => {
    if (Least > Most) place.at('Most').wrong(`expected at least ${Least}, got ${Most}`);
  });
  expect(range['~standard'].validate({ Least: '1', Most: '2' })).toEqual({ value: { Least: 1, Most: 2 } });
  expect(issuesOf(range, { Least: '2', Most: '1' })).toEqual(['Most: expected at least 2, got 1']);
  expect(issuesOf(range, { Least: 'x', Most: '1' })).toEqual(['Least: expected a number, got "x"']);
});

test('a type says what it takes, for schemas and references', () => {
  const { types } = schema;
  expect(types.get('Kind')).toMatchObject({ words: 'Small | Large', values: ['Small', 'Large'] });
  expect(types.get('Account')).toMatchObject({ form: /^\d{12}$/ });
  expect(types.get('Rows')!.item!.item!.words).toBe('string');
  expect(types.get('Users')!.item!.words).toBe('string');
});

test('each text of a list may have to have a form, also where commas separate them', () => {
  const accounts = properties({ Accounts: strings(matching(/^\d{2}$/, 'two digits')) });
  expect(issuesOf(accounts, { Accounts: '11, 22' })).toEqual([]);
  expect(issuesOf(accounts, { Accounts: '11, 2' })).toEqual(['Accounts.1: expected two digits, got "2"']);
  expect(issuesOf(accounts, { Accounts: ['1'] })).toEqual(['Accounts.0: expected two digits, got "1"']);
});
