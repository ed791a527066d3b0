import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import { studioSetup } from '../../handlers/studio-setup.ts';
import { inService, makeStudio, type Studio } from '../handlers/domain-dependencies.ts';
import { type JupyterServer, startJupyter } from './jupyter/jupyter-server.ts';
import { type ProcessFunction, processFunction } from './process-function.ts';

let jupyter: JupyterServer;
let run: ProcessFunction;
let client: SageMaker.SageMakerClient;
let parts: Studio['parts'];
let where: { DomainId: string; UserProfileName: string };

beforeAll(async () => {
  jupyter = await startJupyter();
});
afterAll(() => jupyter?.stop());

beforeEach(async () => {
  const variables = { ALLOWED_DOMAINS: '*', SETUP_COMMANDS: 'echo "set up by an event" >>from-event' };
  run = await processFunction('studio-setup', studioSetup, { jupyter: jupyter.url, variables });
  client = new SageMaker.SageMakerClient(run.options);
  const studio = await makeStudio(run.cloud);
  parts = studio.parts;
  where = { DomainId: studio.DomainId, UserProfileName: 'ada' };
  await client.send(new SageMaker.CreateUserProfileCommand(where));
  await inService(run.cloud, 'it', () => client.send(new SageMaker.DescribeUserProfileCommand(where)));
});
afterEach(async () => {
  client.destroy();
  await run.close();
});

const read = (file: string) => readFileSync(join(jupyter.home, file), 'utf8');

test('the app is started, its server set up behind a presigned URL, changed over, and left as it is', async () => {
  const properties = { ...where, StartApp: 'true', Commands: ['echo one >>built'] };
  const created = await run.send({ RequestType: 'Create', ResourceProperties: properties });
  const id = `${where.DomainId}/${where.UserProfileName}/JupyterServer`;
  expect(created).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id, Data: { ExitStatuses: '0' } });
  const changed = { ...properties, Commands: ['echo two >>built', { Command: 'exit 6', IgnoreFailure: 'true' }] };
  const updated = await run.send({
    RequestType: 'Update',
    PhysicalResourceId: id,
    ResourceProperties: changed,
    OldResourceProperties: properties,
  });
  expect(updated).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id, Data: { ExitStatuses: '0,6' } });
  expect(read('built')).toBe('one\ntwo\n');
  const removed = await run.send({ RequestType: 'Delete', PhysicalResourceId: id, ResourceProperties: changed });
  expect(removed).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  const { Apps } = await client.send(new SageMaker.ListAppsCommand({}));
  expect(Apps).toMatchObject([{ AppType: 'JupyterServer', Status: 'InService' }]);
  const logged = (await run.cloud.logLines('studio-setup')).join('');
  expect(logged).toContain('Running a command');
  expect(logged).not.toMatch(/token=|studio-session|_xsrf/);
});

test('a command that takes longer than a poll is found again, and its output continues', async () => {
  const Commands = [
    'for n in 1 2 3 4 5 6 7 8 9; do echo line $n; sleep 0.5; done; echo done >>slow',
    'echo then >>slow',
  ];
  const created = await run.send({
    RequestType: 'Create',
    ResourceProperties: { ...where, StartApp: 'true', Commands },
  });
  expect(created).toMatchObject({ Status: 'SUCCESS', Data: { ExitStatuses: '0,0' } });
  expect(read('slow')).toBe('done\nthen\n');
  const lines = (await run.cloud.logLines('studio-setup')).flatMap((message) => {
    const { message: what, output } = message.startsWith('{') ? JSON.parse(message) : {};
    return what === 'Output' ? [output as string] : [];
  });
  // What was on its way when a look ended may come twice.
  const once = new Set(lines.join('').trim().split('\n'));
  expect([...once]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `line ${n}`));
  expect((await run.cloud.logLines('studio-setup')).join('')).toContain('A command takes longer than a reconcile');
});

test('an event of CloudTrail sets up the server that it names', async () => {
  const app = { ...where, AppType: 'JupyterServer', AppName: 'default' } as const;
  await client.send(new SageMaker.CreateAppCommand(app));
  const requestParameters = {
    domainId: where.DomainId,
    userProfileName: where.UserProfileName,
    appType: app.AppType,
    appName: 'default',
  };
  await run.invoke({
    id: 'event-1',
    source: 'aws.sagemaker',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: { eventSource: 'sagemaker.amazonaws.com', eventName: 'CreateApp', requestParameters },
  });
  expect(read('from-event')).toBe('set up by an event\n');
});

test('a domain with IAM Identity Center is refused, and no terminal is left open', async () => {
  const domain = {
    ...parts,
    DomainName: 'sso',
    AuthMode: 'SSO',
    DefaultUserSettings: parts.DefaultUserSettings,
  } as const;
  const { DomainArn } = await client.send(new SageMaker.CreateDomainCommand(domain));
  const DomainId = DomainArn!.split('/').at(-1)!;
  await inService(run.cloud, 'it', () => client.send(new SageMaker.DescribeDomainCommand({ DomainId })));
  const ResourceProperties = { DomainId, UserProfileName: 'ada', Commands: ['true'] };
  const { Status, Reason } = await run.send({ RequestType: 'Create', ResourceProperties });
  expect(Status).toBe('FAILED');
  expect(Reason).toContain('its AuthMode is SSO');
  const terminals = await fetch(`${jupyter.url}api/terminals`);
  expect(await terminals.json()).toEqual([]);
});
