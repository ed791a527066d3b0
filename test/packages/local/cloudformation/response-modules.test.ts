import { unzipSync } from 'fflate';
import { inlinePackage } from '../../../../packages/local/src/lambda/inline-package.ts';
import { FunctionCloud } from '../function-cloud.ts';

let cloud: FunctionCloud;
beforeAll(async () => {
  cloud = await FunctionCloud.open();
});
afterAll(() => cloud.discard());

const template = (runtime: string, source: string) => `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
  Provider:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Ref AWS::StackName
      Runtime: ${runtime}
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
${source.replace(/^/gm, '          ')}
  Thing:
    Type: Custom::Thing
    Properties: {ServiceToken: !GetAtt Provider.Arn, ServiceTimeout: 60, Input: 4}
Outputs:
  Value: {Value: !GetAtt Thing.Value}
  Id: {Value: !Ref Thing}
`;

/** The example of AWS's page on the module. */
const documented = `var response = require('cfn-response');
exports.handler = function(event, context) {
  var input = parseInt(event.ResourceProperties.Input);
  var responseData = {Value: input * 5};
  response.send(event, context, response.SUCCESS, responseData);
};`;

test.each([
  ['the documented example, which returns nothing,', 'nodejs22.x', documented],
  ['a handler that returns the promise', 'nodejs22.x', documented.replace('response.send', 'return response.send')],
  [
    'a handler that awaits it',
    'nodejs24.x',
    documented.replace('function', 'async function').replace('response.send', 'await response.send'),
  ],
])(
  '%s of %s answers through cfn-response, by default with its log stream as the physical id',
  async (_, runtime, source) => {
    const name = `answers-${runtime.slice(6, 8)}-${source.length}`;
    const made = await cloud.deploy(name, { template: template(runtime, source) });
    expect(made).toMatchObject({ status: 'CREATE_COMPLETE', outputs: { Value: '20' } });
    expect(made.outputs.Id).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    // The function's log comes after its response.
    await cloud.pass(2000);
    const lines = (await cloud.messages(name)).join('\n');
    expect(lines).toMatch(
      /Response body:\n {1,2}\{"Status":"SUCCESS","Reason":"See the details in CloudWatch Log Stream: /,
    );
    expect(lines).toContain('Status code: 200');
    expect(cloud.failedInvocations).toEqual([]);
    expect(await cloud.remove(name)).toMatchObject({ status: 'DELETE_COMPLETE', failures: [] });
  },
);

test('FAILED fails the stack at once, and the reason leads to the log stream', async () => {
  const source = documented.replace(
    'response.SUCCESS, responseData',
    "event.RequestType === 'Delete' ? 'SUCCESS' : response.FAILED, {}, 'my-id'",
  );
  const made = await cloud.deploy('fails', { template: template('nodejs22.x', source) });
  expect(made.status).toBe('ROLLBACK_COMPLETE');
  expect(made.failures).toContainEqual(expect.stringContaining('See the details in CloudWatch Log Stream: '));
});

test.each([
  ["const r = require('cfn-response');", 'nodejs24.x', 'cfn-response.js'],
  ['const r = require( "cfn-response" )', 'nodejs22.x', 'cfn-response.js'],
  ['import json\nimport cfnresponse\n', 'python3.13', 'cfnresponse.py'],
  ['def handler(event, context):\n    import cfnresponse  # late', 'python3.13', 'cfnresponse.py'],
])('%j of %s has the module in its package', (source, runtime, module) => {
  expect(Object.keys(unzipSync(inlinePackage(source, runtime)))).toEqual([expect.stringMatching(/^index\./), module]);
});

test.each([
  ['// cfn-response', 'nodejs24.x'],
  ["const r = require('other');", 'nodejs24.x'],
  ['import json, cfnresponse', 'python3.13'],
  ['from cfnresponse import send', 'python3.13'],
  ["const r = require('cfn-response');", 'python3.13'],
])('%j of %s has no module in its package', (source, runtime) => {
  expect(Object.keys(unzipSync(inlinePackage(source, runtime)))).toHaveLength(1);
});

test('a package of its own that requires the module does not get it', async () => {
  await cloud.create('own-package', { 'index.js': documented });
  expect((await cloud.invoke('own-package', {})).response).toMatchObject({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: expect.stringContaining("Cannot find module 'cfn-response'"),
  });
});
