import {
  CreateAppCommand,
  CreateAppImageConfigCommand,
  CreateImageCommand,
  CreateStudioLifecycleConfigCommand,
  DescribeAppCommand,
} from '@aws-sdk/client-sagemaker';
import { adasSpace, type DeputiesCloud, domainProperties, makeDomain, tokenOf } from './deputies-cloud.ts';
import type { Things } from './role-calls.ts';

const people = { UserProfileName: 'ada', SpaceName: 'ideas' };

/** One thing of each kind, made by the resources of a provider, with `tags` on the domain. */
export async function thingsOf(
  world: DeputiesCloud,
  provider: string,
  tags: Readonly<Record<string, string>> = {},
  name = provider,
): Promise<Things> {
  const { cloud, network } = world;
  const resource = (Type: string, Properties: object, DependsOn: string[] = []) => {
    const handler = Type.replace(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
    return {
      Type: `Custom::${Type}`,
      DependsOn,
      Properties: { ServiceToken: tokenOf(handler, provider), ...Properties },
    };
  };
  const DomainId = { Ref: 'Domain' };
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const { UserProfileName, SpaceName } = people;
  const Resources = {
    Domain: resource('StudioDomain', { ...domainProperties(name, network), Tags }),
    Profile: resource('StudioUserProfile', { DomainId, UserProfileName }),
    Space: resource('StudioSpace', { DomainId, SpaceName, ...adasSpace }, ['Profile']),
    Image: resource('StudioImage', {
      ImageName: name,
      RoleArn: network.ExecutionRole,
      BaseImage: '999988887777.dkr.ecr.us-east-1.amazonaws.com/studio:1',
      JupyterLabAppImageConfig: {},
    }),
    Script: resource('StudioLifecycleConfig', { Name: name, AppType: 'JupyterLab', Content: 'echo hello' }),
  };
  const Outputs = { DomainId: { Value: DomainId }, Script: { Value: { Ref: 'Script' } } };
  const { failures, outputs } = await cloud.deploy(`things-of-${name}`, {
    template: JSON.stringify({ Resources, Outputs }),
  });
  expect(failures).toEqual([]);
  return {
    ...people,
    provider,
    DomainId: outputs.DomainId!,
    ImageName: name,
    StudioLifecycleConfigName: outputs.Script!,
  };
}

/** One thing of each kind, made by hand. */
export async function handMadeThings(world: DeputiesCloud): Promise<Things> {
  const { sagemaker } = world.cloud.clients;
  const name = 'hand-made';
  const DomainId = await makeDomain(world, name);
  await sagemaker.send(new CreateImageCommand({ ImageName: name, RoleArn: world.network.ExecutionRole }));
  const AppImageConfigName = `${name}-jupyter-lab`;
  await sagemaker.send(new CreateAppImageConfigCommand({ AppImageConfigName, JupyterLabAppImageConfig: {} }));
  await sagemaker.send(
    new CreateStudioLifecycleConfigCommand({
      StudioLifecycleConfigName: name,
      StudioLifecycleConfigAppType: 'JupyterLab',
      StudioLifecycleConfigContent: Buffer.from('echo hello').toString('base64'),
    }),
  );
  return { ...people, DomainId, ImageName: name, StudioLifecycleConfigName: name };
}

/** Starts an app in the space, unless one runs there. With TagPropagation, SageMaker gives it the tags of the domain. */
export async function runApp({ cloud }: DeputiesCloud, { DomainId, SpaceName, provider }: Things): Promise<void> {
  const { sagemaker } = cloud.clients;
  const app = { DomainId, SpaceName, AppType: 'JupyterLab', AppName: 'default' } as const;
  const status = async () =>
    (await sagemaker.send(new DescribeAppCommand(app)).catch(() => undefined))?.Status ?? 'Deleted';
  await cloud.until(async () => (await status()) !== 'Deleting', 'the former app to be deleted');
  if ((await status()) === 'InService') return;
  const Tags = provider === undefined ? [] : [{ Key: 'studio-resources:provider', Value: provider }];
  await cloud.until(() => isStarted(sagemaker.send(new CreateAppCommand({ ...app, Tags }))), 'the app to be started');
  await cloud.until(async () => (await status()) === 'InService', 'the app to run');
}

/** Not yet, while the domain or the profile is being updated. */
function isStarted(creation: Promise<unknown>): Promise<boolean> {
  return creation.then(
    () => true,
    () => false,
  );
}
