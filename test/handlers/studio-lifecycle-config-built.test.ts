import {
  CreateAppCommand,
  CreateSpaceCommand,
  CreateUserProfileCommand,
  DescribeAppCommand,
  DescribeDomainCommand,
} from '@aws-sdk/client-sagemaker';
import { studioLifecycleConfig } from '../../handlers/studio-lifecycle-config.ts';
import { describeContract } from '../contract.ts';
import { lifecycleConfigSubject } from './lifecycle-config-subject.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';
import { inService } from './surroundings.ts';

const startWorld = studioWorld('studio-lifecycle-config', 'StudioLifecycleConfig', studioLifecycleConfig, {
  domains: ['team'],
});

/** A world with a domain and a profile in it. */
async function start() {
  const world = await startWorld();
  const place = { DomainId: world.domainIds[0]!, UserProfileName: 'ana' };
  await world.sagemaker.send(new CreateUserProfileCommand(place));
  await world.settled('user-profile');
  return { world, place, [Symbol.asyncDispose]: () => world.close() };
}

describeContract('studio-lifecycle-config, built', async () => {
  const { world, place } = await start();
  return lifecycleConfigSubject(world, place);
}, ['taken names', 'collisions', 'failures', 'statuses']);

/** Opens the space of that name, as its owner does; returns what the app runs with. */
async function open({ sagemaker, settled, run }: StudioWorld, place: { DomainId: string; UserProfileName: string }) {
  const { DomainId, UserProfileName } = place;
  const app = { DomainId, SpaceName: 'notes', AppType: 'JupyterLab', AppName: 'default' } as const;
  await sagemaker.send(
    new CreateSpaceCommand({
      DomainId,
      SpaceName: 'notes',
      OwnershipSettings: { OwnerUserProfileName: UserProfileName },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab' },
    }),
  );
  await settled('space');
  await sagemaker.send(new CreateAppCommand(app));
  await settled('app');
  const shown = await inService(run.cloud, 'the app', () => sagemaker.send(new DescribeAppCommand(app)));
  return shown.ResourceSpec?.LifecycleConfigArn;
}

test('a script that apps run is changed without them, and in the end goes with them', async () => {
  await using opened = await start();
  const { world, place } = opened;
  const { DomainId } = place;
  const properties = {
    Name: 'setup',
    AppType: 'JupyterLab',
    Content: 'echo one',
    AttachTo: [{ DomainId, As: 'Default' }],
  };
  const first = await world.send({ RequestType: 'Create', ResourceProperties: properties });
  expect(first).toMatchObject({ Status: 'SUCCESS' });
  expect(await open(world, place)).toBe(first.Data!.StudioLifecycleConfigArn);

  const changed = { ...properties, Content: 'echo two' };
  const { PhysicalResourceId: old } = first;
  const second = await world.send({
    RequestType: 'Update',
    PhysicalResourceId: old,
    ResourceProperties: changed,
    OldResourceProperties: properties,
  });
  expect(second).toMatchObject({ Status: 'SUCCESS' });
  const { DefaultUserSettings } = await world.sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const arn = second.Data!.StudioLifecycleConfigArn;
  expect(DefaultUserSettings?.JupyterLabAppSettings).toMatchObject({
    LifecycleConfigArns: [arn],
    DefaultResourceSpec: { LifecycleConfigArn: arn },
  });
  const cleanedUp = await world.send({
    RequestType: 'Delete',
    PhysicalResourceId: old,
    ResourceProperties: properties,
  });
  expect(cleanedUp).toMatchObject({ Status: 'SUCCESS' });
  expect((await world.existing()).sort()).toEqual([old, second.PhysicalResourceId].sort());

  const { PhysicalResourceId } = second;
  const deleted = await world.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties: changed });
  expect(deleted).toMatchObject({ Status: 'SUCCESS' });
  expect(await world.existing()).toEqual([]);
});
