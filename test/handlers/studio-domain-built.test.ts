import { CreateAppCommand, CreateSpaceCommand, CreateUserProfileCommand } from '@aws-sdk/client-sagemaker';
import { studioDomain } from '../../handlers/studio-domain.ts';
import { describeContract } from '../contract.ts';
import { domainSubject } from './domain-subject.ts';
import { studioWorld } from './studio-world.ts';

const start = studioWorld('studio-domain', 'Domain', studioDomain);

describeContract('studio-domain, built', async () => {
  const world = await start();
  return domainSubject(world, world);
});

/** Closes at the end, whatever comes. */
async function openWorld() {
  const world = await start();
  return { ...world, [Symbol.asyncDispose]: () => world.close() };
}

test('a domain that people work in goes with all that it holds and leaves, where the template says so', async () => {
  await using world = await openWorld();
  const { properties } = domainSubject(world, world);
  const ResourceProperties = { ...properties, DeleteContents: 'All', HomeEfsFileSystem: 'Delete' };
  const created = await world.send({ RequestType: 'Create', ResourceProperties });
  expect(created).toMatchObject({ Status: 'SUCCESS' });
  const { PhysicalResourceId } = created;
  const DomainId = PhysicalResourceId;
  const { sagemaker } = world;
  await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName: 'bob' }));
  await world.settled('user-profile');
  await sagemaker.send(
    new CreateSpaceCommand({
      DomainId,
      SpaceName: 'notes',
      OwnershipSettings: { OwnerUserProfileName: 'bob' },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab' },
    }),
  );
  await world.settled('space');
  await sagemaker.send(
    new CreateAppCommand({ DomainId, SpaceName: 'notes', AppType: 'JupyterLab', AppName: 'default' }),
  );
  await world.settled('app');
  expect(await world.leftovers()).toHaveLength(3);

  const answer = await world.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  expect(await world.existing()).toEqual([]);
  expect(await world.leftovers()).toEqual([]);
});
