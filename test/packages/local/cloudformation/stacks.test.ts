import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { account, custom, region, StackCloud } from '../stack-cloud.ts';
import { body, bucket, bucketNames, things } from './stack-templates.ts';

test('a stack creates resources after their dependencies, has an event for each step, and shows its outputs', async () => {
  const cloud = new StackCloud();
  const stack = await cloud.create('studio', {
    Description: 'two things',
    Parameters: { Size: { Type: 'Number', Default: 5 } },
    Resources: {
      Second: custom({ First: { Ref: 'First' }, Size: { Ref: 'Size' } }),
      First: custom(),
    },
    Outputs: { Id: { Value: { Ref: 'Second' }, Description: 'whose' } },
  });
  expect(stack).toMatchObject({
    StackName: 'studio',
    StackStatus: 'CREATE_COMPLETE',
    Description: 'two things',
    Parameters: [{ ParameterKey: 'Size', ParameterValue: '5' }],
    Outputs: [{ OutputKey: 'Id', OutputValue: 'id-of-Second', Description: 'whose' }],
  });
  expect(await cloud.history('studio')).toEqual([
    'studio CREATE_IN_PROGRESS: User Initiated',
    'First CREATE_IN_PROGRESS',
    'First CREATE_IN_PROGRESS: Resource creation Initiated',
    'First CREATE_COMPLETE',
    'Second CREATE_IN_PROGRESS',
    'Second CREATE_IN_PROGRESS: Resource creation Initiated',
    'Second CREATE_COMPLETE',
    'studio CREATE_COMPLETE',
  ]);
});

test('a stack is deleted dependents first, and can then be found only by its id', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ First: custom(), Second: custom({ First: { Ref: 'First' } }) }));
  const { StackId } = await cloud.stack('studio');
  expect(await cloud.delete('studio')).toMatchObject({
    StackStatus: 'DELETE_COMPLETE',
    DeletionTime: expect.any(Date),
  });
  expect(cloud.asked().slice(2)).toEqual(['Delete Second id-of-Second', 'Delete First id-of-First']);
  await expect(cloud.stack('studio')).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id studio does not exist',
  });
  expect(await cloud.stack(StackId!)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect(await cloud.history(StackId!)).toContain('studio DELETE_COMPLETE');
  await cloud.call('DeleteStack', { StackName: 'studio' });
});

test('independent resources are created concurrently', async () => {
  const cloud = new StackCloud();
  const names = Array.from({ length: 45 }, (_, n) => `Thing${n}`);
  const most = { now: 0, ever: 0 };
  cloud.provider = ({ LogicalResourceId }) => {
    most.now += 1;
    most.ever = Math.max(most.ever, most.now);
    return new Promise((resolve) => {
      cloud.clock.after(1000, () => {
        most.now -= 1;
        resolve({ PhysicalResourceId: LogicalResourceId });
      });
    });
  };
  await cloud.create('studio', things(Object.fromEntries(names.map((name) => [name, custom()]))));
  expect(most.ever).toBe(20);
});

test('a protected stack is not deleted', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }), { EnableTerminationProtection: true });
  await expect(cloud.call('DeleteStack', { StackName: 'studio' })).rejects.toThrow(
    'Stack [studio] cannot be deleted while TerminationProtection is enabled',
  );
  await cloud.call('UpdateTerminationProtection', { StackName: 'studio', EnableTerminationProtection: false });
  expect(await cloud.delete('studio')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
});

test.each([
  [
    { Thing: { Type: 'AWS::Nowhere::Thing' } },
    'Template format error: Unrecognized resource types: [AWS::Nowhere::Thing]\nLocal cloud: leave out types other than AWS::',
  ],
  [{ Vpc: { Type: 'AWS::EC2::Network' } }, '\nLocal cloud: leave out types other than AWS::EC2::VPC, AWS::EC2::Subnet'],
  [
    { Vpc: { Type: 'AWS::EC2::Vpcs' } },
    '[AWS::EC2::Vpcs]\nLocal cloud: give AWS::EC2::VPC instead of AWS::EC2::Vpcs; leave out types',
  ],
  [
    { Queue: { Type: 'AWS::SQS::Queue' }, Table: { Type: 'AWS::DynamoDB::Table', Properties: {} } },
    'Unrecognized resource types: [AWS::SQS::Queue, AWS::DynamoDB::Table]\nLocal cloud: leave out types other than ',
  ],
  [
    { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Buckettname: 'x' } } },
    'extraneous key [Buckettname] is not permitted\nLocal cloud: /Resources/Bucket/Properties/Buckettname (line 1): give BucketName instead of Buckettname',
  ],
  [{ Subnet: { Type: 'AWS::EC2::Subnet' } }, '#: required key [VpcId] not found'],
  [{ Bucket: bucket('x', { DeletionPolicy: 'Snapshot' }) }, 'does not support DeletionPolicy Snapshot'],
  [{ A: custom({ B: { Ref: 'B' } }), B: custom({ A: { Ref: 'A' } }) }, 'Circular dependency between resources: [A, B]'],
  [
    { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } } },
    'Requires capabilities : [CAPABILITY_IAM]',
  ],
])('%j is refused before anything is created', async (resources, message) => {
  const cloud = new StackCloud();
  await expect(cloud.call('CreateStack', body(things(resources)))).rejects.toThrow(message);
  expect((await cloud.call('ListStacks', {})).StackSummaries).toEqual([]);
});

test('a name can be used once; a repeated client token gives the same stack', async () => {
  const cloud = new StackCloud();
  const template = body(things({ Thing: custom() }));
  const { StackId } = await cloud.call('CreateStack', { ...template, ClientRequestToken: 'once' });
  await expect(cloud.call('CreateStack', template)).rejects.toMatchObject({
    name: 'AlreadyExistsException',
    message: 'Stack [studio] already exists',
  });
  expect((await cloud.call('CreateStack', { ...template, ClientRequestToken: 'once' })).StackId).toBe(StackId);
  await expect(cloud.call('CreateStack', { ...template, StackName: '1x' })).rejects.toThrow(
    "'stackName' failed to satisfy",
  );
  await expect(
    cloud.call('CreateStack', { ...template, StackName: 'x', OnFailure: 'DELETE', DisableRollback: true }),
  ).rejects.toThrow('Specify either DisableRollback or OnFailure, not both');
  await cloud.ended('studio');
});

test('a stack has one operation at a time', async () => {
  const cloud = new StackCloud();
  cloud.provider = () => undefined;
  const template = body(things({ Thing: custom() }));
  const { StackId } = await cloud.call('CreateStack', template);
  await expect(cloud.call('UpdateStack', template)).rejects.toThrow(
    `Stack:${StackId} is in CREATE_IN_PROGRESS state and can not be updated.`,
  );
});

test('a parameter that is NoEcho can be used, and is not shown', async () => {
  const cloud = new StackCloud();
  await cloud.create(
    'studio',
    { Parameters: { Key: { Type: 'String', NoEcho: true } }, ...things({ Thing: custom({ Key: { Ref: 'Key' } }) }) },
    { Parameters: [{ ParameterKey: 'Key', ParameterValue: 'secret' }] },
  );
  expect(cloud.requests[0]!.ResourceProperties.Key).toBe('secret');
  expect(await cloud.stack('studio')).toMatchObject({ Parameters: [{ ParameterKey: 'Key', ParameterValue: '****' }] });
  expect(JSON.stringify(await cloud.events('studio'))).not.toContain('secret');
});

test('a template can come from S3', async () => {
  const cloud = new StackCloud();
  await cloud.invoke(s3, 'CreateBucket', { Bucket: 'templates' });
  const Body = new TextEncoder().encode(JSON.stringify(things({ Thing: custom() })));
  await cloud.invoke(s3, 'PutObject', { Bucket: 'templates', Key: 'a/studio.json', Body });
  const urls = [
    'http://127.0.0.1:4566/templates/a/studio.json',
    'https://templates.s3.us-east-1.amazonaws.com/a/studio.json',
    'https://s3.amazonaws.com/templates/a/studio.json',
  ];
  for (const TemplateURL of urls) {
    expect((await cloud.call('GetTemplateSummary', { TemplateURL })).ResourceTypes).toEqual(['Custom::Thing']);
  }
  await cloud.call('CreateStack', { StackName: 'studio', TemplateURL: urls[1] });
  expect(await cloud.ended('studio')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  for (const [TemplateURL, message] of [
    ['http://127.0.0.1:4566/templates/none.json', 'S3 error: The specified key does not exist.'],
    ['nowhere', 'TemplateURL must be a supported URL.'],
    ['http://127.0.0.1:4566/templates', 'TemplateURL must be a supported URL.'],
  ]) {
    await expect(cloud.call('CreateStack', { StackName: 'x', TemplateURL })).rejects.toThrow(message);
  }
});

test('an output that is not a string fails the stack', async () => {
  const cloud = new StackCloud();
  const template = things({ Thing: custom() }, { Outputs: { Map: { Value: { A: 1 } } } });
  expect(await cloud.create('studio', template)).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await cloud.history('studio')).toContain(
    'studio ROLLBACK_IN_PROGRESS: Template format error: Output Map is malformed. The Value field must resolve to a string. Rollback requested by user.',
  );
});

test('a stack policy is kept', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  await cloud.call('SetStackPolicy', { StackName: 'studio', StackPolicyBody: '{"Statement":[]}' });
  expect(await cloud.call('GetStackPolicy', { StackName: 'studio' })).toEqual({ StackPolicyBody: '{"Statement":[]}' });
  await expect(cloud.call('SetStackPolicy', { StackName: 'studio', StackPolicyBody: 'no' })).rejects.toThrow(
    'Error validating stack policy',
  );
});

test('an intrinsic function without a value fails the resource that uses it, in a creation and in an update', async () => {
  const cloud = new StackCloud();
  const picky = (Data: object) => ({ PhysicalResourceId: 'x', Data });
  cloud.provider = () => picky({ List: 'a,b' });
  const template = (N: number, index: number) =>
    things({
      Giver: custom({ N }),
      Taker: custom({ Item: { 'Fn::Select': [index, { 'Fn::Split': [',', { 'Fn::GetAtt': ['Giver', 'List'] }] }] } }),
    });
  await cloud.create('studio', template(1, 1));
  cloud.provider = ({ ResourceProperties }) => picky({ List: ResourceProperties.N === '2' ? 'a' : 'a,b' });
  expect(await cloud.update('studio', template(2, 1))).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  const [failed] = (await cloud.history('studio')).filter((line) => line.startsWith('Taker UPDATE_FAILED'));
  expect(failed).toContain('Fn::Select');
  // What was never sent is not taken back.
  expect(cloud.asked().filter((line) => line.startsWith('Update Taker'))).toEqual([]);
});

test.each([
  ['Colour', /^leave out Colour, or give one of .*\bArn\b/],
  ['DomianName', /^give DomainName instead of DomianName$/],
])(
  'the error names an attribute that a native type does not have, and under it one that it has: %s',
  async (name, way) => {
    const cloud = new StackCloud();
    const template = things({
      Bucket: bucket('some-bucket'),
      Thing: custom({ Of: { 'Fn::GetAtt': ['Bucket', name] } }),
    });
    await cloud.create('studio', template);
    const failed = (await cloud.history('studio')).find((line) => line.startsWith('Thing CREATE_FAILED'));
    const [text, more] = failed!.split('\nLocal cloud: ');
    expect(text).toBe(`Thing CREATE_FAILED: Requested attribute ${name} does not exist in schema for AWS::S3::Bucket`);
    expect(more).toMatch(way);
  },
);

test('a resource whose condition is false is not created', async () => {
  const cloud = new StackCloud();
  const template = things(
    { Thing: custom(), Absent: custom({}, { Condition: 'Never' }) },
    {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Outputs: { Absent: { Condition: 'Never', Value: { Ref: 'Absent' } } },
    },
  );
  expect(await cloud.create('studio', template)).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Outputs: [] });
  expect(cloud.asked()).toEqual(['Create Thing']);
});

test.each([
  ['ListStacks', { NextToken: '?' }, 'NextToken is invalid'],
  ['ListExports', { NextToken: '?' }, 'NextToken is invalid'],
  ['DescribeStackResources', {}, 'At least one of StackName and PhysicalResourceId must be specified'],
  ['DescribeStackResources', { PhysicalResourceId: 'none' }, 'Stack for none does not exist'],
  ['GetTemplate', { StackName: 'none' }, 'Stack with id none does not exist'],
  ['ListStackResources', { StackName: 'none' }, 'Stack with id none does not exist'],
  ['UpdateStack', { StackName: 'none', UsePreviousTemplate: true }, 'Stack [none] does not exist'],
  ['ContinueUpdateRollback', { StackName: 'studio' }, 'can not continue update rollback'],
  ['UpdateStack', { StackName: 'studio', UsePreviousTemplate: true, TemplateBody: '{}' }, 'Specify exactly one of'],
])('%s with %j is refused', async (operation, input, message) => {
  const cloud = new StackCloud();
  await cloud.create('studio', things({ Thing: custom() }));
  const principal = accountPrincipal(account);
  await expect(
    cloud.cloud.call({ service: 'cloudformation', operation, input, principal, region }),
  ).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining(message),
  });
});

test('a bucket that already exists fails the creation, and is not deleted with the stack', async () => {
  const cloud = new StackCloud();
  await cloud.invoke(s3, 'CreateBucket', { Bucket: 'ours' });
  const stack = await cloud.create('studio', things({ Bucket: bucket('ours') }));
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await cloud.history('studio')).toContainEqual(
    expect.stringMatching(/^Bucket CREATE_FAILED: .*ours already exists/),
  );
  expect(await bucketNames(cloud)).toContain('ours');
});
