import { openSession, RefusedError, UnavailableError, withTerminal } from '@studio-resources/jupyter';
import { type Listener, listen } from '../../../packages/local/src/server.ts';
import { Studio } from '../../packages/local/studio.ts';
import { type JupyterServer, startJupyter } from './jupyter-server.ts';

let jupyter: JupyterServer;
let listener: Listener;
let studio: Studio;
let DomainId: string;

// Its own base URL is not that of Studio.
beforeAll(async () => {
  jupyter = await startJupyter('/');
});
afterAll(() => jupyter?.stop());

beforeEach(async () => {
  listener = await listen(0);
  studio = await Studio.open(undefined, { endpoint: listener.endpoint, jupyter: jupyter.url });
  listener.serve(studio.cloud);
  DomainId = await studio.domain();
  await studio.profile(DomainId, 'ana');
});
afterEach(async () => {
  studio.cloud.close();
  await listener.close();
});

async function start(app: { UserProfileName?: string; SpaceName?: string; AppType: 'JupyterServer' | 'JupyterLab' }) {
  await studio.sm('CreateApp', { DomainId, AppName: 'default', ...app });
  await studio.settle();
}

async function urlFor(more: { SpaceName?: string; ExpiresInSeconds?: number } = {}): Promise<string> {
  const request = { DomainId, UserProfileName: 'ana', SessionExpirationDurationInSeconds: 1800, ...more };
  const { AuthorizedUrl } = await studio.sm('CreatePresignedDomainUrl', request);
  return AuthorizedUrl!;
}

test("a presigned URL leads to the profile's Jupyter server, terminals and all", async () => {
  await start({ UserProfileName: 'ana', AppType: 'JupyterServer' });
  const session = await openSession(await urlFor(), 'jupyter/default');
  expect(await session.isReady()).toBe(true);
  await withTerminal(session, async ({ run }) => {
    expect(await run('exit 5')).toEqual({ status: 5, isTruncated: false });
  });
});

test('the URL of a space leads to its JupyterLab, and to no other server', async () => {
  await studio.space(DomainId, 'lab', 'ana');
  await start({ SpaceName: 'lab', AppType: 'JupyterLab' });
  const session = await openSession(await urlFor({ SpaceName: 'lab' }), 'jupyterlab/default');
  expect(session.url).toBe(`${listener.endpoint}/jupyterlab/default/`);
  expect((await session.call('GET', 'api/terminals')).status).toBe(200);
  const other = await openSession(await urlFor({ SpaceName: 'lab' }), 'jupyter/default');
  expect(await other.isReady()).toBe(false);
});

test('an app that does not run has no server', async () => {
  await expect(openSession(await urlFor(), 'jupyter/default')).rejects.toThrow(UnavailableError);
});

test('an expired URL leads to the sign-in page, and so does a forged one', async () => {
  await start({ UserProfileName: 'ana', AppType: 'JupyterServer' });
  const url = await urlFor({ ExpiresInSeconds: 5 });
  await studio.clock.pass(6000);
  await expect(openSession(url, 'jupyter/default')).rejects.toThrow(RefusedError);
  await expect(openSession(`${listener.endpoint}/auth?token=x.y`, 'jupyter/default')).rejects.toThrow(
    'it redirects to https://signin.aws.amazon.com',
  );
});

test('a session expires, and then opens no terminal', async () => {
  await start({ UserProfileName: 'ana', AppType: 'JupyterServer' });
  const session = await openSession(await urlFor(), 'jupyter/default');
  await studio.clock.pass(1_801_000);
  await expect(session.call('POST', 'api/terminals')).rejects.toThrow(RefusedError);
  await expect(session.connect('terminals/websocket/1')).rejects.toThrow(RefusedError);
});

test('a signed request is for a service, whatever its path', async () => {
  const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=111122223333/20261121/eu-west-1/nothing/aws4_request' };
  const response = await fetch(`${listener.endpoint}/jupyter/default/x`, { headers: signed });
  expect(response.status).toBe(501);
  expect((await fetch(`${listener.endpoint}/jupyter/default/x`)).status).toBe(403);
});
