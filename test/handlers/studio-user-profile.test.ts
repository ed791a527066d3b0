import { handler, studioUserProfile } from '../../handlers/studio-user-profile.ts';
import { describeContract } from '../contract.ts';
import { awsError } from './fake-things.ts';
import { type MockWorld, mockWorld } from './mock-world.ts';
import { userProfileSubject } from './user-profile-subject.ts';

const role = 'arn:aws:iam::111122223333:role/studio';
const DomainId = 'd-studio';
const properties = { DomainId, UserProfileName: 'alice', UserSettings: { ExecutionRole: role } };

/** A world with a domain for the profiles. */
function world(): MockWorld {
  const world = mockWorld('UserProfile', handler, studioUserProfile);
  for (const id of [DomainId, 'd-other']) {
    world.studio.domains.set(id, {
      members: { DomainId: id, Status: 'InService', Url: `https://${id}.studio.eu-west-1.sagemaker.aws` },
    });
  }
  return world;
}

describeContract('studio-user-profile against mocks', async () =>
  userProfileSubject(world(), { domainIds: [DomainId, 'd-other'], executionRole: role, securityGroupId: 'sg-1' }),
);

describe('studio-user-profile', () => {
  let own: MockWorld;
  const id = 'd-studio/alice';
  const create = (more: Record<string, unknown> = {}) =>
    own.send({ RequestType: 'Create', ResourceProperties: { ...properties, ...more } });
  const remove = (more: Record<string, unknown> = {}) =>
    own.send({ RequestType: 'Delete', PhysicalResourceId: id, ResourceProperties: { ...properties, ...more } });
  const update = (to: Record<string, unknown>, from: Record<string, unknown> = {}) =>
    own.send({
      RequestType: 'Update',
      PhysicalResourceId: id,
      ResourceProperties: { ...properties, ...to },
      OldResourceProperties: { ...properties, ...from },
    });
  const calls = () => own.studio.mutations.map(({ operation }) => operation);
  const addSpace = (name: string, owner: string) => {
    own.studio.addSpace(DomainId, name, owner);
    own.studio.addApp(DomainId, { SpaceName: name, AppType: 'JupyterLab', AppName: 'default' }, 'InService');
  };

  beforeEach(() => {
    own = world();
  });
  afterEach(() => own.close());

  test('the attributes tell the profile, its user id in the file system, and where Studio is', async () => {
    const { PhysicalResourceId, Data } = await create();
    expect(PhysicalResourceId).toBe(id);
    expect(Data).toEqual({
      UserProfileName: 'alice',
      UserProfileArn: 'arn:aws:sagemaker:eu-west-1:111122223333:user-profile/d-studio/alice',
      HomeEfsFileSystemUid: '200001',
      DomainId,
      SingleSignOnUserIdentifier: '',
      SingleSignOnUserValue: '',
      Url: 'https://d-studio.studio.eu-west-1.sagemaker.aws',
    });
  });

  test('a profile of IAM Identity Center is made for its user', async () => {
    const user = { SingleSignOnUserIdentifier: 'UserName', SingleSignOnUserValue: 'alice@example.com' };
    expect(await create(user)).toMatchObject({ Status: 'SUCCESS', Data: user });
    expect(own.studio.mutations[0]?.input).toMatchObject(user);
  });

  test('a name in another case is the same profile: nothing is replaced', async () => {
    await create();
    expect(await update({ UserProfileName: 'Alice' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(calls()).toEqual(['CreateUserProfile']);
  });

  test('a name in another case is no other name for a replacement', async () => {
    await create();
    const answer = await update({ UserProfileName: 'Alice', SingleSignOnUserValue: 'alice@example.com' });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
    expect(answer.Reason).toContain('Change DomainId or UserProfileName as well');
  });

  test('a setting goes back to that of the domain where the API has a word for it', async () => {
    await create({
      UserSettings: { AutoMountHomeEFS: 'Disabled', SharingSettings: { NotebookOutputOption: 'Allowed' } },
    });
    await update({ UserSettings: {} }, { UserSettings: { AutoMountHomeEFS: 'Disabled' } });
    expect(own.studio.mutations.at(-1)).toEqual({
      operation: 'UpdateUserProfile',
      input: { DomainId, UserProfileName: 'alice', UserSettings: { AutoMountHomeEFS: 'DefaultAsDomain' } },
    });
  });

  test('by default the running apps of the profile are stopped, and those of others are not', async () => {
    await create();
    own.studio.addProfile(DomainId, 'bob');
    for (const UserProfileName of ['alice', 'bob']) {
      own.studio.addApp(DomainId, { UserProfileName, AppType: 'JupyterServer', AppName: 'default' }, 'InService');
    }
    addSpace('bobs', 'bob');
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(calls().slice(1)).toEqual(['DeleteApp', 'DeleteUserProfile']);
    expect(await own.existing()).toEqual(['d-studio/bob']);
  });

  test('by default a space that the profile owns is in the way, and nothing is touched', async () => {
    await create();
    addSpace('notes', 'Alice');
    expect((await remove()).Reason).toBe(
      'Deleting user profile alice of domain d-studio: in the way are space notes, which DeleteContents: Apps does not ' +
        "delete. Set DeleteContents: All to delete everything with it (a space's volume goes with the space), or delete them first. " +
        'A stack whose deletion failed takes no update any more: there, delete them and then the stack again',
    );
    expect(calls().slice(1)).toEqual([]);
  });

  test('with DeleteContents: All its spaces go with their apps, and those of others stay', async () => {
    await create();
    addSpace('notes', 'alice');
    addSpace('bobs', 'bob');
    expect(await remove({ DeleteContents: 'All' })).toMatchObject({ Status: 'SUCCESS' });
    expect(calls().slice(1)).toEqual(['DeleteApp', 'DeleteSpace', 'DeleteUserProfile']);
    expect([...own.studio.spaces.keys()]).toEqual(['d-studio/bobs']);
  });

  test('with DeleteContents: None a running app is in the way', async () => {
    await create();
    own.studio.addApp(DomainId, { UserProfileName: 'alice', AppType: 'Canvas', AppName: 'default' }, 'InService');
    expect((await remove({ DeleteContents: 'None' })).Reason).toContain(
      'Set DeleteContents: Apps to stop running apps',
    );
    expect(calls().slice(1)).toEqual([]);
  });

  test('an existing profile is adopted when the template says so, and then never deleted', async () => {
    own.studio.addProfile(DomainId, 'Alice');
    const answer = await create({ AdoptExisting: 'true' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'd-studio/Alice' });
    expect(calls()).toEqual(['UpdateUserProfile']);
    const ResourceProperties = { ...properties, AdoptExisting: 'true' };
    await own.send({ RequestType: 'Delete', PhysicalResourceId: 'd-studio/Alice', ResourceProperties });
    expect(await own.existing()).toEqual(['d-studio/Alice']);
  });

  test('a profile of another user of IAM Identity Center is not adopted', async () => {
    await create({ SingleSignOnUserIdentifier: 'UserName', SingleSignOnUserValue: 'bob@example.com' });
    await own.disown(id);
    const wanted = { SingleSignOnUserIdentifier: 'UserName', SingleSignOnUserValue: 'alice@example.com' };
    expect((await create({ ...wanted, AdoptExisting: 'true' })).Reason).toBe(
      'Adopting user profile alice of domain d-studio: its SingleSignOnUserValue is bob@example.com, not ' +
        'alice@example.com, and that cannot be changed. Give its own value',
    );
  });

  test('a profile that is being deleted is not adopted, and the service says why it cannot be made', async () => {
    own.studio.addProfile(DomainId, 'alice');
    await own.setStatus(id, 'Deleting');
    const answer = await create({ AdoptExisting: 'true' });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain('ResourceInUse: UserProfile [d-studio/alice] already exists.');
  });

  test('a profile waits for a domain that is being updated', async () => {
    const domain = own.studio.domains.get(DomainId)!;
    domain.members.Status = 'Updating';
    domain.next = { looks: 3, status: 'InService' };
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(calls()).toEqual(['CreateUserProfile']);
  });

  test('a profile is tried again when an update of its domain comes between', async () => {
    own.studio.mishaps.set('CreateUserProfile', {
      get refusal() {
        const domain = own.studio.domains.get(DomainId)!;
        Object.assign(domain.members, { Status: 'Updating' });
        domain.next = { looks: 2, status: 'InService' };
        return awsError('ValidationException', 'The domain is not in InService status.');
      },
    });
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(calls()).toEqual(['CreateUserProfile', 'CreateUserProfile']);
  });

  test('a profile is tried again when an update of its domain has come, and gone, between', async () => {
    own.studio.mishaps.set('CreateUserProfile', {
      get refusal() {
        own.studio.domains.get(DomainId)!.members.LastModifiedTime = new Date();
        return awsError('ValidationException', 'The domain is not in InService status.');
      },
    });
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(calls()).toEqual(['CreateUserProfile', 'CreateUserProfile']);
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
