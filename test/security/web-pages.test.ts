import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import * as S3 from '@aws-sdk/client-s3';
import { serveRuntimeApi } from '../../packages/local/src/lambda/runtime-api.ts';
import { type LocalCloud, startLocalCloud } from '../../packages/local/src/local.ts';
import { type Listener, listen } from '../../packages/local/src/server.ts';
import { Studio } from '../packages/local/studio.ts';

// Each request here is one that a web page can make its visitor's browser send to the local cloud.

const account = '111111111111';
const evil = 'http://evil.example';

let cloud: LocalCloud;
let iam: IAMClient;

beforeEach(async () => {
  cloud = await startLocalCloud({ port: 0, speed: 1 });
  iam = new IAMClient(client());
});
afterEach(async () => {
  iam.destroy();
  await cloud.close();
});

const client = () => ({
  endpoint: cloud.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: account, secretAccessKey: 'secret' },
});

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
  to?: string;
}

async function send({ method = 'GET', path = '/', headers = {}, body, to = cloud.endpoint }: Sent) {
  const sent = request(to, { method, path, headers, agent: false });
  sent.end(body);
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode as number, headers: response.headers as IncomingHttpHeaders, text };
}

/** The query that names an account's key for a service, as a presigned URL does. */
function keyInQuery(service: string, signature = '0'.repeat(64)): string {
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${account}/${now.slice(0, 8)}/us-east-1/${service}/aws4_request&X-Amz-Date=${now}&X-Amz-Expires=604800&X-Amz-SignedHeaders=host&X-Amz-Signature=${signature}`;
}

const userNames = async () => (await iam.send(new ListUsersCommand())).Users?.map(({ UserName }) => UserName);

/** A form that makes a user, as a page submits it without its visitor's doing. */
const form: Sent = {
  method: 'POST',
  body: 'Action=CreateUser&Version=2010-05-08&UserName=mallory',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
};

/** Headers with which a request is signed for IAM, as far as the local cloud verifies them. */
const authorization = `AWS4-HMAC-SHA256 Credential=${account}/20261121/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;

test('a form that another page posts makes no user', async () => {
  const answer = await send({
    ...form,
    path: `/?${keyInQuery('iam')}`,
    headers: { ...form.headers, origin: evil, 'sec-fetch-site': 'cross-site' },
  });
  expect(answer).toMatchObject({
    status: 403,
    text: 'Refusing the request: its Origin is "http://evil.example". Pages of other origins cannot use the local cloud.\n',
  });
  expect(await userNames()).toEqual([]);
});

test('an access key in a query string is no signature, from whatever browser', async () => {
  for (const query of [keyInQuery('iam'), keyInQuery('iam', ''), `AWSAccessKeyId=${account}&Action=CreateUser`]) {
    expect((await send({ ...form, path: `/?${query}` })).status).toBeGreaterThanOrEqual(400);
    expect((await send({ path: `/?${query}&${form.body}` })).status).toBeGreaterThanOrEqual(400);
  }
  expect(await userNames()).toEqual([]);
});

test('no service but S3 takes an access key in a query string whose secret nothing knows', async () => {
  const signingNames = ['cloudformation', 'ec2', 'elasticfilesystem', 'events', 'iam', 'lambda', 'logs', 'sts'];
  for (const name of [...signingNames, 'sagemaker', 'secretsmanager', 'servicecatalog', 'ssm', 'states']) {
    const answer = await send({ method: 'POST', path: `/?${keyInQuery(name)}`, body: form.body });
    expect([name, answer.status]).toEqual([name, 403]);
  }
});

test('a page whose own name leads to 127.0.0.1 reads and changes nothing, whatever it signs', async () => {
  const { port } = new URL(cloud.endpoint);
  const hosts = [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.example.localhost.evil.example',
    'evillocalhost',
    '0.0.0.0',
    's3.amazonaws.com.evil.example',
    'sagemaker-s3.evil.example',
    '[::2]',
  ];
  for (const host of hosts.flatMap((name) => [name, `${name}:${port}`])) {
    const answer = await send({ ...form, headers: { ...form.headers, host, authorization } });
    expect([host, answer.status, answer.text]).toEqual([
      host,
      403,
      `Refusing the request: its Host is "${host}", which is no name of the local cloud. Use 127.0.0.1, localhost or a bucket's name before .localhost.\n`,
    ]);
  }
  expect(await userNames()).toEqual([]);
});

test('a foreign origin is refused in each of its forms, and gets no leave to ask again', async () => {
  const { host, port } = new URL(cloud.endpoint);
  const origins = [
    'null',
    evil,
    `https://${host}`,
    `http://${host}.evil.example`,
    'http://127.0.0.1:1',
    'http://localhost:3000',
    `http://localhost:${port}`,
    `http://bucket.localhost:${port}`,
  ];
  for (const origin of origins) {
    for (const method of ['OPTIONS', 'POST', 'PUT', 'DELETE']) {
      const headers = { authorization, origin, 'access-control-request-headers': 'authorization' };
      const answer = await send({ ...form, method, headers: { ...form.headers, ...headers } });
      expect([origin, method, answer.status]).toEqual([origin, method, 403]);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  }
  expect(await userNames()).toEqual([]);
});

test('an image or a frame of another page, which have no origin, are refused as well', async () => {
  for (const site of ['cross-site', 'same-site']) {
    const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
    expect(await send({ path: `/?${keyInQuery('s3')}`, headers })).toMatchObject({ status: 403 });
  }
});

test('its own page, tools without a browser and the names of buckets are answered', async () => {
  const own: Record<string, string>[] = [
    {},
    { origin: cloud.endpoint, 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { host: 'localhost' },
    { host: '[::1]:4566' },
  ];
  for (const headers of own) {
    const answer = await send({ ...form, headers: { ...form.headers, authorization, ...headers } });
    expect([200, 409]).toContain(answer.status);
  }
  expect(await userNames()).toEqual(['mallory']);
  const answer = await send({ path: `/?${keyInQuery('s3')}`, headers: { host: 'a-bucket.localhost:4566' } });
  expect(answer.text).toContain('<Code>NoSuchBucket</Code>');
});

test('HTML in a bucket is shown without the local cloud’s origin, and no page can embed it', async () => {
  const s3 = new S3.S3Client({ ...client(), forcePathStyle: true });
  await s3.send(new S3.CreateBucketCommand({ Bucket: 'pages' }));
  await s3.send(
    new S3.PutObjectCommand({ Bucket: 'pages', Key: 'index.html', Body: '<script>', ContentType: 'text/html' }),
  );
  s3.destroy();
  const answer = await send({ path: `/pages/index.html?${keyInQuery('s3')}` });
  expect(answer).toMatchObject({
    status: 200,
    text: '<script>',
    headers: {
      'content-security-policy': 'sandbox',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  });
});

test('a page can neither take a function’s invocation nor answer for the function', async () => {
  const told: string[] = [];
  const api = await serveRuntimeApi({
    next: () => told.push('next'),
    response: () => told.push('response'),
    error: () => told.push('error'),
    initError: () => told.push('initError'),
  });
  const to = `http://${api.address}`;
  const runtime = '/2018-06-01/runtime';
  const foreign: Record<string, string>[] = [
    { origin: evil },
    { 'sec-fetch-site': 'cross-site' },
    { host: 'evil.example' },
  ];
  for (const headers of foreign) {
    for (const path of ['/init/error', '/invocation/a/response', '/invocation/a/error']) {
      expect((await send({ to, method: 'POST', path: runtime + path, headers, body: '{}' })).status).toBe(403);
    }
    expect((await send({ to, path: `${runtime}/invocation/next`, headers })).status).toBe(403);
  }
  expect(told).toEqual([]);
  expect((await send({ to, method: 'POST', path: `${runtime}/invocation/a/response`, body: '{}' })).status).toBe(202);
  api.close();
});

describe('with a Jupyter server', () => {
  let asked: string[];
  let jupyter: Server;
  let listener: Listener;
  let studio: Studio;
  let cookie: string;

  beforeEach(async () => {
    asked = [];
    jupyter = createServer((incoming, outgoing) => {
      asked.push(`${incoming.method} ${incoming.url}`);
      outgoing.end();
    });
    jupyter.on('upgrade', (incoming, socket) => {
      asked.push(`upgrade ${incoming.url}`);
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    });
    jupyter.listen(0, '127.0.0.1');
    await once(jupyter, 'listening');
    const { port } = jupyter.address() as AddressInfo;
    listener = await listen(0);
    studio = await Studio.open(undefined, { endpoint: listener.endpoint, jupyter: `http://127.0.0.1:${port}/` });
    listener.serve(studio.cloud);
    const DomainId = await studio.domain();
    await studio.profile(DomainId, 'ana');
    await studio.sm('CreateApp', { DomainId, AppName: 'default', UserProfileName: 'ana', AppType: 'JupyterServer' });
    await studio.settle();
    const { AuthorizedUrl } = await studio.sm('CreatePresignedDomainUrl', { DomainId, UserProfileName: 'ana' });
    const { pathname, search } = new URL(AuthorizedUrl!);
    const begun = await send({ to: listener.endpoint, path: pathname + search, headers: link });
    expect(begun.headers).toMatchObject({ location: '/jupyter/default/' });
    [cookie = ''] = begun.headers['set-cookie'] ?? [];
  });
  afterEach(async () => {
    studio.cloud.close();
    await listener.close();
    jupyter.close();
    jupyter.closeAllConnections();
  });

  /** What a browser sends for a link that its user follows from another page. */
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

  async function openTerminal(origin: string): Promise<string> {
    const headers = { connection: 'upgrade', upgrade: 'websocket', origin, cookie };
    const sent = request(listener.endpoint, { path: '/jupyter/default/terminals/1', headers, agent: false });
    sent.end();
    return new Promise((resolve) => {
      sent.once('upgrade', () => resolve('opened'));
      sent.once('response', ({ statusCode }) => resolve(String(statusCode)));
      sent.once('error', () => resolve('refused'));
    });
  }

  test('another page opens no terminal with the session that its visitor has', async () => {
    expect(await openTerminal(evil)).toBe('refused');
    expect(await openTerminal('null')).toBe('refused');
    expect(asked).toEqual([]);
    expect(await openTerminal(listener.endpoint)).toBe('opened');
    expect(asked).toEqual(['upgrade /terminals/1']);
  });

  test('the session goes along with no request that another page makes', async () => {
    expect(cookie).toMatch(/; SameSite=Lax$/);
    const own = { cookie, origin: listener.endpoint, 'sec-fetch-site': 'same-origin' };
    const to = listener.endpoint;
    const path = '/jupyter/default/api/contents';
    expect((await send({ to, path, method: 'POST', headers: { ...own, origin: evil } })).status).toBe(403);
    expect((await send({ to, path, headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect(asked).toEqual([]);
    expect((await send({ to, path, method: 'POST', headers: own })).status).toBe(200);
  });

  test('a link leads to Studio from any page, and only as a page of its own', async () => {
    const to = listener.endpoint;
    const path = '/jupyter/default/lab';
    expect((await send({ to, path, headers: { ...link, cookie } })).status).toBe(200);
    const others: Record<string, string>[] = [
      { 'sec-fetch-dest': 'iframe' },
      { host: 'evil.example' },
      { 'sec-fetch-mode': 'no-cors' },
    ];
    for (const headers of others) {
      expect((await send({ to, path, headers: { ...link, cookie, ...headers } })).status).toBe(403);
    }
    expect((await send({ to, path, method: 'POST', headers: { ...link, cookie } })).status).toBe(403);
    expect(asked).toEqual(['GET /lab']);
  });
});
