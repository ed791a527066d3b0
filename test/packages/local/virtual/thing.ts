/** The template of a stack that brings the function of its own custom resource. */
export function thingTemplate(source: string, properties: Record<string, unknown> = {}): string {
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  return JSON.stringify({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
        },
      },
      Provider: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'provider',
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Timeout: 60,
          Code: { ZipFile: source },
        },
      },
      Thing: {
        Type: 'Custom::Thing',
        Properties: { ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] }, ...properties },
      },
    },
    Outputs: { Thing: { Value: { Ref: 'Thing' } } },
  });
}

/** Answers after so many seconds, with an id by chance. */
export const answering = (seconds: number) => `
exports.handler = async ({ ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId }) => {
  await new Promise((done) => setTimeout(done, ${seconds * 1000}));
  const id = PhysicalResourceId ?? 'thing-' + Math.floor(Math.random() * 1e9);
  console.log('answering for', id);
  const answer = { Status: 'SUCCESS', StackId, RequestId, LogicalResourceId, PhysicalResourceId: id };
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(answer), headers: { 'content-type': '' } });
};`;

/** Leaves CloudFormation without an answer. */
export const silent = 'exports.handler = async () => {};';
