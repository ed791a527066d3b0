import type { LambdaContext } from '@studio-resources/core';

export const stackId = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/studio/5f1b2c30';

/** A request as CloudFormation sends it: Create, unless told otherwise. */
export function event(fields: Record<string, unknown> = {}): Record<string, unknown> {
  const { ResourceProperties = { Name: 'one', Size: '1' }, ...others } = fields;
  return {
    RequestType: 'Create',
    ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:Thing',
    RequestId: 'request-1',
    StackId: stackId,
    LogicalResourceId: 'MyThing',
    ResourceType: 'Custom::Thing',
    ResourceProperties:
      typeof ResourceProperties === 'object'
        ? { ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:Thing', ...ResourceProperties }
        : ResourceProperties,
    ...others,
  };
}

/** Lambda's context of an invocation that has so much time left. */
export function lambda(remaining = 300_000): LambdaContext {
  return {
    awsRequestId: 'invocation-1',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:Thing',
    logGroupName: '/aws/lambda/Thing',
    logStreamName: '2026/11/21/[$LATEST]abc',
    getRemainingTimeInMillis: () => remaining,
  };
}
