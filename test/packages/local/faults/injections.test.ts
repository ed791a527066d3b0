import { Faults } from '../../../../packages/local/src/faults/faults.ts';
import { generator } from '../../../../packages/local/src/faults/generator.ts';
import type { Place, Rule } from '../../../../packages/local/src/faults/rule.ts';

const here: Place = { account: '111122223333', service: 'sagemaker', operation: 'DescribeDomain' };
const all = ['throttle', 'access-denied', 'unavailable'] as const;

/** The fault that is injected into each of so many calls, or a dot. */
function injections(rules: Rule[], { seed = 1, calls = 40, where = here } = {}): string[] {
  const faults = new Faults({ rules, seed }, () => {});
  return Array.from({ length: calls }, () => faults.inject('call', all, where)?.fault ?? '.');
}

/** The calls into which this fault is injected. */
function at(fault: string, found: string[]): number[] {
  return found.flatMap((one, index) => (one === fault ? [index] : []));
}

const sometimes: Rule = { on: 'call', fault: 'throttle', rate: 0.3 };

test('a rule without a rate always injects its fault; one with a rate injects about that share', () => {
  expect(at('throttle', injections([{ on: 'call', fault: 'throttle' }], { calls: 5 }))).toEqual([0, 1, 2, 3, 4]);
  const injected = at('throttle', injections([sometimes], { calls: 2000 })).length;
  expect(injected / 2000).toBeGreaterThan(0.27);
  expect(injected / 2000).toBeLessThan(0.33);
  expect(at('throttle', injections([{ on: 'call', fault: 'throttle', rate: 0 }]))).toEqual([]);
});

test('the same seed injects into the same calls, another into others', () => {
  expect(injections([sometimes])).toEqual(injections([sometimes]));
  expect(injections([sometimes])).not.toEqual(injections([sometimes], { seed: 2 }));
});

test('a rule can skip the first calls, and inject a limited number of times', () => {
  const rule: Rule = { on: 'call', fault: 'throttle', after: 3, count: 2 };
  expect(at('throttle', injections([rule], { calls: 9 }))).toEqual([3, 4]);
});

test('another rule does not change the calls that the first ones inject into', () => {
  const before = at('throttle', injections([sometimes]));
  const added: Rule = { on: 'call', fault: 'unavailable', rate: 0.5 };
  const after = injections([sometimes, added]);
  expect(at('throttle', after)).toEqual(before);
  expect(at('unavailable', after)).not.toEqual([]);
  // Ahead of it, the added one hides some of its faults and adds none.
  const behind = injections([added, sometimes]);
  expect(before).toEqual(expect.arrayContaining(at('throttle', behind)));
  for (const call of before) expect(behind[call]).not.toBe('.');
});

test('two equal rules are independent, as is one with another name', () => {
  const twice = injections([{ ...sometimes }, { ...sometimes }], { calls: 400 });
  expect(at('throttle', twice).length).toBeGreaterThan(at('throttle', injections([sometimes], { calls: 400 })).length);
  expect(injections([{ ...sometimes, name: 'other' }])).not.toEqual(injections([sometimes]));
});

test.each<[string, Partial<Rule>, boolean]>([
  ['its service', { service: 'sagemaker' }, true],
  ['another service', { service: 'efs' }, false],
  ['operations of a kind', { operation: 'Describe*' }, true],
  ['other operations', { operation: 'Create*' }, false],
  ['a part of the name only', { operation: 'Describe' }, false],
  ['its account', { account: '111122223333' }, true],
  ['another account', { account: '999900001111' }, false],
  ['a function, when none calls', { function: '*' }, false],
])('a rule for %s', (_, where, expected) => {
  const rule = { on: 'call', fault: 'throttle', ...where } as Rule;
  expect(injections([rule], { calls: 1 })).toEqual([expected ? 'throttle' : '.']);
});

test('a report of an injected fault has its rule, its kind and its place', () => {
  const told: object[] = [];
  const rules: Rule[] = [sometimes, { on: 'call', fault: 'unavailable', name: 'outage' }];
  const faults = new Faults({ rules: [{ ...sometimes, rate: 0 }, ...rules.slice(1)] }, (fault) => told.push(fault));
  faults.inject('call', all, here);
  new Faults({ rules: [{ ...sometimes, rate: 1 }] }, (fault) => told.push(fault)).inject('call', all, here);
  expect(told).toEqual([
    { rule: 'outage', kind: 'call unavailable', where: here },
    { rule: 'rules[0]', kind: 'call throttle', where: here },
  ]);
});

test('the random numbers of different texts are independent', () => {
  const draws = ['1', '2', '1 a', 'a 1'].map((text) => generator(text)());
  expect(new Set(draws).size).toBe(4);
  for (const one of draws) {
    expect(one).toBeGreaterThanOrEqual(0);
    expect(one).toBeLessThan(1);
  }
});
