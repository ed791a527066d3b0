import type { StackEvent } from '@aws-sdk/client-cloudformation';
import * as CloudFormation from '@aws-sdk/client-cloudformation';
import * as SSM from '@aws-sdk/client-ssm';
import { cloudformation } from '../../../packages/local/src/cloudformation/service.ts';
import { matches, patternProblem } from '../../../packages/local/src/events/rules.ts';
import { followTrail } from '../../../packages/local/src/events/trail.ts';
import { ssm } from '../../../packages/local/src/services/ssm/index.ts';
import { eventually, type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';

describe('a pattern', () => {
  const event = {
    source: 'aws.ssm',
    detail: { eventName: 'PutParameter', requestParameters: { name: '/a/b', size: 1 } },
  };

  test.each<[object, boolean]>([
    [{ source: ['aws.ssm', 'aws.s3'] }, true],
    [{ source: ['aws.s3'] }, false],
    [{ detail: { eventName: ['PutParameter'], errorCode: [{ exists: false }] } }, true],
    [{ detail: { eventName: [{ exists: 'false' }] } }, false],
    [{ detail: { requestParameters: { name: [{ prefix: '/a/' }], size: [1] } } }, true],
    [{ detail: { requestParameters: { name: [{ 'anything-but': ['/a/b'] }] } } }, false],
    [{ detail: { requestParameters: { other: { deep: ['x'] } } } }, false],
  ])('%j fits: %p', (pattern, fits) => {
    expect(patternProblem(pattern)).toBeUndefined();
    expect(matches(pattern as never, event)).toBe(fits);
  });

  test.each([
    [{ source: 'aws.ssm' }, 'source must be an object or an array'],
    [
      { detail: { size: [{ numeric: ['>', 1] }] } },
      'detail.size: the local cloud knows only exists, prefix and anything-but',
    ],
    ['aws.ssm', 'The pattern must be an object or an array'],
  ])('%j is refused', (pattern, problem) => {
    expect(patternProblem(pattern)).toContain(problem);
  });
});

const source = `
exports.handler = async (event) => console.log('GOT ' + JSON.stringify(event));`;

const template = `
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Name: parameters
      EventPattern:
        source: [aws.ssm]
        detail: { eventName: [PutParameter], errorCode: [{ exists: false }] }
      Targets: [{ Id: it, Arn: 'arn:aws:lambda:us-east-1:111122223333:function:it' }]
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: it
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceArn: !GetAtt Rule.Arn
Outputs:
  Name: { Value: !Ref Rule }
  Arn: { Value: !GetAtt Rule.Arn }
`;

describe('a rule', () => {
  let cloud: LambdaCloud;
  let client: CloudFormation.CloudFormationClient;
  let ssmClient: SSM.SSMClient;
  let unfollow: () => void;

  beforeEach(async () => {
    cloud = await lambdaCloud({ services: [cloudformation, ssm] });
    unfollow = followTrail(cloud.cloud);
    await cloud.create('it', { 'index.js': source });
    client = new CloudFormation.CloudFormationClient(cloud.options);
    ssmClient = new SSM.SSMClient(cloud.options);
  });
  afterEach(async () => {
    unfollow();
    client.destroy();
    ssmClient.destroy();
    await cloud.close();
  });

  async function deploy(parameters: Record<string, string> = {}, TemplateBody = template) {
    const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    }));
    await client.send(new CloudFormation.CreateStackCommand({ StackName: 'rules', TemplateBody, Parameters }));
    return eventually(async () => {
      const { Stacks } = await client.send(new CloudFormation.DescribeStacksCommand({ StackName: 'rules' }));
      return Stacks![0]!.StackStatus!.endsWith('IN_PROGRESS') ? undefined : Stacks![0]!;
    });
  }

  const put = (Name: string, Value = 'x') =>
    ssmClient.send(new SSM.PutParameterCommand({ Name, Value, Type: 'String' }));
  const got = async () =>
    // Before the function has run, it has no log.
    (await cloud.messages('it').catch(() => [])).flatMap((message) => {
      const [, json] = /GOT (.*)/.exec(message) ?? [];
      return json === undefined ? [] : [JSON.parse(json)];
    });

  test('has its function invoked with what CloudTrail tells of a call', async () => {
    const stack = await deploy();
    expect(stack.Outputs).toEqual([
      expect.objectContaining({ OutputKey: 'Name', OutputValue: 'parameters' }),
      expect.objectContaining({
        OutputKey: 'Arn',
        OutputValue: 'arn:aws:events:us-east-1:111122223333:rule/parameters',
      }),
    ]);
    await put('/one');
    await ssmClient.send(new SSM.GetParameterCommand({ Name: '/one' }));
    const [event] = await eventually(async () => ((await got()).length > 0 ? got() : undefined));
    expect(event).toMatchObject({
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.ssm',
      account: '111122223333',
      detail: { eventName: 'PutParameter', requestParameters: { name: '/one', type: 'String' } },
    });
  });

  test('lets its function alone when a call has failed', async () => {
    await deploy();
    await put('/one');
    await expect(put('/one')).rejects.toThrow();
    await put('/two');
    const names = () => got().then((events) => events.map(({ detail }) => detail.requestParameters.name).sort());
    await eventually(async () => ((await names()).length === 2 ? true : undefined));
    expect(await names()).toEqual(['/one', '/two']);
  });

  test('is gone with its stack', async () => {
    await deploy();
    await client.send(new CloudFormation.DeleteStackCommand({ StackName: 'rules' }));
    await eventually(async () => {
      const { StackSummaries } = await client.send(new CloudFormation.ListStacksCommand({}));
      return StackSummaries?.some(({ StackStatus }) => StackStatus === 'DELETE_COMPLETE') || undefined;
    });
    expect(cloud.store.table('events', { account: '111122223333', region: 'us-east-1' }, 'rules').size).toBe(0);
  });

  test('with a pattern that nobody understands fails, and says so', async () => {
    const stack = await deploy({}, template.replace('[PutParameter]', '[{ suffix: Parameter }]'));
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await client.send(
      new CloudFormation.DescribeStackEventsCommand({ StackName: 'rules' }),
    );
    const reasons = StackEvents.map(({ ResourceStatusReason }: StackEvent) => ResourceStatusReason).join();
    expect(reasons).toContain('Event pattern is not valid. Reason: detail.eventName: the local cloud knows only');
  });
});
