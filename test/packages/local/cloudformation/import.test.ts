import type { CreateChangeSetInput, ResourceToImport } from '@aws-sdk/client-cloudformation';
import { sagemaker } from '../../../../packages/local/src/services/sagemaker/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { custom, StackCloud } from '../stack-cloud.ts';

const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
const ref = (Ref: string) => ({ Ref });

const network = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' } },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'studio-user',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    },
  },
};

function domain(settings: object = {}, DeletionPolicy: string | undefined = 'Retain') {
  const ExecutionRole = { 'Fn::GetAtt': ['Role', 'Arn'] };
  const place = { VpcId: ref('Vpc'), SubnetIds: [ref('Subnet')] };
  const Properties = {
    ...{ DomainName: 'studio', AuthMode: 'IAM', ...place },
    DefaultUserSettings: { ExecutionRole, ...settings },
  };
  return { Type: 'AWS::SageMaker::Domain', DeletionPolicy, Properties };
}

const profile = {
  Type: 'AWS::SageMaker::UserProfile',
  DeletionPolicy: 'Retain',
  Properties: { DomainId: ref('Domain'), UserProfileName: 'ada' },
};

const whole = { Resources: { ...network, Domain: domain(), Profile: profile } };

let cloud: StackCloud;
let DomainId: string;

/** A network, and a domain with a profile in it that a stack has let go. */
beforeEach(async () => {
  cloud = new StackCloud(new Store(), [sagemaker]);
  await cloud.create('studio', whole, { Capabilities });
  await cloud.update('studio', { Resources: network }, { Capabilities });
  const { Domains } = await cloud.invoke(sagemaker, 'ListDomains', {});
  DomainId = Domains![0]!.DomainId!;
});

const domainToImport = (id = DomainId): ResourceToImport => ({
  ResourceType: 'AWS::SageMaker::Domain',
  LogicalResourceId: 'Domain',
  ResourceIdentifier: { DomainId: id },
});

const profileToImport = (UserProfileName = 'ada'): ResourceToImport => ({
  ResourceType: 'AWS::SageMaker::UserProfile',
  LogicalResourceId: 'Profile',
  ResourceIdentifier: { DomainId, UserProfileName },
});

async function changeSet(
  template: object,
  ResourcesToImport?: ResourceToImport[],
  more: Partial<CreateChangeSetInput> = {},
) {
  const { Id } = await cloud.call('CreateChangeSet', {
    ...{ StackName: 'studio', ChangeSetName: 'import', ChangeSetType: 'IMPORT', Capabilities },
    ...{ TemplateBody: JSON.stringify(template), ResourcesToImport, ...more },
  });
  return cloud.call('DescribeChangeSet', { ChangeSetName: Id });
}

async function execute(StackName = 'studio') {
  await cloud.call('ExecuteChangeSet', { ChangeSetName: 'import', StackName });
  return cloud.ended(StackName);
}

test('a resource that a stack has retained can be imported again, unchanged, and the stack then manages it', async () => {
  const described = await changeSet(whole, [domainToImport(), profileToImport()]);
  expect(described).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
  expect(described.Changes!.map(({ ResourceChange }) => ResourceChange)).toEqual([
    {
      Action: 'Import',
      LogicalResourceId: 'Domain',
      PhysicalResourceId: DomainId,
      ResourceType: 'AWS::SageMaker::Domain',
      Scope: [],
      Details: [],
    },
    expect.objectContaining({ Action: 'Import', LogicalResourceId: 'Profile', PhysicalResourceId: 'ada' }),
  ]);
  const past = (await cloud.history('studio')).length;
  expect(await execute()).toMatchObject({ StackStatus: 'IMPORT_COMPLETE' });
  expect((await cloud.history('studio')).slice(past)).toEqual([
    'studio IMPORT_IN_PROGRESS: User Initiated',
    ...['Domain', 'Profile'].flatMap((logicalId) => [
      `${logicalId} IMPORT_IN_PROGRESS: Resource import started.`,
      `${logicalId} IMPORT_COMPLETE: Resource import completed.`,
      `${logicalId} UPDATE_IN_PROGRESS: Apply stack-level tags to imported resource if applicable.`,
      `${logicalId} UPDATE_COMPLETE`,
    ]),
    'studio IMPORT_COMPLETE',
  ]);
  const Url = { Value: { 'Fn::GetAtt': ['Domain', 'Url'] } };
  const Resources = { ...network, Domain: domain({}, 'Delete'), Profile: { ...profile, DeletionPolicy: 'Delete' } };
  const updated = await cloud.update('studio', { Resources, Outputs: { Url } }, { Capabilities });
  expect(updated).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Outputs: [{ OutputValue: expect.any(String) }] });
  await cloud.delete('studio');
  expect((await cloud.invoke(sagemaker, 'ListDomains', {})).Domains).toEqual([]);
});

test('an import gives the resource the properties in the template', async () => {
  const SecurityGroups = ['sg-00000000000000000'];
  const Resources = { ...whole.Resources, Domain: domain({ SecurityGroups }) };
  await changeSet({ Resources }, [domainToImport(), profileToImport()]);
  const past = (await cloud.history('studio')).length;
  expect(await execute()).toMatchObject({ StackStatus: 'IMPORT_ROLLBACK_COMPLETE' });
  const history = (await cloud.history('studio')).slice(past);
  expect(history).toContainEqual(expect.stringMatching(/^Domain UPDATE_FAILED: .*sg-00000000000000000/));
  expect(history).toContain(
    'studio IMPORT_ROLLBACK_IN_PROGRESS: The following resource(s) failed to import: [Domain, Profile].',
  );
  // It is as if nothing had been tried: outside of the stack, which can be changed.
  const { StackResources } = await cloud.call('DescribeStackResources', { StackName: 'studio' });
  expect(StackResources!.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Vpc', 'Role', 'Subnet']);
  expect((await cloud.invoke(sagemaker, 'ListDomains', {})).Domains).toHaveLength(1);
  const { TemplateBody } = await cloud.call('GetTemplate', { StackName: 'studio' });
  expect(JSON.parse(TemplateBody!)).toEqual({ Resources: network });
  const Outputs = { Vpc: { Value: ref('Vpc') } };
  const updated = await cloud.update('studio', { Resources: network, Outputs }, { Capabilities });
  expect(updated.StackStatus).toBe('UPDATE_COMPLETE');
});

const alone = {
  Resources: {
    Profile: { ...profile, Properties: { DomainId: { 'Fn::Sub': '${Id}' }, UserProfileName: 'ada' } },
  },
  Parameters: { Id: { Type: 'String' } },
};

const people = () => ({ StackName: 'people', Parameters: [{ ParameterKey: 'Id', ParameterValue: DomainId }] });

test('a stack can begin with an import', async () => {
  await changeSet(alone, [profileToImport()], people());
  expect((await cloud.stack('people')).StackStatus).toBe('REVIEW_IN_PROGRESS');
  expect(await execute('people')).toMatchObject({ StackStatus: 'IMPORT_COMPLETE' });
  const { StackResources } = await cloud.call('DescribeStackResources', { StackName: 'people' });
  expect(StackResources).toMatchObject([{ LogicalResourceId: 'Profile', ResourceStatus: 'UPDATE_COMPLETE' }]);

  // What one stack has, another cannot take.
  const described = await changeSet(whole, [domainToImport(), profileToImport()]);
  const { StackId } = await cloud.stack('people');
  expect(described).toMatchObject({
    Status: 'FAILED',
    ExecutionStatus: 'UNAVAILABLE',
    StatusReason: `${DomainId}|ada already exists in stack ${StackId}`,
  });
});

test('a resource that does not exist fails the change set; one that is deleted before the execution fails the import', async () => {
  const described = await changeSet(alone, [profileToImport('eve')], people());
  expect(described).toMatchObject({
    Status: 'FAILED',
    Changes: [],
    StatusReason: `Resource of type 'AWS::SageMaker::UserProfile' with identifier '${DomainId}|eve' was not found.`,
  });
  await changeSet(alone, [profileToImport()], { ...people(), ChangeSetName: 'import-ada' });
  await cloud.invoke(sagemaker, 'DeleteUserProfile', { DomainId, UserProfileName: 'ada' });
  await cloud.when(async () => {
    const { UserProfiles } = await cloud.invoke(sagemaker, 'ListUserProfiles', {});
    return UserProfiles!.length === 0 || undefined;
  });
  await cloud.call('ExecuteChangeSet', { ChangeSetName: 'import-ada', StackName: 'people' });
  expect(await cloud.ended('people')).toMatchObject({ StackStatus: 'IMPORT_ROLLBACK_COMPLETE' });
  expect(await cloud.history('people')).toContain(
    `Profile IMPORT_FAILED: Resource of type 'AWS::SageMaker::UserProfile' with identifier '${DomainId}|ada' was not found.`,
  );
});

describe('an import is refused', () => {
  const { Domain, Profile, ...rest } = whole.Resources;
  const both = () => [domainToImport(), profileToImport()];

  test.each<[string, object, () => ResourceToImport[], string]>([
    ['that names nothing', whole, () => [], 'Must Provide at least one resource to import'],
    [
      'that names a logical id twice',
      whole,
      () => [...both(), domainToImport()],
      'Every resource to import must have unique LogicalResourceId',
    ],
    [
      'of what the template lacks',
      { Resources: { ...rest, Domain } },
      both,
      'The logical resource ids [Profile] provided in ResourceToImport do not exist in the template.',
    ],
    [
      'of what the template has as something else',
      whole,
      () => [{ ...domainToImport(), LogicalResourceId: 'Profile' }],
      'Resource type of [Profile] passed in ResourceToImport does not match with resource type defined in the template. ' +
        'Resource type in ResourceToImport: AWS::SageMaker::Domain; Resource type in Template: AWS::SageMaker::UserProfile.',
    ],
    [
      'by other properties than those that identify it',
      whole,
      () => [{ ...domainToImport(), ResourceIdentifier: { DomainName: 'studio' } }, profileToImport()],
      'Invalid resource identifier for resource type AWS::SageMaker::Domain. Expected [DomainId]',
    ],
    [
      'of a custom resource',
      { Resources: { ...network, Domain: custom({}, { DeletionPolicy: 'Retain' }) } },
      () => [{ ...domainToImport(), ResourceType: 'Custom::Thing' }],
      'ResourceTypes [Custom::Thing] are not supported for Import',
    ],
    [
      'of a type that cannot be imported here',
      { Resources: network },
      () => [{ ...domainToImport(), LogicalResourceId: 'Vpc', ResourceType: 'AWS::EC2::VPC' }],
      'ResourceTypes [AWS::EC2::VPC] are not supported for Import',
    ],
    [
      'beside something else that is new',
      whole,
      () => [domainToImport()],
      'Resources [Profile] is missing from ResourceToImport list',
    ],
    [
      'without a DeletionPolicy',
      { Resources: { ...rest, Domain: { ...Domain, DeletionPolicy: undefined }, Profile } },
      both,
      'The following resources to import [Domain] must have DeletionPolicy attribute specified in the template.',
    ],
    [
      'beside a change or a removal',
      {
        Resources: {
          Vpc: { ...network.Vpc, Metadata: { Of: 'ours' } },
          Domain: { ...Domain, Properties: { ...Domain.Properties, SubnetIds: ['subnet-1'], DefaultUserSettings: {} } },
          Profile,
        },
      },
      both,
      'You have modified resources [Vpc, Role, Subnet] in your template that are not being imported. Update, create or ' +
        'delete operations cannot be executed during import operations.',
    ],
    [
      'beside an output',
      { ...whole, Outputs: { Id: { Value: ref('Domain') } } },
      both,
      'As part of the import operation, you cannot modify or add [Outputs]',
    ],
  ])('%s', async (_, template, given, message) => {
    await expect(changeSet(template, given())).rejects.toMatchObject({ name: 'ValidationError', message });
    expect((await cloud.call('ListChangeSets', { StackName: 'studio' })).Summaries).toEqual([]);
  });
});

test('a resource that the stack already has cannot be imported', async () => {
  await changeSet(whole, [domainToImport(), profileToImport()]);
  await execute();
  const Other = { ...profile, Properties: { ...profile.Properties, UserProfileName: 'bob' } };
  const resources = { ...whole.Resources, Other };
  const again = (given: ResourceToImport[], Resources: object = resources) =>
    changeSet({ Resources }, given, { ChangeSetName: 'again' });
  await expect(again([profileToImport()])).rejects.toMatchObject({
    message: 'Resources [Profile] passed in ResourceToImport are already in a stack and cannot be imported.',
  });
  await expect(again([profileToImport()], whole.Resources)).rejects.toMatchObject({
    message: 'The template should contain at least one new resource to import.',
  });
});
