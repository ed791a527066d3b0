import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AppType,
  CreateAppCommand,
  CreateSpaceCommand,
  DescribeAppCommand,
  DescribeSpaceCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';

/**
 * What people do in a Studio domain meanwhile, outside CloudFormation: a user makes a private space with a
 * JupyterLab app in it, and runs a kernel gateway app of the profile's own. Returns once all of it is in service.
 */
export async function actAsPeople(
  client: SageMakerClient,
  { DomainId, UserProfileName }: { DomainId: string; UserProfileName: string },
): Promise<string[]> {
  const SpaceName = `${UserProfileName}-notebooks`;
  await client.send(
    new CreateSpaceCommand({
      DomainId,
      SpaceName,
      OwnershipSettings: { OwnerUserProfileName: UserProfileName },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab' },
    }),
  );
  await until(
    `space ${SpaceName}`,
    async () => (await client.send(new DescribeSpaceCommand({ DomainId, SpaceName }))).Status,
  );

  const apps: { AppName: string; AppType: AppType; SpaceName?: string; UserProfileName?: string }[] = [
    { AppName: 'default', AppType: 'JupyterLab', SpaceName },
    { AppName: 'experiment', AppType: 'KernelGateway', UserProfileName },
  ];
  await Promise.all(
    apps.map(async (app) => {
      await client.send(new CreateAppCommand({ DomainId, ...app, ResourceSpec: { InstanceType: 'ml.t3.medium' } }));
      await until(
        `app ${app.AppName}`,
        async () => (await client.send(new DescribeAppCommand({ DomainId, ...app }))).Status,
      );
    }),
  );
  return [`space ${SpaceName}`, ...apps.map((app) => `app ${app.AppType} ${app.AppName}`)];
}

async function until(thing: string, status: () => Promise<string | undefined>): Promise<void> {
  for (;;) {
    // Right after a create, SageMaker may not know of it yet.
    const now = await status().catch((error: Error) => {
      if (error.name === 'ResourceNotFound') return 'Pending';
      throw error;
    });
    if (now === 'InService') return;
    if (now !== 'Pending') throw new Error(`Waiting for ${thing}: its status is ${now}`);
    await sleep(100);
  }
}
