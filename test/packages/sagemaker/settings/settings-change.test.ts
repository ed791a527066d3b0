import { UpdateDomainRequest$, UpdateUserProfileRequest$ } from '@aws-sdk/client-sagemaker';
import { diffSettings, omitUnchanged } from '@studio-resources/sagemaker/settings/settings-change';
import fc from 'fast-check';

const arn = 'arn:aws:sagemaker:eu-west-1:111122223333:studio-lifecycle-config/setup';

/** A setting that may be left out. */
function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

/** Settings of a kind that the API can clear, each left out at times. */
const clearable = fc.record({
  SubnetIds: maybe(fc.uniqueArray(fc.constantFrom('subnet-1', 'subnet-2', 'subnet-3'))),
  TagPropagation: fc.constantFrom('ENABLED', 'DISABLED'),
  DefaultUserSettings: fc.record({
    ExecutionRole: fc.constantFrom('role-1', 'role-2'),
    SecurityGroups: maybe(fc.uniqueArray(fc.constantFrom('sg-1', 'sg-2'))),
    JupyterLabAppSettings: maybe(
      fc.record({
        DefaultResourceSpec: maybe(fc.record({ LifecycleConfigArn: maybe(fc.constant(arn)) })),
        LifecycleConfigArns: maybe(fc.constant([arn])),
        BuiltInLifecycleConfigArn: maybe(fc.constant(arn)),
        CustomImages: maybe(fc.constant([{ ImageName: 'one', AppImageConfigName: 'one' }])),
      }),
    ),
  }),
});

/** Settings without what is as good as left out. */
function bare(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, inner]) => [name, bare(inner)] as const);
  const kept = members.filter(([, inner]) => inner !== undefined && JSON.stringify(inner) !== '[]');
  const filled = kept.filter(([, inner]) => JSON.stringify(inner) !== '{}');
  return Object.fromEntries(filled);
}

test('the change, merged by SageMaker into the old settings, gives the new settings', () => {
  fc.assert(
    fc.property(clearable, clearable, (old, next) => {
      const { changed, notCleared } = diffSettings(UpdateDomainRequest$, next, old);
      expect(notCleared).toEqual([]);
      expect(bare(merge(old, changed))).toEqual(bare(next));
    }),
  );
});

test('unchanged settings and settings that are already live are not sent', () => {
  fc.assert(
    fc.property(clearable, clearable, (old, next) => {
      expect(diffSettings(UpdateDomainRequest$, next, merge({}, next))).toEqual({ changed: {}, notCleared: [] });
      const { changed } = diffSettings(UpdateDomainRequest$, next, old);
      expect(omitUnchanged(changed, merge(old, changed))).toEqual({});
    }),
  );
});

test('members that the update does not accept are not sent', () => {
  const { changed } = diffSettings(UpdateDomainRequest$, { DomainName: 'b', KmsKeyId: 'k' }, { DomainName: 'a' });
  expect(changed).toEqual({});
});

test('a structure without a required member is not sent, and its members keep their values', () => {
  const old = { UserSettings: { CustomPosixUserConfig: { Uid: 10000, Gid: 1001 } } };
  expect(diffSettings(UpdateUserProfileRequest$, { UserSettings: {} }, old)).toEqual({
    changed: {},
    notCleared: [
      { path: 'UserSettings.CustomPosixUserConfig.Uid', value: 10000 },
      { path: 'UserSettings.CustomPosixUserConfig.Gid', value: 1001 },
    ],
  });
});

test('a list in another order is unchanged', () => {
  expect(omitUnchanged({ SubnetIds: ['b', 'a'] }, { SubnetIds: ['a', 'b'] })).toEqual({});
  expect(omitUnchanged({ SubnetIds: ['b'] }, { SubnetIds: ['a', 'b'] })).toEqual({ SubnetIds: ['b'] });
});

test('a setting that is switched off, or depends on one that is, need not be cleared', () => {
  const idle = (IdleSettings: object) => ({
    UserSettings: { JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings } } },
  });
  const paths = (next: object, old: object) =>
    diffSettings(UpdateUserProfileRequest$, next, old).notCleared.map(({ path }) => path.split('.').at(-1));
  const [on, off] = [{ LifecycleManagement: 'ENABLED' }, { LifecycleManagement: 'DISABLED' }];
  const [timeout, none] = [{ IdleTimeoutInMinutes: 60 }, { UserSettings: {} }];
  expect(paths(idle(off), idle({ ...on, ...timeout }))).toEqual([]);
  const { changed } = diffSettings(UpdateUserProfileRequest$, idle(off), idle({ ...on, ...timeout }));
  expect(changed).toEqual(idle(off));
  expect(paths(none, idle({ ...on, ...timeout }))).toEqual(['LifecycleManagement']);
  expect(paths(idle(on), idle({ ...on, ...timeout }))).toEqual(['IdleTimeoutInMinutes']);
  expect(paths(none, idle(timeout))).toEqual(['IdleTimeoutInMinutes']);
});

test('an RStudio user group is sent only with access', () => {
  const of = (RStudioServerProAppSettings: object) => ({ UserSettings: { RStudioServerProAppSettings } });
  const change = (next: object, old: object) => diffSettings(UpdateUserProfileRequest$, of(next), of(old)).changed;
  const group = { UserGroup: 'R_STUDIO_ADMIN' };
  expect(change({ AccessStatus: 'DISABLED', ...group }, { AccessStatus: 'ENABLED', ...group })).toEqual(
    of({ AccessStatus: 'DISABLED' }),
  );
  expect(change({ AccessStatus: 'ENABLED', ...group }, { AccessStatus: 'DISABLED', ...group })).toEqual(
    of({ AccessStatus: 'ENABLED', ...group }),
  );
  expect(change(group, {})).toEqual({});
});

/** Merges settings as SageMaker does: structures by member, lists as a whole; `None` clears. */
function merge(held: Record<string, unknown>, sent: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...held };
  for (const [name, value] of Object.entries(sent)) {
    if (value === undefined) continue;
    if (value === 'None') delete merged[name];
    else if (isStructure(value)) merged[name] = merge(isStructure(merged[name]) ? merged[name] : {}, value);
    else merged[name] = value;
  }
  return merged;
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
