import { neededPermissions } from '../../../../packages/local/src/cloudformation/types/handler-permissions.ts';
import { nativeTypes } from '../../../../packages/local/src/cloudformation/types/index.ts';
import { permissionsByProperty } from '../../../../packages/local/src/cloudformation/types/permissions-by-property.ts';
import { type RegistryType, registryType } from '../../../../packages/local/src/cloudformation/types/registry-types.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { assumeAsService } from '../../../../packages/local/src/services/sts.ts';
import { registryTypes } from '../../../../scripts/registry-types/facts.ts';
import { account, StackCloud } from '../stack-cloud.ts';

const listedFor = (type: string) => Object.values(registryType(type)?.permissions ?? {}).flat();

/** Types of before the registry, and others for which AWS publishes no handlers. */
const withoutRegistry = [
  'AWS::CDK::Metadata',
  'AWS::CloudFormation::WaitCondition',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::CodeBuild::Project',
  'AWS::CodeCommit::Repository',
  'AWS::IAM::Policy',
  'AWS::SNS::TopicPolicy',
  'AWS::SageMaker::CodeRepository',
  'AWS::SageMaker::EndpointConfig',
];

test('the registry is known for every native type but those that have no published handlers', () => {
  expect([...nativeTypes.keys()].filter((type) => !registryType(type)).sort()).toEqual(withoutRegistry);
});

test.each(Object.entries(permissionsByProperty))(
  'each permission that depends on a property of %s is one that the registry lists',
  (type, byProperty) => {
    const listed = new Set(listedFor(type));
    expect(Object.values(byProperty).flatMap((actions) => actions.filter((action) => !listed.has(action)))).toEqual([]);
  },
);

/** Properties that replace a thing here though the registry says that they do not, and why. */
const replacingHere: Record<string, Record<string, string>> = {
  'AWS::IAM::User': { Path: 'the local cloud has no UpdateUser' },
  'AWS::Logs::LogGroup': { LogGroupClass: 'no call of CloudWatch Logs changes it' },
};

test.each([...nativeTypes].filter(([type]) => registryType(type)))(
  'the properties whose change replaces %s are those of the registry',
  (type, { properties = [], replacedBy }) => {
    const { createOnly, conditionalCreateOnly } = registryType(type)!;
    const replacing = properties.filter((name) => replacedBy!([name], { [name]: 'new' }, { [name]: 'old' }).length > 0);
    const open = replacing.filter((name) => conditionalCreateOnly.includes(name));
    const explained = Object.keys(replacingHere[type] ?? {});
    const always = createOnly.filter((name) => properties.includes(name));
    expect(replacing.toSorted()).toEqual([...always, ...open, ...explained].toSorted());
  },
);

test('what is read from AWS’s schemas is sorted, without duplicates, and only for the named types', () => {
  const schema = {
    createOnlyProperties: ['/properties/Name', '/properties/Key/Id'],
    readOnlyProperties: ['/properties/Arn', '/properties/Key/Arn'],
    properties: { Name: {}, Key: {}, Arn: {} },
    handlers: {
      create: { permissions: ['a:Make', 'a:Look', 'a:Make'] },
      read: { permissions: ['a:Look'] },
      list: { permissions: ['a:List'] },
    },
  };
  const schemas = ['AWS::A::Two', 'AWS::A::One', 'AWS::B::Other'].map((typeName) => ({ typeName, ...schema }));
  const read = registryTypes(schemas, new Set(['AWS::A::One', 'AWS::A::Two']));
  const one: RegistryType = {
    createOnly: ['Key/Id', 'Name'],
    conditionalCreateOnly: [],
    properties: ['Key', 'Name'],
    permissions: { create: ['a:Look', 'a:Make'], read: ['a:Look'], update: [], delete: [] },
  };
  expect(Object.entries(read)).toEqual([
    ['AWS::A::One', one],
    ['AWS::A::Two', one],
  ]);
});

describe('what a handler needs', () => {
  const needed = (type: string, handler: 'create' | 'update' | 'delete', properties = {}) =>
    neededPermissions(type, handler, properties);

  test('of a repository includes its policy, which is read even where none is set', () => {
    expect(needed('AWS::ECR::Repository', 'create')).toContain('ecr:GetRepositoryPolicy');
    expect(needed('AWS::ECR::Repository', 'create')).not.toContain('ecr:SetRepositoryPolicy');
    expect(needed('AWS::ECR::Repository', 'create', { RepositoryPolicyText: {} })).toContain('ecr:SetRepositoryPolicy');
  });

  test('of a pipeline includes its state', () => {
    expect(needed('AWS::CodePipeline::Pipeline', 'create')).toContain('codepipeline:GetPipelineState');
  });

  test('of a domain includes the images that its settings name, at any depth, and a key', () => {
    const images = ['sagemaker:DescribeImage', 'sagemaker:DescribeImageVersion'];
    const plain = needed('AWS::SageMaker::Domain', 'create', { DefaultUserSettings: {} });
    expect(plain).not.toEqual(expect.arrayContaining(images));
    expect(plain.filter((action) => /^(kms|efs|iam):/.test(action))).toEqual([]);
    const CustomImages = [{ ImageName: 'own', AppImageConfigName: 'own' }];
    const DefaultUserSettings = { ExecutionRole: 'arn', JupyterLabAppSettings: { CustomImages } };
    const full = needed('AWS::SageMaker::Domain', 'create', { DefaultUserSettings, KmsKeyId: 'k' });
    expect(full).toEqual(expect.arrayContaining([...images, 'kms:CreateGrant', 'iam:PassRole']));
  });

  test('of a profile includes the identity store only for a user of it', () => {
    expect(needed('AWS::SageMaker::UserProfile', 'create')).not.toContain('identitystore:ListUsers');
    const SingleSignOnUserValue = 'ada';
    expect(needed('AWS::SageMaker::UserProfile', 'create', { SingleSignOnUserValue })).toEqual(
      expect.arrayContaining(['sso:ListInstances', 'identitystore:ListUsers']),
    );
  });

  test('to change a thing includes what its former properties took', () => {
    const Tags = [{ Key: 'a', Value: 'b' }];
    const update = (now: object, old: object) =>
      neededPermissions('AWS::Logs::LogGroup', 'update', { ...now }, { ...old });
    expect(update({}, { Tags })).toContain('logs:UntagResource');
    expect(update({ Tags }, {})).not.toContain('logs:UntagResource');
    expect(update({}, { RetentionInDays: 7 })).toContain('logs:DeleteRetentionPolicy');
    expect(update({ RetentionInDays: 14 }, { RetentionInDays: 7 })).not.toContain('logs:DeleteRetentionPolicy');
  });

  test('of a type without published handlers is nothing more than its calls', () => {
    expect(needed('AWS::IAM::Policy', 'create')).toEqual([]);
  });
});

const logGroup = { Resources: { Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'own' } } } };
const reads = ['logs:DescribeLogGroups', 'logs:GetDataProtectionPolicy', 'logs:ListTagsForResource'];

/** Creates a log group with a stack's role that has these statements, and resolves with what the stack came to. */
async function createWith(...statements: object[]) {
  const { cloud, RoleARN } = await cloudWith(...statements);
  const stack = await cloud.create('logs', logGroup, { RoleARN });
  return { status: stack.StackStatus, history: (await cloud.history('logs')).join('\n') };
}

async function cloudWith(...statements: object[]) {
  const cloud = new StackCloud();
  const trust = {
    Statement: [{ Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const root = {
    principal: { kind: 'account' as const, account, arn: `arn:aws:iam::${account}:root` },
    region: 'us-east-1',
  };
  const asked = { RoleName: 'stacks', AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', ...trust }) };
  const { Role } = await cloud.cloud.invoke(iam, 'CreateRole', asked, root);
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  await cloud.cloud.invoke(iam, 'PutRolePolicy', { RoleName: 'stacks', PolicyName: 'own', PolicyDocument }, root);
  expect(assumeAsService(cloud.cloud, Role!.Arn!, 'cloudformation.amazonaws.com', 's').principal.kind).toBe('role');
  return { cloud, RoleARN: Role!.Arn! };
}

const allow = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' });

test('a role with the permissions of the type creates it', async () => {
  expect(await createWith(allow('logs:CreateLogGroup', ...reads))).toMatchObject({ status: 'CREATE_COMPLETE' });
});

test('a role without one that only AWS’s handler calls does not, and the event names the permission', async () => {
  const lacking = reads.filter((action) => action !== 'logs:GetDataProtectionPolicy');
  const { status, history } = await createWith(allow('logs:CreateLogGroup', 'logs:DeleteLogGroup', ...lacking));
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(history).toContain(
    'is not authorized to perform: logs:GetDataProtectionPolicy because no identity-based policy allows the logs:GetDataProtectionPolicy action. The create handler of AWS::Logs::LogGroup needs it',
  );
  expect(history).toContain('HandlerErrorCode: AccessDenied');
});

test('a permission for one resource, or under a condition, will do', async () => {
  const [list, ...others] = reads;
  const narrow = { Effect: 'Allow', Action: others, Resource: 'arn:aws:logs:*:*:log-group:own*' };
  const { status } = await createWith(allow('logs:CreateLogGroup', list!), {
    ...narrow,
    Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
  });
  expect(status).toBe('CREATE_COMPLETE');
});

test('a permission that is denied for everything will not', async () => {
  const { status } = await createWith(allow('logs:*'), { Effect: 'Deny', Action: 'logs:Get*', Resource: '*' });
  expect(status).toBe('ROLLBACK_COMPLETE');
});

test('an update takes the permissions for what it changes, and a later one those for what it takes away', async () => {
  const { cloud, RoleARN } = await cloudWith(
    allow('logs:CreateLogGroup', 'logs:TagResource', 'logs:PutRetentionPolicy', ...reads),
  );
  const group = (more: object) => ({
    Resources: { Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'own', ...more } } },
  });
  const Tags = [{ Key: 'team', Value: 'red' }];
  await cloud.create('logs', group({ Tags }), { RoleARN });
  const changed = await cloud.update('logs', group({ Tags, RetentionInDays: 7 }), { RoleARN });
  expect(changed.StackStatus).toBe('UPDATE_COMPLETE');
  const untagged = await cloud.update('logs', group({ RetentionInDays: 7 }), { RoleARN });
  expect(untagged.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await cloud.history('logs')).join('\n')).toContain('is not authorized to perform: logs:UntagResource');
});
