import { DescribeStacksCommand, type StackEvent } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { reasonOf } from '../../../scripts/deploy/root-cause.ts';
import { artifacts } from '../../stacks/provider.ts';
import { deploying, profile, withDomain } from './deploy-cloud.ts';

const deployment = deploying();
const stack = ['--stack', 'studio', '--yes'];

/** A resource that waits for an hour, and that CloudFormation cancels when another one fails. */
const waiting = {
  Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
  Wait: { Type: 'AWS::CloudFormation::WaitCondition', Properties: { Handle: { Ref: 'Handle' }, Timeout: 3600 } },
};
/** A profile of a domain that there is not. */
const lost = { Resources: { ...waiting, UserProfile: profile({ DomainId: 'd-nowhere' }) } };

test('a failure is its first cause alone, with what the function has logged of that request', async () => {
  const { code, output } = await deployment.run([await deployment.file(lost), ...stack]);
  expect(code).toBe(1);
  const [, said = ''] = /\nstudio is ROLLBACK_COMPLETE\.\n(.*)/s.exec(output) ?? [];
  const [cause, head, ...log] = said.split('\n');
  expect(cause).toMatch(/^UserProfile \(Custom::StudioUserProfile\): Creating .*d-nowhere/);
  expect(cause).not.toMatch(/Received response status|RequestId/);
  expect(head).toBe('The log of studio-resources-studio-user-profile for this request:');
  expect(log.slice(0, -1)).toEqual([
    expect.stringMatching(/^ {2}\d\d:\d\d:\d\d {2}INFO {3}Received/),
    ...Array.from({ length: log.length - 2 }, () => expect.stringMatching(/^ {2}\d\d:\d\d:\d\d {2}(INFO|WARN|ERROR)/)),
  ]);
  expect(said).toMatch(/ERROR .*d-nowhere/);
  expect(said).not.toMatch(/cancelled|Wait/);
  expect(log.at(-1)).toBe('Before the next attempt, delete it: aws cloudformation delete-stack --stack-name studio');
});

test('of a nested stack, the cause is the failure in it', async () => {
  const { s3 } = deployment.cloud.clients;
  const Body = JSON.stringify({
    Resources: { Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/taken' } } },
  });
  await deployment.cloud.deploy('first', { template: Body });
  await s3.send(new PutObjectCommand({ Bucket: artifacts.bucket, Key: 'nested.json', Body }));
  const TemplateURL = `https://${artifacts.bucket}.s3.amazonaws.com/nested.json`;
  const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } };
  const { code, output } = await deployment.run([await deployment.file({ Resources: { Nested: nested } }), ...stack]);
  expect(code).toBe(1);
  expect(output).toMatch(
    /ROLLBACK_COMPLETE\.\nGroup \(AWS::Logs::LogGroup\) of the nested stack studio-Nested-\w+: .*already exists/,
  );
  expect(output).not.toContain('Embedded stack');
});

test('an update that fails rolls back, and the next one is possible', async () => {
  await deployment.run([await deployment.file(withDomain()), ...stack]);
  const bad = withDomain({}, { UserProfile: profile({ UserSettings: { SecurityGroups: ['sg-00000000000000000'] } }) });
  const { code, output } = await deployment.run([await deployment.file(bad), ...stack]);
  expect(code).toBe(1);
  expect(output).toMatch(/studio is UPDATE_ROLLBACK_COMPLETE\.\nUserProfile .*sg-00000000000000000/);
  expect(output).not.toContain('Before the next attempt');
  expect((await deployment.run([await deployment.file(withDomain()), ...stack])).output).toBe('studio has no changes.');
});

test('Ctrl-C leaves the operation to CloudFormation, and says where it is seen and how it is stopped', async () => {
  const runInterrupted = async (template: object) =>
    deployment.run([await deployment.file(template), ...stack], undefined, { interrupted: true });
  const created = await runInterrupted(withDomain());
  expect([created.code, created.output]).toEqual([
    1,
    expect.stringMatching(/^Interrupted\. CloudFormation goes on with studio\. .*delete-stack --stack-name studio$/m),
  ]);
  const status = async () => {
    const described = new DescribeStacksCommand({ StackName: 'studio' });
    return (await deployment.cloud.clients.cloudformation.send(described)).Stacks?.[0]?.StackStatus;
  };
  await deployment.cloud.until(async () => (await status()) === 'CREATE_COMPLETE', 'the stack is created');
  const updated = await runInterrupted(withDomain({ TagPropagation: 'ENABLED' }));
  expect(updated.output).toMatch(/^Interrupted\. .*cancel-update-stack --stack-name studio$/m);
});

test('where no resource has failed, the reason is that of the stack', async () => {
  const group = { Type: 'AWS::Logs::LogGroup', Properties: {} };
  const exporting = { Resources: { Group: group }, Outputs: { Name: { Value: 'x', Export: { Name: 'shared' } } } };
  const importing = {
    Resources: { Other: { ...group, Properties: { Tags: [{ Key: 'a', Value: { 'Fn::ImportValue': 'shared' } }] } } },
  };
  await deployment.run([await deployment.file(exporting), ...stack]);
  await deployment.cloud.deploy('user', { template: JSON.stringify(importing) });
  const without = { Resources: { Group: { ...group, Properties: { RetentionInDays: 1 } } } };
  const { code, output } = await deployment.run([await deployment.file(without), ...stack]);
  expect([code, output]).toEqual([1, expect.stringMatching(/ROLLBACK_COMPLETE\.\n.*shared.*in use by user/)]);
});

test('a function that is not ours decides itself, and another function for the same resource is refused', async () => {
  const token = (name: string) => ({ 'Fn::Sub': `arn:aws:lambda:us-east-1:\${AWS::AccountId}:function:${name}` });
  const other = { Type: 'Custom::Other', Properties: { ServiceToken: token('other') } };
  await deployment.run([await deployment.file(withDomain()), ...stack]);
  const moved = withDomain({ ServiceToken: token('mine') }, { Other: other });
  const { code, output } = await deployment.run([await deployment.file(moved), ...stack]);
  expect(code).toBe(1);
  expect(output).toMatch(/\+ Other +Custom::Other +created/);
  expect(output).toContain('refused: Modifying service token is not allowed.');
});

test('the words around a reason are left out, and what is no reason of a function stays', () => {
  const text =
    'Received response status [FAILED] from custom resource. Message returned: Creating a: (no) (RequestId: 1-2)';
  const event = (ResourceStatusReason: string) => ({ ResourceStatusReason }) as StackEvent;
  expect(reasonOf(event(text))).toEqual({ text: 'Creating a: (no)', requestId: '1-2' });
  expect(reasonOf(event('Creating b'))).toEqual({ text: 'Creating b' });
});
