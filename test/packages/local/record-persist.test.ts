import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as STS from '@aws-sdk/client-sts';
import { jest } from '@jest/globals';
import type { Exchange } from '../../../packages/local/src/cloud-events.ts';
import { createCloud } from '../../../packages/local/src/create-cloud.ts';
import { keepState, loadState } from '../../../packages/local/src/persist.ts';
import { accountPrincipal } from '../../../packages/local/src/principal.ts';
import { recordExchanges } from '../../../packages/local/src/record.ts';
import { service } from '../../../packages/local/src/service.ts';
import { s3 } from '../../../packages/local/src/services/s3/index.ts';
import { ssm } from '../../../packages/local/src/services/ssm/index.ts';
import { Store } from '../../../packages/local/src/store.ts';
import { AuthorisedCloud } from './authorised-cloud.ts';
import { VirtualClock } from './virtual-clock.ts';

const sts = service('sts', 'sts', STS, {
  operations: {
    AssumeRole: ({ RoleArn }) => ({
      Credentials: {
        AccessKeyId: 'ASIA',
        SecretAccessKey: 'secret',
        SessionToken: 'token',
        Expiration: new Date(0),
      },
      SourceIdentity: RoleArn,
    }),
  },
});

const as = { principal: accountPrincipal('111111111111'), region: 'us-east-1' };
const clock = new VirtualClock();
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-cloud-'));
});

afterEach(() => rm(directory, { recursive: true }));

function newCloud(store = new Store()) {
  return createCloud({ clock, store, endpoint: 'http://127.0.0.1:4566', services: [s3, ssm, sts], authorise() {} });
}

describe('a recording', () => {
  async function record(run: (cloud: ReturnType<typeof newCloud>) => Promise<unknown>): Promise<Exchange[]> {
    const cloud = newCloud();
    const file = join(directory, 'exchanges.jsonl');
    const recording = await recordExchanges(file, cloud);
    await run(cloud);
    await recording.close();
    cloud.close();
    const text = await readFile(file, 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  test('has a line for each exchange', async () => {
    const lines = await record(async (cloud) => {
      await cloud.invoke(s3, 'CreateBucket', { Bucket: 'data' }, as);
      await cloud.invoke(s3, 'DeleteBucket', { Bucket: 'missing' }, as).catch(() => {});
    });
    expect(lines).toEqual([
      {
        time: '2026-11-21T06:24:00.000Z',
        account: '111111111111',
        region: 'us-east-1',
        principal: 'arn:aws:iam::111111111111:root',
        service: 's3',
        operation: 'CreateBucket',
        request: { Bucket: 'data' },
        status: 200,
        response: { Location: '/data' },
      },
      expect.objectContaining({ status: 404, error: expect.objectContaining({ code: 'NoSuchBucket' }) }),
    ]);
  });

  test('has short texts, the size of other bodies, and no signature', async () => {
    const url = 'http://a/b?X-Amz-Security-Token=abc%2B&X-Amz-Signature=def';
    const [, text, binary, long] = await record(async (cloud) => {
      await cloud.invoke(s3, 'CreateBucket', { Bucket: 'data' }, as);
      for (const Body of [Buffer.from(`{"url":"${url}"}`), Buffer.from([0xff, 0xfe]), Buffer.alloc(5000)]) {
        await cloud.invoke(s3, 'PutObject', { Bucket: 'data', Key: 'a', Body }, as);
      }
    });
    expect(text?.request).toMatchObject({ Body: '{"url":"http://a/b?X-Amz-Security-Token=***&X-Amz-Signature=***"}' });
    expect(binary?.request).toMatchObject({ Body: '<2 bytes>' });
    expect(long?.request).toMatchObject({ Body: '<5000 bytes>' });
  });

  test('truncates long texts, and omits secrets', async () => {
    const RoleArn = 'arn:aws:iam::111111111111:role/r';
    const [put, assumed] = await record(async (cloud) => {
      const Tags = [{ Key: 'team', Value: 'x' }];
      const value = { Name: '/a', Value: 'hush', Type: 'SecureString', Tags } as const;
      await cloud.invoke(ssm, 'PutParameter', value, as);
      await cloud.invoke(sts, 'AssumeRole', { RoleArn, RoleSessionName: 'session', Policy: 'd'.repeat(5000) }, as);
    });
    expect(put?.request).toMatchObject({
      Value: '***',
      Tags: [{ Key: 'team', Value: 'x' }],
    });
    expect(assumed?.request).toMatchObject({ Policy: `${'d'.repeat(4096)}… (5000 characters)` });
    expect(assumed?.response).toMatchObject({
      Credentials: { AccessKeyId: 'ASIA', SecretAccessKey: '***', SessionToken: '***' },
      SourceIdentity: RoleArn,
    });
  });

  test('has each permission that a role uses and is allowed once', async () => {
    const made = new AuthorisedCloud([ssm]);
    const { cloud } = made;
    const role = await made.role('writer', { Effect: 'Allow', Action: 'ssm:PutParameter', Resource: '*' });
    const file = join(directory, 'rights.jsonl');
    const recording = await recordExchanges(file, cloud);
    const Type = 'String';
    await made.call(ssm, 'PutParameter', { Name: '/one', Value: 'a', Type }, role);
    await made.call(ssm, 'PutParameter', { Name: '/two', Value: 'a', Type }, role);
    await made.call(ssm, 'DeleteParameter', { Name: '/two' }, role).catch(() => {});
    await recording.close();
    cloud.close();
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).right).filter(Boolean)).toEqual([
      { principal: role.arn, action: 'ssm:PutParameter', resource: expect.stringMatching(/parameter\/one$/) },
    ]);
  });

  test('to a file that cannot be written is an error', async () => {
    const cloud = newCloud();
    const file = join(directory, 'missing', 'file');
    await expect(recordExchanges(file, cloud)).rejects.toThrow(`Recording to ${file}: ENOENT`);
    cloud.close();
  });
});

describe('kept state', () => {
  test('is loaded at the next start, with its time', async () => {
    const cloud = newCloud();
    const kept = await keepState(directory, cloud);
    await cloud.invoke(s3, 'CreateBucket', { Bucket: 'data' }, as);
    await cloud.invoke(s3, 'PutObject', { Bucket: 'data', Key: 'a', Body: 'hello' }, as);
    await kept.close();
    cloud.close();

    const store = new Store();
    expect(await loadState(directory, store)).toBe(clock.now());
    const next = newCloud(store);
    const { Body, LastModified } = await next.invoke(s3, 'GetObject', { Bucket: 'data', Key: 'a' }, as);
    expect(Buffer.from(Body ?? []).toString()).toBe('hello');
    expect(LastModified?.getTime()).toBe(clock.now());
    next.close();
  });

  test('is written a moment after a call, without waiting for the end', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    const cloud = newCloud();
    const kept = await keepState(directory, cloud);
    await cloud.invoke(s3, 'CreateBucket', { Bucket: 'data' }, as);
    jest.runAllTimers();
    jest.useRealTimers();
    const store = new Store();
    while ((await loadState(directory, store)) === undefined) await new Promise(setImmediate);
    const next = newCloud(store);
    expect((await next.invoke(s3, 'ListBuckets', {}, as)).Buckets).toMatchObject([{ Name: 'data' }]);
    await kept.close();
    cloud.close();
    next.close();
  });

  test('does not exist in an empty directory', async () => {
    expect(await loadState(join(directory, 'new'), new Store())).toBeUndefined();
  });

  test('that cannot be read is an error that says what to do', async () => {
    await writeFile(join(directory, 'state'), 'not a state');
    await expect(loadState(directory, new Store())).rejects.toThrow(
      /^Loading state from .*state: .*remove it, or give another/s,
    );
    await rm(join(directory, 'state'));
    await mkdir(join(directory, 'state'));
    await expect(loadState(directory, new Store())).rejects.toThrow(/^Loading state from .*state: EISDIR/);
  });

  test('that cannot be written is reported, and the cloud continues', async () => {
    const print = jest.spyOn(console, 'error').mockImplementation(() => {});
    const cloud = newCloud();
    const kept = await keepState(directory, cloud);
    await mkdir(join(directory, 'state.new'));
    await kept.close();
    expect(print).toHaveBeenCalledWith(
      `Keeping state in ${directory} failed:`,
      expect.objectContaining({ code: 'EISDIR' }),
    );
    print.mockRestore();
    cloud.close();
  });
});
