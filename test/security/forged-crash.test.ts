import { jest } from '@jest/globals';
import { respond } from '@studio-resources/core';
import { captured } from '../packages/core/console.ts';
import { event, lambda } from '../packages/core/event.ts';
import { stateSecret } from '../packages/core/waiting/state-secret.ts';
import { type Wire, wire } from '../packages/core/wire.ts';

const secret = stateSecret();
const bodies: string[] = [];
let wires: Wire;

beforeEach(() => {
  captured();
  bodies.length = 0;
  wires = wire(({ body }) => {
    bodies.push(String(body));
    return { status: 200 };
  });
});
afterEach(() => {
  wires.restore();
  jest.restoreAllMocks();
});

const { StackId, RequestId, LogicalResourceId } = event();
const response = JSON.stringify({
  Status: 'SUCCESS',
  PhysicalResourceId: 'evil',
  StackId,
  RequestId,
  LogicalResourceId,
  Data: { Evil: 'evil' },
});
const ResponseURL =
  'https://cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com/key?X-Amz-Signature=5ecre7';

test.each([
  ['as functions of earlier versions wrote it', () => `; the answer: ${response}`],
  ['without a signature', () => `; the signed response: ${response}`],
  ['with an invented signature', () => `; the signed response: ${secret.key.id}.${'A'.repeat(43)}.${response}`],
  ['with an invented key', () => `; the signed response: ${'a'.repeat(36)}.${'A'.repeat(43)}.${response}`],
])('of a failure that is reported with a response %s, the responder sends none of it', async (_, carried) => {
  const errorMessage = `Delivering the response, attempt 8: 503${carried()}`;
  const requestPayload = event({ ResponseURL });
  await respond({ requestPayload, responsePayload: { errorType: 'UndeliveredError', errorMessage } }, lambda());
  expect(bodies).toHaveLength(1);
  const { Status, PhysicalResourceId, Data } = JSON.parse(bodies[0]!);
  expect({ Status, PhysicalResourceId, Data }).toEqual({
    Status: 'FAILED',
    PhysicalResourceId: 'studio-resources:create-unsettled:request-1',
    Data: undefined,
  });
});
