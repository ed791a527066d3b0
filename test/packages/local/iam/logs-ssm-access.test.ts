import { createCloud } from '../../../../packages/local/src/create-cloud.ts';
import { authorise } from '../../../../packages/local/src/iam/authorise.ts';
import { accountPrincipal, type Principal } from '../../../../packages/local/src/principal.ts';
import type { Cloud } from '../../../../packages/local/src/service.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { logs } from '../../../../packages/local/src/services/logs/index.ts';
import { ssm } from '../../../../packages/local/src/services/ssm/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { allow, roleSession } from '../role-session.ts';
import { VirtualClock } from '../virtual-clock.ts';

const owner = { principal: accountPrincipal('111111111111'), region: 'us-east-1' };
let cloud: Cloud & { close(): void };

beforeEach(async () => {
  const options = { clock: new VirtualClock(), store: new Store(), endpoint: 'http://127.0.0.1:4566' };
  cloud = createCloud({ ...options, services: [logs, ssm, iam], authorise });
  for (const [name, team] of [
    ['/a', 'x'],
    ['/b', 'y'],
  ] as const) {
    await cloud.invoke(logs, 'CreateLogGroup', { logGroupName: name, tags: { team } }, owner);
    await cloud.invoke(logs, 'CreateLogStream', { logGroupName: name, logStreamName: 's' }, owner);
    const Tags = [{ Key: 'team', Value: team }];
    await cloud.invoke(ssm, 'PutParameter', { Name: name, Value: 'v', Type: 'String', Tags }, owner);
  }
});

afterEach(() => cloud.close());

async function attempt(principal: Principal, service: string, operation: string, input: Record<string, unknown>) {
  return cloud.call({ service, operation, input, principal, region: 'us-east-1' }).then(
    () => 'done',
    (error: Error) => error.name,
  );
}

const group = (name: string) => `arn:aws:logs:us-east-1:111111111111:log-group:${name}`;

test('a permission for a log group and its contents includes its streams, and no other group', async () => {
  const writer = await roleSession(cloud, '111111111111', allow('logs:*', `${group('/a')}:*`));
  const as = (operation: string, logGroupName: string, more = {}) =>
    attempt(writer, 'cloudwatch-logs', operation, { logGroupName, ...more });
  const logEvents = [{ timestamp: cloud.clock.now(), message: 'm' }];
  expect(await as('PutLogEvents', '/a', { logStreamName: 's', logEvents })).toBe('done');
  expect(await as('FilterLogEvents', '/a')).toBe('done');
  expect(await as('PutLogEvents', '/b', { logStreamName: 's', logEvents })).toBe('AccessDeniedException');
  expect(await as('FilterLogEvents', '/b')).toBe('AccessDeniedException');
  expect(await attempt(writer, 'cloudwatch-logs', 'DescribeLogGroups', {})).toBe('AccessDeniedException');
  const byArn = { logGroupIdentifier: group('/a'), logStreamName: 's' };
  expect(await attempt(writer, 'cloudwatch-logs', 'GetLogEvents', byArn)).toBe('done');
});

test('a permission can depend on the tags of a log group or a parameter', async () => {
  const ours = { StringEquals: { 'aws:ResourceTag/team': 'x' } };
  const tagged = await roleSession(cloud, '111111111111', allow(['logs:*', 'ssm:*'], '*', ours));
  const list = (name: string) =>
    attempt(tagged, 'cloudwatch-logs', 'ListTagsForResource', { resourceArn: group(name) });
  expect([await list('/a'), await list('/b')]).toEqual(['done', 'AccessDeniedException']);
  const get = (Name: string) => attempt(tagged, 'ssm', 'GetParameter', { Name });
  expect([await get('/a'), await get('/b')]).toEqual(['done', 'AccessDeniedException']);
});

test('a permission for parameters below a path applies to their ARNs, in every version', async () => {
  const reader = await roleSession(
    cloud,
    '111111111111',
    allow('ssm:*', 'arn:aws:ssm:us-east-1:111111111111:parameter/a*'),
  );
  const as = (operation: string, input: object) => attempt(reader, 'ssm', operation, { ...input });
  expect(await as('GetParameter', { Name: '/a:1' })).toBe('done');
  expect(await as('GetParameter', { Name: 'arn:aws:ssm:us-east-1:111111111111:parameter/a' })).toBe('done');
  expect(await as('GetParameters', { Names: ['/a'] })).toBe('done');
  expect(await as('GetParameters', { Names: ['/a', '/b'] })).toBe('AccessDeniedException');
  expect(await as('GetParametersByPath', { Path: '/a' })).toBe('done');
  expect(await as('GetParametersByPath', { Path: '/' })).toBe('AccessDeniedException');
  expect(await as('DescribeParameters', {})).toBe('AccessDeniedException');
  expect(await as('ListTagsForResource', { ResourceType: 'Parameter', ResourceId: '/a' })).toBe('done');
});
