import { studioDomain } from '../../handlers/studio-domain.ts';
import type { Answer } from '../subject.ts';
import { stackId } from './built-function.ts';
import { makeDomain } from './domain-dependencies.ts';
import { domainProperties } from './domain-subject.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

const start = studioWorld('studio-domain', 'Domain', studioDomain, { created: domainProperties });
const madeBy = (logicalId: string) => ({
  'studio-resources:stack-id': stackId,
  'studio-resources:logical-id': logicalId,
});

let world: StudioWorld;
let properties: Record<string, unknown>;
let id: string;

function remove(more: Record<string, unknown> = {}): Promise<Answer> {
  const ResourceProperties = { ...properties, ...more };
  return world.send({ RequestType: 'Delete', PhysicalResourceId: id, ResourceProperties });
}

/** The deletions since the domain was made, in order. */
function deletions(): string[] {
  return world
    .calls()
    .map(({ operation }) => operation)
    .filter((each) => /^(Delete|Revoke)/.test(each));
}

const jupyterServer = (UserProfileName: string) =>
  world.addApp({ DomainId: id, UserProfileName, AppType: 'JupyterServer', AppName: 'default' });
const inSpace = (SpaceName: string) =>
  world.addApp({ DomainId: id, SpaceName, AppType: 'JupyterLab', AppName: 'default' });

beforeEach(async () => {
  world = await start();
  properties = domainProperties(world);
  id = world.createdId;
});
afterEach(() => world.close());

describe('what lives in the domain', () => {
  test('by default running apps are stopped, and profiles that the stack made are deleted', async () => {
    await world.addProfile(id, 'alice', madeBy('Alice'));
    await jupyterServer('alice');
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(deletions()).toEqual(['DeleteApp', 'DeleteUserProfile', 'DeleteDomain']);
  });

  test('by default a space or a profile that the stack did not create blocks the deletion, and nothing is deleted', async () => {
    await world.addProfile(id, 'bob');
    await world.addSpace(id, 'notes', 'bob');
    await inSpace('notes');
    expect(await remove()).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: id,
      Reason:
        `Deleting domain ${id}: blocked by space notes, user profile bob, which DeleteContents: Apps does not ` +
        "delete. Set DeleteContents: All to delete everything with it (a space's volume goes with the space), or delete them first. " +
        'A stack in DELETE_FAILED accepts no updates: delete them by hand, and then delete the stack again',
    });
    expect(deletions()).toEqual([]);
  });

  test("a profile that only has the domain's tags, which SageMaker copies, is not one that the stack made", async () => {
    await world.addProfile(id, 'bob', madeBy('Studio'));
    expect((await remove()).Reason).toContain('blocked by user profile bob,');
  });

  test('at most ten of the things that block the deletion are named', async () => {
    for (let number = 1; number <= 13; number += 1) await world.addProfile(id, `user-${number}`);
    const { Reason } = await remove();
    expect(Reason).toContain(' and 3 more, which');
    expect(Reason!.match(/user profile /g)).toHaveLength(10);
  });

  test('with DeleteContents: None a running app blocks the deletion', async () => {
    await world.addProfile(id, 'alice', madeBy('Alice'));
    await jupyterServer('alice');
    expect((await remove({ DeleteContents: 'None' })).Reason).toBe(
      `Deleting domain ${id}: blocked by app JupyterServer/default of user profile alice, which DeleteContents: None ` +
        'does not delete. Set DeleteContents: Apps to stop running apps, or delete them first. ' +
        'A stack in DELETE_FAILED accepts no updates: delete them by hand, and then delete the stack again',
    );
    expect(deletions()).toEqual([]);
  });

  test('with DeleteContents: All everything is deleted, in order: apps, spaces, profiles, the domain', async () => {
    for (const name of ['alice', 'bob', 'carol']) {
      await world.addProfile(id, name);
      await world.addSpace(id, `${name}-1`, name);
      await inSpace(`${name}-1`);
      await world.addApp({ DomainId: id, UserProfileName: name, AppType: 'Canvas', AppName: 'default' });
    }
    expect(await remove({ DeleteContents: 'All' })).toMatchObject({ Status: 'SUCCESS' });
    const first = deletions().indexOf('DeleteSpace');
    expect(deletions().slice(0, first)).toEqual(expect.arrayContaining(Array(3).fill('DeleteApp')));
    expect(deletions().toSorted()).toEqual([
      ...Array(6).fill('DeleteApp'),
      'DeleteDomain',
      ...Array(3).fill('DeleteSpace'),
      ...Array(3).fill('DeleteUserProfile'),
    ]);
    expect(deletions().at(-1)).toBe('DeleteDomain');
    expect([...world.keys('user-profile'), ...world.keys('space')]).toEqual([]);
  });

  test('apps that are deleted or failed are not waited for, and one that starts is', async () => {
    const app = {
      DomainId: id,
      UserProfileName: 'alice',
      AppType: 'KernelGateway',
      ResourceSpec: { InstanceType: 'ml.t3.medium' },
    } as const;
    await world.addProfile(id, 'alice');
    for (const AppName of ['gone', 'broken']) await world.addApp({ ...app, AppName });
    const statusOf = (AppName: string) => world.members('app', `${id}/user alice/KernelGateway/${AppName}`);
    statusOf('gone').Status = 'Deleted';
    statusOf('broken').Status = 'Failed';
    await world.startApp({ ...app, AppName: 'starting' });
    expect(await remove({ DeleteContents: 'All' })).toMatchObject({ Status: 'SUCCESS' });
    const apps = world.calls().filter(({ operation }) => operation === 'DeleteApp');
    expect(apps.map(({ input }) => input.AppName)).toEqual(['starting']);
  });

  test('what changes between the list and its deletion is looked at again', async () => {
    await world.addProfile(id, 'alice');
    world.interceptions.refuse('DeleteUserProfile', 'ResourceInUse', '[alice] is being updated');
    expect(await remove({ DeleteContents: 'All' })).toMatchObject({ Status: 'SUCCESS' });
    expect(deletions()).toEqual(['DeleteUserProfile', 'DeleteUserProfile', 'DeleteDomain']);
  });

  test('a deletion that is not allowed fails with what was to be deleted', async () => {
    await world.addProfile(id, 'bob');
    await world.addSpace(id, 'notes', 'bob');
    world.interceptions.refuse('DeleteSpace', 'AccessDeniedException', 'no identity-based policy');
    expect((await remove({ DeleteContents: 'All' })).Reason).toBe(
      `Deleting space notes of domain ${id}: AccessDeniedException: no identity-based policy`,
    );
  });
});

describe('the resources that a domain leaves', () => {
  const inputOf = (name: string) => world.calls().find(({ operation }) => operation === name)?.input;
  let orphanedResources: string[];

  beforeEach(async () => {
    orphanedResources = await world.orphanedResources();
    expect(orphanedResources).toHaveLength(3);
  });

  test('by default the home file system and its security groups are kept', async () => {
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(inputOf('DeleteDomain')).toEqual({ DomainId: id, RetentionPolicy: { HomeEfsFileSystem: 'Retain' } });
    expect(await world.orphanedResources()).toEqual(orphanedResources);
  });

  test('the file system of a domain that could not be created is deleted with it, as it is unused', async () => {
    await world.setStatus(id, 'Failed', 'The subnet has no free addresses');
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(inputOf('DeleteDomain')).toEqual({ DomainId: id, RetentionPolicy: { HomeEfsFileSystem: 'Delete' } });
  });

  test('with HomeEfsFileSystem: Delete they are deleted, and those of another domain are not', async () => {
    await makeDomain(world.run.cloud, 'other', world);
    const all = await world.orphanedResources();
    expect(await remove({ HomeEfsFileSystem: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
    expect(inputOf('DeleteDomain')).toEqual({ DomainId: id, RetentionPolicy: { HomeEfsFileSystem: 'Delete' } });
    expect(await world.orphanedResources()).toEqual(all.filter((each) => !orphanedResources.includes(each)));
  });

  test.each(['true', 'IfExists'])(
    'with AdoptExisting: %s they are deleted with a domain that the stack holds',
    async (AdoptExisting) => {
      expect(await remove({ HomeEfsFileSystem: 'Delete', AdoptExisting })).toMatchObject({ Status: 'SUCCESS' });
      expect(await world.orphanedResources()).toEqual([]);
    },
  );

  test('they are found even if the domain no longer exists', async () => {
    await world.deleteBehindItsBack(id);
    expect(await remove({ HomeEfsFileSystem: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
    expect(await world.orphanedResources()).toEqual([]);
    expect(deletions().filter((each) => each === 'DeleteMountTarget')).toHaveLength(2);
  });

  test('they are found even if the domain is deleted while its owner is looked up', async () => {
    world.interceptions.refuse('ListTags', 'ValidationException', 'Could not find the resource');
    expect(await remove({ HomeEfsFileSystem: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
    expect(await world.orphanedResources()).toEqual([]);
  });

  test('they are kept if the deleted domain may have been an adopted one', async () => {
    await world.deleteBehindItsBack(id);
    expect(await remove({ HomeEfsFileSystem: 'Delete', AdoptExisting: 'true' })).toMatchObject({ Status: 'SUCCESS' });
    expect(await world.orphanedResources()).toEqual(orphanedResources);
  });

  test('a security group that something else uses is waited for', async () => {
    await world.deleteBehindItsBack(id);
    world.interceptions.refuse('DeleteSecurityGroup', 'DependencyViolation', 'resource sg-1 has a dependent object');
    expect(await remove({ HomeEfsFileSystem: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.interceptions.left('DeleteSecurityGroup')).toBe(0);
    expect(await world.orphanedResources()).toEqual([]);
  });
});

test('a Delete that overtakes the creation waits until the domain can be deleted', async () => {
  await world.setStatus(id, 'Pending');
  const answer = await world.send({
    RequestType: 'Delete',
    PhysicalResourceId: 'studio-Studio-1ABCDEFGHIJKL',
    ResourceProperties: properties,
  });
  expect(answer.Status).toBe('SUCCESS');
  expect(await world.existing()).toEqual([]);
});

test('a domain that people work in is deleted with its contents and its file system, if the template says so', async () => {
  await world.addProfile(id, 'bob');
  await world.addSpace(id, 'notes', 'bob');
  await inSpace('notes');
  const answer = await remove({ DeleteContents: 'All', HomeEfsFileSystem: 'Delete' });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  expect(await world.existing()).toEqual([]);
  expect(await world.orphanedResources()).toEqual([]);
});
