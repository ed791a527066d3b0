import type { Principal } from '../../../../packages/local/src/principal.ts';
import { servicePrincipal } from '../../../../packages/local/src/principal.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { AuthorisedCloud, account, policyOf, root } from '../authorised-cloud.ts';
import { allow, denial, domain, ec2, efs, lambda, s3, sagemaker, who } from './authorised-services.ts';

let cloud: AuthorisedCloud;

beforeEach(() => {
  cloud = new AuthorisedCloud([sagemaker, ec2, efs, lambda, s3]);
});

describe('a role without a permission is refused', () => {
  test('by a JSON service', async () => {
    const role = await cloud.role('R');
    expect(await denial(cloud.call(sagemaker, 'CreateDomain', domain, role))).toEqual({
      name: 'AccessDeniedException',
      status: 400,
      message: `${who} sagemaker:CreateDomain on resource: arn:aws:sagemaker:eu-west-1:${account}:domain/* because no identity-based policy allows the sagemaker:CreateDomain action`,
    });
    expect(await denial(cloud.call(sagemaker, 'ListDomains', {}, role))).toMatchObject({
      message: `${who} sagemaker:ListDomains on resource: * because no identity-based policy allows the sagemaker:ListDomains action`,
    });
  });

  test('by EC2', async () => {
    const role = await cloud.role('R');
    expect(await denial(cloud.call(ec2, 'DescribeVpcs', {}, role))).toEqual({
      name: 'UnauthorizedOperation',
      status: 403,
      message: `You are not authorized to perform this operation. ${who} ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action`,
    });
  });

  test('by EFS, which does not say why', async () => {
    const role = await cloud.role('R');
    expect(await denial(cloud.call(efs, 'DeleteFileSystem', { FileSystemId: 'fs-0123abcd' }, role))).toEqual({
      name: 'AccessDeniedException',
      status: 403,
      message: `${who} elasticfilesystem:DeleteFileSystem on the specified resource`,
    });
  });

  test('by Lambda', async () => {
    const role = await cloud.role('R');
    expect(await denial(cloud.call(lambda, 'GetFunction', { FunctionName: 'f' }, role))).toEqual({
      name: 'AccessDeniedException',
      status: 403,
      message: `${who} lambda:GetFunction on resource: arn:aws:lambda:eu-west-1:${account}:function:f because no identity-based policy allows the lambda:GetFunction action`,
    });
  });

  test('by S3, which quotes the resource', async () => {
    const role = await cloud.role('R');
    expect(await denial(cloud.call(s3, 'GetObject', { Bucket: 'data', Key: 'a/b' }, role))).toEqual({
      name: 'AccessDenied',
      status: 403,
      message: `${who} s3:GetObject on resource: "arn:aws:s3:::data/a/b" because no identity-based policy allows the s3:GetObject action`,
    });
    expect(await denial(cloud.call(s3, 'ListBuckets', {}, role))).toMatchObject({
      message: `${who} s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action`,
    });
  });

  test('by IAM itself', async () => {
    const role = await cloud.role('R');
    expect(await denial(cloud.call(iam, 'GetRole', { RoleName: 'R' }, role))).toEqual({
      name: 'AccessDenied',
      status: 403,
      message: `${who} iam:GetRole on resource: arn:aws:iam::${account}:role/R because no identity-based policy allows the iam:GetRole action`,
    });
  });
});

test('the account and the services have all permissions', async () => {
  await cloud.call(sagemaker, 'CreateDomain', domain, root);
  await cloud.call(sagemaker, 'CreateDomain', domain, servicePrincipal('cloudformation.amazonaws.com', account));
});

test('a role that was deleted has no permissions', async () => {
  const role = await cloud.role('R', allow('sagemaker:*'));
  await cloud.call(sagemaker, 'ListDomains', {}, role);
  await cloud.call(iam, 'DeleteRolePolicy', { RoleName: 'R', PolicyName: 'inline' });
  await cloud.call(iam, 'DeleteRole', { RoleName: 'R' });
  expect(await denial(cloud.call(sagemaker, 'ListDomains', {}, role))).toMatchObject({ name: 'AccessDeniedException' });
});

describe('a permission is checked', () => {
  test('on the resource that the call names', async () => {
    const role = await cloud.role('R', allow('sagemaker:DescribeDomain', 'arn:aws:sagemaker:*:*:domain/d-ours'));
    await cloud.call(sagemaker, 'DescribeDomain', { DomainId: 'd-ours' }, role);
    expect(await denial(cloud.call(sagemaker, 'DescribeDomain', { DomainId: 'd-theirs' }, role))).toMatchObject({
      message: expect.stringContaining('domain/d-theirs because no identity-based policy'),
    });
  });

  test("with the resource's tags, under AWS's name and the service's own", async () => {
    for (const key of ['aws:ResourceTag/team', 'sagemaker:ResourceTag/team']) {
      const name = key.split(':')[0]!;
      const role = await cloud.role(name, allow('sagemaker:*', '*', { StringEquals: { [key]: 'blue' } }));
      await cloud.call(sagemaker, 'DescribeDomain', { DomainId: 'd-ours' }, role);
      expect(await denial(cloud.call(sagemaker, 'DescribeDomain', { DomainId: 'd-2' }, role))).not.toBe('allowed');
    }
  });

  test("with the request's tags and their keys, and the permission to tag what is created", async () => {
    const role = await cloud.role(
      'R',
      allow('sagemaker:CreateDomain', '*', {
        StringEquals: { 'aws:RequestTag/team': 'blue' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost'] },
      }),
      allow('sagemaker:AddTags', '*', { StringEquals: { 'sagemaker:TaggingAction': 'CreateDomain' } }),
    );
    const team = { Key: 'team', Value: 'blue' };
    await cloud.call(sagemaker, 'CreateDomain', { ...domain, Tags: [team] }, role);
    for (const Tags of [[], [{ Key: 'team', Value: 'red' }], [team, { Key: 'owner', Value: 'x' }]]) {
      expect(await denial(cloud.call(sagemaker, 'CreateDomain', { ...domain, Tags }, role))).not.toBe('allowed');
    }
    const only = await cloud.role('S', allow('sagemaker:CreateDomain'));
    expect(await denial(cloud.call(sagemaker, 'CreateDomain', { ...domain, Tags: [team] }, only))).toMatchObject({
      message: expect.stringContaining(
        'is not authorized to perform: sagemaker:AddTags on resource: arn:aws:sagemaker',
      ),
    });
  });

  test('with the tags that another service has for the resource of the call', async () => {
    const tags = cloud.store.table<Record<string, string>>('ec2', { account, region: 'eu-west-1' }, 'tags');
    tags.set(`arn:aws:ec2:eu-west-1:${account}:network-interface/fsmt-0123abcd`, { team: 'blue' });
    const role = await cloud.role(
      'R',
      allow('elasticfilesystem:DeleteMountTarget'),
      allow('ec2:DeleteNetworkInterface', '*', { StringEquals: { 'ec2:ResourceTag/team': 'blue' } }),
    );
    await cloud.call(efs, 'DeleteMountTarget', { MountTargetId: 'fsmt-0123abcd' }, role);
    expect(await denial(cloud.call(efs, 'DeleteMountTarget', { MountTargetId: 'fsmt-4567cdef' }, role))).toMatchObject({
      message: expect.stringContaining('network-interface/fsmt-4567cdef because no identity-based policy allows'),
    });
  });

  test('with tag specifications as EC2 has them', async () => {
    const role = await cloud.role(
      'R',
      allow('ec2:CreateVpc'),
      allow('ec2:CreateTags', '*', {
        StringEquals: { 'ec2:CreateAction': 'CreateVpc', 'aws:RequestTag/Name': 'studio' },
      }),
    );
    const tagged = (Value: string) => ({
      CidrBlock: '10.0.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc' as const, Tags: [{ Key: 'Name', Value }] }],
    });
    await cloud.call(ec2, 'CreateVpc', tagged('studio'), role);
    expect(await denial(cloud.call(ec2, 'CreateVpc', tagged('other'), role))).toMatchObject({
      name: 'UnauthorizedOperation',
    });
  });

  test('for the role that is passed, and the service it is passed to', async () => {
    const input = { ...domain, DefaultUserSettings: { ExecutionRole: `arn:aws:iam::${account}:role/studio/User` } };
    const without = await cloud.role('R', allow('sagemaker:CreateDomain'));
    expect(await denial(cloud.call(sagemaker, 'CreateDomain', input, without))).toEqual({
      name: 'AccessDeniedException',
      status: 400,
      message: `${who} iam:PassRole on resource: arn:aws:iam::${account}:role/studio/User because no identity-based policy allows the iam:PassRole action`,
    });
    const passing = (service: string) =>
      allow('iam:PassRole', `arn:aws:iam::${account}:role/studio/*`, {
        StringEquals: { 'iam:PassedToService': service },
      });
    const right = await cloud.role('S', allow('sagemaker:CreateDomain'), passing('sagemaker.amazonaws.com'));
    const wrong = await cloud.role('T', allow('sagemaker:CreateDomain'), passing('lambda.amazonaws.com'));
    await cloud.call(sagemaker, 'CreateDomain', input, right);
    expect(await denial(cloud.call(sagemaker, 'CreateDomain', input, wrong))).not.toBe('allowed');
  });

  test("with the caller, the time and the Region, and the caller's own tags", async () => {
    const role = await cloud.role(
      'R',
      allow('sagemaker:ListDomains', '*', {
        StringEquals: {
          'aws:PrincipalAccount': account,
          'aws:RequestedRegion': 'eu-west-1',
          'aws:PrincipalTag/team': 'blue',
          'aws:PrincipalType': 'AssumedRole',
        },
        ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/R` },
        StringLike: { 'aws:userid': 'AROA*:session' },
        DateLessThan: { 'aws:CurrentTime': '2026-11-21T07:00:00Z' },
        Bool: { 'aws:SecureTransport': 'true' },
      }),
    );
    expect(await denial(cloud.call(sagemaker, 'ListDomains', {}, role))).not.toBe('allowed');
    await cloud.call(iam, 'TagRole', { RoleName: 'R', Tags: [{ Key: 'team', Value: 'blue' }] });
    await cloud.call(sagemaker, 'ListDomains', {}, role);
    await cloud.clock.pass(3_600_000);
    expect(await denial(cloud.call(sagemaker, 'ListDomains', {}, role))).not.toBe('allowed');
  });
});

test('managed policies apply like inline ones, those of the account and those of AWS', async () => {
  const role = await cloud.role('R');
  const list = () => denial(cloud.call(sagemaker, 'ListDomains', {}, role));
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess';
  await cloud.call(iam, 'AttachRolePolicy', { RoleName: 'R', PolicyArn });
  expect(await list()).toBe('allowed');
  expect(await denial(cloud.call(sagemaker, 'CreateDomain', domain, role))).not.toBe('allowed');
  await cloud.call(iam, 'DetachRolePolicy', { RoleName: 'R', PolicyArn });
  expect(await list()).not.toBe('allowed');
  const document = policyOf(allow('sagemaker:ListDomains'));
  const { Policy } = await cloud.call(iam, 'CreatePolicy', { PolicyName: 'own', PolicyDocument: document });
  await cloud.call(iam, 'AttachRolePolicy', { RoleName: 'R', PolicyArn: Policy!.Arn });
  expect(await list()).toBe('allowed');
});

test('a user has its own permissions, and policy variables have its name', async () => {
  await cloud.call(iam, 'CreateUser', { UserName: 'ana', Path: '/team/' });
  const arn = `arn:aws:iam::${account}:user/team/ana`;
  const ana: Principal = { kind: 'user', account, arn, userName: 'ana' };
  expect(await denial(cloud.call(iam, 'GetUser', {}, ana))).toMatchObject({
    message: `User: ${arn} is not authorized to perform: iam:GetUser on resource: ${arn} because no identity-based policy allows the iam:GetUser action`,
  });
  const own = allow('iam:*', `arn:aws:iam::*:user/team/\${aws:username}`);
  await cloud.call(iam, 'PutUserPolicy', { UserName: 'ana', PolicyName: 'own', PolicyDocument: policyOf(own) });
  expect(await cloud.call(iam, 'GetUser', {}, ana)).toMatchObject({ User: { UserName: 'ana' } });
  expect(await denial(cloud.call(iam, 'GetUser', { UserName: 'bob' }, ana))).not.toBe('allowed');
});
