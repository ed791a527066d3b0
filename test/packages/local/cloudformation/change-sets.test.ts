import type { CreateChangeSetInput } from '@aws-sdk/client-cloudformation';
import { custom, StackCloud } from '../stack-cloud.ts';
import { things } from './stack-templates.ts';

async function changeSet(cloud: StackCloud, template: object, more: Partial<CreateChangeSetInput> = {}) {
  const input = { StackName: 'studio', ChangeSetName: 'change', TemplateBody: JSON.stringify(template), ...more };
  const { Id } = await cloud.call('CreateChangeSet', input);
  return cloud.call('DescribeChangeSet', { ChangeSetName: Id });
}

test('a stack begins as a change set, and is created when that is executed', async () => {
  const cloud = new StackCloud();
  const described = await changeSet(cloud, things({ Thing: custom() }), { ChangeSetType: 'CREATE' });
  expect(described).toMatchObject({
    Status: 'CREATE_COMPLETE',
    ExecutionStatus: 'AVAILABLE',
    Changes: [
      {
        Type: 'Resource',
        ResourceChange: { Action: 'Add', LogicalResourceId: 'Thing', ResourceType: 'Custom::Thing' },
      },
    ],
  });
  expect(await cloud.stack('studio')).toMatchObject({ StackStatus: 'REVIEW_IN_PROGRESS' });
  expect(cloud.requests).toEqual([]);
  await cloud.call('ExecuteChangeSet', { ChangeSetName: 'change', StackName: 'studio' });
  expect(await cloud.ended('studio')).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    ChangeSetId: described.ChangeSetId,
  });
  expect((await cloud.history('studio')).slice(0, 2)).toEqual([
    'studio REVIEW_IN_PROGRESS: User Initiated',
    'studio CREATE_IN_PROGRESS: User Initiated',
  ]);
  await expect(cloud.call('ExecuteChangeSet', { ChangeSetName: 'change', StackName: 'studio' })).rejects.toMatchObject({
    name: 'InvalidChangeSetStatus',
  });
});

test('a stack in review takes another change set of its creation, or is deleted', async () => {
  const cloud = new StackCloud();
  await changeSet(cloud, things({ Thing: custom() }), { ChangeSetType: 'CREATE' });
  await changeSet(cloud, things({ Other: custom() }), { ChangeSetType: 'CREATE', ChangeSetName: 'second' });
  const { Summaries } = await cloud.call('ListChangeSets', { StackName: 'studio' });
  expect(Summaries!.map(({ ChangeSetName }) => ChangeSetName)).toEqual(['change', 'second']);
  expect(await cloud.delete('studio')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
});

test('a change set follows a replacement to what refers to something that may be replaced', async () => {
  const cloud = new StackCloud();
  const network = (CidrBlock: string) =>
    things({
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
      Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
      Association: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
      },
    });
  await cloud.create('studio', network('10.0.0.0/16'));
  const { Changes } = await changeSet(cloud, network('10.0.0.0/20'));
  expect(Changes!.map(({ ResourceChange: one }) => `${one!.LogicalResourceId} ${one!.Replacement}`).sort()).toEqual([
    'Association Conditional',
    'Subnet Conditional',
    'Table Conditional',
    'Vpc True',
  ]);
});

test('a change set shows what changes, why, and what is replaced', async () => {
  const cloud = new StackCloud();
  const template = (Name: string, gone: object) => ({
    Parameters: { Name: { Type: 'String', Default: Name } },
    Resources: {
      Table: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: Name === 'a' ? '10.0.0.0/16' : '10.1.0.0/16' } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Table' }, CidrBlock: '10.0.0.0/24' } },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': 'bucket-${Name}' } } },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: Name === 'a' ? 1 : 3 } },
      Thing: custom({ Vpc: { 'Fn::GetAtt': ['Table', 'CidrBlock'] } }),
      Same: custom(),
      ...gone,
    },
  });
  await cloud.create('studio', template('a', { Gone: custom() }));
  const { Changes } = await changeSet(cloud, template('b', { New: custom() }));
  const byId = Object.fromEntries(Changes!.map(({ ResourceChange: one }) => [one!.LogicalResourceId, one]));
  expect(Object.keys(byId).sort()).toEqual(['Bucket', 'Gone', 'Group', 'New', 'Subnet', 'Table', 'Thing']);
  expect(byId.Table).toMatchObject({
    Action: 'Modify',
    Replacement: 'True',
    Scope: ['Properties'],
    Details: [
      {
        Target: { Attribute: 'Properties', Name: 'CidrBlock', RequiresRecreation: 'Always' },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      },
    ],
  });
  expect(byId.Subnet).toMatchObject({
    Replacement: 'Conditional',
    Details: [
      {
        Target: { Name: 'VpcId', RequiresRecreation: 'Conditionally' },
        Evaluation: 'Dynamic',
        ChangeSource: 'ResourceReference',
        CausingEntity: 'Table',
      },
    ],
  });
  expect(byId.Bucket).toMatchObject({
    Replacement: 'True',
    Details: [{ ChangeSource: 'ParameterReference', CausingEntity: 'Name' }],
  });
  expect(byId.Group).toMatchObject({ Replacement: 'False', Details: [{ Target: { RequiresRecreation: 'Never' } }] });
  expect(byId.Thing).toMatchObject({
    Replacement: 'Conditional',
    Details: [{ ChangeSource: 'ResourceAttribute', CausingEntity: 'Table.CidrBlock' }],
  });
  expect(byId.Gone).toMatchObject({ Action: 'Remove', PhysicalResourceId: 'id-of-Gone', Details: [] });
  expect(byId.New).toMatchObject({ Action: 'Add' });
});

test('executing a change set updates the stack, and deletes its other change sets', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom({ N: 1 }) }));
  await changeSet(cloud, things({ Thing: custom({ N: 2 }) }));
  await changeSet(cloud, things({ Thing: custom({ N: 3 }) }), { ChangeSetName: 'other' });
  await cloud.call('ExecuteChangeSet', { ChangeSetName: 'change', StackName: 'studio' });
  expect(await cloud.ended('studio')).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  expect(cloud.requests.at(-1)!.ResourceProperties.N).toBe('2');
  const { Summaries } = await cloud.call('ListChangeSets', { StackName: 'studio' });
  expect(Summaries).toMatchObject([{ ChangeSetName: 'change', ExecutionStatus: 'EXECUTE_COMPLETE' }]);
});

test('a change set without changes fails, and cannot be executed', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  expect(await changeSet(cloud, things({ Thing: custom() }))).toMatchObject({
    Status: 'FAILED',
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
    ExecutionStatus: 'UNAVAILABLE',
  });
  await expect(cloud.call('ExecuteChangeSet', { ChangeSetName: 'change', StackName: 'studio' })).rejects.toThrow(
    'cannot be executed or deleted in its current status of [FAILED]',
  );
  await cloud.call('DeleteChangeSet', { ChangeSetName: 'change', StackName: 'studio' });
  await cloud.call('DeleteChangeSet', { ChangeSetName: 'change', StackName: 'studio' });
  await expect(cloud.call('DescribeChangeSet', { ChangeSetName: 'change', StackName: 'studio' })).rejects.toMatchObject(
    { name: 'ChangeSetNotFound', message: 'ChangeSet [change] does not exist' },
  );
});

test('the previous template and values are kept on request', async () => {
  const cloud = new StackCloud();
  const template = {
    Parameters: { A: { Type: 'String' }, B: { Type: 'String' } },
    ...things({ Thing: custom({ A: { Ref: 'A' }, B: { Ref: 'B' } }) }),
  };
  const values = (A: string, B: string) => [
    { ParameterKey: 'A', ParameterValue: A },
    { ParameterKey: 'B', ParameterValue: B },
  ];
  await cloud.create('studio', template, { Parameters: values('1', '2') });
  await cloud.call('CreateChangeSet', {
    StackName: 'studio',
    ChangeSetName: 'change',
    UsePreviousTemplate: true,
    Parameters: [
      { ParameterKey: 'A', UsePreviousValue: true },
      { ParameterKey: 'B', ParameterValue: '3' },
    ],
  });
  await cloud.call('ExecuteChangeSet', { ChangeSetName: 'change', StackName: 'studio' });
  await cloud.ended('studio');
  expect(cloud.requests.at(-1)!.ResourceProperties).toMatchObject({ A: '1', B: '3' });
});

test.each([
  [{ ChangeSetType: 'CREATE' as const }, 'Stack [studio] already exists and cannot be created again'],
  [{ StackName: 'none' }, 'Stack [none] does not exist'],
  [{ ChangeSetName: '1' }, "'changeSetName' failed to satisfy constraint"],
  [{ ChangeSetType: 'IMPORT' as const }, 'Must Provide at least one resource to import'],
  [{ TemplateBody: '{' }, 'Template format error'],
])('a change set with %j is refused', async (wrong, message) => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  await expect(changeSet(cloud, things({ Other: custom() }), wrong)).rejects.toThrow(message);
});

test('a stack has one change set of a name', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  await changeSet(cloud, things({ Other: custom() }));
  await expect(changeSet(cloud, things({ Other: custom() }))).rejects.toMatchObject({ name: 'AlreadyExistsException' });
});

test('OnStackFailure decides what a failed creation leaves', async () => {
  const cloud = new StackCloud();
  cloud.provider = () => ({ Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'x' });
  await changeSet(cloud, things({ Thing: custom() }), { ChangeSetType: 'CREATE', OnStackFailure: 'DO_NOTHING' });
  await cloud.call('ExecuteChangeSet', { ChangeSetName: 'change', StackName: 'studio' });
  expect(await cloud.ended('studio')).toMatchObject({ StackStatus: 'CREATE_FAILED' });
});

test('a change of metadata or of a policy alone is a change', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  const { Changes } = await changeSet(
    cloud,
    things({ Thing: custom({}, { Metadata: { A: 1 }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }) }),
  );
  expect(Changes).toMatchObject([
    {
      ResourceChange: {
        Scope: ['Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'],
        Details: [
          { Target: { Attribute: 'Metadata', RequiresRecreation: 'Never' } },
          { Target: { Attribute: 'DeletionPolicy' } },
          { Target: { Attribute: 'UpdateReplacePolicy' } },
        ],
      },
    },
  ]);
  await cloud.call('ExecuteChangeSet', { ChangeSetName: 'change', StackName: 'studio' });
  await cloud.ended('studio');
  expect(cloud.asked()).toEqual(['Create Thing']);
  expect(await cloud.delete('studio')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect(cloud.asked()).toEqual(['Create Thing']);
});

test('the status of its stack decides whether a change set can be executed', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom({ N: 1 }) }));
  await changeSet(cloud, things({ Thing: custom({ N: 2 }) }), { OnStackFailure: 'ROLLBACK' });
  await expect(
    cloud.call('ExecuteChangeSet', { ChangeSetName: 'change', StackName: 'studio', DisableRollback: true }),
  ).rejects.toThrow('Specify either DisableRollback or OnStackFailure, not both');
  await expect(
    changeSet(cloud, things({ Thing: custom({ N: 2 }) }), { ChangeSetName: 'x', TemplateBody: undefined }),
  ).rejects.toThrow('Either Template URL or Template Body must be specified.');
  cloud.provider = () => undefined;
  await cloud.call('DeleteStack', { StackName: 'studio' });
  await expect(changeSet(cloud, things({ Thing: custom({ N: 3 }) }), { ChangeSetName: 'y' })).rejects.toThrow(
    'is in DELETE_IN_PROGRESS state',
  );
  await expect(cloud.call('ExecuteChangeSet', { ChangeSetName: 'change', StackName: 'studio' })).rejects.toThrow(
    'is in DELETE_IN_PROGRESS state and can not be updated.',
  );
});
