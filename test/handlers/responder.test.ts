import { jest } from '@jest/globals';
import { handler } from '../../handlers/responder.ts';
import { type Bucket, responseBucket } from '../packages/core/bucket.ts';
import { captured } from '../packages/core/console.ts';
import { event, lambda } from '../packages/core/event.ts';

let bucket: Bucket;

beforeEach(async () => {
  captured();
  bucket = await responseBucket();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bucket.close();
});

test('an event on which a function failed is answered with the reason', async () => {
  await handler(
    {
      version: '1.0',
      timestamp: '2026-11-21T10:00:00.000Z',
      requestContext: {
        requestId: 'invocation-1',
        functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:studio-resources-studio-domain:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 1,
      },
      requestPayload: event({ ResponseURL: bucket.url }),
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: {
        errorType: 'Runtime.ExitError',
        errorMessage: 'RequestId: invocation-1 Error: Runtime exited with error: signal: killed',
      },
    },
    lambda(),
  );
  expect(bucket.answer()).toEqual({
    Status: 'FAILED',
    Reason:
      'The function studio-resources-studio-domain ended without a response: it ran out of memory; give the function ' +
      'more (Runtime.ExitError: RequestId: invocation-1 Error: Runtime exited with error: signal: killed). Its log ' +
      'group /aws/lambda/studio-resources-studio-domain may say more',
    PhysicalResourceId: 'studio-resources:create-unsettled:request-1',
    StackId: event().StackId,
    RequestId: 'request-1',
    LogicalResourceId: 'MyThing',
  });
});
