import * as CloudFormation from '@aws-sdk/client-cloudformation';
import * as Lambda from '@aws-sdk/client-lambda';
import { FunctionCloud } from '../function-cloud.ts';

let cloud: FunctionCloud;
let client: CloudFormation.CloudFormationClient;

beforeAll(async () => {
  cloud = await FunctionCloud.open();
  client = new CloudFormation.CloudFormationClient(cloud.options);
});

afterAll(async () => {
  client.destroy();
  await cloud.discard();
});

const source = (text: string) => `
exports.handler = async (event) => {
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = 'thing', ResourceProperties } = event;
  const Data = { Text: ${JSON.stringify(text)} + ResourceProperties.Size };
  const Status = ResourceProperties.Size === '13' && event.RequestType !== 'Delete' ? 'FAILED' : 'SUCCESS';
  const body = JSON.stringify({ Status, Reason: 'unlucky', StackId, RequestId, LogicalResourceId, PhysicalResourceId, Data });
  const { status } = await fetch(event.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (status !== 200) throw new Error('answered ' + status);
};`;

const template = `
Parameters:
  Size: { Type: Number }
  Source: { Type: String }
  Timeout: { Type: Number, Default: 30 }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
  Provider:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Timeout: !Ref Timeout
      Environment: { Variables: { SIZE: !Ref Size } }
      Code: { ZipFile: !Ref Source }
  Retries:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: { FunctionName: !Ref Provider, Qualifier: $LATEST, MaximumRetryAttempts: !If [Twice, 2, 0] }
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !GetAtt Provider.Arn, Action: 'lambda:InvokeFunction', Principal: events.amazonaws.com }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Provider }
  Alias:
    Type: AWS::Lambda::Alias
    Properties: { FunctionName: !Ref Provider, FunctionVersion: !GetAtt Version.Version, Name: live }
  Thing:
    Type: Custom::Thing
    DependsOn: Retries
    Properties: { ServiceToken: !GetAtt Provider.Arn, Size: !Ref Size }
Conditions:
  Twice: !Equals [!Ref Timeout, '60']
Outputs:
  Text: { Value: !GetAtt Thing.Text }
  Function: { Value: !Ref Provider }
`;

function request(Size: string, text: string, Timeout = '30') {
  return {
    StackName: 'studio',
    TemplateBody: template,
    Capabilities: ['CAPABILITY_IAM' as const],
    Parameters: Object.entries({ Size, Source: source(text), Timeout }).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
  };
}

async function ended(StackName: string): Promise<CloudFormation.Stack> {
  return cloud.when(async () => {
    const { Stacks } = await client.send(new CloudFormation.DescribeStacksCommand({ StackName }));
    return Stacks![0]!.StackStatus!.endsWith('_IN_PROGRESS') ? undefined : Stacks![0];
  });
}

test('one template creates a function and the custom resource that uses it, and its stack can be deleted', async () => {
  const { StackId } = await client.send(new CloudFormation.CreateStackCommand(request('7', 'made ')));
  const made = await ended('studio');
  expect(made).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Outputs: [{ OutputValue: 'made 7' }, {}] });

  await client.send(new CloudFormation.UpdateStackCommand(request('8', 'changed ', '60')));
  const changed = await ended('studio');
  expect(changed).toMatchObject({
    StackStatus: 'UPDATE_COMPLETE',
    Outputs: [{ OutputValue: 'changed 8' }, made.Outputs![1]],
  });
  const FunctionName = made.Outputs![1]!.OutputValue!;
  const configuration = await cloud.lambda.send(new Lambda.GetFunctionConfigurationCommand({ FunctionName }));
  expect(configuration).toMatchObject({ Timeout: 60, Environment: { Variables: { SIZE: '8' } } });
  const retries = await cloud.lambda.send(new Lambda.GetFunctionEventInvokeConfigCommand({ FunctionName }));
  expect(retries.MaximumRetryAttempts).toBe(2);
  const alias = await cloud.lambda.send(new Lambda.GetAliasCommand({ FunctionName, Name: 'live' }));
  expect(alias.FunctionVersion).toBe('1');

  await client.send(new CloudFormation.UpdateStackCommand(request('13', 'changed ', '60')));
  expect(await ended('studio')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE', Outputs: changed.Outputs });

  await client.send(new CloudFormation.DeleteStackCommand({ StackName: 'studio' }));
  expect(await ended(StackId!)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  const { Functions } = await cloud.lambda.send(new Lambda.ListFunctionsCommand({}));
  expect(Functions).toEqual([]);
  expect(cloud.failedInvocations).toEqual([]);
});
