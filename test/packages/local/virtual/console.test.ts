import { Lambda } from '@aws-sdk/client-lambda';
import { startVirtualCloud, type VirtualCloud } from '@studio-resources/local';

const template = `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
  Talking:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: talking
      Role: !GetAtt Role.Arn
      Runtime: nodejs24.x
      Handler: index.handler
      Code:
        ZipFile: exports.handler = async () => { console.log('hello from %s', 'inside'); return 42; };
`;
const { Console } = console;
let cloud: VirtualCloud;

beforeAll(async () => {
  cloud = await startVirtualCloud();
});

afterEach(() => {
  Object.assign(console, { Console });
});

afterAll(() => cloud.close());

test('a function logs to its log group, whatever the console of the test runner is', async () => {
  Object.assign(console, { Console: undefined });
  expect(await cloud.deploy('functions', { template })).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
  const { Payload } = await new Lambda(cloud.clientOptions()).invoke({ FunctionName: 'talking' });
  expect(Payload?.transformToString()).toBe('42');
  expect(await cloud.logLines('talking')).toContainEqual(expect.stringContaining('hello from inside'));
});
