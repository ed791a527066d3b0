import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteAppCommand, DescribeAppCommand } from '@aws-sdk/client-sagemaker';
import { root } from '../../../scripts/handlers.ts';
import { deployTemplate, readTemplate, removeStack } from '../../stacks/cloud.ts';
import { logManagementEvents } from '../../stacks/management-events.ts';
import { installProvider } from '../../stacks/provider.ts';
import type { LocalProcess } from '../../stacks/wire-cloud.ts';
import type { JupyterServer } from '../jupyter/jupyter-server.ts';
import { startWithJupyter } from '../jupyter/local-cloud.ts';

let cloud: LocalProcess;
let jupyter: JupyterServer;

beforeAll(async () => {
  ({ cloud, jupyter } = await startWithJupyter());
  await installProvider(cloud, { SetupCommands: 'echo "a new server" >>new-servers' });
  await logManagementEvents(cloud.clients);
}, 120_000);

afterAll(async () => {
  await cloud?.stop();
  await jupyter?.stop();
});

const read = (file: string) => readFileSync(join(jupyter.home, file), 'utf8');
const written = (file: string) => cloud.until(() => existsSync(join(jupyter.home, file)), `${file} to be written`);

test('the example sets up a Jupyter server, and every new one is set up as the provider says', async () => {
  const { sagemaker } = cloud.clients;
  const { DomainId = '', UserProfileName = '' } = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  const parameters = { DomainId, UserProfileName };
  const setup = await deployTemplate(cloud, 'setup', 'examples/studio-setup.yaml', parameters);
  expect(setup).toMatchObject({
    Directory: expect.stringMatching(/^\.studio-resources\/setup-/),
    ExitStatuses: expect.stringMatching(/^0,0,(running|0)$/),
  });
  expect(read('welcome/README.md')).toBe('# welcome\n');
  await written('welcome/later');
  expect(read('welcome/later')).toBe('later\n');

  // The least example, in the server that runs now.
  const template = await readFile(join(root, 'docs/examples/studio-setup.yaml'), 'utf8');
  expect((await cloud.deploy('least', { template, parameters })).failures).toEqual([]);
  expect(existsSync(join(jupyter.home, 'notebooks'))).toBe(true);
  await removeStack(cloud, 'least');

  // The app that the setup has started is a new server too.
  await written('new-servers');
  expect(read('new-servers')).toBe('a new server\n');

  const changed = await cloud.update('setup', { parameters: { Project: 'second' } });
  expect(changed.failures).toEqual([]);
  expect(read('second/README.md')).toBe('# second\n');

  // A change that fails is rolled back, even if no server runs any more.
  const app = { DomainId, UserProfileName, AppType: 'JupyterServer', AppName: 'default' } as const;
  await sagemaker.send(new DeleteAppCommand(app));
  await cloud.until(async () => {
    const { Status } = await sagemaker.send(new DescribeAppCommand(app));
    return Status === 'Deleted';
  }, 'the app to be deleted');
  const failing = (await readTemplate('examples/studio-setup.yaml'))
    .replace('StartApp: true', 'StartApp: false')
    .replace('- !Sub mkdir', '- !Sub mkdir -v');
  const failed = await cloud.deploy('setup', { template: failing, parameters });
  expect(failed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(failed.failures.join()).toContain('it does not run. Set StartApp: true to have it started');

  await removeStack(cloud, 'setup');
  expect(read('second/README.md')).toBe('# second\n');
  await removeStack(cloud, 'studio');
}, 240_000);
