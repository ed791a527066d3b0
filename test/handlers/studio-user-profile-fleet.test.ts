import { handler, studioUserProfileFleet } from '../../handlers/studio-user-profile-fleet.ts';
import { describeContract } from '../contract.ts';
import { awsError } from './fake-things.ts';
import { fleetSubject, fleetWorld } from './fleet-subject.ts';
import { type MockWorld, mockWorld, stackId } from './mock-world.ts';

const role = 'arn:aws:iam::111122223333:role/studio';
const DomainId = 'd-studio';

/** A world with two domains for the profiles. */
function world(): MockWorld {
  const world = mockWorld('UserProfile', handler, studioUserProfileFleet);
  for (const id of [DomainId, 'd-other']) {
    world.studio.domains.set(id, { members: { DomainId: id, Status: 'InService' } });
  }
  return world;
}

describeContract(
  'studio-user-profile-fleet against mocks',
  async () =>
    fleetSubject(fleetWorld(world(), stackId), {
      domainIds: [DomainId, 'd-other'],
      executionRole: role,
      securityGroupId: 'sg-1',
    }),
  // Its domain is in its id, so a replacement never collides; and a profile that is missed is made anew.
  ['collisions', 'losses'],
);

describe('studio-user-profile-fleet', () => {
  let own: MockWorld;
  let id: string;

  const named = (...names: string[]) => names.map((UserProfileName) => ({ UserProfileName }));
  const fleet = (Members: object[], more: Record<string, unknown> = {}) => ({ DomainId, Members, ...more });
  const create = async (ResourceProperties: Record<string, unknown>) => {
    const answer = await own.send({ RequestType: 'Create', ResourceProperties });
    id = answer.PhysicalResourceId;
    return answer;
  };
  const update = (to: Record<string, unknown>, from: Record<string, unknown>) =>
    own.send({ RequestType: 'Update', PhysicalResourceId: id, ResourceProperties: to, OldResourceProperties: from });
  const remove = (ResourceProperties: Record<string, unknown>) =>
    own.send({ RequestType: 'Delete', PhysicalResourceId: id, ResourceProperties });
  const calls = () => own.studio.mutations.map(({ operation }) => operation);
  const profiles = async () => (await own.existing()).map((each) => each.split('/')[1]).sort();
  const profile = (name: string) => own.look(`${DomainId}/${name}`);
  const addSpace = (name: string, owner: string) => {
    own.studio.addSpace(DomainId, name, owner);
    own.studio.addApp(DomainId, { SpaceName: name, AppType: 'JupyterLab', AppName: 'default' }, 'InService');
  };

  beforeEach(() => {
    own = world();
  });
  afterEach(() => own.close());

  describe('a creation', () => {
    test('makes a profile for each member, with its own settings and tags over those of all', async () => {
      const Defaults = {
        UserSettings: {
          ExecutionRole: role,
          SecurityGroups: ['sg-1'],
          JupyterLabAppSettings: { LifecycleConfigArns: ['a'] },
        },
        Tags: [
          { Key: 'team', Value: 'red' },
          { Key: 'tier', Value: 'one' },
        ],
      };
      const bob = {
        UserProfileName: 'bob',
        UserSettings: { SecurityGroups: ['sg-2', 'sg-3'] },
        Tags: [{ Key: 'team', Value: 'blue' }],
      };
      const answer = await create(fleet([...named('ann'), bob], { Defaults }));
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '2', FailedCount: '0', Failed: '' } });
      expect(await profile('ann')).toMatchObject({
        UserSettings: Defaults.UserSettings,
        Tags: { team: 'red', tier: 'one' },
      });
      expect(await profile('bob')).toMatchObject({
        UserSettings: { ...Defaults.UserSettings, SecurityGroups: ['sg-2', 'sg-3'] },
        Tags: { team: 'blue', tier: 'one', 'studio-resources:logical-id': 'Studio' },
      });
    });

    test('makes profiles of IAM Identity Center for their users', async () => {
      await create(fleet([{ UserProfileName: 'ann', SingleSignOnUserValue: 'ann@example.com' }]));
      expect(own.studio.mutations[0]?.input).toMatchObject({
        SingleSignOnUserIdentifier: 'UserName',
        SingleSignOnUserValue: 'ann@example.com',
      });
    });

    test('of nobody has nothing to do', async () => {
      expect(await create(fleet([]))).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '0' } });
      expect(calls()).toEqual([]);
    });

    test('of which one member fails makes the others, and tells who failed and why', async () => {
      own.studio.addProfile(DomainId, 'bob');
      const answer = await create(fleet(named('ann', 'bob', 'cem')));
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '3', FailedCount: '1' } });
      expect(answer.Data!.Failed).toBe(
        'Members[1] bob: its profile exists, and this stack did not make it. Choose another UserProfileName, or set AdoptExisting: true to take it over',
      );
      expect(await profiles()).toEqual(['ann', 'bob', 'cem']);
    });

    test('logs each failure, as a warning', async () => {
      own.studio.mishaps.set('CreateUserProfile', { refusal: awsError('ValidationException', 'No such role') });
      await create(fleet(named('ann', 'bob')));
      expect(own.log()).toContainEqual(
        expect.objectContaining({
          level: 'WARN',
          member: 'ann',
          place: 'Members[0]',
          reason: 'ValidationException: No such role',
        }),
      );
    });

    test('of which all members fail is a failure', async () => {
      own.studio.mishaps.set('CreateUserProfile', { refusal: awsError('ValidationException', 'No such role') });
      const answer = await create(fleet(named('ann')));
      expect(answer.Status).toBe('FAILED');
      expect(answer.Reason).toContain('1 of 1 members failed: Members[0] ann: ValidationException: No such role');
    });

    test('is a failure with AllOrNothing where one member fails, and its Delete takes back what was made', async () => {
      own.studio.addProfile(DomainId, 'bob');
      const properties = fleet(named('ann', 'bob'), { AllOrNothing: 'true' });
      const answer = await create(properties);
      expect(answer.Status).toBe('FAILED');
      expect(answer.Reason).toContain(
        '1 of 2 members failed, and AllOrNothing takes the others back: Members[1] bob: ',
      );
      await remove(properties);
      expect(await profiles()).toEqual(['bob']);
    });

    test('takes over profiles that exist where the template says so, and never deletes those', async () => {
      own.studio.addProfile(DomainId, 'Bob');
      const properties = fleet(named('ann', 'bob'), {
        AdoptExisting: 'true',
        Defaults: { Tags: [{ Key: 'a', Value: 'b' }] },
      });
      expect(await create(properties)).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
      expect((await profile('Bob')).Tags).toEqual({ a: 'b' });
      await remove(properties);
      expect(await profiles()).toEqual(['Bob']);
    });

    test('does not take over the profile of another user of IAM Identity Center', async () => {
      own.studio.addProfile(DomainId, 'bob');
      const bob = { UserProfileName: 'bob', SingleSignOnUserValue: 'bob@example.com' };
      const answer = await create(fleet([...named('ann'), bob], { AdoptExisting: 'true' }));
      expect(answer.Data!.Failed).toBe(
        'Members[1] bob: its SingleSignOnUserValue is none, not bob@example.com, and that cannot be changed. Give its own value, or another UserProfileName',
      );
    });

    test('waits for a domain that is being updated', async () => {
      const domain = own.studio.domains.get(DomainId)!;
      domain.members.Status = 'Updating';
      domain.next = { looks: 3, status: 'InService' };
      expect(await create(fleet(named('ann')))).toMatchObject({ Status: 'SUCCESS' });
      expect(calls()).toEqual(['CreateUserProfile']);
    });

    test('tries again when an update of its domain has come, and gone, between', async () => {
      own.studio.mishaps.set('CreateUserProfile', {
        get refusal() {
          own.studio.domains.get(DomainId)!.members.LastModifiedTime = new Date();
          return awsError('ValidationException', 'The domain is not in InService status.');
        },
      });
      expect(await create(fleet(named('ann')))).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
      expect(calls()).toEqual(['CreateUserProfile', 'CreateUserProfile']);
    });

    test('that is throttled tries again, and nobody fails of it', async () => {
      own.studio.mishaps.set('CreateUserProfile', { refusal: awsError('ThrottlingException', 'Rate exceeded') });
      expect(await create(fleet(named('ann', 'bob')))).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
      expect(calls()).toEqual(['CreateUserProfile', 'CreateUserProfile', 'CreateUserProfile']);
    });

    test('that reaches a quota does not try the others, and says so of them', async () => {
      const names = Array.from({ length: 40 }, (_, n) => `user-${n}`);
      const create20 = own.studio.call.bind(own.studio);
      own.studio.call = (operation, input) => {
        if (operation === 'CreateUserProfile' && own.studio.profiles.size >= 20) {
          own.studio.mutations.push({ operation, input });
          throw awsError('ResourceLimitExceeded', "The account-level service limit 'profiles' is 20");
        }
        return create20(operation, input);
      };
      const answer = await create(fleet(named(...names)));
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '40', FailedCount: '20' } });
      expect(answer.Data!.Failed).toContain("ResourceLimitExceeded: The account-level service limit 'profiles' is 20");
      expect(own.log()).toContainEqual(
        expect.objectContaining({
          member: 'user-39',
          reason: expect.stringMatching(/^not tried, since another one had: /),
        }),
      );
      expect(calls().length).toBeLessThan(40);
    });

    test('asks for no tags of what it has made itself', async () => {
      const listTags: string[] = [];
      const call = own.studio.call.bind(own.studio);
      own.studio.call = (operation, input) => {
        if (operation === 'ListTags') listTags.push(String(input.ResourceArn));
        return call(operation, input);
      };
      own.studio.addProfile(DomainId, 'zoe');
      await create(fleet(named('ann', 'bob')));
      expect(listTags).toEqual([]);
    });
  });

  describe('an update', () => {
    const before = fleet(named('ann', 'bob', 'cem'));
    beforeEach(() => create(before));

    test('makes who is new, changes who is different, removes who is listed no more, and touches nobody else', async () => {
      const bob = { UserProfileName: 'bob', UserSettings: { ExecutionRole: role } };
      own.studio.addProfile(DomainId, 'zoe');
      const made = calls().length;
      const answer = await update(fleet([...named('ann'), bob, ...named('dan')]), before);
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '3', FailedCount: '0' } });
      const mutations = own.studio.mutations.slice(made);
      const whom = mutations.map(
        ({ operation, input }) => `${operation} ${input.UserProfileName ?? input.ResourceArn}`,
      );
      expect(whom.slice(0, -1).sort()).toEqual([
        'AddTags arn:aws:sagemaker:eu-west-1:111122223333:user-profile/d-studio/bob',
        'CreateUserProfile dan',
        'UpdateUserProfile bob',
      ]);
      expect(whom.at(-1)).toBe('DeleteUserProfile cem');
      expect(await profiles()).toEqual(['ann', 'bob', 'dan', 'zoe']);
    });

    test('clears what a member has no more, and leaves alone what nobody mentions', async () => {
      const Tags = [{ Key: 'team', Value: 'red' }];
      const with_ = fleet([
        ...named('ann', 'bob'),
        { UserProfileName: 'cem', UserSettings: { SecurityGroups: ['sg-1'] }, Tags },
      ]);
      await update(with_, before);
      own.studio.tags.get(String((await profile('cem')).UserProfileArn))!.set('theirs', 'kept');
      await update(before, with_);
      const { Tags: left, UserSettings } = await profile('cem');
      expect(UserSettings).toEqual({ SecurityGroups: [] });
      expect(left).toMatchObject({ theirs: 'kept' });
      expect(left).not.toHaveProperty('team');
    });

    test('makes a profile anew that somebody has deleted', async () => {
      await own.deleteBehindItsBack(`${DomainId}/bob`);
      expect(await update({ ...before, MaxRemovals: '5' }, before)).toMatchObject({ Status: 'SUCCESS' });
      expect(await profiles()).toEqual(['ann', 'bob', 'cem']);
    });

    test('of a name in another case changes nothing', async () => {
      const made = calls().length;
      expect(await update(fleet(named('Ann', 'BOB', 'cem')), before)).toMatchObject({ Status: 'SUCCESS' });
      expect(calls().slice(made)).toEqual([]);
    });

    test('that would remove more than MaxRemovals fails before anything is done, and names them', async () => {
      const made = calls().length;
      const answer = await update(fleet(named('dan'), { MaxRemovals: '2' }), before);
      expect(answer.Status).toBe('FAILED');
      expect(answer.Reason).toBe(
        `Updating ${id}: it would remove 3 user profiles, and MaxRemovals is 2: ann, bob, cem. ` +
          'If they are to go, set MaxRemovals to 3 or more; else list them again',
      );
      expect(calls().slice(made)).toEqual([]);
    });

    test('of a user of IAM Identity Center is a failure of that member, since SageMaker cannot change it', async () => {
      const ann = { UserProfileName: 'ann', SingleSignOnUserValue: 'ann@example.com' };
      const answer = await update(fleet([ann, ...named('bob', 'cem')]), before);
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '1' } });
      expect(answer.Data!.Failed).toContain('Members[0] ann: its SingleSignOnUserValue is none, not ann@example.com');
    });

    test('that failed is taken back, for whom it was made and for whom it was not', async () => {
      const settings = { UserSettings: { ExecutionRole: role } };
      const next = fleet([...named('ann', 'bob').map((each) => ({ ...each, ...settings })), ...named('dan', 'zoe')], {
        AllOrNothing: 'true',
      });
      own.studio.addProfile(DomainId, 'zoe');
      expect((await update(next, before)).Status).toBe('FAILED');
      expect(await update(before, next)).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
      expect(await profiles()).toEqual(['ann', 'bob', 'cem', 'zoe']);
    });

    test('keeps a profile with a space by default, and says that it is in the way', async () => {
      addSpace('notes', 'Cem');
      const answer = await update(fleet(named('ann', 'bob')), before);
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '1' } });
      expect(answer.Data!.Failed).toContain(
        'cem: Deleting user profile cem of domain d-studio: in the way are space notes',
      );
      expect(await profiles()).toEqual(['ann', 'bob', 'cem']);
    });

    test('with DeleteContents: All removes a profile with its spaces and their apps, and no others', async () => {
      addSpace('notes', 'cem');
      addSpace('anns', 'ann');
      const answer = await update(fleet(named('ann', 'bob'), { DeleteContents: 'All' }), before);
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
      expect(calls().slice(-3)).toEqual(['DeleteApp', 'DeleteSpace', 'DeleteUserProfile']);
      expect([...own.studio.spaces.keys()]).toEqual(['d-studio/anns']);
    });
  });

  describe('a deletion', () => {
    test('deletes what it made and nothing else, with running apps, however many there are', async () => {
      const names = Array.from({ length: 250 }, (_, n) => `user-${n}`);
      const properties = fleet(named(...names));
      await create(properties);
      own.studio.addProfile(DomainId, 'zoe');
      for (const UserProfileName of ['user-7', 'zoe']) {
        own.studio.addApp(DomainId, { UserProfileName, AppType: 'JupyterServer', AppName: 'default' }, 'InService');
      }
      expect(await remove(properties)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(await profiles()).toEqual(['zoe']);
      expect(calls().filter((each) => each === 'DeleteApp')).toHaveLength(1);
    });

    test('is refused while a space is in the way, and nothing is touched', async () => {
      const properties = fleet(named('ann', 'bob'));
      await create(properties);
      addSpace('notes', 'bob');
      const answer = await remove(properties);
      expect(answer.Reason).toContain(`Deleting fleet ${id}: in the way are space notes`);
      expect(await profiles()).toEqual(['ann', 'bob']);
    });

    test('is not bound by MaxRemovals', async () => {
      const properties = fleet(named('ann', 'bob'), { MaxRemovals: '0' });
      await create(properties);
      expect(await remove(properties)).toMatchObject({ Status: 'SUCCESS' });
      expect(await profiles()).toEqual([]);
    });

    test('of which one profile cannot be deleted deletes the others, and says why', async () => {
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
