import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { DataScientists, outcome } from './data-scientists.ts';

let people: DataScientists;

/** Where projects keep models and what their pipelines build, and a bucket of the data scientists' own. */
const data = 'sagemaker-project-p-abcdefghijkl';
const artifacts = 'studio-pipeline-p-abcdefghijkl';
const own = 'sagemaker-us-east-1-000000000000';

beforeAll(async () => {
  people = await DataScientists.start({ ReadOnlyBuckets: 'golden-*' });
  const { s3 } = people.cloud.clients;
  for (const Bucket of [data, artifacts, own, 'golden-houses']) {
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'Build/abc.zip', Body: 'as it was built' }));
  }
});
afterAll(() => people?.cloud.stop());

/** Replaces, deletes or tags an object. */
async function writes(s3: S3Client, Bucket: string): Promise<string[]> {
  const Key = 'Build/abc.zip';
  const Tagging = { TagSet: [{ Key: 'servicecatalog:provisioning', Value: 'true' }] };
  return [
    await outcome(s3.send(new PutObjectCommand({ Bucket, Key, Body: 'swapped' }))),
    await outcome(s3.send(new PutObjectCommand({ Bucket, Key: 'another', Body: 'swapped' }))),
    await outcome(s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging }))),
    await outcome(s3.send(new DeleteObjectCommand({ Bucket, Key }))),
  ];
}

async function reads(s3: S3Client, Bucket: string): Promise<string[]> {
  return [
    await outcome(s3.send(new ListObjectsV2Command({ Bucket }))),
    await outcome(s3.send(new GetObjectCommand({ Bucket, Key: 'Build/abc.zip' }))),
  ];
}

test('attack: a data scientist swaps what a pipeline has built, or the model that waits for its approval', async () => {
  const { s3 } = (await people.as('ada')).clients;
  expect(await writes(s3, data)).toEqual(Array(4).fill('denied'));
  expect(await reads(s3, data)).toEqual(['done', 'done']);
  expect(await writes(s3, artifacts)).toEqual(Array(4).fill('denied'));
  expect(await reads(s3, artifacts)).toEqual(['denied', 'denied']);
  expect(await writes(s3, 'golden-houses')).toEqual(Array(4).fill('denied'));
  expect(await reads(s3, own)).toEqual(['done', 'done']);
  expect(await writes(s3, own)).toEqual(Array(4).fill('done'));
});

test('attack: a role with every right of S3 swaps them', async () => {
  const { s3 } = (await people.wide()).clients;
  expect(await writes(s3, data)).toEqual(Array(4).fill('denied'));
  expect(await writes(s3, artifacts)).toEqual(Array(4).fill('denied'));
  expect(await reads(s3, artifacts)).toEqual(['denied', 'denied']);
});

test('attack: a role with every right of S3 opens a bucket by its policy', async () => {
  const { s3 } = (await people.wide()).clients;
  // S3 itself refuses a policy for everybody, as long as the bucket blocks public access.
  const Principal = { AWS: '666666666666' };
  const Statement = { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${own}/*` };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  expect(await outcome(s3.send(new PutBucketPolicyCommand({ Bucket: own, Policy })))).toBe('denied');
});
