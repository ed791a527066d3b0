import { studioSpace } from '../../handlers/studio-space.ts';
import { AwsError } from '../../packages/local/src/errors.ts';
import { describeContract } from '../contract.ts';
import { account, region, stackId } from './built-function.ts';
import { domainMember } from './domain-member.ts';
import { spaceProperties, spaceSubject } from './space-subject.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

const startWorld = studioWorld('studio-space', 'Space', studioSpace, { domains: ['team', 'other'] });

/** A world with two user profiles in each of two domains. */
async function start(): Promise<StudioWorld> {
  const world = await startWorld();
  for (const DomainId of world.domainIds) {
    for (const name of ['ada', 'bob']) await world.addProfile(DomainId, name);
  }
  return world;
}

describeContract('studio-space', async () => {
  const world = await start();
  return spaceSubject(world, world);
});

describe('studio-space', () => {
  let own: StudioWorld;
  let DomainId: string;
  let id: string;
  const { create, update, remove } = domainMember(start, (world) => {
    own = world;
    DomainId = own.domainIds[0]!;
    id = `${DomainId}/notes`;
    return { id, properties: spaceProperties(DomainId) };
  });
  const runApp = (SpaceName = 'notes') =>
    own.addApp({ DomainId, SpaceName, AppType: 'JupyterLab', AppName: 'default' });
  const storage = (EbsVolumeSizeInGb: number) => ({ EbsStorageSettings: { EbsVolumeSizeInGb } });

  test('the attributes name the space, its user id in the file system, and where it opens', async () => {
    const { PhysicalResourceId, Data } = await create();
    expect(PhysicalResourceId).toBe(id);
    expect(Data).toEqual({
      SpaceName: 'notes',
      SpaceArn: `arn:aws:sagemaker:${region}:${account}:space/${id}`,
      DomainId,
      HomeEfsFileSystemUid: expect.stringMatching(/^\d+$/),
      Url: `https://${DomainId}.studio.${region}.sagemaker.aws/spaces/notes`,
    });
  });

  test('an update sends the settings that changed, and never the AppType', async () => {
    await create();
    const SpaceSettings = { AppType: 'JupyterLab', SpaceStorageSettings: storage(20) };
    expect(await update({ SpaceSettings, SpaceDisplayName: 'Notes' })).toMatchObject({ Status: 'SUCCESS' });
    expect(own.calls().at(-1)).toEqual({
      operation: 'UpdateSpace',
      input: {
        DomainId,
        SpaceName: 'notes',
        SpaceDisplayName: 'Notes',
        SpaceSettings: { SpaceStorageSettings: storage(20) },
      },
    });
  });

  test('a volume cannot shrink, which fails before anything is changed', async () => {
    const ofSize = (size: number) => ({
      SpaceSettings: { AppType: 'JupyterLab', SpaceStorageSettings: storage(size) },
    });
    await create(ofSize(20));
    expect((await update({ ...ofSize(10), SpaceDisplayName: 'Notes' }, ofSize(20))).Reason).toBe(
      `Updating space notes of domain ${DomainId}: its volume has 20 GB and cannot shrink to 10 GB. ` +
        'Set EbsVolumeSizeInGb to 20 or more',
    );
    expect(own.operations()).toEqual(['CreateSpace']);
  });

  test('another AppType needs another space', async () => {
    await create();
    const SpaceSettings = { AppType: 'CodeEditor' };
    expect((await update({ SpaceSettings })).Reason).toContain('a change of SpaceSettings cannot be made in place');
    expect(await update({ SpaceSettings, SpaceName: 'code' })).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: `${DomainId}/code`,
    });
    expect(own.members('space', `${DomainId}/code`).SpaceSettings).toMatchObject(SpaceSettings);
  });

  test("the owner's name in another case is the same owner: nothing is replaced", async () => {
    await create();
    const answer = await update({ OwnershipSettings: { OwnerUserProfileName: 'Ada' } });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(own.operations()).toEqual(['CreateSpace']);
  });

  test('a space whose update failed is brought back, also where the API cannot clear what was set', async () => {
    await create();
    await own.setStatus(id, 'Update_Failed', 'No volume');
    own.showStack!({ stackId, status: 'UPDATE_ROLLBACK_COMPLETE', template: ['Studio'] });
    expect(await update({}, { SpaceDisplayName: 'Notes' })).toMatchObject({ Status: 'SUCCESS' });
    expect(own.members('space', id).Status).toBe('InService');
  });

  test('by default the apps that run in the space are stopped, and those of others are not', async () => {
    await create();
    await own.addSpace(DomainId, 'bobs', 'bob');
    await runApp();
    await runApp('bobs');
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(own.operations().slice(1)).toEqual(['DeleteApp', 'DeleteSpace']);
    expect(await own.existing()).toEqual([`${DomainId}/bobs`]);
    expect(own.members('app', `${DomainId}/space bobs/JupyterLab/default`).Status).toBe('InService');
  });

  test('an app that is just starting is waited for, and then stopped', async () => {
    await create();
    await own.startApp({ DomainId, SpaceName: 'notes', AppType: 'JupyterLab', AppName: 'default' });
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(await own.existing()).toEqual([]);
  });

  test('with DeleteContents: None a running app blocks the deletion', async () => {
    await create();
    await runApp();
    const { Reason } = await remove({ DeleteContents: 'None' });
    expect(Reason).toContain('app JupyterLab/default in space notes');
    expect(Reason).toContain('Set DeleteContents: Apps to stop running apps');
    expect(own.operations().slice(1)).toEqual([]);
  });

  test('an existing space is adopted when the template says so, and then never deleted', async () => {
    await own.addSpace(DomainId, 'notes', 'ada');
    const more = { AdoptExisting: 'true', SpaceDisplayName: 'Notes' };
    expect(await create(more)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(own.operations()).toEqual(['UpdateSpace']);
    expect(await remove(more)).toMatchObject({ Status: 'SUCCESS' });
    expect(await own.existing()).toEqual([id]);
  });

  test.each([
    [{ OwnershipSettings: { OwnerUserProfileName: 'ada' } }, 'OwnerUserProfileName is bob, not ada'],
    [{ SpaceSharingSettings: { SharingType: 'Shared' } }, 'SharingType is Private, not Shared'],
    [{ SpaceSettings: { AppType: 'CodeEditor' } }, 'AppType is JupyterLab, not CodeEditor'],
  ])('a space is not adopted with %j where it has another', async (wanted, difference) => {
    await own.addSpace(DomainId, 'notes', 'bob');
    const same = { OwnershipSettings: { OwnerUserProfileName: 'bob' } };
    expect((await create({ ...same, ...wanted, AdoptExisting: 'true' })).Reason).toBe(
      `Adopting space notes of domain ${DomainId}: its ${difference}, and that cannot be changed. Give its own value`,
    );
    expect(own.operations()).toEqual([]);
  });

  test('a space that is being deleted is not adopted, and the service says why it cannot be created', async () => {
    await own.addSpace(DomainId, 'notes', 'ada');
    await own.setStatus(id, 'Deleting');
    const answer = await create({ AdoptExisting: 'true' });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(`space/${id}] already exists.`);
  });

  test('a space waits for a domain that is being updated', async () => {
    own.changeDomain(DomainId);
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(own.operations()).toEqual(['CreateSpace']);
  });

  test('a space waits for an owner that is being updated', async () => {
    own.interceptions.set('CreateSpace', () => {
      const owner = own.members('user-profile', `${DomainId}/ada`);
      owner.Status = 'Updating';
      own.run.cloud.time.after(5_000, () => Object.assign(owner, { Status: 'InService' }));
      throw new AwsError('ValidationException', 'The user profile is not in InService status.');
    });
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(own.operations()).toEqual(['CreateSpace', 'CreateSpace']);
  });

  test('a creation is tried again after an update of the owner that has ended meanwhile', async () => {
    own.interceptions.set('CreateSpace', () => {
      own.members('user-profile', `${DomainId}/ada`).LastModifiedTime = own.run.cloud.now();
      throw new AwsError('ValidationException', 'The user profile is not in InService status.');
    });
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(own.operations()).toEqual(['CreateSpace', 'CreateSpace']);
  });

  test('an owner that does not exist fails the creation at once, with the reason of the service', async () => {
    const answer = await create({ OwnershipSettings: { OwnerUserProfileName: 'eve' } });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain('eve');
    expect(own.operations()).toEqual(['CreateSpace']);
  });

  test('a Delete with an invented id and properties that name no space has nothing to do', async () => {
    const answer = await own.send({
      RequestType: 'Delete',
      PhysicalResourceId: 'studio-Notes-1ABCDEFGHIJKL',
      ResourceProperties: { DomainId: 'no domain', SpaceName: 'no tes' },
    });
    expect(answer.Status).toBe('SUCCESS');
  });

  test('the ids that it makes are told from those that CloudFormation invents', () => {
    const ids = ['d-abc123/notes', 'studio-Notes-1ABCDEFGHIJKL', 'd-abc123', 'd-abc123/', 'Studio/notes'];
    expect(ids.map((each) => studioSpace.ownsId?.(each))).toEqual([true, false, false, false, false]);
  });
});
