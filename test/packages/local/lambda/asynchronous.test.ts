import {
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { FunctionCloud, functionArn } from '../function-cloud.ts';

let local: FunctionCloud;
beforeEach(async () => {
  local = await FunctionCloud.open();
});
afterEach(() => local.discard());

const send = (name: string, event: unknown = {}) =>
  local.lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: JSON.stringify(event) }));

/** A function that writes down each event that it gets, and what it wrote down so far. */
const keeper = 'export const handler = async (event) => { console.log("KEPT " + JSON.stringify(event)); };';
const kept = (name = 'keeper') =>
  local.when(async () => {
    const messages = await local.messages(name).catch(() => []);
    const line = messages.find((message) => message.includes('KEPT '));
    return line && (JSON.parse(line.slice(line.indexOf('KEPT ') + 5)) as Record<string, unknown>);
  });

const sendTo = (name: string, destinations: object, more: object = {}) =>
  local.lambda.send(
    new PutFunctionEventInvokeConfigCommand({ FunctionName: name, DestinationConfig: destinations, ...more }),
  );

const started = async (name: string) =>
  (await local.messages(name).catch(() => [])).filter((message) => message.startsWith('START'));

test('an event is accepted at once, and delivered', async () => {
  await local.create('keeper', keeper);
  const { StatusCode } = await send('keeper', { a: 1 });
  expect(StatusCode).toBe(202);
  expect(await kept()).toEqual({ a: 1 });
});

test('an event on which the function fails is tried twice more, a minute and two minutes later, as the same request; then the failure destination gets it', async () => {
  await local.create('keeper', keeper);
  await local.create('fails', 'export const handler = async () => { throw new Error("never"); };');
  await sendTo('fails', { OnFailure: { Destination: functionArn('keeper') } });
  await send('fails', { a: 1 });
  const record = await kept();
  const requestId = /RequestId: (\S+)/.exec((await started('fails'))[0]!)![1];
  expect(record).toEqual({
    version: '1.0',
    timestamp: expect.stringMatching(/^2026-11-21T/),
    requestContext: {
      requestId,
      functionArn: functionArn('fails:$LATEST'),
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { a: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: expect.objectContaining({ errorType: 'Error', errorMessage: 'never' }),
  });
  const starts = await started('fails');
  expect(starts).toEqual(Array(3).fill(`START RequestId: ${requestId} Version: $LATEST`));
  const events = local.failedInvocations.filter(({ functionArn: arn }) => arn === functionArn('fails'));
  expect(events).toHaveLength(3);
});

test('a function that crashes reaches its failure destination too', async () => {
  await local.create('keeper', keeper);
  await local.create('crashes', 'export const handler = async () => process.exit(9);');
  await sendTo('crashes', { OnFailure: { Destination: functionArn('keeper') } }, { MaximumRetryAttempts: 0 });
  await send('crashes');
  expect(await kept()).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
    responsePayload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 9') },
  });
});

test('the terminal shows that the role may not invoke the destination', async () => {
  await local.discard();
  local = await FunctionCloud.open({ allow: ['logs:*'] });
  await local.create('keeper', keeper);
  await local.create('works', 'export const handler = async () => 1;');
  await sendTo('works', { OnSuccess: { Destination: functionArn('keeper') } });
  await send('works');
  const failure = await local.when(() => local.failedInvocations[0]);
  expect(failure).toMatchObject({
    functionArn: functionArn('works'),
    errorType: 'DestinationDeliveryFailure',
    lines: [
      expect.stringMatching(/ is not authorized to perform: lambda:InvokeFunction on resource: .*:function:keeper/),
    ],
  });
});

test('a success destination gets the result', async () => {
  await local.create('keeper', keeper);
  await local.create('works', 'export const handler = async () => ({ done: true });');
  await sendTo('works', { OnSuccess: { Destination: functionArn('keeper') } });
  await send('works', 'please');
  expect(await kept()).toMatchObject({
    requestContext: { condition: 'Success', approximateInvokeCount: 1 },
    requestPayload: 'please',
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: { done: true },
  });
});

/** Makes a keeper that has room for one event, and lets one that takes a while take it. */
async function createFull(name: string): Promise<void> {
  const wait = 'if (event.busy) { console.log("begun"); await new Promise((done) => setTimeout(done, 600_000)); }';
  await local.create(name, keeper.replace('=> {', `=> { ${wait}`));
  await local.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 1 }));
  await send(name, { busy: true });
  await local.when(async () => (await local.messages(name).catch(() => [])).find((one) => one.includes('begun')));
}

test('a throttled event waits until there is room', async () => {
  await createFull('keeper');
  await send('keeper', { patient: true });
  await local.when(() => queue()[1]?.throttles || undefined);
  expect(await started('keeper')).toHaveLength(1);
  await local.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'keeper' }));
  expect(await kept()).toEqual({ patient: true });
});

test('a throttled event that becomes too old goes to the failure destination without a result', async () => {
  await local.create('keeper', keeper);
  await createFull('never');
  await sendTo('never', { OnFailure: { Destination: functionArn('keeper') } }, { MaximumEventAgeInSeconds: 60 });
  await send('never', 1);
  const record = await kept();
  expect(record).toMatchObject({
    requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 },
    requestPayload: 1,
  });
  expect(record).not.toHaveProperty('responsePayload');
});

test('an event for a function that may never run goes to the failure destination at once', async () => {
  await local.create('keeper', keeper);
  await local.create('off', keeper);
  await sendTo('off', { OnFailure: { Destination: functionArn('keeper') } });
  await local.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'off', ReservedConcurrentExecutions: 0 }));
  const before = local.cloud.clock.now();
  await send('off', 1);
  const record = await kept();
  expect(record).toMatchObject({
    requestContext: { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 },
    requestPayload: 1,
  });
  expect(record).not.toHaveProperty('responsePayload');
  expect(Date.parse((record as { timestamp: string }).timestamp) - before).toBeLessThan(1000);
});

test('an event whose delivery was interrupted is delivered again from the saved state', async () => {
  await local.create(
    'waits',
    'export const handler = () => new Promise((done) => { console.log("begun"); setTimeout(done, 600_000); });',
  );
  await send('waits');
  await local.when(async () => (await local.messages('waits').catch(() => [])).find((one) => one.includes('begun')));
  const saved = await local.save();
  await local.discard();
  local = new FunctionCloud({ from: saved });
  await local.when(async () => (await started('waits')).length === 2 || undefined);
  expect(new Set(await started('waits')).size).toBe(1);
});

test('events of a function that is deleted are dropped', async () => {
  await createFull('gone');
  await send('gone');
  await local.lambda.send(new DeleteFunctionCommand({ FunctionName: 'gone' }));
  await local.when(() => queue().length === 1 || undefined);
});

function queue(): { throttles: number }[] {
  const scope = { account: '111122223333', region: 'us-east-1' };
  return [...local.cloud.store.table<{ throttles: number }>('lambda', scope, 'events').values()];
}
