import { handler } from '../../handlers/studio-user-profile.ts';
import { describeContract } from '../contract.ts';
import { type MockWorld, mockWorld } from './mock-world.ts';

const role = 'arn:aws:iam::111122223333:role/studio';
const DomainId = 'd-studio';
const properties = { DomainId, UserProfileName: 'alice', UserSettings: { ExecutionRole: role } };

/** A world with a domain for the profiles. */
function world(): MockWorld {
  const world = mockWorld('UserProfile', handler);
  for (const id of [DomainId, 'd-other']) {
    world.studio.domains.set(id, {
      members: { DomainId: id, Status: 'InService', Url: `https://${id}.studio.eu-west-1.sagemaker.aws` },
    });
  }
  return world;
}

describeContract('studio-user-profile against mocks', async () => ({
  world: world(),
  id: /^d-studio\/alice$/,
  attributes: [
    'UserProfileName',
    'UserProfileArn',
    'HomeEfsFileSystemUid',
    'DomainId',
    'SingleSignOnUserIdentifier',
    'SingleSignOnUserValue',
    'Url',
  ],
  properties,
  shown: { DomainId, UserProfileName: 'alice', UserSettings: { ExecutionRole: role } },
  changed: {
    ...properties,
    UserSettings: { ExecutionRole: role, SecurityGroups: ['sg-1'] },
    Tags: [{ Key: 'team', Value: 'red' }],
  },
  changedShown: { UserSettings: { ExecutionRole: role, SecurityGroups: ['sg-1'] }, Tags: { team: 'red' } },
  replacing: { ...properties, DomainId: 'd-other' },
  colliding: [{ ...properties, SingleSignOnUserValue: 'alice@example.com' }, 'SingleSignOnUserValue'],
  strings: [
    { ...properties, AdoptExisting: 'False', UserSettings: { CustomPosixUserConfig: { Uid: '10000', Gid: '1001' } } },
    { UserSettings: { CustomPosixUserConfig: { Uid: 10000, Gid: 1001 } } },
  ],
  wrong: [
    [{ ...properties, UserProfileNme: 'x' }, 'UserProfileNme: unknown property; did you mean UserProfileName?'],
    [{ UserProfileName: 'alice' }, 'DomainId: required, but missing'],
    [
      { ...properties, UserSettings: { CustomPosixUserConfig: { Uid: 'many', Gid: '1001' } } },
      'UserSettings.CustomPosixUserConfig.Uid: expected a number, got "many"',
    ],
  ],
  statuses: {
    InService: 'ready',
    Pending: 'pending',
    Updating: 'pending',
    Failed: 'failed',
    Update_Failed: 'failed',
    Delete_Failed: 'failed',
  },
}));
