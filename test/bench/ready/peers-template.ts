/** Where the code of the functions is. */
export const codeBucket = 'bench-code';

const everything = { Effect: 'Allow', Action: '*', Resource: '*' };

/** The CDK's provider framework with a query interval in seconds: its state machine and functions, as its construct makes them. */
function framework(prefix: string, interval: number): Record<string, unknown> {
  const arn = (name: string) => ({ 'Fn::GetAtt': [`${prefix}${name}`, 'Arn'] });
  const variables = {
    USER_ON_EVENT_FUNCTION_ARN: arn('UserOnEvent'),
    USER_IS_COMPLETE_FUNCTION_ARN: arn('UserIsComplete'),
  };
  return {
    [`${prefix}UserOnEvent`]: functionOf(`${prefix}-user-on-event`, 'cdk-provider', 'onEvent'),
    [`${prefix}UserIsComplete`]: functionOf(`${prefix}-user-is-complete`, 'cdk-provider', 'isComplete'),
    [`${prefix}IsComplete`]: functionOf(`${prefix}-is-complete`, 'framework', 'isComplete', variables),
    [`${prefix}OnTimeout`]: functionOf(`${prefix}-on-timeout`, 'framework', 'onTimeout', variables),
    [`${prefix}OnEvent`]: functionOf(`${prefix}-on-event`, 'framework', 'onEvent', {
      ...variables,
      WAITER_STATE_MACHINE_ARN: { Ref: `${prefix}Waiter` },
    }),
    [`${prefix}Waiter`]: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: `${prefix}-waiter`,
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Definition: {
          StartAt: 'framework-isComplete-task',
          States: {
            'framework-isComplete-task': {
              Type: 'Task',
              Resource: arn('IsComplete'),
              // Of half an hour, as is its default.
              Retry: [
                {
                  ErrorEquals: ['States.ALL'],
                  IntervalSeconds: interval,
                  MaxAttempts: 1800 / interval,
                  BackoffRate: 1,
                },
              ],
              Catch: [{ ErrorEquals: ['States.ALL'], Next: 'framework-onTimeout-task' }],
              End: true,
            },
            'framework-onTimeout-task': { Type: 'Task', Resource: arn('OnTimeout'), End: true },
          },
        },
      },
    },
  };
}

function functionOf(FunctionName: string, code: string, handler: string, Variables?: Record<string, unknown>) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName,
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Runtime: 'nodejs24.x',
      Handler: `index.${handler}`,
      // 15 minutes, as the framework has it. The memory is Lambda's default, and the CDK's.
      Timeout: 900,
      MemorySize: 128,
      Code: { S3Bucket: codeBucket, S3Key: `${code}.zip` },
      ...(Variables && { Environment: { Variables } }),
    },
  };
}

/** A stack with the functions of all peers. */
export const peersTemplate = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: {
            Effect: 'Allow',
            Principal: { Service: ['lambda.amazonaws.com', 'states.amazonaws.com'] },
            Action: 'sts:AssumeRole',
          },
        },
        Policies: [{ PolicyName: 'all', PolicyDocument: { Statement: everything } }],
      },
    },
    Poll: functionOf('poll', 'poll', 'handler'),
    ...framework('Cdk5', 5),
    ...framework('Cdk30', 30),
  },
};
