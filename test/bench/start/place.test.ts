import { archive } from '../../../scripts/bundle/archive.ts';
import { codeOf } from '../handlers/zips.ts';
import { type Place, startPlace } from './place.ts';
import type { Subject } from './subjects.ts';

let place: Place;

beforeAll(async () => {
  place = await startPlace();
});
afterAll(() => place.close());

const subject = (source: string): Subject => ({
  name: 'the function',
  code: codeOf(archive({ 'index.mjs': Buffer.from(source) })),
  layers: [],
  memorySize: 256,
  properties: (Name) => ({ Name }),
  status: 'SUCCESS',
});

/** Responds, as peers do, to port 443 of the URL's host. */
const responding = (status: string, after = '') =>
  subject(`
    import https from 'node:https';
    export async function handler({ ResponseURL, RequestId, StackId, LogicalResourceId, ResourceProperties: { Name } }) {
      const { hostname, pathname, search } = new URL(ResponseURL);
      const body = JSON.stringify({
        Status: '${status}', Reason: Name, PhysicalResourceId: Name, RequestId, StackId, LogicalResourceId,
      });
      const options = { hostname, port: 443, path: pathname + search, method: 'PUT', headers: { 'content-type': '' } };
      await new Promise((resolve) => https.request(options, resolve).end(body));
      ${after}
    }`);

test('a function is measured from its start to its response, and then while it is warm', async () => {
  const running = await place.start(responding('SUCCESS'));
  expect(running.cold).toMatchObject({ ms: expect.any(Number), calls: 0 });
  expect(await running.warm()).toEqual({ ms: expect.any(Number), calls: 0 });
  expect(await running.end()).toBeGreaterThan(0);
});

test.each([
  ['does not load', subject('throw new Error("no luck")'), /^Measuring the function: it did not start: .*no luck/],
  [
    'does not respond',
    subject('export const handler = () => {}'),
    /^Measuring the function: it ended without a response$/,
  ],
  ['throws', subject('export const handler = () => { throw new Error("oh") }'), /ended without a response: .*oh/],
  ['responds otherwise', responding('FAILED'), /^Measuring the function: it responded FAILED: script-\d+$/],
  ['fails after its response', responding('SUCCESS', 'throw new Error("late")'), /failed after its response: .*late/],
])('a function that %s is an error that says so', async (_, one, message) => {
  await expect(place.start(one)).rejects.toThrow(message);
});
