import type { Principal } from '../../../../packages/local/src/principal.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { AuthorisedCloud, policyOf } from '../authorised-cloud.ts';
import { allow, denial, ec2, efs, lambda, s3, sagemaker, who } from './authorised-services.ts';

let cloud: AuthorisedCloud;

beforeEach(() => {
  cloud = new AuthorisedCloud([sagemaker, ec2, efs, lambda, s3]);
});

describe('a refusal names the policy that it comes from', () => {
  const listing = (principal: Principal) => denial(cloud.call(sagemaker, 'ListDomains', {}, principal));
  const managed = async (PolicyName: string, ...statements: object[]) => {
    const { Policy } = await cloud.call(iam, 'CreatePolicy', { PolicyName, PolicyDocument: policyOf(...statements) });
    return Policy!.Arn!;
  };
  const deny = { Effect: 'Deny', Action: 'sagemaker:ListDomains', Resource: '*' };

  test('an identity-based policy that denies', async () => {
    const role = await cloud.role('R', allow('*'), deny);
    expect(await listing(role)).toMatchObject({
      message: `${who} sagemaker:ListDomains on resource: * with an explicit deny in an identity-based policy`,
    });
  });

  test('a permissions boundary that does not allow, or denies', async () => {
    const role = await cloud.role('R', allow('*'));
    const bound = async (PermissionsBoundary: string) =>
      cloud.call(iam, 'PutRolePermissionsBoundary', { RoleName: 'R', PermissionsBoundary });
    await bound(await managed('narrow', allow('ec2:*')));
    expect(await listing(role)).toMatchObject({
      message: `${who} sagemaker:ListDomains on resource: * because no permissions boundary allows the sagemaker:ListDomains action`,
    });
    await bound(await managed('denying', allow('*'), deny));
    expect(await listing(role)).toMatchObject({
      message: `${who} sagemaker:ListDomains on resource: * with an explicit deny in a permissions boundary`,
    });
    await bound(await managed('wide', allow('sagemaker:*')));
    expect(await listing(role)).toBe('allowed');
    await cloud.call(iam, 'DeleteRolePermissionsBoundary', { RoleName: 'R' });
    expect(await listing(role)).toBe('allowed');
  });

  test('a session policy that does not allow, or denies', async () => {
    const role = await cloud.role('R', allow('*'));
    expect(await listing({ ...role, session: { policies: [policyOf(allow('ec2:*'))] } })).toMatchObject({
      message: `${who} sagemaker:ListDomains on resource: * because no session policy allows the sagemaker:ListDomains action`,
    });
    expect(await listing({ ...role, session: { policies: [policyOf(allow('*'), deny)] } })).toMatchObject({
      message: `${who} sagemaker:ListDomains on resource: * with an explicit deny in a session policy`,
    });
    expect(await listing({ ...role, session: { policies: [policyOf(allow('*'))] } })).toBe('allowed');
  });

  test('a resource-based policy of another account, which must allow as well', async () => {
    const role = await cloud.role('R', allow('s3:*'));
    const poor = await cloud.role('S');
    const get = (Key: string, as: Principal) => denial(cloud.call(s3, 'GetObject', { Bucket: 'shared', Key }, as));
    expect(await get('open/a', role)).toBe('allowed');
    expect(await get('open/a', poor)).toMatchObject({ message: expect.stringContaining('no identity-based policy') });
    expect(await get('secret/a', role)).toMatchObject({
      message: `${who} s3:GetObject on resource: "arn:aws:s3:::shared/secret/a" with an explicit deny in a resource-based policy`,
    });
    const stranger = { ...role, account: '777788889999' };
    expect(await get('open/a', stranger)).not.toBe('allowed');
  });
});
