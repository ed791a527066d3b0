import { cloudtrail } from '../../../../packages/local/src/services/cloudtrail/index.ts';
import { eventbridge } from '../../../../packages/local/src/services/eventbridge/index.ts';
import { matches } from '../../../../packages/local/src/services/eventbridge/pattern.ts';
import { followCalls } from '../../../../packages/local/src/services/eventbridge/trail.ts';
import { ssm } from '../../../../packages/local/src/services/ssm/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { AuthorisedCloud } from '../authorised-cloud.ts';
import { logManagementEvents } from '../management-events.ts';
import { StackCloud, token } from '../stack-cloud.ts';

const calls = {
  source: ['aws.ssm'],
  detail: { eventName: ['PutParameter'], requestParameters: { name: ['/studio'] } },
};
const EventPattern = JSON.stringify(calls);
const target = { Id: 'one', Arn: token };

test('a rule has targets, and can be deleted once it has none', async () => {
  const cloud = new AuthorisedCloud([eventbridge]);
  const { RuleArn } = await cloud.call(eventbridge, 'PutRule', { Name: 'studio', EventPattern });
  expect(RuleArn).toBe('arn:aws:events:eu-west-1:111122223333:rule/studio');
  await cloud.call(eventbridge, 'PutTargets', { Rule: 'studio', Targets: [target] });
  expect((await cloud.call(eventbridge, 'ListTargetsByRule', { Rule: 'studio' })).Targets).toEqual([target]);
  await cloud.call(eventbridge, 'DisableRule', { Name: 'studio' });
  expect(await cloud.call(eventbridge, 'DescribeRule', { Name: 'studio' })).toMatchObject({
    Arn: RuleArn,
    EventPattern,
    State: 'DISABLED',
  });
  expect((await cloud.call(eventbridge, 'ListRules', { NamePrefix: 'st' })).Rules).toHaveLength(1);
  await expect(cloud.call(eventbridge, 'DeleteRule', { Name: 'studio' })).rejects.toThrow('it has targets');
  await cloud.call(eventbridge, 'RemoveTargets', { Rule: 'studio', Ids: ['one'] });
  await cloud.call(eventbridge, 'DeleteRule', { Name: 'studio' });
  await expect(cloud.call(eventbridge, 'DescribeRule', { Name: 'studio' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test.each([
  ['{', 'Reason: it is not JSON'],
  ['{}', 'Reason: the pattern must be an object or an array'],
  ['{"source":"aws.ssm"}', 'Reason: source must be an object or an array'],
  ['{"source":[]}', 'Reason: empty arrays are not allowed, at source'],
  ['{"detail":{"a":[{"numeric":["=",1]}]}}', 'and not numeric, at detail.a'],
])('the pattern %s is refused', async (text, message) => {
  const cloud = new AuthorisedCloud([eventbridge]);
  await expect(cloud.call(eventbridge, 'PutRule', { Name: 'studio', EventPattern: text })).rejects.toMatchObject({
    name: 'InvalidEventPatternException',
    message: expect.stringContaining(message),
  });
});

test('a pattern matches an event that has one of its values for each of its members', () => {
  const event = { source: 'aws.ssm', detail: { name: '/studio/a', list: ['x', 'y'], count: 1 } };
  const fits = (pattern: object) => matches(pattern as never, event);
  expect(fits({ source: ['aws.s3', 'aws.ssm'] })).toBe(true);
  expect(fits({ source: ['aws.s3'] })).toBe(false);
  expect(fits({ detail: { name: [{ prefix: '/studio/' }], list: ['y'], count: [1] } })).toBe(true);
  expect(fits({ detail: { name: [{ suffix: '/b' }] } })).toBe(false);
  expect(fits({ detail: { name: [{ 'anything-but': ['/studio/a'] }] } })).toBe(false);
  expect(fits({ detail: { other: [{ exists: false }], name: [{ exists: true }] } })).toBe(true);
  expect(fits({ detail: { name: [{ exists: 'false' }] } })).toBe(false);
  expect(fits({ detail: { other: { deeper: ['x'] } } })).toBe(false);
});

test("the event of CloudTrail about a call is delivered to the function that a stack's rule names", async () => {
  const cloud = new StackCloud(new Store(), [cloudtrail, eventbridge]);
  await logManagementEvents(cloud);
  followCalls(cloud.cloud);
  const events: Record<string, unknown>[] = [];
  cloud.provider = (event) => {
    events.push({ ...event });
    return undefined;
  };
  const rule = (pattern: object) => ({
    Resources: { Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: pattern, Targets: [target] } } },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Rule', 'Arn'] } } },
  });
  const made = await cloud.create('rules', rule(calls));
  expect(made.Outputs).toMatchObject([{ OutputValue: expect.stringContaining(':rule/rules-Rule-') }]);
  const put = (Name: string) =>
    cloud.invoke(ssm, 'PutParameter', { Name, Value: 'x', Type: 'String', Overwrite: true });
  await put('/other');
  await put('/studio');
  await cloud.when(() => events[0]);
  expect(events).toMatchObject([
    {
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.ssm',
      detail: { eventSource: 'ssm.amazonaws.com', eventName: 'PutParameter', requestParameters: { name: '/studio' } },
    },
  ]);
  const other = { ...calls, detail: { eventName: ['DeleteParameter'] } };
  expect(await cloud.update('rules', rule(other))).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  await put('/studio');
  await cloud.invoke(ssm, 'DeleteParameter', { Name: '/studio' });
  await cloud.when(() => events[1]);
  expect(events[1]).toMatchObject({ detail: { eventName: 'DeleteParameter' } });
  expect(await cloud.delete('rules')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect((await cloud.invoke(eventbridge, 'ListRules', {})).Rules).toEqual([]);
});
