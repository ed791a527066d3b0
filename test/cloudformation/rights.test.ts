import { readFileSync } from 'node:fs';
import { runtimePermissions } from '@studio-resources/core';
import { handlerNames, pascalCase } from '../../scripts/handlers.ts';
import { definitionOf } from '../../scripts/reference/definition.ts';
import { grantedRights } from '../../scripts/rights/granted.ts';
import { mergedRights, type UsedRights, usedRights, usedRightsPath } from '../../scripts/rights/used.ts';
import { unused } from './unused-rights.ts';

const used: UsedRights = JSON.parse(readFileSync(usedRightsPath, 'utf8'));
const granted = grantedRights();
const roles = [...granted.keys()];
const usedBy = (role: string) => new Set(used[role] ?? []);

/** Why a role has a right that no run uses; undefined where nothing says so. */
function reasonFor(role: string, action: string): string | undefined {
  return unused.find((one) => one.actions.includes(action) && (!one.roles || one.roles.includes(role)))?.why;
}

test.each(roles)('%s has every right that the recordings show it to need', (role) => {
  expect([...usedBy(role)].filter((action) => !granted.get(role)!.has(action))).toEqual([]);
});

test.each(roles)('%s has no right that is neither recorded nor explained', (role) => {
  const idle = [...granted.get(role)!].filter((action) => !usedBy(role).has(action));
  expect(idle.filter((action) => reasonFor(role, action) === undefined)).toEqual([]);
});

const resources = handlerNames().filter((name) => name !== 'responder');

test.each(resources)(
  'what the role of %s was seen to need, the handler declares, or Lambda does with it',
  async (name) => {
    const { permissions } = await definitionOf(name);
    const ofLambda = [
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'lambda:InvokeFunction',
      'kms:Decrypt',
      'kms:GenerateDataKey',
    ];
    const declared = new Set([...[...permissions, ...runtimePermissions].map(({ action }) => action), ...ofLambda]);
    expect([...usedBy(`${pascalCase(name)}Role`)].filter((action) => !declared.has(action))).toEqual([]);
  },
);

test.each(unused)('the explanation of $actions is still needed', ({ actions, roles: named }) => {
  const idle = (role: string, action: string) => granted.get(role)?.has(action) === true && !usedBy(role).has(action);
  for (const action of actions) expect((named ?? roles).some((role) => idle(role, action))).toBe(true);
  for (const role of named ?? []) expect(actions.some((action) => idle(role, action))).toBe(true);
});

test('from a recording, the rights of the requested roles are kept, sorted', async () => {
  async function* lines() {
    const right = (role: string, action: string) =>
      JSON.stringify({ right: { principal: `arn:aws:sts::111122223333:assumed-role/${role}/session`, action } });
    yield '{"time":"2026-11-21T06:24:00.000Z","service":"s3"}';
    yield right('my-stack-WaiterRole-0A1B2C3D4E5F', 'lambda:InvokeFunction');
    yield right('my-stack-StudioThingRole-0A1B2C3D4E5F', 'efs:Make');
    yield right('my-stack-StudioThingRole-0A1B2C3D4E5F', 'efs:Look');
    yield right('other-StudioThingRole-000000000000', 'efs:Look');
    yield right('my-stack-TheirRole-0A1B2C3D4E5F', 'efs:Break');
    yield JSON.stringify({ right: { principal: 'arn:aws:iam::111122223333:user/ada', action: 'efs:Look' } });
  }
  expect(await usedRights(lines(), new Set(['StudioThingRole', 'WaiterRole']))).toEqual({
    StudioThingRole: ['efs:Look', 'efs:Make'],
    WaiterRole: ['lambda:InvokeFunction'],
  });
});

test('two recordings that each show half are known as a whole, one after the other', async () => {
  const role = 'StudioThingRole';
  const granted = new Map([
    [role, new Set(['efs:Look', 'efs:Make'])],
    ['WaiterRole', new Set(['lambda:InvokeFunction'])],
  ]);
  async function* showing(action: string) {
    yield JSON.stringify({ right: { principal: `arn:aws:sts::111122223333:assumed-role/x-${role}-0A1B/s`, action } });
  }
  const record = async (known: UsedRights, action: string) =>
    mergedRights(known, await usedRights(showing(action), new Set(granted.keys())), granted);
  const before = { WaiterRole: ['lambda:InvokeFunction'] };
  const first = await record(before, 'efs:Make');
  expect(first).toEqual({ [role]: ['efs:Make'], ...before });
  const second = await record(first, 'efs:Look');
  expect(second).toEqual({ [role]: ['efs:Look', 'efs:Make'], ...before });
  expect(await record(second, 'efs:Look')).toEqual(second);
});

test('rights that a role no longer has are forgotten; those that it was seen to lack are kept', () => {
  const granted = new Map([['StudioThingRole', new Set(['efs:Look'])]]);
  const known = { GoneRole: ['efs:Look'], StudioThingRole: ['efs:Look', 'efs:Make'] };
  expect(mergedRights(known, {}, granted)).toEqual({ StudioThingRole: ['efs:Look'] });
  const recorded = { StudioThingRole: ['efs:Break'] };
  expect(mergedRights(known, recorded, granted)).toEqual({ StudioThingRole: ['efs:Break', 'efs:Look'] });
});
