import { createHmac } from 'node:crypto';
import * as S3 from '@aws-sdk/client-s3';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import * as STS from '@aws-sdk/client-sts';
import { issueAccessKey, issueCredentials } from '../../../packages/local/src/iam/credentials.ts';
import type { Principal } from '../../../packages/local/src/principal.ts';
import { service } from '../../../packages/local/src/service.ts';
import { s3 } from '../../../packages/local/src/services/s3/index.ts';
import { presignedUrl } from '../../../packages/local/src/signing.ts';
import { type ServedCloud, serveCloud } from './served-cloud.ts';

const sts = service('sts', 'sts', STS, {
  scope: 'account',
  operations: {
    GetCallerIdentity: (_, { principal, account }) => ({ Arn: principal.arn, Account: account, UserId: '-' }),
  },
});
const sagemaker = service('sagemaker', 'sagemaker', SageMaker, {
  operations: { ListDomains: () => ({ Domains: [] }) },
});

const role: Principal = {
  kind: 'role',
  account: '111111111111',
  arn: 'arn:aws:sts::111111111111:assumed-role/r/s',
  roleName: 'r',
  sessionName: 's',
};

let served: ServedCloud;

beforeEach(async () => {
  served = serveCloud([s3, sts, sagemaker]);
});

afterEach(() => served.close());

function issue(seconds: number) {
  // The SDK would look at the expiration itself.
  const { expiration: _, ...credentials } = issueCredentials(served.cloud.store, served.cloud.clock, role, seconds);
  return credentials;
}

async function whoIs(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) {
  const client = new STS.STSClient({ ...served.as(''), credentials });
  try {
    return (await client.send(new STS.GetCallerIdentityCommand())).Arn;
  } finally {
    client.destroy();
  }
}

describe('a signed request is made by', () => {
  test('the account that an access key of twelve digits names; any other key is account zero', async () => {
    expect(await whoIs({ accessKeyId: '222222222222', secretAccessKey: 'x' })).toBe('arn:aws:iam::222222222222:root');
    expect(await whoIs({ accessKeyId: 'anything', secretAccessKey: 'x' })).toBe('arn:aws:iam::000000000000:root');
  });

  test('the role or the user that issued credentials belong to', async () => {
    expect(await whoIs(issue(900))).toBe(role.arn);
    const user: Principal = { kind: 'user', account: '1', arn: 'arn:aws:iam::1:user/u', userName: 'u' };
    expect(await whoIs(issueAccessKey(served.cloud.store, served.cloud.clock, user))).toBe(user.arn);
  });

  test("no principal once the credentials have expired; the error has the protocol's form", async () => {
    const credentials = issue(900);
    await served.clock.pass(900_000);
    await expect(whoIs(credentials)).rejects.toMatchObject({
      name: 'ExpiredToken',
      message: 'The security token included in the request is expired',
      $metadata: { httpStatusCode: 403 },
    });
    const client = new SageMaker.SageMakerClient({ ...served.as(''), credentials });
    await expect(client.send(new SageMaker.ListDomainsCommand())).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      $metadata: { httpStatusCode: 400 },
    });
    client.destroy();
  });

  test('no principal when the session token is wrong', async () => {
    await expect(whoIs({ ...issue(900), sessionToken: 'other' })).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('an unsigned request', () => {
  test('is denied by S3, because nothing is public', async () => {
    const answer = await served.fetch(`${served.cloud.endpoint}/bucket/key`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'application/xml']);
    expect(await answer.text()).toContain('<Code>AccessDenied</Code><Message>Access Denied</Message>');
  });

  test('for an operation is refused because its token is missing', async () => {
    const headers = { 'x-amz-target': 'SageMaker.ListDomains' };
    const answer = await served.fetch(served.cloud.endpoint, { method: 'POST', headers, body: '{}' });
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([
      403,
      'MissingAuthenticationTokenException',
    ]);
  });
});

test('the error names a service that the local cloud does not have', async () => {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=1/20261121/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=x';
  const answer = await served.fetch(served.cloud.endpoint, { method: 'POST', headers: { authorization } });
  expect(answer.status).toBe(501);
  expect(await answer.json()).toMatchObject({ message: 'The local cloud has no service that signs as sqs' });
});

describe('a presigned URL', () => {
  const Bucket = 'data';

  beforeEach(async () => {
    const client = new S3.S3Client(served.as('111111111111'));
    await client.send(new S3.CreateBucketCommand({ Bucket }));
    client.destroy();
  });

  const presign = (
    method: 'GET' | 'PUT',
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
  ) =>
    presignedUrl({
      method,
      origin: served.cloud.endpoint,
      path: `/${Bucket}/a%20key`,
      service: 's3',
      region: 'us-east-1',
      at: served.clock.now(),
      expires: 60,
      ...credentials,
    });
  const put = (url: string, body = 'hello', type = '') =>
    served.fetch(url, { method: 'PUT', body, headers: { 'content-type': type } });

  test('allows its holder to put and get, with any content type', async () => {
    const credentials = issue(900);
    expect((await put(presign('PUT', credentials))).status).toBe(200);
    expect((await put(presign('PUT', credentials), 'hello again', 'text/plain')).status).toBe(200);
    expect(await (await served.fetch(presign('GET', credentials))).text()).toBe('hello again');
  });

  test('allows nothing once it has expired', async () => {
    const url = presign('GET', issue(900));
    await served.clock.pass(60_000);
    const answer = await served.fetch(url);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain(
      '<Code>AccessDenied</Code><Message>Request has expired</Message><Expires>2026-11-21T06:25:00.000Z</Expires>',
    );
  });

  test('allows only what was signed', async () => {
    const url = presign('GET', issue(900));
    for (const changed of [url.replace('a%20key', 'other'), url.replace('Expires=60', 'Expires=600'), `${url}0`]) {
      const answer = await served.fetch(changed);
      expect([answer.status, await answer.text()]).toEqual([
        403,
        expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
      ]);
    }
    expect((await put(url)).status).toBe(403);
  });

  test('is accepted without a check of its signature when its secret is unknown', async () => {
    expect((await put(presign('PUT', { accessKeyId: '111111111111', secretAccessKey: 'anything' }))).status).toBe(200);
  });

  test('without a time is refused', async () => {
    const answer = await served.fetch(presign('GET', issue(900)).replace(/X-Amz-Date=[^&]+/, 'X-Amz-Date='));
    expect(await answer.text()).toContain('<Code>AuthorizationQueryParametersError</Code>');
  });

  test('may have the older signature version, which S3 still accepts', async () => {
    const { accessKeyId, secretAccessKey } = issueAccessKey(served.cloud.store, served.cloud.clock, {
      kind: 'user',
      account: '111111111111',
      arn: 'arn:aws:iam::111111111111:user/u',
      userName: 'u',
    });
    expect((await put(presign('PUT', { accessKeyId, secretAccessKey }))).status).toBe(200);
    const Expires = String(served.clock.now() / 1000 + 60);
    const sign = (path: string) =>
      createHmac('sha1', secretAccessKey).update(`GET\n\n\n${Expires}\n${path}`).digest('base64');
    const get = (path: string, Signature: string) =>
      served.fetch(
        `${served.cloud.endpoint}${path}?${new URLSearchParams({ AWSAccessKeyId: accessKeyId, Expires, Signature })}`,
      );
    expect(await (await get('/data/a%20key', sign('/data/a%20key'))).text()).toBe('hello');
    expect((await get('/data/a%20key', sign('/data/other'))).status).toBe(403);
  });
});
