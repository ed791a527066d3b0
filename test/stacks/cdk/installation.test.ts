import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { publish } from '../../../scripts/start/artifacts.ts';
import { removeStack, startCloud } from '../cloud.ts';
import { artifacts } from '../provider.ts';
import { synthesize } from './synthesize.ts';

test('an app installs the provider from a release, uses it in the same stack, and deletes both in order', async () => {
  const cloud = await startCloud({ provider: false });
  const { lambda, logs, s3, ssm } = cloud.clients;
  await ssm.send(new PutParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '27' }));
  const context = { ...artifacts, templateUrl: await publish(s3, artifacts) };
  const { templates, printed } = await synthesize('installation-app.ts', context);
  expect(printed).toBe('');

  const created = await cloud.deploy('platform', { template: templates.get('platform')! });
  expect(created.failures).toEqual([]);
  expect(Object.values(created.outputs)).toEqual([expect.stringContaining(':studio-lifecycle-config/greeting')]);
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const names = Functions.map(({ FunctionName }) => FunctionName!);
  expect(names).toContain('vision-studio-domain');
  expect(names).not.toContain('vision-studio-setup');
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(new Set(logGroups.map(({ retentionInDays }) => retentionInDays))).toEqual(new Set([14]));

  await removeStack(cloud, 'platform');
  expect((await lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  await cloud.stop();
});
