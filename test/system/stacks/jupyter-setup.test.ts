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
import { deleteStack, deployStack, type Ended } from '../../../scripts/start/stack.ts';
import { eventually } from '../../packages/local/lambda-cloud.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from '../../stacks/cloud.ts';
import { type JupyterServer, startJupyter } from '../jupyter/jupyter-server.ts';

let cloud: TestCloud;
let jupyter: JupyterServer;

beforeAll(async () => {
  jupyter = await startJupyter();
  cloud = await startCloud(['--jupyter', jupyter.url]);
  await installProvider(cloud.clients);
}, 120_000);

afterAll(async () => {
  await cloud?.stop();
  await jupyter?.stop();
});

const outputsOf = ({ stack }: Ended): Record<string, string> =>
  Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));

async function deploy(name: string, template: string, parameters: Record<string, string> = {}) {
  const text = await readTemplate(template);
  return deployStack(cloud.clients.cloudformation, blind, { name, template: text, parameters });
}

const setUp = (DomainId: string, parameters: Record<string, string>, name = `setup-${DomainId}`) =>
  deploy(name, 'jupyter-setup.yaml', {
    ...{ ArtifactBucket: 'studio-resources-artifacts', ArtifactPrefix: 'test', DomainId },
    ...parameters,
  });

/** What the servers of all domains have run, as all of them are the same one here. */
function ran(): string {
  const file = join(jupyter.home, 'ran');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** How many new servers the domain's function has set up, in however many looks. */
async function setUps(DomainId: string): Promise<number> {
  const logGroupName = `/aws/lambda/studio-resources-studio-setup-${DomainId}`;
  const filterPattern = '"Done, and nobody is to be told"';
  const { events = [] } = await cloud.clients.logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
  return events.length;
}

test('the new servers of a domain run its script, as a trail tells of them, and those of another domain do not', async () => {
  const { cloudformation, cloudtrail, lambda, s3, sagemaker } = cloud.clients;
  const [research, other] = await Promise.all([
    deploy('studio-research', 'examples/studio.yaml', { DomainName: 'research' }),
    deploy('studio-other', 'examples/studio.yaml', { DomainName: 'other' }),
  ]);
  expect([...reasons(research), ...reasons(other)]).toEqual([]);
  const DomainId = outputsOf(research).DomainId!;
  const otherId = outputsOf(other).DomainId!;
  const appOf = (id: string) =>
    ({ DomainId: id, UserProfileName: 'ada', AppType: 'JupyterServer', AppName: 'default' }) as const;
  const start = (id: string) => sagemaker.send(new CreateAppCommand(appOf(id)));
  const stop = async (id: string) => {
    await sagemaker.send(new DeleteAppCommand(appOf(id)));
    await eventually(async () => {
      const { Status } = await sagemaker.send(new DescribeAppCommand(appOf(id)));
      return Status === 'Deleted' || undefined;
    });
  };

  const made = await setUp(DomainId, { SetupCommands: 'echo research >>ran', Trail: 'Create' });
  expect(reasons(made)).toEqual([]);
  const { TrailArn, TrailBucketName } = outputsOf(made);
  expect(await cloudtrail.send(new GetTrailStatusCommand({ Name: TrailArn }))).toMatchObject({ IsLogging: true });

  await start(otherId);
  await start(DomainId);
  await eventually(() => ran() === 'research\n' || undefined);

  // A space's server is one as well, and a script that has changed is what runs from then on.
  const script = 'echo changed >>ran\n';
  const Key = `setup/${createHash('sha256').update(script).digest('hex')}.sh`;
  await s3.send(new CreateBucketCommand({ Bucket: 'team-scripts' }));
  await s3.send(new PutObjectCommand({ Bucket: 'team-scripts', Key, Body: script }));
  const changed = await setUp(DomainId, { SetupCommandsS3Uri: `s3://team-scripts/${Key}`, Trail: 'Create' });
  expect(reasons(changed)).toEqual([]);
  await sagemaker.send(
    new CreateSpaceCommand({
      ...{ DomainId, SpaceName: 'lab' },
      OwnershipSettings: { OwnerUserProfileName: 'ada' },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab' },
    }),
  );
  await eventually(async () => {
    const { Spaces = [] } = await sagemaker.send(new ListSpacesCommand({ DomainIdEquals: DomainId }));
    return Spaces.some(({ Status }) => Status === 'InService') || undefined;
  });
  const lab = { DomainId, SpaceName: 'lab', AppType: 'JupyterLab', AppName: 'default' } as const;
  await sagemaker.send(new CreateAppCommand(lab));
  await eventually(() => ran() === 'research\nchanged\n' || undefined);
  await eventually(async () => (await setUps(DomainId)) === 2 || undefined);

  // The trail is there already: a second is refused, and the stack says so and goes.
  const second = await setUp(otherId, { SetupCommands: 'echo other >>ran', Trail: 'Create' }, 'second-trail');
  expect(reasons(second).join()).toContain('Trail studio-resources-management-events already exists');
  expect(reasons(await deleteStack(cloudformation, blind, second.stack))).toEqual([]);
  const existing = await setUp(otherId, { SetupCommands: 'echo other >>ran', AppTypes: 'JupyterServer' });
  expect(reasons(existing)).toEqual([]);
  await stop(otherId);
  await start(otherId);
  await eventually(() => ran() === 'research\nchanged\nother\n' || undefined);
  await eventually(async () => (await setUps(otherId)) === 1 || undefined);
  expect(await setUps(DomainId)).toBe(2);

  // Without the trail, nobody is told any more. What it has logged is kept.
  expect(reasons(await deleteStack(cloudformation, blind, changed.stack))).toEqual([]);
  expect((await cloudtrail.send(new ListTrailsCommand({}))).Trails).toEqual([]);
  await s3.send(new HeadBucketCommand({ Bucket: TrailBucketName! }));
  expect(reasons(await deleteStack(cloudformation, blind, existing.stack))).toEqual([]);
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  expect(Functions!.filter(({ FunctionName }) => FunctionName!.includes('studio-setup-'))).toEqual([]);
  for (const { stack } of [
    await deploy('studio-research', 'examples/studio.yaml', { DomainName: 'research', DeleteContents: 'All' }),
    other,
  ]) {
    expect(reasons(await deleteStack(cloudformation, blind, stack))).toEqual([]);
  }
}, 240_000);

test.each<[string, Record<string, string>, string]>([
  ['no script', {}, 'Give SetupCommands or SetupCommandsS3Uri'],
  ['two scripts', { SetupCommands: 'true', SetupCommandsS3Uri: `s3://setup/${'0'.repeat(64)}.sh` }, 'and not both'],
  ['a script that anybody may change', { SetupCommandsS3Uri: 's3://setup/latest.sh' }, 'with its SHA-256 in the key'],
  ['all keys', { SetupCommandsS3Uri: `s3://setup/*${'0'.repeat(64)}` }, 'with its SHA-256 in the key'],
  ['another app', { SetupCommands: 'true', AppTypes: 'JupyterLab,KernelGateway' }, 'AppTypes'],
])('%s is refused before anything is made', async (_, parameters, message) => {
  await expect(setUp('d-abcdefghijkl', parameters)).rejects.toThrow(message);
});
