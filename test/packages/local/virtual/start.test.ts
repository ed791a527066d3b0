import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { startVirtualCloud, type VirtualCloud, type VirtualCloudOptions } from '@studio-resources/local';

let cloud: VirtualCloud;
let directory: string;

beforeAll(async () => {
  cloud = await startVirtualCloud();
  directory = await mkdtemp(join(tmpdir(), 'release-'));
});

afterAll(async () => {
  await cloud.close();
  await rm(directory, { recursive: true });
});

test.each<[object, string]>([
  [{ region: 'Frankfurt' }, 'region takes an AWS Region, such as us-east-1, not "Frankfurt"'],
  [{ account: 111122223333 }, 'account takes the twelve digits of an account, as a string, not 111122223333'],
  [{ seed: 1.5 }, 'seed takes a whole number from 0, not 1.5'],
  [{ durations: 0 }, 'durations takes a number above 0 and up to 100, not 0'],
  [{ faults: {} }, 'faults takes the path of a faults file, or a list of its rules, not {}'],
  [{ faults: [{ on: 'call', fault: 'trottle' }] }, 'rules[0].fault takes throttle, access-denied, internal-error'],
  [{ from: 'saved.bin' }, 'from takes what save() of another cloud gave, or { state } with the bytes of it'],
  [{ regoin: 'us-east-1' }, 'regoin is no option; there are seed, durations, faults, account, region, from'],
])('%j is refused', async (options, message) => {
  await expect(startVirtualCloud(options as VirtualCloudOptions)).rejects.toThrow(
    `Starting the virtual cloud: ${message}`,
  );
});

test('options that are undefined are the same as omitted ones', async () => {
  const one = await startVirtualCloud({ seed: undefined, from: undefined, faults: undefined });
  expect([one.account, one.region]).toEqual(['000000000000', 'us-east-1']);
  await one.close();
});

test('a directory is published with its contents, however its path is written', async () => {
  await mkdir(join(directory, 'nested'));
  await writeFile(join(directory, 'provider.yaml'), 'Resources: {}');
  await writeFile(join(directory, 'nested/product.yaml'), 'Resources: {}');
  const url = await cloud.publish(`${directory}/./`, { bucket: 'artifacts', prefix: 'releases/1.0.0' });
  expect(url).toBe('https://artifacts.s3.amazonaws.com/releases/1.0.0');
  const listed = await new S3Client(cloud.clientOptions()).send(new ListObjectsV2Command({ Bucket: 'artifacts' }));
  const keys = listed.Contents?.map(({ Key }) => Key);
  expect(keys).toEqual(['releases/1.0.0/nested/product.yaml', 'releases/1.0.0/provider.yaml']);
});

test('a directory that is missing or empty is refused as a release', async () => {
  const place = { bucket: 'artifacts', prefix: '1.0.0' };
  await expect(cloud.publish(join(directory, 'none'), place)).rejects.toThrow(
    /^Publishing .*none: ENOENT.*directory of a release/,
  );
  await mkdir(join(directory, 'empty'));
  await expect(cloud.publish(join(directory, 'empty'), place)).rejects.toThrow(/empty: there are no files in it$/);
});

const described = (length: number) => `Description: ${'x'.repeat(length)}\nResources: {}`;

test.each<[string, string | { url: string }, RegExp]>([
  [
    'is too long to come with the call',
    described(51_200),
    /less than or equal to 51200\nThe template has 51227 bytes: publish .*template: \{ url \}$/,
  ],
  ['is a path', 'templates/studio.yaml', /^Template format error.*\n.*"templates\/studio\.yaml" looks like a path/],
  [
    'is not in S3',
    { url: 'https://artifacts.s3.amazonaws.com/2.0.0/provider.yaml' },
    /^S3 error: The specified key does not exist.*publish\(.*none at https:.*2\.0\.0\/provider\.yaml$/s,
  ],
  ['is wrong in another way', 'Resources: []', /^Template format error[^\n]*$/],
])('the error has CloudFormation’s message and what to do when a template %s', async (_, template, message) => {
  await expect(cloud.deploy('refused', { template })).rejects.toThrow(message);
});
