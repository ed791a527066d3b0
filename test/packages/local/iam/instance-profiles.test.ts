import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { AuthorisedCloud, account, trusting } from '../authorised-cloud.ts';
import { StackCloud } from '../stack-cloud.ts';

const AssumeRolePolicyDocument = trusting({ Service: 'ec2.amazonaws.com' });
const InstanceProfileName = 'own';
const RoleName = 'instances';

describe('an instance profile', () => {
  let cloud: AuthorisedCloud;

  beforeEach(async () => {
    cloud = new AuthorisedCloud();
    await cloud.call(iam, 'CreateRole', { RoleName, AssumeRolePolicyDocument });
    await cloud.call(iam, 'CreateInstanceProfile', { InstanceProfileName, Path: '/team/' });
  });

  afterEach(() => cloud.cloud.close());

  test('holds one role, which cannot be deleted meanwhile', async () => {
    await cloud.call(iam, 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName });
    const { InstanceProfile } = await cloud.call(iam, 'GetInstanceProfile', { InstanceProfileName });
    expect(InstanceProfile).toMatchObject({
      Arn: `arn:aws:iam::${account}:instance-profile/team/own`,
      InstanceProfileId: expect.stringMatching(/^AIPA[A-Z2-7]{17}$/),
      Roles: [{ RoleName }],
    });
    const listed = await cloud.call(iam, 'ListInstanceProfilesForRole', { RoleName });
    expect(listed.InstanceProfiles).toMatchObject([{ InstanceProfileName }]);
    await cloud.call(iam, 'CreateRole', { RoleName: 'other', AssumeRolePolicyDocument });
    const second = cloud.call(iam, 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName: 'other' });
    await expect(second).rejects.toMatchObject({ name: 'LimitExceeded' });
    const message = 'Cannot delete entity, must remove roles from instance profile first.';
    const conflict = { name: 'DeleteConflict', message };
    await expect(cloud.call(iam, 'DeleteRole', { RoleName })).rejects.toMatchObject(conflict);
    await expect(cloud.call(iam, 'DeleteInstanceProfile', { InstanceProfileName })).rejects.toMatchObject(conflict);
    await cloud.call(iam, 'RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName });
    await cloud.call(iam, 'DeleteInstanceProfile', { InstanceProfileName });
    await cloud.call(iam, 'DeleteRole', { RoleName });
    expect((await cloud.call(iam, 'ListInstanceProfiles', {})).InstanceProfiles).toEqual([]);
  });

  test('gets a role only from callers who may pass it to EC2', async () => {
    const allow = (Action: string, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
    const add = { InstanceProfileName, RoleName };
    const lacking = await cloud.role('lacking', allow('iam:AddRoleToInstanceProfile'));
    const denied = { name: 'AccessDenied', message: expect.stringContaining('iam:PassRole') };
    await expect(cloud.call(iam, 'AddRoleToInstanceProfile', add, lacking)).rejects.toMatchObject(denied);
    const Condition = { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } };
    const passing = allow('iam:PassRole', { Condition });
    const user = await cloud.role('user', allow('iam:AddRoleToInstanceProfile'), passing);
    await cloud.call(iam, 'AddRoleToInstanceProfile', add, user);
  });

  test('that is missing or there already is an error', async () => {
    const missing = cloud.call(iam, 'GetInstanceProfile', { InstanceProfileName: 'none' });
    await expect(missing).rejects.toMatchObject({
      name: 'NoSuchEntity',
      message: 'Instance Profile none cannot be found.',
    });
    const again = cloud.call(iam, 'CreateInstanceProfile', { InstanceProfileName });
    await expect(again).rejects.toMatchObject({ name: 'EntityAlreadyExists' });
  });
});

test('a stack creates an instance profile, changes its role in place, and deletes both', async () => {
  const cloud = new StackCloud();
  const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument } };
  const template = (name: string) => ({
    Resources: {
      First: role,
      Second: role,
      Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { InstanceProfileName, Roles: [{ Ref: name }] } },
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Profile', 'Arn'] } }, Name: { Value: { Ref: 'Profile' } } },
  });
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
  const { StackStatus, Outputs } = await cloud.create('profiles', template('First'), { Capabilities });
  expect(StackStatus).toBe('CREATE_COMPLETE');
  expect(Outputs!.map(({ OutputValue }) => OutputValue).sort()).toEqual([
    `arn:aws:iam::${account}:instance-profile/own`,
    'own',
  ]);
  expect((await cloud.update('profiles', template('Second'), { Capabilities })).StackStatus).toBe('UPDATE_COMPLETE');
  const { InstanceProfile } = await cloud.invoke(iam, 'GetInstanceProfile', { InstanceProfileName });
  expect(InstanceProfile!.Roles).toMatchObject([{ RoleName: expect.stringContaining('Second') }]);
  expect((await cloud.delete('profiles')).StackStatus).toBe('DELETE_COMPLETE');
  expect(await cloud.listed(iam, 'ListInstanceProfiles')).toEqual([false]);
  cloud.cloud.close();
});
