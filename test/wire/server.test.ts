import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as S3 from '@aws-sdk/client-s3';
import { jest } from '@jest/globals';
import { createCloud } from '../../packages/local/src/create-cloud.ts';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { startLocalCloud } from '../../packages/local/src/local.ts';
import { type Listener, listen } from '../../packages/local/src/server.ts';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { Store } from '../../packages/local/src/store.ts';
import { VirtualClock } from '../packages/local/virtual-clock.ts';

let listener: Listener;
let close: () => void;

beforeEach(() => serve());
afterEach(async () => {
  close();
  await listener.close();
});

async function serve(rules: Rule[] = []): Promise<void> {
  listener = await listen(0);
  const { endpoint } = listener;
  const clock = new VirtualClock();
  const cloud = createCloud({
    clock,
    store: new Store(),
    endpoint,
    services: [ec2, s3],
    authorise() {},
    faults: { rules },
  });
  listener.serve(cloud);
  close = () => cloud.close();
}

const options = () => ({
  endpoint: listener.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: '111111111111', secretAccessKey: 'secret' },
  maxAttempts: 1,
});

test('a port in use is an error that says what to do', async () => {
  const port = Number(new URL(listener.endpoint).port);
  await expect(listen(port)).rejects.toThrow(
    `Listening on 127.0.0.1:${port}: the port is taken. Stop what uses it, or choose another with --port.`,
  );
});

test('a local cloud that fails to start because of invalid faults releases its port', async () => {
  const port = Number(new URL(listener.endpoint).port);
  await listener.close();
  const directory = await mkdtemp(join(tmpdir(), 'studio-resources-faults-'));
  const faults = join(directory, 'faults.json');
  await writeFile(faults, JSON.stringify({ rules: [{ on: 'call', fault: 'throttle', service: 'nowhere' }] }));
  await expect(startLocalCloud({ port, speed: 1, faults })).rejects.toThrow('"nowhere" is no service');
  listener = await listen(port);
  await rm(directory, { recursive: true });
});

test('a server that has no cloud yet asks to be tried again', async () => {
  const other = await listen(0);
  expect((await fetch(other.endpoint)).status).toBe(503);
  await other.close();
});

test('a client that disconnects in the middle of a request causes no error', async () => {
  const print = jest.spyOn(console, 'error').mockImplementation(() => {});
  const { port } = new URL(listener.endpoint);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('PUT /data/a HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nhal');
  await once(socket, 'ready');
  socket.destroy();
  await once(socket, 'close');
  expect((await fetch(`${listener.endpoint}/data/a`)).status).toBe(403);
  expect(print).not.toHaveBeenCalled();
  print.mockRestore();
});

test('what an SDK sends in pieces arrives whole, and comes back whole', async () => {
  const client = new S3.S3Client(options());
  const Body = Buffer.alloc(3_000_000, 'studio ');
  await client.send(new S3.CreateBucketCommand({ Bucket: 'data' }));
  await client.send(new S3.PutObjectCommand({ Bucket: 'data', Key: 'a', Body }));
  const { ContentLength } = await client.send(new S3.HeadObjectCommand({ Bucket: 'data', Key: 'a' }));
  expect(ContentLength).toBe(Body.length);
  const { Body: got } = await client.send(new S3.GetObjectCommand({ Bucket: 'data', Key: 'a' }));
  expect(Body.equals(await got!.transformToByteArray())).toBe(true);
  client.destroy();
});

test('the client sees a connection that a fault resets', async () => {
  close();
  await listener.close();
  await serve([{ on: 'call', fault: 'reset', count: 1 }]);
  const client = new EC2Client(options());
  await expect(client.send(new DescribeVpcsCommand({}))).rejects.toThrow(/ECONNRESET|socket hang up/);
  expect(await client.send(new DescribeVpcsCommand({}))).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  client.destroy();
});

test("an answer bears the caller's own time, so that no SDK takes an error for one of its clock", async () => {
  const headers = { 'x-amz-date': '20300102T030405Z' };
  const { date } = Object.fromEntries((await fetch(listener.endpoint, { headers })).headers);
  expect(date).toBe('Wed, 02 Jan 2030 03:04:05 GMT');
});

test("an answer to a caller that does not tell its time bears the machine's", async () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  const { date } = Object.fromEntries((await fetch(listener.endpoint)).headers);
  const told = Date.parse(String(date));
  expect([told >= before, told <= Date.now()]).toEqual([true, true]);
});
