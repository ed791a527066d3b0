import * as S3 from '@aws-sdk/client-s3';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

const object = { Bucket: 'data', Key: 'big' };
const enough = 5 * 1024 * 1024;
let served: ServedCloud;
let client: S3.S3Client;
let UploadId: string;

beforeEach(async () => {
  served = serveCloud([s3]);
  client = new S3.S3Client(served.as('111111111111'));
  await client.send(new S3.CreateBucketCommand({ Bucket: 'data' }));
  const upload = await client.send(
    new S3.CreateMultipartUploadCommand({ ...object, ContentType: 'application/zip', Tagging: 'a=b' }),
  );
  UploadId = upload.UploadId ?? '';
});

afterEach(async () => {
  client.destroy();
  served.close();
});

const upload = async (PartNumber: number, size: number) => {
  const Body = Buffer.alloc(size, PartNumber);
  const { ETag } = await client.send(new S3.UploadPartCommand({ ...object, UploadId, PartNumber, Body }));
  return { PartNumber, ETag };
};
const complete = (Parts: S3.CompletedPart[]) =>
  client.send(new S3.CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }));

test('the parts become one object, in the order of their numbers', async () => {
  const second = await upload(2, 3);
  const first = await upload(1, enough);
  const { Parts } = await client.send(new S3.ListPartsCommand({ ...object, UploadId }));
  expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [1, enough],
    [2, 3],
  ]);
  const { ETag } = await complete([first, second]);
  expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
  const whole = await client.send(new S3.GetObjectCommand(object));
  expect(whole).toMatchObject({
    ContentLength: enough + 3,
    ContentType: 'application/zip',
    TagCount: 1,
    PartsCount: 2,
  });
  const bytes = await whole.Body?.transformToByteArray();
  expect([bytes?.at(0), bytes?.at(-1)]).toEqual([1, 2]);
});

test('parts that cannot be combined are refused', async () => {
  const first = await upload(1, 5);
  const second = await upload(2, 5);
  await expect(complete([first, second])).rejects.toMatchObject({ name: 'EntityTooSmall' });
  await expect(complete([second, first])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  await expect(complete([{ ...first, ETag: '"other"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
  await expect(complete([])).rejects.toMatchObject({ name: 'MalformedXML' });
  await expect(upload(10_001, 1)).rejects.toMatchObject({ name: 'InvalidArgument' });
});

test('an upload ends when it is completed or aborted', async () => {
  const list = async () => (await client.send(new S3.ListMultipartUploadsCommand({ Bucket: 'data' }))).Uploads;
  expect(await list()).toMatchObject([{ Key: 'big', UploadId }]);
  await client.send(new S3.AbortMultipartUploadCommand({ ...object, UploadId }));
  expect(await list()).toBeUndefined();
  await expect(upload(1, 1)).rejects.toMatchObject({ name: 'NoSuchUpload', $metadata: { httpStatusCode: 404 } });
});
