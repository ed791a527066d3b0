import { studioUserProfile } from '../../handlers/studio-user-profile.ts';
import { AwsError } from '../../packages/local/src/errors.ts';
import { describeContract } from '../contract.ts';
import { account, region } from './built-function.ts';
import { domainMember } from './domain-member.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';
import { userProfileSubject } from './user-profile-subject.ts';

const start = studioWorld('studio-user-profile', 'UserProfile', studioUserProfile, { domains: ['team', 'other'] });

describeContract('studio-user-profile', async () => {
  const world = await start();
  return userProfileSubject(world, world);
});

describe('studio-user-profile', () => {
  let own: StudioWorld;
  let DomainId: string;
  let id: string;
  let properties: Record<string, unknown>;
  const { create, update, remove } = domainMember(start, (world) => {
    own = world;
    DomainId = own.domainIds[0]!;
    id = `${DomainId}/alice`;
    properties = { DomainId, UserProfileName: 'alice', UserSettings: { ExecutionRole: own.executionRole } };
    return { id, properties };
  });
  const addSpace = async (SpaceName: string, owner: string) => {
    await own.addSpace(DomainId, SpaceName, owner);
    await own.addApp({ DomainId, SpaceName, AppType: 'JupyterLab', AppName: 'default' });
  };

  test('the attributes tell the profile, its user id in the file system, and where Studio is', async () => {
    const { PhysicalResourceId, Data } = await create();
    expect(PhysicalResourceId).toBe(id);
    expect(Data).toEqual({
      UserProfileName: 'alice',
      UserProfileArn: `arn:aws:sagemaker:${region}:${account}:user-profile/${id}`,
      HomeEfsFileSystemUid: expect.stringMatching(/^\d+$/),
      DomainId,
      SingleSignOnUserIdentifier: '',
      SingleSignOnUserValue: '',
      Url: `https://${DomainId}.studio.${region}.sagemaker.aws`,
    });
  });

  test('a profile of IAM Identity Center is made for its user', async () => {
    own.members('domain', DomainId).AuthMode = 'SSO';
    const user = { SingleSignOnUserIdentifier: 'UserName', SingleSignOnUserValue: 'alice@example.com' };
    expect(await create(user)).toMatchObject({ Status: 'SUCCESS', Data: user });
    expect(own.calls()[0]?.input).toMatchObject(user);
  });

  test('a name in another case is the same profile: nothing is replaced', async () => {
    await create();
    expect(await update({ UserProfileName: 'Alice' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(own.operations()).toEqual(['CreateUserProfile']);
  });

  test('a name in another case is not another name for a replacement', async () => {
    await create();
    const answer = await update({ UserProfileName: 'Alice', SingleSignOnUserValue: 'alice@example.com' });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
    expect(answer.Reason).toContain('Change DomainId or UserProfileName as well');
  });

  test('a setting goes back to that of the domain where the API has a value for it', async () => {
    await create({
      UserSettings: { AutoMountHomeEFS: 'Disabled', SharingSettings: { NotebookOutputOption: 'Allowed' } },
    });
    await update({ UserSettings: {} }, { UserSettings: { AutoMountHomeEFS: 'Disabled' } });
    expect(own.calls().at(-1)).toEqual({
      operation: 'UpdateUserProfile',
      input: { DomainId, UserProfileName: 'alice', UserSettings: { AutoMountHomeEFS: 'DefaultAsDomain' } },
    });
  });

  test('by default the running apps of the profile are stopped, and those of others are not', async () => {
    await create();
    await own.addProfile(DomainId, 'bob');
    for (const UserProfileName of ['alice', 'bob']) {
      await own.addApp({ DomainId, UserProfileName, AppType: 'JupyterServer', AppName: 'default' });
    }
    await addSpace('bobs', 'bob');
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(own.operations().slice(1)).toEqual(['DeleteApp', 'DeleteUserProfile']);
    expect(await own.existing()).toEqual([`${DomainId}/bob`]);
  });

  test('by default a space that the profile owns blocks the deletion, and nothing is deleted', async () => {
    await create();
    await addSpace('notes', 'Alice');
    expect((await remove()).Reason).toBe(
      `Deleting user profile alice of domain ${DomainId}: blocked by space notes, which DeleteContents: Apps does not ` +
        "delete. Set DeleteContents: All to delete everything with it (a space's volume goes with the space), or delete them first. " +
        'A stack in DELETE_FAILED accepts no updates: delete them by hand, and then delete the stack again',
    );
    expect(own.operations().slice(1)).toEqual([]);
  });

  test('with DeleteContents: All its spaces are deleted with their apps, and those of others stay', async () => {
    await create();
    await own.addProfile(DomainId, 'bob');
    await addSpace('notes', 'alice');
    await addSpace('bobs', 'bob');
    expect(await remove({ DeleteContents: 'All' })).toMatchObject({ Status: 'SUCCESS' });
    expect(own.operations().slice(1)).toEqual(['DeleteApp', 'DeleteSpace', 'DeleteUserProfile']);
    expect(own.keys('space')).toEqual([`${DomainId}/bobs`]);
  });

  test('with DeleteContents: None a running app blocks the deletion', async () => {
    await create();
    await own.addApp({ DomainId, UserProfileName: 'alice', AppType: 'Canvas', AppName: 'default' });
    expect((await remove({ DeleteContents: 'None' })).Reason).toContain(
      'Set DeleteContents: Apps to stop running apps',
    );
    expect(own.operations().slice(1)).toEqual([]);
  });

  test('an existing profile is adopted when the template says so, and then never deleted', async () => {
    await own.addProfile(DomainId, 'Alice');
    const answer = await create({ AdoptExisting: 'true' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${DomainId}/Alice` });
    expect(own.operations()).toEqual(['UpdateUserProfile']);
    const ResourceProperties = { ...properties, AdoptExisting: 'true' };
    await own.send({ RequestType: 'Delete', PhysicalResourceId: `${DomainId}/Alice`, ResourceProperties });
    expect(await own.existing()).toEqual([`${DomainId}/Alice`]);
  });

  test('a profile of another user of IAM Identity Center is not adopted', async () => {
    own.members('domain', DomainId).AuthMode = 'SSO';
    await create({ SingleSignOnUserIdentifier: 'UserName', SingleSignOnUserValue: 'bob@example.com' });
    await own.disown(id);
    const wanted = { SingleSignOnUserIdentifier: 'UserName', SingleSignOnUserValue: 'alice@example.com' };
    expect((await create({ ...wanted, AdoptExisting: 'true' })).Reason).toBe(
      `Adopting user profile alice of domain ${DomainId}: its SingleSignOnUserValue is bob@example.com, not ` +
        'alice@example.com, and that cannot be changed. Give its own value',
    );
  });

  test('a profile that is being deleted is not adopted, and the service says why it cannot be made', async () => {
    await own.addProfile(DomainId, 'alice');
    await own.setStatus(id, 'Deleting');
    const answer = await create({ AdoptExisting: 'true' });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(
      `ResourceInUse: UserProfile [arn:aws:sagemaker:${region}:${account}:user-profile/${id}] already exists.`,
    );
  });

  test('a profile waits for a domain that is being updated', async () => {
    own.changeDomain(DomainId);
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(own.operations()).toEqual(['CreateUserProfile']);
  });

  test('a profile is tried again when an update of its domain begins meanwhile', async () => {
    own.interceptions.set('CreateUserProfile', () => {
      own.changeDomain(DomainId);
      throw new AwsError('ValidationException', 'The domain is not in InService status.');
    });
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(own.operations()).toEqual(['CreateUserProfile', 'CreateUserProfile']);
  });

  test('a profile is tried again after an update of its domain that has ended meanwhile', async () => {
    own.interceptions.set('CreateUserProfile', () => {
      own.members('domain', DomainId).LastModifiedTime = own.run.cloud.now();
      throw new AwsError('ValidationException', 'The domain is not in InService status.');
    });
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(own.operations()).toEqual(['CreateUserProfile', 'CreateUserProfile']);
  });

  test('a Delete with an invented id and properties that name no profile has nothing to do', async () => {
    const answer = await own.send({
      RequestType: 'Delete',
      PhysicalResourceId: 'studio-Alice-1ABCDEFGHIJKL',
      ResourceProperties: { DomainId: 'no domain', UserProfileName: 'al ice' },
    });
    expect(answer.Status).toBe('SUCCESS');
  });

  test('the ids that it makes are told from those that CloudFormation invents', () => {
    const ids = ['d-abc123/alice', 'studio-Alice-1ABCDEFGHIJKL', 'd-abc123', 'd-abc123/', 'Studio/alice'];
    expect(ids.map((each) => studioUserProfile.ownsId?.(each))).toEqual([true, false, false, false, false]);
  });
});
