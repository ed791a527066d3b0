import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import {
  CloudFormation,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { S3 } from '@aws-sdk/client-s3';
import { type LocalCloud, startLocalCloud } from '../../packages/local/src/local.ts';
import { root } from '../../scripts/handlers.ts';

let cloud: LocalCloud;

beforeEach(async () => {
  cloud = await startLocalCloud({ port: 0, speed: 60 });
});
afterEach(() => cloud.close());

const client = (accessKeyId = '111111111111') => ({
  endpoint: cloud.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId, secretAccessKey: 'local' },
});

/** What Chrome sends when its user types an address. */
const typed = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'none',
};

async function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const sent = request(new URL(path, cloud.endpoint), { method, headers, agent: false });
  sent.end();
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode as number, headers: response.headers as IncomingHttpHeaders, text };
}

test('a browser sees at the address what this is, how to use it, and that nothing exists yet', async () => {
  const { status, headers, text } = await get('/', typed);
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(text).toContain('<h1>Local cloud</h1>');
  expect(text).toContain(`export AWS_ENDPOINT_URL=${cloud.endpoint}`);
  expect(text).toContain('Nothing exists yet');
});

test('the page names the stacks of each account with their status, and no stack that is deleted', async () => {
  const template = JSON.stringify({
    Resources: { Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/team/logs' } } },
  });
  for (const [account, name] of [
    ['111111111111', 'kept'],
    ['222222222222', 'gone'],
  ] as const) {
    const cloudformation = new CloudFormation(client(account));
    const wait = { client: cloudformation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
    await cloudformation.createStack({ StackName: name, TemplateBody: template });
    await waitUntilStackCreateComplete(wait, { StackName: name });
    if (name === 'gone') {
      await cloudformation.deleteStack({ StackName: name });
      await waitUntilStackDeleteComplete(wait, { StackName: name });
    }
    cloudformation.destroy();
  }
  const s3 = new S3(client('222222222222'));
  await s3.createBucket({ Bucket: 'of-a-team' });
  s3.destroy();
  const { text } = await get('/', typed);
  const tables = text
    .split('<h2>')
    .slice(1)
    .map((place) =>
      place
        .replace(/<[^>]*>|\s+/g, ' ')
        .replace(/ +/g, ' ')
        .trim(),
    );
  expect(tables).toEqual([
    'Account 111111111111, us-east-1 Stacks (1) kept CREATE_COMPLETE Log groups (1) /team/logs',
    'Account 222222222222, us-east-1 Buckets (1) of-a-team',
  ]);
});

test('the page loads, runs, sends and embeds nothing, and its own style is the only one', async () => {
  const { headers, text } = await get('/', typed);
  const policy = String(headers['content-security-policy']);
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(text) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  expect(policy).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  expect(text).not.toMatch(/<(script|img|link|iframe|form)\b|\son\w+=/i);
});

test('only the user of this machine sees the page: no other name leads to it, and no other page reads it', async () => {
  const others: Record<string, string>[] = [
    { host: 'evil.example' },
    { origin: 'http://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const other of others) {
    const { status, text } = await get('/', { ...typed, ...other });
    expect([status, text]).toEqual([403, expect.stringContaining('Refusing the request')]);
  }
});

test('S3 keeps its own GET /: signed, of a bucket, or of a client that wants no page', async () => {
  const s3 = new S3(client());
  await s3.createBucket({ Bucket: 'data' });
  expect((await s3.listBuckets()).Buckets?.map(({ Name }) => Name)).toEqual(['data']);
  s3.destroy();
  for (const headers of [
    { accept: '*/*' },
    { ...typed, host: 'data.localhost' },
    { ...typed, authorization: 'AWS4' },
  ]) {
    const { status, headers: answered } = await get('/', headers);
    expect([status, answered['content-type']]).toEqual([403, 'application/xml']);
  }
  expect((await get('/?list-type=2', typed)).status).toBe(403);
  expect((await get('/', typed, 'POST')).status).toBe(403);
});

test('/_health tells the state of each service and the version', async () => {
  const { status, headers, text } = await get('/_health');
  const { version } = JSON.parse(readFileSync(join(root, 'packages/local/package.json'), 'utf8'));
  expect([status, headers['content-type']]).toEqual([200, 'application/json']);
  expect(JSON.parse(text)).toMatchObject({ services: { cloudformation: 'running', s3: 'running' }, version });
  const head = await get('/_health', {}, 'HEAD');
  expect([head.status, head.text]).toEqual([200, '']);
  expect((await get('/_health', { host: 'evil.example' })).status).toBe(403);
});
