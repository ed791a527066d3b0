import { jest } from '@jest/globals';
import { respond, serve } from '@studio-resources/core';
import fc from 'fast-check';
import { isAllowed } from '../packages/core/allow-list.ts';
import { captured } from '../packages/core/console.ts';
import { event, lambda } from '../packages/core/event.ts';
import { thing } from '../packages/core/thing.ts';
import { type Reply, type Wire, type WireRequest, wire } from '../packages/core/wire.ts';

/** `MODEL_RUNS=100000 npm run jest -- test/security/response-url.test.ts` tries that many, of another seed each time. */
const runs = Number(process.env.MODEL_RUNS ?? 2_000);
const seed = process.env.MODEL_RUNS ? Number(process.env.MODEL_SEED ?? Date.now()) : 1;

let wires: Wire;
let reply: Reply;
const requests: WireRequest[] = [];

beforeEach(() => {
  captured();
  reply = { status: 200 };
  requests.length = 0;
  wires = wire((request) => {
    requests.push(request);
    return reply;
  });
});
afterEach(() => {
  wires.restore();
  jest.restoreAllMocks();
});

const bucket = 'cloudformation-custom-resource-response-';
const own = `${bucket}euwest1`;
const key = 'arn%3Aaws%3Acloudformation?X-Amz-Signature=5ecre7';

/** Sends an event to a function and as a failure to the responder. Gives where they have sent responses. */
async function sentTo(fields: Record<string, unknown>): Promise<string[]> {
  const request = event(fields);
  await serve(thing().resource)(request, lambda()).catch(() => {});
  await respond({ requestPayload: request, requestContext: {} }, lambda());
  expect(wires.escaped).toEqual([]);
  return requests.map(({ origin, path }) => origin + path);
}

/** A stack in a Region, and the response bucket that would be its own. */
const madeUp = (partition: string, region: string) => ({
  StackId: `arn:${partition}:cloudformation:${region}:111122223333:stack/a/b`,
  name: bucket + region.replaceAll('-', ''),
});

describe('of a stack in a Region that the function is not in, the bucket gets nothing', () => {
  test.each([
    ['aws', 'xx-evil-1', 'amazonaws.com'],
    ['aws', 'evil', 'amazonaws.com'],
    ['aws', 'eu-west-2', 'amazonaws.com'],
    ['aws-cn', 'cn-north-1', 'amazonaws.com.cn'],
    ['aws-us-gov', 'us-gov-evil-1', 'amazonaws.com'],
    ['aws-eusc', 'eusc-evil-1', 'amazonaws.eu'],
  ])('%s: %s', async (partition, region, suffix) => {
    const { StackId, name } = madeUp(partition, region);
    for (const ResponseURL of [
      `https://${name}.s3.${suffix}/${key}`,
      `https://${name}.s3.${region}.${suffix}/${key}`,
      `https://${name}.s3-${region}.${suffix}/${key}`,
      `https://${name}.s3.dualstack.${region}.${suffix}/${key}`,
      `https://s3.${suffix}/${name}/${key}`,
      `https://s3.${region}.${suffix}/${name}/${key}`,
    ]) {
      expect(await sentTo({ StackId, ResponseURL })).toEqual([]);
    }
  });
});

test.each([
  ['another bucket', `https://evil.s3.eu-west-1.amazonaws.com/${key}`],
  ['a bucket with a longer name', `https://${own}-evil.s3.eu-west-1.amazonaws.com/${key}`],
  ['a bucket with a dot in its name', `https://evil.${own}.s3.eu-west-1.amazonaws.com/${key}`],
  ['its website', `https://${own}.s3-website-eu-west-1.amazonaws.com/${key}`],
  ['an access point', `https://${own}-111122223333.s3-accesspoint.eu-west-1.amazonaws.com/${key}`],
  ['transfer acceleration', `https://${own}.s3-accelerate.amazonaws.com/${key}`],
  ['another Region', `https://${own}.s3.eu-west-2.amazonaws.com/${key}`],
  ['another partition', `https://${own}.s3.eu-west-1.amazonaws.com.cn/${key}`],
  ['no TLS', `http://${own}.s3.eu-west-1.amazonaws.com/${key}`],
  ['another port', `https://${own}.s3.eu-west-1.amazonaws.com:8443/${key}`],
  ['a trailing dot', `https://${own}.s3.eu-west-1.amazonaws.com./${key}`],
  ['a user', `https://user@${own}.s3.eu-west-1.amazonaws.com/${key}`],
  ['a password', `https://:secret@${own}.s3.eu-west-1.amazonaws.com/${key}`],
  ['the host as a user', `https://${own}.s3.eu-west-1.amazonaws.com@evil.example/${key}`],
  ['the host as a user after a backslash', `https://evil.example\\@${own}.s3.eu-west-1.amazonaws.com/${key}`],
  ['the host as a path', `https://evil.example/${own}.s3.eu-west-1.amazonaws.com/${key}`],
  ['a path that climbs out', `https://s3.eu-west-1.amazonaws.com/${own}/../evil/${key}`],
  ['a path that climbs out by escapes', `https://s3.eu-west-1.amazonaws.com/${own}/%2e%2e/evil/${key}`],
  ['a path with a backslash', `https://s3.eu-west-1.amazonaws.com\\evil\\${own}/${key}`],
  ['a path with two slashes', `https://s3.eu-west-1.amazonaws.com//${own}/${key}`],
  ['the bucket with an escaped slash', `https://s3.eu-west-1.amazonaws.com/${own}%2Fevil/${key}`],
  ['the metadata service', 'https://169.254.169.254/latest/meta-data/'],
  ['the metadata service as one number', 'http://2852039166/'],
  ['the runtime API', 'http://127.0.0.1:9001/2018-06-01/runtime/init/error'],
  ['an address of IPv6', 'https://[::1]/'],
  ['another scheme', `ftp://${own}.s3.eu-west-1.amazonaws.com/${key}`],
])('a response URL that names %s gets nothing', async (_, ResponseURL) => {
  expect(await sentTo({ ResponseURL })).toEqual([]);
});

test.each([301, 302, 303, 307, 308])('a redirect with %i is not followed', async (status) => {
  reply = { status };
  const ResponseURL = `https://${own}.s3.eu-west-1.amazonaws.com/${key}`;
  expect(await sentTo({ ResponseURL })).toEqual([ResponseURL, ResponseURL]);
});

test("the function's own bucket gets the response, whatever the stack", async () => {
  const ResponseURL = `https://${own}.s3.eu-west-1.amazonaws.com/${key}`;
  expect(await sentTo({ ResponseURL })).toEqual([ResponseURL, ResponseURL]);
  const { StackId } = madeUp('aws', 'xx-evil-1');
  requests.length = 0;
  expect(await sentTo({ StackId, ResponseURL })).toEqual([ResponseURL, ResponseURL]);
  for (const { body } of requests) expect(JSON.parse(String(body)).Status).toBe('FAILED');
});

const label = fc.stringMatching(/^[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,3}$/);
const regions = fc.oneof(
  label,
  fc.constantFrom('eu-west-1', 'euwest-1', 'eu-west1', 'e-u-w-e-s-t-1', '', '-', 'eu_west_1'),
);
const hosts = fc.constantFrom(
  's3',
  's3.REGION',
  's3-REGION',
  's3.dualstack.REGION',
  's3.REGION.vpce',
  's3-website.REGION',
);
const suffixes = fc.constantFrom('amazonaws.com', 'amazonaws.com.cn', 'amazonaws.eu', 'amazonaws.com.evil.example');
const partitions = fc.constantFrom('aws', 'aws-cn', 'aws-us-gov', 'aws-eusc', 'evil');

test(
  'of all Regions, partitions and forms of a URL, only the own bucket of the function gets a response',
  async () => {
    let sent = 0;
    const all = fc.tuple(partitions, regions, regions, hosts, suffixes, fc.boolean());
    const property = fc.asyncProperty(all, async ([partition, region, named, host, suffix, isPath]) => {
      requests.length = 0;
      const { StackId } = madeUp(partition, region);
      const { name } = madeUp(partition, named);
      const server = `${host.replace('REGION', named)}.${suffix}`;
      const ResponseURL = isPath ? `https://${server}/${name}/${key}` : `https://${name}.${server}/${key}`;
      await sentTo({ StackId, ResponseURL });
      expect(requests.filter(({ origin, path }) => !isAllowed(origin, path))).toEqual([]);
      sent += requests.length;
    });
    await fc.assert(property, { numRuns: runs, seed });
    expect(sent).toBeGreaterThan(0);
  },
  60_000 + 100 * runs,
);
