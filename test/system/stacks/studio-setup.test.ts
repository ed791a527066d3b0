import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteAppCommand, DescribeAppCommand } from '@aws-sdk/client-sagemaker';
import { deleteStack, deployStack, type Ended, updateStack } from '../../../scripts/start/stack.ts';
import { eventually } from '../../packages/local/lambda-cloud.ts';
import {
  blind,
  installProvider,
  logManagementEvents,
  readTemplate,
  reasons,
  startCloud,
  type TestCloud,
} from '../../stacks/cloud.ts';
import { type JupyterServer, startJupyter } from '../jupyter/jupyter-server.ts';

let cloud: TestCloud;
let jupyter: JupyterServer;

beforeAll(async () => {
  jupyter = await startJupyter();
  cloud = await startCloud(['--jupyter', jupyter.url]);
  await installProvider(cloud.clients, { SetupCommands: 'echo "a new server" >>new-servers' });
  await logManagementEvents(cloud.clients);
}, 120_000);

afterAll(async () => {
  await cloud?.stop();
  await jupyter?.stop();
});

const outputsOf = ({ stack }: Ended): Record<string, string> =>
  Object.fromEntries(stack.Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
const read = (file: string) => readFileSync(join(jupyter.home, file), 'utf8');
const written = (file: string) => eventually(() => (existsSync(join(jupyter.home, file)) ? read(file) : undefined));

test('the example sets up a Jupyter server, and every new one is set up as the provider says', async () => {
  const { cloudformation, sagemaker } = cloud.clients;
  const studio = await deployStack(cloudformation, blind, {
    name: 'studio',
    template: await readTemplate('examples/studio.yaml'),
  });
  expect(reasons(studio)).toEqual([]);
  const { DomainId = '', UserProfileName = '' } = outputsOf(studio);
  const template = await readTemplate('examples/studio-setup.yaml');
  const deploy = (text: string, name = 'setup') =>
    deployStack(cloudformation, blind, { name, template: text, parameters: { DomainId, UserProfileName } });

  const setup = await deploy(template);
  expect(reasons(setup)).toEqual([]);
  expect(outputsOf(setup)).toMatchObject({
    Directory: expect.stringMatching(/^\.studio-resources\/setup-/),
    ExitStatuses: expect.stringMatching(/^0,0,(running|0)$/),
  });
  expect(read('welcome/README.md')).toBe('# welcome\n');
  expect(await written('welcome/later')).toBe('later\n');

  // The app that the setup has started is a new server too.
  expect(await written('new-servers')).toBe('a new server\n');

  const changed = await updateStack(cloudformation, blind, {
    stack: setup.stack,
    title: 'Another project',
    parameters: { Project: 'second' },
  });
  expect(reasons(changed)).toEqual([]);
  expect(read('second/README.md')).toBe('# second\n');

  // A change that fails is rolled back, though nobody's server runs any more.
  const app = { DomainId, UserProfileName, AppType: 'JupyterServer', AppName: 'default' } as const;
  await sagemaker.send(new DeleteAppCommand(app));
  await eventually(async () => {
    const { Status } = await sagemaker.send(new DescribeAppCommand(app));
    return Status === 'Deleted' || undefined;
  });
  const failed = await deploy(
    template.replace('StartApp: true', 'StartApp: false').replace('- !Sub mkdir', '- !Sub mkdir -v'),
  );
  expect(failed.stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(reasons(failed).join()).toContain('it does not run. Set StartApp: true to have it started');

  expect(reasons(await deleteStack(cloudformation, blind, setup.stack))).toEqual([]);
  expect(read('second/README.md')).toBe('# second\n');
  expect(reasons(await deleteStack(cloudformation, blind, studio.stack))).toEqual([]);
}, 240_000);
