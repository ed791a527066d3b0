import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { readOptions } from '../../../scripts/release/options.ts';
import { openPlaces } from '../../../scripts/release/place.ts';
import { runRelease } from '../../../scripts/release/run.ts';
import { cleanCommit } from '../../../scripts/release/working-tree.ts';
import { ReleaseCloud, regions, smallRelease } from './release-cloud.ts';

const stranger = '222222222222';
const release = smallRelease('1.0.0');

let cloud: ReleaseCloud;
let before: ReturnType<ReleaseCloud['contents']>[];

const everything = () => regions.map((region) => cloud.contents(region));

beforeEach(() => {
  cloud = new ReleaseCloud();
});
afterEach(() => cloud.close());

/** The run is refused with this message, and no bucket has another object than before. */
async function expectRefusal(run: () => Promise<unknown>, message: string): Promise<void> {
  before = everything();
  await expect(run()).rejects.toThrow(message);
  expect(everything()).toEqual(before);
}

async function createBucket(Bucket: string, region: string, as?: string): Promise<void> {
  const client = cloud.client(region, as);
  const LocationConstraint = region as 'eu-west-1';
  const CreateBucketConfiguration = region === 'us-east-1' ? undefined : { LocationConstraint };
  await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  client.destroy();
}

async function put(region: string, Key: string, Body: string): Promise<void> {
  const client = cloud.client(region);
  await client.send(new PutObjectCommand({ Bucket: `acme-${region}`, Key, Body, ChecksumAlgorithm: 'SHA256' }));
  client.destroy();
}

async function openTo(region: string, Principal: unknown): Promise<void> {
  const client = cloud.client(region);
  const Bucket = `acme-${region}`;
  const Statement = { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  client.destroy();
}

const options = (...args: string[]) =>
  readOptions(['--version', '1.0.0', '--bucket-prefix', 'acme', '--regions', regions.join(), ...args]);

test('a bucket that is missing in one Region', async () => {
  await createBucket('acme-us-east-1', 'us-east-1');
  await createBucket('acme-ap-northeast-1', 'ap-northeast-1');
  await expectRefusal(
    () => cloud.run(release, []),
    'Checking the bucket acme-eu-west-1 (eu-west-1): it does not exist. Create it, or give --create-buckets',
  );
});

test('a bucket of another Region', async () => {
  await createBucket('acme-eu-west-1', 'us-east-1');
  await expectRefusal(
    () => cloud.run(release),
    'Checking the bucket acme-eu-west-1 (eu-west-1): it is in us-east-1. Give another --bucket-prefix',
  );
});

test("a bucket of another Region, as AWS's S3 redirects to it", async () => {
  const config = cloud.config();
  const { requestHandler } = config as { requestHandler: { handle(request: { method: string }): Promise<unknown> } };
  const redirecting = {
    ...requestHandler,
    async handle(request: { method: string; hostname: string }, ...more: []) {
      if (request.method !== 'HEAD') return requestHandler.handle(request, ...more);
      const headers = { 'x-amz-bucket-region': 'eu-central-1' };
      return { response: { statusCode: 301, headers, body: undefined } };
    },
  };
  const dependencies = { commit: () => '', check: async () => {}, read: async () => release, say() {} };
  await expectRefusal(
    () => runRelease(options(), { ...dependencies, config: { ...config, requestHandler: redirecting as never } }),
    'Checking the bucket acme-eu-west-1 (eu-west-1): it is in eu-central-1',
  );
});

test('a bucket of another account', async () => {
  await createBucket('acme-eu-west-1', 'eu-west-1', stranger);
  await expectRefusal(
    () => cloud.run(release),
    'Checking the bucket acme-eu-west-1 (eu-west-1): account 111111111111 may not use it, or another account owns it',
  );
});

test('a Region that there is not', async () => {
  const none = readOptions(['--version', '1.0.0', '--bucket-prefix', 'acme', '--regions', 'us-east-1,eu-east-9']);
  await expectRefusal(
    () => cloud.runWith(none, release),
    'Checking the Region eu-east-9: there is none of that name. Take it out of --regions; there are af-south-1, ap-east-1, ',
  );
});

test('a Region that is not enabled in the account', async () => {
  const disabled = readOptions(['--version', '1.0.0', '--bucket-prefix', 'acme', '--regions', 'us-east-1,af-south-1']);
  await expectRefusal(
    () => cloud.runWith(disabled, release),
    'Checking the Region af-south-1: it is not enabled in this account. Enable it, or take it out of --regions',
  );
});

test.each([
  ['DescribeRegions', "Asking for the account's Regions (us-east-1): cut. The caller needs ec2:DescribeRegions"],
  ['HeadBucket', 'Checking the bucket acme-eu-west-1 (eu-west-1): cut'],
  ['GetBucketPolicy', 'Checking the bucket acme-eu-west-1 (eu-west-1): reading its policy: cut'],
  ['ListObjects', 'Listing what is in the bucket acme-eu-west-1 (eu-west-1): cut'],
  ['GetObject', 'Reading studio-resources/latest.json in the bucket acme-eu-west-1 (eu-west-1): cut'],
])('a %s that fails', async (operation, message) => {
  await cloud.run(smallRelease('0.9.0'));
  cloud.cutAt(operation);
  await expectRefusal(() => cloud.run(release), message);
});

test.each([
  ['PutBucketVersioning', 'Creating the bucket acme-eu-west-1 (eu-west-1): cut'],
  ['PutObject', 'to acme-eu-west-1 (eu-west-1): cut; run the same command again to resume'],
  ['HeadObject', 'in the bucket acme-eu-west-1 (eu-west-1): cut; run the same command again to resume'],
  [
    'PutLatest',
    'Moving studio-resources/latest.json in the bucket acme-eu-west-1 (eu-west-1): cut; run the same command',
  ],
])('a %s that fails is named, and the run can be resumed', async (operation, message) => {
  cloud.cutAt(operation);
  await expect(cloud.run(release)).rejects.toThrow(message);
  cloud.resume();
  await cloud.run(release);
  for (const contents of everything()) {
    expect(new TextDecoder().decode(contents!.get('studio-resources/latest.json')![0])).toContain('"1.0.0"');
  }
});

test.each([
  ['PutObject', 'to acme-eu-west-1 (eu-west-1): a conflict; run the same command again to resume'],
  [
    'PutLatest',
    'Moving studio-resources/latest.json in the bucket acme-eu-west-1 (eu-west-1): a conflict; run the same',
  ],
])('a %s that never stops to conflict with other requests', async (operation, message) => {
  cloud.conflictAt(operation, Number.POSITIVE_INFINITY);
  await expect(cloud.run(release)).rejects.toThrow(message);
});

test('missing credentials', async () => {
  const { credentials: _, ...config } = cloud.config();
  const none = async () => {
    throw new Error('Could not load credentials from any providers');
  };
  await expectRefusal(
    () => openPlaces(options(), { ...config, credentials: none }),
    'Asking for the identity of the caller (us-east-1): Could not load credentials from any providers. Give --profile, or set the credentials in the environment',
  );
});

test('a profile that there is not', async () => {
  const { credentials: _, ...config } = cloud.config();
  await expectRefusal(
    () => openPlaces(options(), { ...config, profile: 'no-such-profile' }),
    'Asking for the identity of the caller (us-east-1): ',
  );
});

test('a check that fails', async () => {
  const dependencies = { config: cloud.config(), commit: () => '', read: async () => release, say() {} };
  const check = async () => {
    throw new Error('Checking what is to be released: a check failed');
  };
  await expectRefusal(() => runRelease(options('--create-buckets'), { ...dependencies, check }), 'a check failed');
  expect(everything()).toEqual([undefined, undefined, undefined]);
});

describe('of a version that exists', () => {
  beforeEach(async () => {
    await cloud.run(release);
  });

  test('a changed zip', async () => {
    await expectRefusal(
      () => cloud.run(smallRelease('1.0.0', 'changed')),
      'it has other bytes than this release. Version 1.0.0 exists; release another version',
    );
  });

  test('another commit with the same files', async () => {
    await expectRefusal(
      () => cloud.run(smallRelease('1.0.0', 'first', 'f'.repeat(40))),
      'Comparing studio-resources/1.0.0/manifest.json in the bucket acme-eu-west-1 (eu-west-1): it has other bytes',
    );
  });
});

test('an object in one Region that is none of the release, while the others have nothing', async () => {
  await createBucket('acme-ap-northeast-1', 'ap-northeast-1');
  await put('ap-northeast-1', 'studio-resources/1.0.0/responder-0000000000000000.zip', 'another zip');
  await expectRefusal(
    () => cloud.run(release),
    'Comparing studio-resources/1.0.0/responder-0000000000000000.zip in the bucket acme-ap-northeast-1 (ap-northeast-1)',
  );
  expect(everything().slice(0, 2)).toEqual([undefined, undefined]);
});

test('an object that appears during the uploads with other bytes', async () => {
  await cloud.run(smallRelease('0.9.0'));
  const { path } = release.files.at(-1)!;
  const say = cloud.said.push.bind(cloud.said);
  cloud.said.push = (...lines) => {
    // After the plan, and before the uploads.
    if (lines[0]?.startsWith('  us-east-1: ')) void put('us-east-1', `studio-resources/1.0.0/${path}`, 'another zip');
    return say(...lines);
  };
  await expect(cloud.run(release)).rejects.toThrow(
    `Comparing studio-resources/1.0.0/${path} in the bucket acme-us-east-1`,
  );
  for (const contents of everything()) {
    expect(new TextDecoder().decode(contents!.get('studio-resources/latest.json')![0])).toContain('"0.9.0"');
  }
  expect([...cloud.contents('us-east-1')!.keys()]).not.toContain('studio-resources/1.0.0/manifest.json');
});

test('all that is wrong in several Regions, at once', async () => {
  await createBucket('acme-us-east-1', 'us-east-1');
  await expectRefusal(() => cloud.run(release, []), 'acme-eu-west-1 (eu-west-1): it does not exist');
  await expectRefusal(() => cloud.run(release, []), 'acme-ap-northeast-1 (ap-northeast-1): it does not exist');
});

test.each([
  [
    'a bucket without a policy',
    undefined,
    [],
    'it has no policy, so no other account can read it. Give --create-buckets',
  ],
  [
    'a bucket with a policy of its own',
    { AWS: stranger },
    ['--create-buckets'],
    'it has a policy of its own. Leave out --public',
  ],
])('%s, where others are to read it', async (_what, principal, args, message) => {
  for (const region of regions) {
    await createBucket(`acme-${region}`, region);
    if (principal) await openTo(region, principal);
  }
  await expectRefusal(() => cloud.run(release, [...args, '--public']), message);
});

test('a bucket of ours without its settings gets them with --create-buckets, and one with a policy keeps its own', async () => {
  for (const region of regions) await createBucket(`acme-${region}`, region);
  await openTo('us-east-1', { AWS: stranger });
  await cloud.run(release);
  expect(cloud.said).toContain('  us-east-1: upload 5 of 5 files to acme-us-east-1, move latest from nothing to 1.0.0');
  expect(cloud.said).toContain(
    '  eu-west-1: give the bucket acme-eu-west-1 its settings, upload 5 of 5 files to acme-eu-west-1, move latest from nothing to 1.0.0',
  );
});

test('a dry run prints the plan, and creates and uploads nothing', async () => {
  expect(await cloud.run(release, ['--create-buckets', '--dry-run'])).toEqual([]);
  expect(everything()).toEqual([undefined, undefined, undefined]);
  expect(cloud.said.at(-1)).toBe('Nothing was uploaded: it was a dry run');
  expect(cloud.said).toContain(
    '  eu-west-1: create the bucket acme-eu-west-1, upload 5 of 5 files to acme-eu-west-1, move latest from nothing to 1.0.0',
  );
});

test('a working tree that differs from its commit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'studio-resources-release-'));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
  try {
    git('init', '--quiet');
    writeFileSync(join(folder, 'a.yaml'), 'a');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--no-verify', '-m', 'a');
    expect(cleanCommit(folder)).toBe(git('rev-parse', 'HEAD'));
    for (let count = 0; count < 12; count += 1) writeFileSync(join(folder, `b-${count}.yaml`), 'b');
    expect(() => cleanCommit(folder)).toThrow(
      /^Checking the working tree: b-0\.yaml, .* and 2 more: not committed\. Commit or stash it, then release$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
