import type { Subject, World } from '../subject.ts';
import { kinds, statusMeanings } from './kinds.ts';

/** The domains, the role and the security group of a profile. */
export interface ProfilePlace {
  domainIds: readonly string[];
  executionRole: string;
  securityGroupId: string;
}

/** A user profile, to be held against the contract. */
export function userProfileSubject(world: World, place: ProfilePlace): Subject {
  const [DomainId, other] = place.domainIds as [string, string];
  const settings = { ExecutionRole: place.executionRole };
  const secured = { ...settings, SecurityGroups: [place.securityGroupId] };
  const properties = { DomainId, UserProfileName: 'alice', UserSettings: settings };
  return {
    world,
    id: /^d-[a-z0-9]+\/alice$/,
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
    shown: { DomainId, UserProfileName: 'alice', UserSettings: settings },
    changed: { ...properties, UserSettings: secured, Tags: [{ Key: 'team', Value: 'red' }] },
    changedShown: { UserSettings: secured, Tags: { team: 'red' } },
    replacing: { ...properties, DomainId: other },
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
    words: kinds.UserProfile.words,
    statuses: statusMeanings(kinds.UserProfile.words),
  };
}
