import { AddTagsCommand } from '@aws-sdk/client-sagemaker';
import { studioUserProfileFleet } from '../../handlers/studio-user-profile-fleet.ts';
import { account, region, stackId } from './built-function.ts';
import { fleetRequests, named } from './fleet-requests.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

const start = studioWorld('studio-user-profile-fleet', 'UserProfile', studioUserProfileFleet, { domains: ['team'] });

let own: StudioWorld;
let DomainId: string;
const { fleet, create, update, profiles, profile, addSpace } = fleetRequests(() => own);

beforeEach(async () => {
  own = await start();
  DomainId = own.domainIds[0]!;
});
afterEach(() => own.close());

describe('an update', () => {
  let before: Record<string, unknown>;
  beforeEach(async () => {
    before = fleet(named('ann', 'bob', 'cem'));
    await create(before);
  });

  test('creates new members, changes those that differ, removes those that are no longer listed, and no other profile', async () => {
    const bob = { UserProfileName: 'bob', UserSettings: { ExecutionRole: own.executionRole } };
    await own.addProfile(DomainId, 'zoe');
    const made = own.operations().length;
    const answer = await update(fleet([...named('ann'), bob, ...named('dan')]), before);
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '3', FailedCount: '0' } });
    const mutations = own.calls().slice(made);
    const whom = mutations.map(({ operation, input }) => `${operation} ${input.UserProfileName ?? input.ResourceArn}`);
    expect(whom.slice(0, -1).sort()).toEqual([
      `AddTags arn:aws:sagemaker:${region}:${account}:user-profile/${DomainId}/bob`,
      'CreateUserProfile dan',
      'UpdateUserProfile bob',
    ]);
    expect(whom.at(-1)).toBe('DeleteUserProfile cem');
    expect(await profiles()).toEqual(['ann', 'bob', 'dan', 'zoe']);
  });

  test('clears what a member no longer has, and leaves what the template does not mention', async () => {
    const Tags = [{ Key: 'team', Value: 'red' }];
    const with_ = fleet([
      ...named('ann', 'bob'),
      { UserProfileName: 'cem', UserSettings: { SecurityGroups: [own.securityGroupId] }, Tags },
    ]);
    await update(with_, before);
    const Added = [{ Key: 'theirs', Value: 'kept' }];
    const ResourceArn = String((await profile('cem')).UserProfileArn);
    await own.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: Added }));
    await update(before, with_);
    const { Tags: left, UserSettings } = await profile('cem');
    expect(UserSettings).toEqual({ SecurityGroups: [] });
    expect(left).toMatchObject({ theirs: 'kept' });
    expect(left).not.toHaveProperty('team');
  });

  test('creates a profile again that was deleted outside of the stack', async () => {
    await own.deleteBehindItsBack(`${DomainId}/bob`);
    expect(await update({ ...before, MaxRemovals: '5' }, before)).toMatchObject({ Status: 'SUCCESS' });
    expect(await profiles()).toEqual(['ann', 'bob', 'cem']);
  });

  test('of a name in another case changes nothing', async () => {
    const made = own.operations().length;
    expect(await update(fleet(named('Ann', 'BOB', 'cem')), before)).toMatchObject({ Status: 'SUCCESS' });
    expect(own.operations().slice(made)).toEqual([]);
  });

  test('leaves what others have attached to a member, and removes what the template did', async () => {
    const arn = (name: string) => `arn:aws:sagemaker:us-east-1:111122223333:studio-lifecycle-config/${name}`;
    const scripts = (...names: string[]) => ({ JupyterLabAppSettings: { LifecycleConfigArns: names.map(arn) } });
    const member = (UserSettings: object) => fleet([{ UserProfileName: 'bob', UserSettings }]);
    const [two, one] = [member(scripts('a', 'b')), member(scripts('b', 'c'))];
    const listed = async () => (await profile('bob')).UserSettings;
    await create(two);
    Object.assign(own.members('user-profile', `${DomainId}/bob`).UserSettings, scripts('other', 'a', 'b'));
    expect(await update(one, two)).toMatchObject({ Status: 'SUCCESS' });
    expect(await listed()).toEqual(scripts('other', 'b', 'c'));
    expect(await update(member({}), one)).toMatchObject({ Status: 'SUCCESS' });
    expect(await listed()).toEqual(scripts('other'));
  });

  test('that would remove more than MaxRemovals fails before anything is done, and names them', async () => {
    const made = own.operations().length;
    const answer = await update(fleet(named('dan'), { MaxRemovals: '2' }), before);
    expect(answer.Status).toBe('FAILED');
    const [, names] = answer.Reason!.match(/it would remove 3 user profiles, and MaxRemovals is 2: ([a-z, ]+)\. /)!;
    expect(names!.split(', ').sort()).toEqual(['ann', 'bob', 'cem']);
    expect(answer.Reason).toContain('To remove them, set MaxRemovals to 3 or more; else list them again');
    expect(own.operations().slice(made)).toEqual([]);
  });

  test('of a user of IAM Identity Center is a failure of that member, since SageMaker cannot change it', async () => {
    const ann = { UserProfileName: 'ann', SingleSignOnUserValue: 'ann@example.com' };
    const answer = await update(fleet([ann, ...named('bob', 'cem')]), before);
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '1' } });
    expect(answer.Data!.Failed).toContain('Members[0] ann: its SingleSignOnUserValue is none, not ann@example.com');
  });

  test('that failed is rolled back, for members that it had changed and for those that it had not', async () => {
    const settings = { UserSettings: { ExecutionRole: own.executionRole } };
    const next = fleet([...named('ann', 'bob').map((each) => ({ ...each, ...settings })), ...named('dan', 'zoe')], {
      AllOrNothing: 'true',
    });
    await own.addProfile(DomainId, 'zoe');
    expect((await update(next, before)).Status).toBe('FAILED');
    own.showStack!({ stackId, status: 'UPDATE_ROLLBACK_COMPLETE', template: ['Studio'] });
    expect(await update(before, next)).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
    expect(await profiles()).toEqual(['ann', 'bob', 'cem', 'zoe']);
  });

  test('keeps a profile with a space by default, and says that it blocks the deletion', async () => {
    await addSpace('notes', 'Cem');
    const answer = await update(fleet(named('ann', 'bob')), before);
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '1' } });
    expect(answer.Data!.Failed).toContain(
      `cem: Deleting user profile cem of domain ${DomainId}: blocked by space notes`,
    );
    expect(await profiles()).toEqual(['ann', 'bob', 'cem']);
  });

  test('with DeleteContents: All removes a profile with its spaces and their apps, and no others', async () => {
    await addSpace('notes', 'cem');
    await addSpace('anns', 'ann');
    const answer = await update(fleet(named('ann', 'bob'), { DeleteContents: 'All' }), before);
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { FailedCount: '0' } });
    expect(own.operations().slice(-3)).toEqual(['DeleteApp', 'DeleteSpace', 'DeleteUserProfile']);
    expect(own.keys('space')).toEqual([`${DomainId}/anns`]);
  });
});
