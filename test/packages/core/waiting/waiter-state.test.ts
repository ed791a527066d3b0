import fc from 'fast-check';
import { initialState, type RequestState } from '../../../../packages/core/src/lifecycle/phase.ts';
import { canonicalJson } from '../../../../packages/core/src/waiting/canonical-json.ts';
import { packState, unpackState, type WaiterState } from '../../../../packages/core/src/waiting/waiter-state.ts';
import { event } from '../event.ts';
import { stateSecret } from './state-secret.ts';

const secret = stateSecret();
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:Thing';
const responseUrl = 'https://bucket/key?X-Amz-Signature=5ecre7';

function packed(properties: object, state: Partial<RequestState> = {}): WaiterState {
  const request = event({ ResponseURL: responseUrl, ResourceProperties: properties });
  const whole = { ...initialState({ requestType: 'Create' }, 1), ...state };
  return packState(request, whole, { functionArn, key: secret.key, sensitive: ['Secret'] });
}

/** JSON as another program may write it: members in another order, escapes for all but ASCII, spaces, other numbers. */
function rewritten(value: unknown): string {
  if (typeof value === 'number') return otherNumber(value);
  if (typeof value === 'string') return escaped(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[ ${value.map(rewritten).join(' , ')} ]`;
  const members = Object.entries(value).reverse();
  return `{ ${members.map(([name, member]) => `${escaped(name)} : ${rewritten(member)}`).join(' ,\n')} }`;
}

/** As Java writes a double: 1e21 as 1.0E21, 1 as 1.0. */
function otherNumber(value: number): string {
  const [digits = '', exponent] = String(value).split('e');
  const decimal = digits.includes('.') ? digits : `${digits}.0`;
  return exponent === undefined ? decimal : `${decimal}E${exponent.replace('+', '')}`;
}

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0'));
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}

const numbers = [0, 1, -1, 1.5, 1e21, 1e-7, 123456789012345680000, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, 2 ** 53];

test.each(numbers)('the number %d comes back from another program that writes JSON', async (number) => {
  const waiter = packed({ Nested: { Number: number, List: [number, -number] } });
  const { event: whole } = await unpackState(JSON.parse(rewritten(waiter)), functionArn);
  expect(whole.ResourceProperties).toMatchObject({
    Nested: { Number: number, List: [number, number === 0 ? 0 : -number] },
  });
});

test('-0, 0 and 0.0 are the same value, and so are 1, 1.0 and 1e0', () => {
  for (const texts of [
    ['-0', '0', '0.0', '0e5'],
    ['1', '1.0', '1e0', '10E-1'],
    ['1e21', '1.0E21', '1000000000000000000000'],
  ]) {
    expect(new Set(texts.map((text) => canonicalJson(JSON.parse(text)))).size).toBe(1);
  }
});

test('values that differ have different texts', () => {
  const values = [
    1,
    '1',
    [1],
    { 1: 1 },
    null,
    'null',
    true,
    'true',
    {},
    [],
    '',
    '{}',
    [[1], 2],
    [1, [2]],
    { a: { b: 1 } },
  ];
  expect(new Set(values.map(canonicalJson)).size).toBe(values.length);
});

test('of a member that is there twice, the last one counts, as in all parsers', async () => {
  const text = JSON.stringify(packed({ Name: 'one' }));
  const twice = text.replace('"Name":"one"', '"Name":"two","Name":"one"');
  expect((await unpackState(JSON.parse(twice), functionArn)).event.ResourceProperties).toMatchObject({ Name: 'one' });
  const changed = text.replace('"Name":"one"', '"Name":"one","Name":"two"');
  await expect(unpackState(JSON.parse(changed), functionArn)).rejects.toMatchObject({ name: 'InvalidRequestError' });
});

const properties = fc.dictionary(
  fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'toJSON', 'Secret')),
  fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.string({ unit: 'binary' })),
  { maxKeys: 6, noNullPrototype: true },
);

test('whatever the properties are, they come back whole, and neither the URL nor a secret can be read', async () => {
  const property = fc.asyncProperty(properties, async (bag) => {
    const given = JSON.parse(JSON.stringify({ ...bag, Secret: 'hunter2' }));
    const waiter = packed(given, { waitingFor: 'cut within a character: \ud83e' });
    expect(JSON.stringify(waiter)).not.toMatch(/hunter2|5ecre7/);
    const { event: whole, waiter: unpacked } = await unpackState(JSON.parse(rewritten(waiter)), functionArn);
    expect(whole.ResponseURL).toBe(responseUrl);
    expect(JSON.parse(canonicalJson(whole.ResourceProperties))).toEqual(
      JSON.parse(canonicalJson({ ServiceToken: functionArn, ...given })),
    );
    expect(unpacked!.state.waitingFor).toBe('cut within a character: \ufffd');
  });
  await fc.assert(property, { numRuns: 500, seed: 1 });
});

/** The paths of all values within it. */
function paths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => paths(member, [...path, name]))];
}

test('no value of a state can be changed, removed or added', async () => {
  const waiter = packed(
    { Name: 'one', Nested: { List: ['a', { b: null }] }, Secret: 'hunter2' },
    { notes: { looks: 1 } },
  );
  for (const path of paths(waiter).slice(1)) {
    for (const change of ['change', 'remove', 'add'] as const) {
      const copy = structuredClone(waiter) as unknown as Record<string, unknown>;
      const holder = path.slice(0, -1).reduce((inner, name) => inner[name] as typeof copy, copy);
      const last = path.at(-1)!;
      if (change === 'change') holder[last] = typeof holder[last] === 'string' ? `${holder[last]}x` : 'x';
      if (change === 'remove') delete holder[last];
      // Beside its own members the waiter's state may have others, which no function reads.
      if (change === 'add' && path.length === 1) continue;
      if (change === 'add' && Array.isArray(holder)) holder.push(null);
      else if (change === 'add') Object.assign(holder, { added: null });
      await expect(unpackState(copy, functionArn)).rejects.toMatchObject({ name: 'InvalidRequestError' });
    }
  }
});

test('a state opens for its function with any version or alias, and for no other', async () => {
  const waiter = packed({ Name: 'one' });
  for (const arn of [functionArn, `${functionArn}:1`, `${functionArn}:live`]) {
    expect((await unpackState(waiter, arn)).waiter).toBeDefined();
  }
  for (const arn of [`${functionArn}2`, functionArn.replace('eu-west-1', 'eu-west-2'), '', undefined, 7]) {
    await expect(unpackState(waiter, arn)).rejects.toThrow(`it is for the function ${functionArn}`);
  }
});
