import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
} from '@aws-sdk/client-s3';
import type { Release } from '../../../scripts/release/release.ts';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';
import { commit, ReleaseCloud, regions, smallRelease } from './release-cloud.ts';

const directory = temporaryDirectory();
let cloud: ReleaseCloud;

beforeEach(() => {
  cloud = new ReleaseCloud();
});
afterEach(() => cloud.close());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface Manifest {
  version: string;
  files: { path: string; size: number; sha256: string }[];
}

const parse = <T>(bytes: Uint8Array): T => JSON.parse(new TextDecoder().decode(bytes)) as T;

/** Every object once, and with the bytes that a release has for it. */
function expectNoWrongBytes(...releases: Release[]): void {
  const known = new Map<string, string>(
    releases.flatMap(({ prefix, files, manifest }) =>
      [...files, manifest].map((file) => [`${prefix}/${file.path}`, file.sha256] as const),
    ),
  );
  for (const region of regions) {
    for (const [key, versions] of cloud.contents(region) ?? []) {
      if (key !== 'studio-resources/latest.json')
        expect({ key, is: versions.map(sha256) }).toEqual({ key, is: [known.get(key)] });
    }
  }
}

/** The latest versions by Region. All that they name is in every Region. */
function latestVersions(): (string | undefined)[] {
  const all = regions.map((region) => cloud.contents(region));
  const latest = all.map((contents) => contents?.get('studio-resources/latest.json')?.[0]);
  const versions = latest.map((one) => one && parse<{ version: string }>(one).version);
  for (const version of versions.filter((one) => one !== undefined)) {
    for (const contents of all) {
      const manifest = parse<Manifest>(contents!.get(`studio-resources/${version}/manifest.json`)![0]!);
      for (const { path, sha256: digest } of manifest.files) {
        expect(sha256(contents!.get(`studio-resources/${version}/${path}`)![0]!)).toBe(digest);
      }
    }
  }
  return versions;
}

test('every Region gets the same files under the version, and then its latest version changes', async () => {
  const release = smallRelease('1.0.0');
  const results = await cloud.run(release);
  expect(results.map(({ place, uploaded, latest }) => [place.region, uploaded, latest])).toEqual(
    regions.map((region) => [region, 5, '1.0.0']),
  );
  expectNoWrongBytes(release);
  expect(latestVersions()).toEqual(['1.0.0', '1.0.0', '1.0.0']);
  const [first, ...others] = regions.map((region) => cloud.contents(region));
  for (const contents of others) {
    expect([...contents!.keys()]).toEqual([...first!.keys()]);
    for (const { path } of [...release.files, release.manifest]) {
      const key = `studio-resources/1.0.0/${path}`;
      expect(contents!.get(key)).toEqual(first!.get(key));
    }
  }
  const manifest = parse<object>(first!.get('studio-resources/1.0.0/manifest.json')![0]!);
  const zip = createHash('sha256').update('first');
  const digest = zip.copy().digest('hex');
  expect(manifest).toMatchObject({
    version: '1.0.0',
    commit,
    bucket: 'acme-{Region}',
    prefix: 'studio-resources/1.0.0',
  });
  expect(manifest).toHaveProperty('files', [
    { path: 'SHA256SUMS', size: expect.any(Number), sha256: expect.any(String) },
    {
      path: expect.stringMatching(/^project-templates\/model-build-[0-9a-f]{16}\.zip$/),
      size: 9,
      sha256: expect.any(String),
    },
    { path: 'provider.yaml', size: expect.any(Number), sha256: expect.any(String) },
    { path: `responder-${digest.slice(0, 16)}.zip`, size: 5, sha256: digest, CodeSha256: zip.digest('base64') },
  ]);
});

test('who downloads a release checks it with sha256sum', async () => {
  const release = smallRelease('1.0.0');
  const folder = join(directory(), 'release');
  for (const { path, body } of release.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), body);
  }
  const check = () => spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' });
  expect(check()).toMatchObject({ status: 0, stdout: '' });
  writeFileSync(join(folder, 'provider.yaml'), 'changed');
  expect(check()).toMatchObject({ status: 1, stdout: 'provider.yaml: FAILED\n' });
});

test('the same commit gives the same bytes', () => {
  expect(smallRelease('1.0.0')).toEqual(smallRelease('1.0.0'));
  expect(smallRelease('1.0.0').manifest.sha256).not.toBe(smallRelease('1.0.0', 'second').manifest.sha256);
});

test('S3 keeps the SHA-256 of every object, and its type', async () => {
  const release = smallRelease('1.0.0');
  await cloud.run(release);
  const client = cloud.client('eu-west-1');
  const types: Record<string, string> = { zip: 'application/zip', yaml: 'application/yaml', SHA256SUMS: 'text/plain' };
  for (const file of release.files) {
    const input = { Bucket: 'acme-eu-west-1', Key: `${release.prefix}/${file.path}`, ChecksumMode: 'ENABLED' as const };
    expect(await client.send(new HeadObjectCommand(input))).toMatchObject({
      ChecksumSHA256: Buffer.from(file.sha256, 'hex').toString('base64'),
      ContentType: types[file.path.split('.').at(-1)!],
    });
  }
  client.destroy();
});

test.each([
  ['no other account', [], true, undefined],
  ['everybody', ['--public'], false, {}],
  [
    'an organization',
    ['--organization', 'o-a1b2c3d4e5'],
    true,
    { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
  ],
])(
  'a bucket that it creates is versioned, encrypted, for TLS only, and readable by %s',
  async (_who, args, isBlocked, read) => {
    await cloud.run(smallRelease('1.0.0'), ['--create-buckets', ...args]);
    const client = cloud.client('us-east-1');
    const Bucket = 'acme-us-east-1';
    expect(await client.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: 'Enabled' });
    const { ServerSideEncryptionConfiguration } = await client.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(JSON.stringify(ServerSideEncryptionConfiguration)).toContain('AES256');
    const { PublicAccessBlockConfiguration } = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toEqual({
      ...{ BlockPublicAcls: true, IgnorePublicAcls: true },
      ...{ BlockPublicPolicy: isBlocked, RestrictPublicBuckets: isBlocked },
    });
    const { Policy } = await client.send(new GetBucketPolicyCommand({ Bucket }));
    const Resource = `arn:aws:s3:::${Bucket}/studio-resources/*`;
    expect(JSON.parse(Policy!)).toHaveProperty('Statement', [
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      ...(read ? [{ Sid: 'Read', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource, ...read }] : []),
    ]);
    // A second run finds them as they are to be.
    await cloud.run(smallRelease('1.0.1'), args);
    client.destroy();
  },
);

test('a release that is complete is left as it is', async () => {
  await cloud.run(smallRelease('1.0.0'));
  const before = regions.map((region) => cloud.contents(region));
  const results = await cloud.run(smallRelease('1.0.0'));
  expect(results.map(({ uploaded }) => uploaded)).toEqual([0, 0, 0]);
  expect(regions.map((region) => cloud.contents(region))).toEqual(before);
});

test('latest goes to later versions only', async () => {
  await cloud.run(smallRelease('1.10.0'));
  await cloud.run(smallRelease('1.9.1'));
  await cloud.run(smallRelease('2.0.0-rc.1'));
  expect(latestVersions()).toEqual(['2.0.0-rc.1', '2.0.0-rc.1', '2.0.0-rc.1']);
  await cloud.run(smallRelease('2.0.0'));
  expect(latestVersions()).toEqual(['2.0.0', '2.0.0', '2.0.0']);
});

test('with --keep-latest the files are there, and latest moves with the same command without it', async () => {
  await cloud.run(smallRelease('1.0.0'));
  const release = smallRelease('1.1.0', 'second');
  const kept = await cloud.run(release, ['--keep-latest']);
  expect(kept.map(({ uploaded, latest }) => [uploaded, latest])).toEqual(regions.map(() => [5, '1.0.0']));
  expect(cloud.said).toContain('  eu-west-1: upload 5 of 5 files to acme-eu-west-1, leave latest at 1.0.0');
  expectNoWrongBytes(release, smallRelease('1.0.0'));
  expect(latestVersions()).toEqual(['1.0.0', '1.0.0', '1.0.0']);
  const moved = await cloud.run(release, []);
  expect(moved.map(({ uploaded, latest }) => [uploaded, latest])).toEqual(regions.map(() => [0, '1.1.0']));
  expect(latestVersions()).toEqual(['1.1.0', '1.1.0', '1.1.0']);
});

test('with --keep-latest a first release leaves no latest version', async () => {
  const results = await cloud.run(smallRelease('1.0.0'), ['--create-buckets', '--keep-latest']);
  expect(results.map(({ latest }) => latest)).toEqual([undefined, undefined, undefined]);
  expect(latestVersions()).toEqual([undefined, undefined, undefined]);
  expect(cloud.said.some((line) => /^us-east-1 +acme-us-east-1 +5 +none$/.test(line))).toBe(true);
});

test.each(['PutObject', 'PutLatest'])('a %s that conflicts with another request is made again', async (operation) => {
  const release = smallRelease('1.0.0');
  cloud.conflictAt(operation, 3);
  await cloud.run(release);
  expectNoWrongBytes(release);
  expect(latestVersions()).toEqual(['1.0.0', '1.0.0', '1.0.0']);
});

test('a first release that is interrupted before any of its requests is never half there, and is resumed', async () => {
  const release = smallRelease('1.0.0');
  const args = ['--create-buckets', '--public'];
  await cloud.run(release, args);
  const all = cloud.requests;
  expect(all).toBeGreaterThan(40);
  for (let requests = 1; requests < all; requests += 1) {
    cloud.close();
    cloud = new ReleaseCloud();
    cloud.interruptAfter(requests, 'request');
    await expect(cloud.run(release, args)).rejects.toThrow('the connection was cut');
    cloud.resume();
    expectNoWrongBytes(release);
    latestVersions();
    await cloud.run(release, args);
    expectNoWrongBytes(release);
    expect(latestVersions()).toEqual(['1.0.0', '1.0.0', '1.0.0']);
  }
});

test('nor is one that loses the answer to any of its requests, while the version before it is the latest', async () => {
  const [first, second] = [smallRelease('1.0.0'), smallRelease('1.1.0', 'second')];
  await cloud.run(first);
  const saved = cloud.save();
  cloud.requests = 0;
  await cloud.run(second);
  const all = cloud.requests;
  expect(all).toBeGreaterThan(30);
  for (let requests = 1; requests <= all; requests += 1) {
    cloud.close();
    cloud = new ReleaseCloud(saved);
    cloud.interruptAfter(requests, 'answer');
    await expect(cloud.run(second)).rejects.toThrow('the connection was cut');
    cloud.resume();
    expectNoWrongBytes(first, second);
    const versions = latestVersions();
    expect(versions.every((version) => version === '1.0.0' || version === '1.1.0')).toBe(true);
    await cloud.run(second);
    expectNoWrongBytes(first, second);
    expect(latestVersions()).toEqual(['1.1.0', '1.1.0', '1.1.0']);
  }
});
