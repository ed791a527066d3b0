import { handler, studioDomain } from '../../handlers/studio-domain.ts';
import type { Answer } from '../contract.ts';
import { domainProperties } from './domain-properties.ts';
import { type MockWorld, mockWorld, stackId } from './mock-world.ts';

let world: MockWorld;
let id: string;

async function create(properties: Record<string, unknown> = {}): Promise<string> {
  const ResourceProperties = { ...domainProperties, ...properties };
  const answer = await world.send({ RequestType: 'Create', ResourceProperties });
  expect(answer.Status).toBe('SUCCESS');
  return answer.PhysicalResourceId;
}

function remove(properties: Record<string, unknown> = {}): Promise<Answer> {
  const ResourceProperties = { ...domainProperties, ...properties };
  return world.send({ RequestType: 'Delete', PhysicalResourceId: id, ResourceProperties });
}

/** The deletions since the domain was made, in order. */
function deletions(): string[] {
  return world.studio.mutations.map(({ operation }) => operation).filter((each) => /^(Delete|Revoke)/.test(each));
}

beforeEach(async () => {
  world = mockWorld('Domain', handler, studioDomain);
  id = await create();
});
afterEach(() => world.close());

describe('what lives in the domain', () => {
  test('by default running apps are stopped, and profiles that the stack made go', async () => {
    world.studio.addProfile(id, 'alice', {
      'studio-resources:stack-id': stackId,
      'studio-resources:logical-id': 'Alice',
    });
    world.studio.addApp(id, { UserProfileName: 'alice', AppType: 'JupyterServer', AppName: 'default' }, 'InService');
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(deletions()).toEqual(['DeleteApp', 'DeleteUserProfile', 'DeleteDomain']);
  });

  test('by default a space or a profile that the stack did not make is in the way, and nothing is touched', async () => {
    world.studio.addProfile(id, 'bob');
    world.studio.addSpace(id, 'notes', 'bob');
    world.studio.addApp(id, { SpaceName: 'notes', AppType: 'JupyterLab', AppName: 'default' }, 'InService');
    expect(await remove()).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: id,
      Reason:
        `Deleting domain ${id}: in the way are space notes, user profile bob, which DeleteContents: Apps does not ` +
        "delete. Set DeleteContents: All to delete everything with it (a space's volume goes with the space), or delete them first. " +
        'A stack whose deletion failed takes no update any more: there, delete them and then the stack again',
    });
    expect(deletions()).toEqual([]);
  });

  test("a profile that only bears the domain's own tags, as they spread, is not of the stack's making", async () => {
    world.studio.addProfile(id, 'bob', {
      'studio-resources:stack-id': stackId,
      'studio-resources:logical-id': 'Studio',
    });
    expect((await remove()).Reason).toContain('in the way are user profile bob,');
  });

  test('of many things in the way, ten are named', async () => {
    for (let number = 1; number <= 13; number += 1) world.studio.addSpace(id, `space-${number}`, 'bob');
    const { Reason } = await remove();
    expect(Reason).toContain('space space-10 and 3 more, which');
  });

  test('with DeleteContents: None a running app is in the way', async () => {
    world.studio.addProfile(id, 'alice', {
      'studio-resources:stack-id': stackId,
      'studio-resources:logical-id': 'Alice',
    });
    world.studio.addApp(id, { UserProfileName: 'alice', AppType: 'JupyterServer', AppName: 'default' }, 'InService');
    expect((await remove({ DeleteContents: 'None' })).Reason).toBe(
      `Deleting domain ${id}: in the way are app JupyterServer/default of user profile alice, which DeleteContents: None ` +
        'does not delete. Set DeleteContents: Apps to stop running apps, or delete them first. ' +
        'A stack whose deletion failed takes no update any more: there, delete them and then the stack again',
    );
    expect(deletions()).toEqual([]);
  });

  test('with DeleteContents: All everything goes, in order: apps, spaces, profiles, the domain', async () => {
    for (const name of ['alice', 'bob', 'carol']) {
      world.studio.addProfile(id, name);
      world.studio.addSpace(id, `${name}-1`, name);
      world.studio.addApp(id, { SpaceName: `${name}-1`, AppType: 'JupyterLab', AppName: 'default' }, 'InService');
      world.studio.addApp(id, { UserProfileName: name, AppType: 'Canvas', AppName: 'default' }, 'InService');
    }
    expect(await remove({ DeleteContents: 'All' })).toMatchObject({ Status: 'SUCCESS' });
    expect(deletions()).toEqual([
      ...Array(6).fill('DeleteApp'),
      ...Array(3).fill('DeleteSpace'),
      ...Array(3).fill('DeleteUserProfile'),
      'DeleteDomain',
    ]);
    expect(world.studio.profiles.size + world.studio.spaces.size).toBe(0);
  });

  test('apps that are deleted or failed are not waited for, and one that starts is', async () => {
    const app = { UserProfileName: 'alice', AppType: 'KernelGateway' };
    world.studio.addProfile(id, 'alice');
    world.studio.addApp(id, { ...app, AppName: 'gone' }, 'Deleted');
    world.studio.addApp(id, { ...app, AppName: 'broken' }, 'Failed');
    world.studio.addApp(id, { ...app, AppName: 'starting' }, 'Pending');
    expect(await remove({ DeleteContents: 'All' })).toMatchObject({ Status: 'SUCCESS' });
    const apps = world.studio.mutations.filter(({ operation }) => operation === 'DeleteApp');
    expect(apps.map(({ input }) => input.AppName)).toEqual(['starting']);
  });

  test('what changes between the list and its deletion is looked at again', async () => {
    world.studio.addProfile(id, 'alice');
    const refusal = Object.assign(new Error('[alice] is being updated'), { name: 'ResourceInUse' });
    world.studio.mishaps.set('DeleteUserProfile', { refusal });
    expect(await remove({ DeleteContents: 'All' })).toMatchObject({ Status: 'SUCCESS' });
    expect(deletions()).toEqual(['DeleteUserProfile', 'DeleteUserProfile', 'DeleteDomain']);
  });

  test('a deletion that is not allowed fails with what was to be deleted', async () => {
    world.studio.addSpace(id, 'notes', 'bob');
    const refusal = Object.assign(new Error('no identity-based policy'), { name: 'AccessDeniedException' });
    world.studio.mishaps.set('DeleteSpace', { refusal });
    expect((await remove({ DeleteContents: 'All' })).Reason).toBe(
      `Deleting space notes of domain ${id}: AccessDeniedException: no identity-based policy`,
    );
  });
});

describe('what the domain leaves', () => {
  const inputOf = (operation: string) => world.studio.mutations.find((call) => call.operation === operation)?.input;

  test('by default the home file system and its security groups are kept', async () => {
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(inputOf('DeleteDomain')).toEqual({ DomainId: id, RetentionPolicy: { HomeEfsFileSystem: 'Retain' } });
    expect(world.studio.leftovers.ids()).toEqual(['fs-1', 'sg-in-1', 'sg-out-1']);
  });

  test('the file system of a domain that could not be made goes with it: nobody has used it', async () => {
    await world.setStatus(id, 'Failed', 'The subnet has no free addresses');
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(inputOf('DeleteDomain')).toEqual({ DomainId: id, RetentionPolicy: { HomeEfsFileSystem: 'Delete' } });
  });

  test('with HomeEfsFileSystem: Delete all of it goes, and nothing of another domain', async () => {
    world.studio.leftovers.make('d-other', 'arn:aws:sagemaker:eu-west-1:111122223333:domain/d-other', ['subnet-1']);
    expect(await remove({ HomeEfsFileSystem: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
    expect(inputOf('DeleteDomain')).toEqual({ DomainId: id, RetentionPolicy: { HomeEfsFileSystem: 'Delete' } });
    expect(world.studio.leftovers.ids()).toEqual(['fs-2', 'sg-in-2', 'sg-out-2']);
    expect(deletions().filter((each) => each === 'DeleteMountTarget')).toHaveLength(2);
  });

  test('it is found as well when the domain is gone already', async () => {
    await world.deleteBehindItsBack(id);
    expect(await remove({ HomeEfsFileSystem: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.studio.leftovers.ids()).toEqual([]);
  });

  test('it is found as well when the domain goes while its owner is asked for', async () => {
    const refusal = Object.assign(new Error('Could not find the resource'), { name: 'ValidationException' });
    world.studio.mishaps.set('ListTags', { refusal });
    expect(await remove({ HomeEfsFileSystem: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.studio.leftovers.ids()).toEqual([]);
  });

  test('it is kept when the gone domain may have been an adopted one', async () => {
    await world.deleteBehindItsBack(id);
    expect(await remove({ HomeEfsFileSystem: 'Delete', AdoptExisting: 'true' })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.studio.leftovers.ids()).toEqual(['fs-1', 'sg-in-1', 'sg-out-1']);
  });

  test('a security group that something else uses is waited for', async () => {
    const refusal = Object.assign(new Error('resource sg-in-1 has a dependent object'), {
      name: 'DependencyViolation',
    });
    world.studio.mishaps.set('DeleteSecurityGroup', { refusal });
    expect(await remove({ HomeEfsFileSystem: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.studio.leftovers.ids()).toEqual([]);
  });
});

test('a Delete that overtakes the creation waits until the domain can be deleted', async () => {
  await world.setStatus(id, 'Pending');
  const answer = await world.send({
    RequestType: 'Delete',
    PhysicalResourceId: 'studio-Studio-1ABCDEFGHIJKL',
    ResourceProperties: domainProperties,
  });
  expect(answer.Status).toBe('SUCCESS');
  expect(await world.existing()).toEqual([]);
});
