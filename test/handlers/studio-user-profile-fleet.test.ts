import { studioUserProfileFleet } from '../../handlers/studio-user-profile-fleet.ts';
import { AwsError } from '../../packages/local/src/errors.ts';
import { describeContract } from '../contract.ts';
import { stackId } from './built-function.ts';
import { fleetRequests, named } from './fleet-requests.ts';
import { fleetSubject, fleetWorld } from './fleet-subject.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

const start = studioWorld('studio-user-profile-fleet', 'UserProfile', studioUserProfileFleet, {
  domains: ['team', 'other'],
});

describeContract(
  'studio-user-profile-fleet',
  async () => {
    const world = await start();
    return fleetSubject(fleetWorld(world, stackId), world);
  },
  // The domain is in the id, so a replacement never collides; and a missing profile is created again.
  ['collisions', 'losses'],
);

describe('studio-user-profile-fleet', () => {
  let own: StudioWorld;
  let DomainId: string;
  const fleets = fleetRequests(() => own);
  const { fleet, create, remove, profiles, profile, addSpace } = fleets;

  beforeEach(async () => {
    own = await start();
    DomainId = own.domainIds[0]!;
  });
  afterEach(() => own.close());

  describe('a creation', () => {
    test('makes a profile for each member, with its own settings and tags over those of all', async () => {
      const [first, ...others] = await own.makeSecurityGroups('one', 'two', 'three');
      const Defaults = {
        UserSettings: {
          ExecutionRole: own.executionRole,
          SecurityGroups: [first],
          JupyterLabAppSettings: { CodeRepositories: [{ RepositoryUrl: 'https://git.example.com/a' }] },
        },
        Tags: [
          { Key: 'team', Value: 'red' },
          { Key: 'tier', Value: 'one' },
        ],
      };
      const bob = {
        UserProfileName: 'bob',
        UserSettings: { SecurityGroups: others },
        Tags: [{ Key: 'team', Value: 'blue' }],
      };
      const answer = await create(fleet([...named('ann'), bob], { Defaults }));
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '2', FailedCount: '0', Failed: '' } });
      expect(await profile('ann')).toMatchObject({
        UserSettings: Defaults.UserSettings,
        Tags: { team: 'red', tier: 'one' },
      });
      expect(await profile('bob')).toMatchObject({
        UserSettings: { ...Defaults.UserSettings, SecurityGroups: others },
        Tags: { team: 'blue', tier: 'one', 'studio-resources:logical-id': 'Studio' },
      });
    });

    test('makes profiles of IAM Identity Center for their users', async () => {
      own.members('domain', DomainId).AuthMode = 'SSO';
      const answer = await create(fleet([{ UserProfileName: 'ann', SingleSignOnUserValue: 'ann@example.com' }]));
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
      expect(own.calls()[0]?.input).toMatchObject({
        SingleSignOnUserIdentifier: 'UserName',
        SingleSignOnUserValue: 'ann@example.com',
      });
    });

    test('without members has nothing to do', async () => {
      expect(await create(fleet([]))).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '0' } });
      expect(own.operations()).toEqual([]);
    });

    test('in which one member fails creates the others, and reports who failed and why', async () => {
      await own.addProfile(DomainId, 'bob');
      const answer = await create(fleet(named('ann', 'bob', 'cem')));
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '3', FailedCount: '1' } });
      expect(answer.Data!.Failed).toBe(
        'Members[1] bob: its profile exists, and this stack did not create it. Choose another name, or set AdoptExisting: true to adopt it',
      );
      expect(answer.Reason).toBe(`1 of 3 members failed: ${answer.Data!.Failed}`);
      expect(await profiles()).toEqual(['ann', 'bob', 'cem']);
    });

    test('logs each failure, as a warning', async () => {
      own.interceptions.refuse('CreateUserProfile', 'ValidationException', 'No such role');
      await create(fleet(named('ann', 'bob')));
      expect(await own.run.log()).toContainEqual(
        expect.objectContaining({
          level: 'WARN',
          member: expect.stringMatching(/^(ann|bob)$/),
          place: expect.stringMatching(/^Members\[[01]\]$/),
          reason: 'ValidationException: No such role',
        }),
      );
    });

    test('in which all members fail is a failure', async () => {
      own.interceptions.refuse('CreateUserProfile', 'ValidationException', 'No such role');
      const answer = await create(fleet(named('ann')));
      expect(answer.Status).toBe('FAILED');
      expect(answer.Reason).toContain('1 of 1 members failed: Members[0] ann: ValidationException: No such role');
    });

    test('is a failure with AllOrNothing where one member fails, and its Delete deletes what was made', async () => {
      await own.addProfile(DomainId, 'bob');
      const properties = fleet(named('ann', 'bob'), { AllOrNothing: 'true' });
      const answer = await create(properties);
      expect(answer.Status).toBe('FAILED');
      expect(answer.Reason).toContain(
        '1 of 2 members failed, and AllOrNothing rolls the others back: Members[1] bob: ',
      );
      await remove(properties);
      expect(await profiles()).toEqual(['bob']);
    });

    test('adopts existing profiles if the template says so, and never deletes those', async () => {
      await own.addProfile(DomainId, 'Bob');
      const properties = fleet(named('ann', 'bob'), {
        AdoptExisting: 'IfExists',
        Defaults: { Tags: [{ Key: 'a', Value: 'b' }] },
      });
      expect(await create(properties)).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
      expect((await profile('Bob')).Tags).toEqual({ a: 'b' });
      await remove(properties);
      expect(await profiles()).toEqual(['Bob']);
    });

    test('fails the members that AdoptExisting: true finds no profile of, and lists the profiles that exist', async () => {
      await own.addProfile(DomainId, 'bob');
      const answer = await create(fleet(named('bob', 'bop'), { AdoptExisting: 'true' }));
      expect(answer.Data!.Failed).toBe(
        'Members[1] bop: it has no profile to adopt; there are bob. Correct the name, or set AdoptExisting: IfExists to create it',
      );
      expect(await profiles()).toEqual(['bob']);
    });

    test('does not adopt the profile of another user of IAM Identity Center', async () => {
      await own.addProfile(DomainId, 'bob');
      const bob = { UserProfileName: 'bob', SingleSignOnUserValue: 'bob@example.com' };
      const answer = await create(fleet([...named('ann'), bob], { AdoptExisting: 'IfExists' }));
      expect(answer.Data!.Failed).toBe(
        'Members[1] bob: its SingleSignOnUserValue is none, not bob@example.com, and that cannot be changed. Give its own value, or another UserProfileName',
      );
    });

    test('waits for a domain that is being updated', async () => {
      own.changeDomain(DomainId);
      expect(await create(fleet(named('ann')))).toMatchObject({ Status: 'SUCCESS' });
      expect(own.operations()).toEqual(['CreateUserProfile']);
    });

    test('tries again after an update of its domain that has ended meanwhile', async () => {
      own.interceptions.set('CreateUserProfile', () => {
        own.members('domain', DomainId).LastModifiedTime = own.run.cloud.now();
        throw new AwsError('ValidationException', 'The domain is not in InService status.');
      });
      expect(await create(fleet(named('ann')))).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
      expect(own.operations()).toEqual(['CreateUserProfile', 'CreateUserProfile']);
    });

    test('that is throttled tries again, and no member fails', async () => {
      own.interceptions.refuse('CreateUserProfile', 'ThrottlingException', 'Rate exceeded');
      expect(await create(fleet(named('ann', 'bob')))).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
      expect(own.operations()).toEqual(['CreateUserProfile', 'CreateUserProfile', 'CreateUserProfile']);
    });

    test('that reaches a quota does not try the others, and says so of them', async () => {
      const names = Array.from({ length: 40 }, (_, n) => `user-${n}`);
      own.allow('Maximum number of Studio user profiles allowed per account', 20);
      const answer = await create(fleet(named(...names)));
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '40', FailedCount: '20' } });
      expect(answer.Data!.Failed).toContain('ResourceLimitExceeded: The account-level service limit');
      expect(await own.run.log()).toContainEqual(
        expect.objectContaining({
          member: 'user-39',
          reason: expect.stringMatching(/^not tried, since another one had: /),
        }),
      );
      expect(own.operations().length).toBeLessThan(40);
    });

    test('asks for no tags of what it has made itself', async () => {
      await own.addProfile(DomainId, 'zoe');
      own.interceptions.refuse('ListTags', 'AccessDeniedException', 'not allowed');
      expect(await create(fleet(named('ann', 'bob')))).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
      expect(own.interceptions.left('ListTags')).toBe(1);
    });
  });

  describe('a deletion', () => {
    test('deletes what it made and nothing else, with running apps, however many there are', async () => {
      own.allow('Maximum number of Studio user profiles allowed per account', 300);
      const names = Array.from({ length: 250 }, (_, n) => `user-${n}`);
      const properties = fleet(named(...names));
      await create(properties);
      await own.addProfile(DomainId, 'zoe');
      for (const UserProfileName of ['user-7', 'zoe']) {
        await own.addApp({ DomainId, UserProfileName, AppType: 'JupyterServer', AppName: 'default' });
      }
      expect(await remove(properties)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: fleets.id() });
      expect(await profiles()).toEqual(['zoe']);
      expect(own.operations().filter((each) => each === 'DeleteApp')).toHaveLength(1);
    });

    test('fails while a space blocks it, and nothing is deleted', async () => {
      const properties = fleet(named('ann', 'bob'));
      await create(properties);
      await addSpace('notes', 'bob');
      const answer = await remove(properties);
      expect(answer.Reason).toContain(`Deleting fleet ${fleets.id()}: blocked by space notes`);
      expect(await profiles()).toEqual(['ann', 'bob']);
    });

    test('is not bound by MaxRemovals', async () => {
      const properties = fleet(named('ann', 'bob'), { MaxRemovals: '0' });
      await create(properties);
      expect(await remove(properties)).toMatchObject({ Status: 'SUCCESS' });
      expect(await profiles()).toEqual([]);
    });

    test('in which one profile cannot be deleted deletes the others, and says why', async () => {
      const properties = fleet(named('ann', 'bob'));
      await create(properties);
      await own.failNext('delete', 'A network interface is in use');
      const answer = await remove(properties);
      expect(answer.Status).toBe('FAILED');
      expect(answer.Reason).toContain('its profile is Delete_Failed: A network interface is in use');
      expect(await profiles()).toHaveLength(1);
    });
  });

  test('the ids that it makes are told from those that CloudFormation invents', () => {
    const ids = ['d-abc123/fleet-0123456789abcdef', 'studio-Users-1ABCDEFGHIJKL', 'd-abc123', 'd-abc123/ada'];
    expect(ids.map((each) => studioUserProfileFleet.ownsId?.(each))).toEqual([true, false, false, false]);
  });
});
