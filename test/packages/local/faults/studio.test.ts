import type { InjectedFault, Rule } from '../../../../packages/local/src/faults/rule.ts';
import { error, Studio } from '../studio.ts';

/** A Studio with these faults, and what it told of them. */
async function faulty(...rules: Rule[]): Promise<{ studio: Studio; told: InjectedFault[] }> {
  const studio = await Studio.open({ rules });
  const told: InjectedFault[] = [];
  studio.cloud.events.on('fault', (fault) => told.push(fault));
  return { studio, told };
}

describe('a status that a rule makes fail', () => {
  test('fails a creation with the reason, and the domain can then be deleted', async () => {
    const { studio } = await faulty({
      on: 'resource',
      fault: 'failed',
      kind: 'domain',
      during: 'create',
      reason: 'No capacity',
      count: 1,
    });
    const DomainId = await studio.domain();
    expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({
      Status: 'Failed',
      FailureReason: 'No capacity',
    });
    await studio.sm('DeleteDomain', { DomainId });
    await studio.settle();
    await expect(studio.sm('DescribeDomain', { DomainId })).rejects.toEqual(error('ResourceNotFound'));
  });

  test('fails an update with the reason, but no creation and no other kind of resource', async () => {
    const rule = { on: 'resource', fault: 'failed', during: 'update', reason: 'Not today' } as const;
    const { studio, told } = await faulty({ ...rule, kind: 'user-profile' });
    const DomainId = await studio.domain();
    await studio.profile(DomainId, 'ada');
    await studio.sm('UpdateDomain', { DomainId, DefaultUserSettings: { ExecutionRole: studio.roleArn } });
    await studio.settle();
    expect((await studio.sm('DescribeDomain', { DomainId })).Status).toBe('InService');
    const profile = { DomainId, UserProfileName: 'ada' };
    await studio.sm('UpdateUserProfile', { ...profile, UserSettings: { ExecutionRole: studio.roleArn } });
    await studio.settle();
    expect(await studio.sm('DescribeUserProfile', profile)).toMatchObject({
      Status: 'Update_Failed',
      FailureReason: 'Not today',
    });
    expect(told).toMatchObject([{ kind: 'resource failed', where: { kind: 'user-profile', during: 'update' } }]);
  });

  test('fails a deletion with the reason, which can be repeated', async () => {
    const rule = { on: 'resource', fault: 'failed', during: 'delete', reason: 'Still in use', count: 1 } as const;
    const { studio } = await faulty(rule);
    const DomainId = await studio.domain();
    await studio.sm('DeleteDomain', { DomainId });
    await studio.settle();
    expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({
      Status: 'Delete_Failed',
      FailureReason: 'Still in use',
    });
    await studio.sm('DeleteDomain', { DomainId });
    await studio.settle();
    await expect(studio.sm('DescribeDomain', { DomainId })).rejects.toEqual(error('ResourceNotFound'));
  });
});

test('a stuck app stays Deleting for as long as the rule says', async () => {
  const { studio } = await faulty({ on: 'resource', fault: 'stuck', kind: 'app', during: 'delete', seconds: 1200 });
  const DomainId = await studio.domain();
  await studio.profile(DomainId, 'ada');
  const app = { DomainId, UserProfileName: 'ada', AppType: 'JupyterServer', AppName: 'default' } as const;
  await studio.sm('CreateApp', app);
  await studio.settle();
  expect((await studio.sm('DescribeApp', app)).Status).toBe('InService');
  await studio.sm('DeleteApp', app);
  await studio.clock.pass(1_199_000);
  expect((await studio.sm('DescribeApp', app)).Status).toBe('Deleting');
  await studio.clock.pass(1000);
  expect((await studio.sm('DescribeApp', app)).Status).toBe('Deleted');
});

test('what was just created can be found and listed only later', async () => {
  const { studio } = await faulty({ on: 'resource', fault: 'late', kind: 'domain', seconds: 60 });
  const { DomainId } = await studio.sm('CreateDomain', studio.domainRequest());
  await studio.clock.pass(59_000);
  await expect(studio.sm('DescribeDomain', { DomainId })).rejects.toEqual(error('ResourceNotFound'));
  expect((await studio.sm('ListDomains', {})).Domains).toEqual([]);
  await studio.clock.pass(1000);
  expect((await studio.sm('DescribeDomain', { DomainId })).Status).toBe('Pending');
  expect((await studio.sm('ListDomains', {})).Domains).toHaveLength(1);
});

test('what was just created is found and listed at once, as AWS’s samples need it', async () => {
  const studio = await Studio.open();
  const { DomainId } = await studio.sm('CreateDomain', studio.domainRequest());
  expect((await studio.sm('DescribeDomain', { DomainId })).Status).toBe('Pending');
  expect((await studio.sm('ListDomains', {})).Domains).toHaveLength(1);
});

test('a rule without seconds gives the usual lag of the service, which is 2 to 5 seconds', async () => {
  const { studio } = await faulty({ on: 'resource', fault: 'late' });
  const { DomainId } = await studio.sm('CreateDomain', studio.domainRequest());
  await studio.clock.pass(1900);
  await expect(studio.sm('DescribeDomain', { DomainId })).rejects.toEqual(error('ResourceNotFound'));
  await studio.clock.pass(3100);
  expect((await studio.sm('DescribeDomain', { DomainId })).Status).toBe('Pending');
});

describe('a resource that another caller deletes', () => {
  test('is gone with its contents, and no other resource', async () => {
    const { studio } = await faulty({ on: 'resource', fault: 'deleted', kind: 'domain', seconds: 3000, count: 1 });
    const DomainId = await studio.domain();
    await studio.profile(DomainId, 'ada');
    await studio.space(DomainId, 'thesis', 'ada');
    const other = await studio.domain({ DomainName: 'other' });
    await studio.profile(other, 'ada');
    await studio.clock.pass(3_000_000);
    await expect(studio.sm('DescribeDomain', { DomainId })).rejects.toEqual(error('ResourceNotFound'));
    const profiles = (await studio.sm('ListUserProfiles', {})).UserProfiles!;
    expect(profiles.map((one) => one.DomainId)).toEqual([other]);
    expect((await studio.sm('ListSpaces', {})).Spaces).toEqual([]);
    await expect(studio.sm('ListTags', { ResourceArn: studio.arn('domain', DomainId) })).rejects.toEqual(
      error('ValidationException', 'Could not find the resource'),
    );
  });

  test('is gone with its own apps only', async () => {
    const { studio } = await faulty({
      on: 'resource',
      fault: 'deleted',
      kind: 'user-profile',
      seconds: 2000,
      count: 1,
    });
    const DomainId = await studio.domain();
    for (const UserProfileName of ['ada', 'bob']) {
      await studio.profile(DomainId, UserProfileName);
      await studio.sm('CreateApp', { DomainId, UserProfileName, AppType: 'JupyterServer', AppName: 'default' });
    }
    await studio.clock.pass(2_000_000);
    expect((await studio.sm('ListUserProfiles', {})).UserProfiles).toMatchObject([{ UserProfileName: 'bob' }]);
    expect((await studio.sm('ListApps', {})).Apps).toMatchObject([{ UserProfileName: 'bob' }]);
  });

  test('is not a later one with the same name', async () => {
    const { studio } = await faulty({
      on: 'resource',
      fault: 'deleted',
      kind: 'user-profile',
      seconds: 2000,
      count: 1,
    });
    const DomainId = await studio.domain();
    await studio.profile(DomainId, 'ada');
    await studio.sm('DeleteUserProfile', { DomainId, UserProfileName: 'ada' });
    await studio.settle();
    await studio.profile(DomainId, 'ada');
    await studio.clock.pass(2_000_000);
    expect((await studio.sm('ListUserProfiles', {})).UserProfiles).toMatchObject([{ UserProfileName: 'ada' }]);
  });
});

test('a quota has the value in the rule, and an error that it causes is reported', async () => {
  const { studio, told } = await faulty({ on: 'quota', fault: 'limit', quota: 'Total domains', value: 1 });
  await studio.domain();
  expect(told).toEqual([]);
  await expect(studio.sm('CreateDomain', studio.domainRequest({ DomainName: 'second' }))).rejects.toEqual(
    error('ResourceLimitExceeded', "limit 'Total domains' is 1 Domains, with current utilization of 1"),
  );
  expect(told).toMatchObject([{ kind: 'quota limit', where: { quota: 'Total domains' } }]);
});

test('a quota may be raised as well', async () => {
  const { studio } = await faulty({ on: 'quota', fault: 'limit', quota: 'Total domains', value: 6 });
  for (const n of [1, 2, 3, 4, 5, 6]) await studio.sm('CreateDomain', studio.domainRequest({ DomainName: `d${n}` }));
  await expect(studio.sm('CreateDomain', studio.domainRequest({ DomainName: 'd7' }))).rejects.toEqual(
    error('ResourceLimitExceeded', 'is 6 Domains'),
  );
});
