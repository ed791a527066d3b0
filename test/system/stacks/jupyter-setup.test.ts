import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetTrailStatusCommand, ListTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateAppCommand,
  CreateSpaceCommand,
  DeleteAppCommand,
  DescribeAppCommand,
  ListSpacesCommand,
} from '@aws-sdk/client-sagemaker';
import { deployTemplate, readTemplate, removeStack } from '../../stacks/cloud.ts';
import { artifacts, installProvider } from '../../stacks/provider.ts';
import type { LocalProcess } from '../../stacks/wire-cloud.ts';
import type { JupyterServer } from '../jupyter/jupyter-server.ts';
import { startWithJupyter } from '../jupyter/local-cloud.ts';

let cloud: LocalProcess;
let jupyter: JupyterServer;

beforeAll(async () => {
  ({ cloud, jupyter } = await startWithJupyter());
  await installProvider(cloud);
}, 120_000);

afterAll(async () => {
  await cloud?.stop();
  await jupyter?.stop();
});

async function deploy(name: string, template: string, parameters: Record<string, string> = {}) {
  return cloud.deploy(name, { template: await readTemplate(template), parameters });
}

const setUp = (DomainId: string, parameters: Record<string, string>, name = `setup-${DomainId}`) =>
  deploy(name, 'jupyter-setup.yaml', {
    ...{ ArtifactBucket: artifacts.bucket, ArtifactPrefix: artifacts.prefix, DomainId },
    ...parameters,
  });

/** What the servers of all domains have run, as all of them are the same one here. */
function ran(): string {
  const file = join(jupyter.home, 'ran');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

const hasRun = (text: string) => cloud.until(() => ran() === text, `the servers to have run ${text}`);

/** How many new servers the domain's function has set up, in however many looks. */
async function setUps(DomainId: string): Promise<number> {
  const logGroupName = `/aws/lambda/studio-resources-studio-setup-${DomainId}`;
  const filterPattern = '"Handled the event"';
  const { events = [] } = await cloud.clients.logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
  return events.length;
}

test('new servers of a domain, reported by a trail, run its script, and those of another domain do not', async () => {
  const { cloudtrail, lambda, s3, sagemaker } = cloud.clients;
  const studio = (DomainName: string) =>
    deployTemplate(cloud, `studio-${DomainName}`, 'examples/studio.yaml', { DomainName, DeleteContents: 'All' });
  const [{ DomainId = '' }, { DomainId: otherId = '' }] = await Promise.all([studio('research'), studio('other')]);
  const appOf = (id: string) =>
    ({ DomainId: id, UserProfileName: 'ada', AppType: 'JupyterServer', AppName: 'default' }) as const;
  const start = (id: string) => sagemaker.send(new CreateAppCommand(appOf(id)));
  const stop = async (id: string) => {
    await sagemaker.send(new DeleteAppCommand(appOf(id)));
    await cloud.until(async () => {
      const { Status } = await sagemaker.send(new DescribeAppCommand(appOf(id)));
      return Status === 'Deleted';
    }, 'the app to be deleted');
  };

  const made = await setUp(DomainId, { SetupCommands: 'echo research >>ran', Trail: 'Create' });
  expect(made.failures).toEqual([]);
  const { TrailArn, TrailBucketName } = made.outputs;
  expect(await cloudtrail.send(new GetTrailStatusCommand({ Name: TrailArn }))).toMatchObject({ IsLogging: true });

  await start(otherId);
  await start(DomainId);
  await hasRun('research\n');

  // A space's server is one as well, and a script that has changed is what runs from then on.
  const script = 'echo changed >>ran\n';
  const Key = `setup/${createHash('sha256').update(script).digest('hex')}.sh`;
  await s3.send(new CreateBucketCommand({ Bucket: 'team-scripts' }));
  await s3.send(new PutObjectCommand({ Bucket: 'team-scripts', Key, Body: script }));
  const changed = await setUp(DomainId, { SetupCommandsS3Uri: `s3://team-scripts/${Key}`, Trail: 'Create' });
  expect(changed.failures).toEqual([]);
  await sagemaker.send(
    new CreateSpaceCommand({
      ...{ DomainId, SpaceName: 'lab' },
      OwnershipSettings: { OwnerUserProfileName: 'ada' },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab' },
    }),
  );
  await cloud.until(async () => {
    const { Spaces = [] } = await sagemaker.send(new ListSpacesCommand({ DomainIdEquals: DomainId }));
    return Spaces.some(({ Status }) => Status === 'InService');
  }, 'the space to be in service');
  const lab = { DomainId, SpaceName: 'lab', AppType: 'JupyterLab', AppName: 'default' } as const;
  await sagemaker.send(new CreateAppCommand(lab));
  await hasRun('research\nchanged\n');
  await cloud.until(async () => (await setUps(DomainId)) === 2, 'the functions to have ended');

  // The trail is there already: a second is refused, and the stack says so and goes.
  const second = await setUp(otherId, { SetupCommands: 'echo other >>ran', Trail: 'Create' }, 'second-trail');
  expect(second.failures.join()).toContain('Trail studio-resources-management-events already exists');
  await removeStack(cloud, second.id);
  const existing = await setUp(otherId, { SetupCommands: 'echo other >>ran', AppTypes: 'JupyterServer' });
  expect(existing.failures).toEqual([]);
  await stop(otherId);
  await start(otherId);
  await hasRun('research\nchanged\nother\n');
  await cloud.until(async () => (await setUps(otherId)) === 1, 'the functions to have ended');
  expect(await setUps(DomainId)).toBe(2);

  // Without the trail, there are no more events. Its log files are kept.
  await removeStack(cloud, changed.id);
  expect((await cloudtrail.send(new ListTrailsCommand({}))).Trails).toEqual([]);
  await s3.send(new HeadBucketCommand({ Bucket: TrailBucketName! }));
  await removeStack(cloud, existing.id);
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  expect(Functions!.filter(({ FunctionName }) => FunctionName!.includes('studio-setup-'))).toEqual([]);
  for (const name of ['studio-research', 'studio-other']) await removeStack(cloud, name);
}, 240_000);

test.each<[string, Record<string, string>, string]>([
  ['no script', {}, 'Give SetupCommands or SetupCommandsS3Uri'],
  ['two scripts', { SetupCommands: 'true', SetupCommandsS3Uri: `s3://setup/${'0'.repeat(64)}.sh` }, 'and not both'],
  ['a script without a hash in its key', { SetupCommandsS3Uri: 's3://setup/latest.sh' }, 'with its SHA-256 in the key'],
  ['all keys', { SetupCommandsS3Uri: `s3://setup/*${'0'.repeat(64)}` }, 'with its SHA-256 in the key'],
  ['another app', { SetupCommands: 'true', AppTypes: 'JupyterLab,KernelGateway' }, 'AppTypes'],
])('%s is refused before anything is created', async (_, parameters, message) => {
  await expect(setUp('d-abcdefghijkl', parameters)).rejects.toThrow(message);
});
