import { iam } from '../../../packages/local/src/services/iam/index.ts';
import { serveCloud } from './served-cloud.ts';

test("an answer bears the caller's own time, so that no SDK takes an error for one of its clock", async () => {
  const served = await serveCloud([iam]);
  const headers = { 'x-amz-date': '20300102T030405Z' };
  const { date } = Object.fromEntries((await fetch(served.cloud.endpoint, { headers })).headers);
  expect(date).toBe('Wed, 02 Jan 2030 03:04:05 GMT');
  await served.close();
});

test("an answer to a caller that does not tell its time bears the machine's", async () => {
  const served = await serveCloud([iam]);
  const { date } = Object.fromEntries((await fetch(served.cloud.endpoint)).headers);
  expect(Math.abs(Date.parse(String(date)) - Date.now())).toBeLessThan(60_000);
  await served.close();
});
