import type { AwsError } from '../../../../packages/local/src/errors.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { account, StackCloud } from '../stack-cloud.ts';

let cloud: StackCloud;
beforeEach(() => {
  cloud = new StackCloud();
});
afterEach(() => cloud.cloud.close());

const Capabilities = ['CAPABILITY_AUTO_EXPAND' as const];
const TRANSFORM = 'Transform: AWS::LanguageExtensions\n';

/** Creates a stack; gives its status, outputs and logical ids. */
async function made(TemplateBody: string, Parameters: { ParameterKey: string; ParameterValue: string }[] = []) {
  await cloud.call('CreateStack', { StackName: 'one', TemplateBody, Parameters, Capabilities });
  return shown(await cloud.ended('one'));
}

async function shown(stack: Awaited<ReturnType<StackCloud['ended']>>) {
  const { StackResourceSummaries = [] } = await cloud.call('ListStackResources', { StackName: 'one' });
  return {
    status: stack.StackStatus,
    outputs: Object.fromEntries((stack.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue])),
    ids: StackResourceSummaries.map(({ LogicalResourceId }) => LogicalResourceId).sort(),
  };
}

const refusal = (TemplateBody: string) =>
  cloud.call('CreateStack', { StackName: 'one', TemplateBody, Capabilities }).then(
    () => 'not refused',
    (error: AwsError) => error.message,
  );

test('a loop makes a resource and an output of each item of a parameter', async () => {
  const template = `${TRANSFORM}
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Buckets:
    - Name
    - !Ref Names
    - Bucket\${Name}:
        Type: AWS::S3::Bucket
        Properties: {BucketName: !Sub 'b-\${Name}-\${AWS::AccountId}'}
Outputs:
  Fn::ForEach::Arns:
    - Name
    - !Ref Names
    - Arn\${Name}: {Value: !GetAtt 'Bucket\${Name}.Arn'}
`;
  const stack = await made(template, [{ ParameterKey: 'Names', ParameterValue: 'one,two' }]);
  expect(stack).toEqual({
    status: 'CREATE_COMPLETE',
    ids: ['Bucketone', 'Buckettwo'],
    outputs: { Arnone: `arn:aws:s3:::b-one-${account}`, Arntwo: `arn:aws:s3:::b-two-${account}` },
  });
  const Parameters = [{ ParameterKey: 'Names', ParameterValue: 'two,three' }];
  await cloud.call('UpdateStack', { StackName: 'one', TemplateBody: template, Parameters, Capabilities });
  expect(await shown(await cloud.ended('one'))).toMatchObject({
    status: 'UPDATE_COMPLETE',
    ids: ['Bucketthree', 'Buckettwo'],
  });
  const buckets = await cloud.invoke(s3, 'ListBuckets', {});
  expect(buckets.Buckets?.map(({ Name }) => Name)).toEqual([`b-three-${account}`, `b-two-${account}`]);
});

test('GetTemplate gives the template as it was, and by default with the loops written out', async () => {
  const template = `${TRANSFORM}Resources: {'Fn::ForEach::Hs': [Id, [a, b], {'H\${Id}': {Type: 'AWS::CloudFormation::WaitConditionHandle'}}]}`;
  await made(template);
  const original = await cloud.call('GetTemplate', { StackName: 'one', TemplateStage: 'Original' });
  expect(original.TemplateBody).toBe(template);
  const { TemplateBody } = await cloud.call('GetTemplate', { StackName: 'one' });
  expect(Object.keys(JSON.parse(TemplateBody!).Resources)).toEqual(['Ha', 'Hb']);
  const { ResourceTypes } = await cloud.call('GetTemplateSummary', { StackName: 'one' });
  expect(ResourceTypes).toEqual(['AWS::CloudFormation::WaitConditionHandle']);
});

test('loops nest, within properties too, and &{} leaves letters and digits of an item', async () => {
  const stack = await made(`${TRANSFORM}
Mappings: {Ports: {web: {List: ['80', '443']}, db: {List: ['5432']}}}
Resources:
  Fn::ForEach::Teams:
    - Team
    - [a.b, c/d]
    - Fn::ForEach::Tiers:
        - Tier
        - [web, db]
        - Custom&{Team}\${Tier}:
            Type: Custom::Thing
            Properties:
              ServiceToken: arn:aws:lambda:us-east-1:111122223333:function:provider
              Team: !Ref Team
              Text: 'of \${Team} and \${Other}'
              Fn::ForEach::Ports: [Port, !FindInMap [Ports, !Ref Tier, List], {'Port\${Port}': !Ref Port}]
`);
  expect(stack).toMatchObject({
    status: 'CREATE_COMPLETE',
    ids: ['Customabdb', 'Customabweb', 'Customcddb', 'Customcdweb'],
  });
  const sent = new Map(cloud.requests.map((one) => [one.LogicalResourceId, one.ResourceProperties]));
  expect(sent.get('Customabweb')).toMatchObject({
    Team: 'a.b',
    Text: 'of a.b and ${Other}',
    Port80: '80',
    Port443: '443',
  });
  expect(sent.get('Customcddb')).toMatchObject({ Team: 'c/d', Port5432: '5432' });
  expect(sent.get('Customcddb')).not.toHaveProperty('Port80');
});

test('loops make conditions, and resources name them', async () => {
  const stack = await made(`${TRANSFORM}
Conditions:
  Fn::ForEach::Wanted: [Name, [a, b], {'Is\${Name}': !Equals [!Ref Name, a]}]
Resources:
  Always: {Type: 'AWS::CloudFormation::WaitConditionHandle'}
  Fn::ForEach::Handles:
    - Name
    - [a, b]
    - H\${Name}: {Type: 'AWS::CloudFormation::WaitConditionHandle', Condition: 'Is\${Name}', DependsOn: Always}
`);
  expect(stack).toMatchObject({ status: 'CREATE_COMPLETE', ids: ['Always', 'Ha'] });
});

test('lengths, JSON text, default values of mappings, and functions in policies and names', async () => {
  const stack = await made(
    `${TRANSFORM}
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'a,b,c'}
  Policy: {Type: String, Default: Retain}
  Which: {Type: String, Default: Two}
Mappings: {M: {a: {b: c}}}
Conditions: {Keep: !Equals [!Ref Policy, Retain]}
Resources:
  One: {Type: 'AWS::CloudFormation::WaitConditionHandle', DeletionPolicy: !Ref Policy}
  HandleTwo:
    Type: Custom::Thing
    DeletionPolicy: !If [Keep, Retain, Delete]
    UpdateReplacePolicy: !FindInMap [M, no, such, {DefaultValue: Delete}]
    Properties:
      ServiceToken: arn:aws:lambda:us-east-1:111122223333:function:provider
      Count: {'Fn::Length': !Ref Names}
      Json: {'Fn::ToJsonString': {A: [1, !Ref Policy]}}
      Found: !FindInMap [M, no, such, {DefaultValue: none}]
Outputs:
  Two: {Value: {Ref: !Sub 'Handle\${Which}'}}
  Count: {Value: {'Fn::Length': [1, 2]}}
`,
  );
  expect(stack).toMatchObject({ status: 'CREATE_COMPLETE', outputs: { Two: 'id-of-HandleTwo', Count: '2' } });
  expect(cloud.requests[0]!.ResourceProperties).toMatchObject({
    Count: '3',
    Json: '{"A":[1,"Retain"]}',
    Found: 'none',
  });
  await cloud.delete('one');
  expect(cloud.requests.map(({ RequestType }) => RequestType)).toEqual(['Create']);
});

test('a transform needs CAPABILITY_AUTO_EXPAND, but for a change set', async () => {
  const TemplateBody = `${TRANSFORM}Resources: {H: {Type: 'AWS::CloudFormation::WaitConditionHandle'}}`;
  await expect(cloud.call('CreateStack', { StackName: 'one', TemplateBody })).rejects.toMatchObject({
    name: 'InsufficientCapabilitiesException',
    message: 'Requires capabilities : [CAPABILITY_AUTO_EXPAND]',
  });
  const names = { StackName: 'one', ChangeSetName: 'first' };
  await cloud.call('CreateChangeSet', { ...names, ChangeSetType: 'CREATE', TemplateBody });
  await cloud.call('ExecuteChangeSet', names);
  expect((await cloud.ended('one')).StackStatus).toBe('CREATE_COMPLETE');
});

test('roles within loops need their capability', async () => {
  const TemplateBody = `${TRANSFORM}Resources: {'Fn::ForEach::Roles': [N, [a], {'Role\${N}': {Type: 'AWS::IAM::Role', Properties: {RoleName: !Ref N, AssumeRolePolicyDocument: {}}}}]}`;
  expect((await cloud.call('ValidateTemplate', { TemplateBody })).Capabilities).toEqual([
    'CAPABILITY_NAMED_IAM',
    'CAPABILITY_AUTO_EXPAND',
  ]);
  expect(await refusal(TemplateBody)).toBe('Requires capabilities : [CAPABILITY_NAMED_IAM]');
});

test('a template is described while its parameters have no values', async () => {
  const TemplateBody = `${TRANSFORM}
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Handles: [N, !Ref Names, {'H\${N}': {Type: 'AWS::CloudFormation::WaitConditionHandle'}}]
Outputs:
  One: {Value: !Ref Hone}
`;
  const described = await cloud.call('GetTemplateSummary', { TemplateBody });
  expect(described).toMatchObject({
    ResourceTypes: ['AWS::CloudFormation::WaitConditionHandle'],
    Parameters: [expect.objectContaining({ ParameterKey: 'Names' })],
    DeclaredTransforms: ['AWS::LanguageExtensions'],
  });
  const stack = await made(TemplateBody, [{ ParameterKey: 'Names', ParameterValue: 'one' }]);
  expect(stack.status).toBe('CREATE_COMPLETE');
});

const HANDLE = "{Type: 'AWS::CloudFormation::WaitConditionHandle'}";

test.each([
  [
    `Resources: {'Fn::ForEach::X': [N, [a], {'H\${N}': ${HANDLE}}]}`,
    /^Template format error: Resource name Fn::ForEach::X is non alphanumeric\./,
  ],
  [
    `${TRANSFORM}Resources: {'Fn::ForEach::X': [N, [a, b], {H: ${HANDLE}}]}`,
    /^Transform AWS::LanguageExtensions failed with: H is made more than once\./,
  ],
  [`${TRANSFORM}Resources: {'Fn::ForEach::X': [N, [a]]}`, /failed with: Fn::ForEach::X takes a list of an identifier/],
  [
    `${TRANSFORM}Resources: {A: ${HANDLE}, 'Fn::ForEach::X': [N, !Sub 'a', {'H\${N}': ${HANDLE}}]}`,
    /failed with: the collection of Fn::ForEach::X is not a list of strings\. Give an array, or a Ref to a CommaDelimitedList/,
  ],
  [
    `${TRANSFORM}Resources: {A: ${HANDLE}, 'Fn::ForEach::X': [N, !Split [',', !Ref A], {'H\${N}': ${HANDLE}}]}`,
    /^Template error: A cannot be used before there are resources/,
  ],
  [
    `${TRANSFORM}Resources: {'Fn::ForEach::X': [N, [a-b], {'H\${N}': ${HANDLE}}]}`,
    /^Template format error: Resource name Ha-b is non alphanumeric\./,
  ],
  [
    `${TRANSFORM}Resources: {'Fn::ForEach::X': [N, [a], {'H\${N}': ${HANDLE}}]}\nOutputs: {O: {Value: !Ref Hb}}`,
    /^Template format error: Unresolved resource dependencies \[Hb\] in the Outputs block/,
  ],
  [
    `${TRANSFORM}Resources: {A: {Type: 'AWS::CloudFormation::WaitConditionHandle', DeletionPolicy: !Ref AWS::Region}}`,
    /Unrecognized DeletionPolicy us-east-1/,
  ],
])('%s is refused', async (template, message) => {
  expect(await refusal(template)).toMatch(message);
});

test.each(['CreateStackSet', 'ListStackSets', 'DescribeStackSet'] as const)(
  '%s is told as lacking',
  async (operation) => {
    await expect(cloud.call(operation, { StackSetName: 'one' } as never)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: `The local cloud does not implement cloudformation:${operation}`,
    });
  },
);
