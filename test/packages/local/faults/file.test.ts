import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCloud } from '../../../../packages/local/src/create-cloud.ts';
import { checkFaults } from '../../../../packages/local/src/faults/check.ts';
import { readFaults } from '../../../../packages/local/src/faults/read.ts';
import type { Rule } from '../../../../packages/local/src/faults/rule.ts';
import { readLocalArguments } from '../../../../packages/local/src/options.ts';
import { efs } from '../../../../packages/local/src/services/efs/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { startVirtualCloud } from '../../../../packages/local/src/virtual/virtual-cloud.ts';
import { VirtualClock } from '../virtual-clock.ts';

const directory = mkdtempSync(join(tmpdir(), 'faults-'));
afterAll(() => rmSync(directory, { recursive: true }));

function fileOf(text: string): string {
  const path = join(directory, 'faults.json');
  writeFileSync(path, text);
  return path;
}

/** One of each kind. The compiler holds the types to the same as the schema. */
const everyRule: Rule[] = [
  { on: 'call', fault: 'throttle', service: 'efs', operation: 'Describe*', rate: 0.5, count: 3, after: 1 },
  { on: 'call', fault: 'access-denied', function: 'mine', account: '111122223333', name: 'a name' },
  { on: 'call', fault: 'internal-error', carriedOut: true },
  { on: 'call', fault: 'unavailable' },
  { on: 'call', fault: 'reset' },
  { on: 'call', fault: 'slow', ms: 30_000 },
  { on: 'resource', fault: 'failed', kind: 'domain', during: 'create', reason: 'No capacity' },
  { on: 'resource', fault: 'stuck', kind: 'app', during: 'delete', seconds: 1200 },
  { on: 'resource', fault: 'late', seconds: 30 },
  { on: 'resource', fault: 'late', kind: 'portfolio-share' },
  { on: 'resource', fault: 'deleted', kind: 'user-profile', seconds: 30 },
  { on: 'quota', fault: 'limit', quota: 'Total domains', value: 1 },
  { on: 'function', fault: 'crash', ms: 100 },
  { on: 'function', fault: 'out-of-memory', function: '*' },
  { on: 'function', fault: 'hang' },
  { on: 'function', fault: 'duplicate', seconds: 5 },
  { on: 'function', fault: 'delayed', seconds: 5 },
  { on: 'function', fault: 'reordered' },
  { on: 'response', fault: '500', resource: 'Domain' },
  { on: 'response', fault: '503' },
  { on: 'response', fault: '403' },
  { on: 'response', fault: 'reset', carriedOut: true },
  { on: 'response', fault: 'dns' },
  { on: 'response', fault: 'truncated' },
  { on: 'response', fault: 'slow', ms: 1000 },
  { on: 'template', fault: 'old' },
];

test('a file may have every kind of rule, and name its schema', async () => {
  const path = fileOf(JSON.stringify({ $schema: './faults.schema.json', rules: everyRule }));
  expect(await readFaults(path)).toEqual(everyRule);
});

test('README.md shows a valid file with every fault', () => {
  const text = readFileSync(new URL('../../../../packages/local/README.md', import.meta.url), 'utf8');
  const [, example] = /```json\n(\{\n {2}"\$schema"[^`]*)```/.exec(text) ?? [];
  expect(checkFaults(JSON.parse(example!)).length).toBeGreaterThan(2);
  const faults = text.slice(text.indexOf('### What'));
  for (const { fault } of everyRule) expect(faults).toContain(`\`${fault}\``);
});

test.each<[unknown, string]>([
  [[], 'the file takes an object with the member rules, not []'],
  [{}, 'rules takes a list of rules, not nothing'],
  [{ rules: [], rule: [] }, 'rule is unknown. There are: rules, $schema'],
  [{ rules: ['throttle'] }, 'rules[0] takes an object with the members on and fault, not "throttle"'],
  [{ rules: [{}] }, 'rules[0].on takes call, resource, quota, function, response, template, not nothing'],
  [
    { rules: [{ on: 'call', fault: 'throttled' }] },
    'rules[0].fault takes throttle, access-denied, internal-error, unavailable, reset, slow, not "throttled"',
  ],
  [{ rules: [everyRule[0], { on: 'call', fault: 'slow' }] }, 'rules[1].ms is missing: it takes a number from 0'],
  [
    { rules: [{ on: 'call', fault: 'slow', ms: 5, opration: '*' }] },
    'rules[0].opration is unknown. There are: on, fault, ms, service, operation, function, name, rate, count, after, account',
  ],
  [{ rules: [{ on: 'call', fault: 'slow', ms: '5' }] }, 'rules[0].ms takes a number from 0, not "5"'],
  [{ rules: [{ on: 'call', fault: 'reset', rate: 2 }] }, 'rules[0].rate takes a number from 0 to 1, not 2'],
  [{ rules: [{ on: 'call', fault: 'reset', count: 0.5 }] }, 'rules[0].count takes a whole number from 1, not 0.5'],
  [{ rules: [{ on: 'call', fault: 'reset', carriedOut: 1 }] }, 'rules[0].carriedOut takes true or false, not 1'],
  [
    { rules: [{ on: 'resource', fault: 'late', seconds: 1, kind: 'vpc' }] },
    'rules[0].kind takes domain, user-profile, space, app, image, image-version, app-image-config, portfolio-share, portfolio-principal, not "vpc"',
  ],
  [{ rules: [{ on: 'resource', fault: 'failed', reason: 7 }] }, 'rules[0].reason takes a text, not 7'],
])('%j is refused, with the path and the valid values', (value, message) => {
  expect(() => checkFaults(value)).toThrow(new Error(message));
});

test('a file that is missing, or not JSON, is named', async () => {
  await expect(readFaults('/no/such/file')).rejects.toThrow(
    /^Reading faults from \/no\/such\/file: there is no such file; give the path of one with rules/,
  );
  const path = fileOf('{ rules: [] }');
  await expect(readFaults(path)).rejects.toThrow(`Reading faults from ${path}: Expected property name`);
});

test.each<[Rule, RegExp]>([
  [{ on: 'call', fault: 'throttle', service: 'elasticfilesystem' }, /rules\[0\]\.service: .* It has: efs$/],
  [{ on: 'call', fault: 'throttle', service: 'efs', operation: 'DescribeDomain' }, /rules\[0\]\.operation: .* of efs/],
])('a rule that can never match is refused: %j', (rule, message) => {
  const options = { clock: new VirtualClock(), store: new Store(), endpoint: '', services: [efs], authorise() {} };
  expect(() => createCloud({ ...options, faults: { rules: [rule] } })).toThrow(message);
});

test('a cloud is not created with invalid faults', async () => {
  const faults = fileOf(JSON.stringify({ rules: [{ on: 'call', fault: 'throttle', service: 'nowhere' }] }));
  await expect(startVirtualCloud({ faults })).rejects.toThrow('"nowhere" is no service');
});

test('the command line accepts a faults file and a seed', () => {
  const values = { port: '0', speed: '1', durations: '1' };
  expect(readLocalArguments({ ...values, faults: 'a.json', seed: '7' })).toMatchObject({ faults: 'a.json', seed: 7 });
  expect(() => readLocalArguments({ ...values, seed: '7' })).toThrow('takes --faults FILE beside it');
  expect(() => readLocalArguments({ ...values, faults: 'a.json', seed: 'x' })).toThrow(
    '--seed takes a whole number from 0 to 9007199254740991, not "x"',
  );
});
