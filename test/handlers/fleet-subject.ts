import { createHash } from 'node:crypto';
import type { Subject, World } from '../subject.ts';
import { kinds } from './kinds.ts';
import type { ProfilePlace } from './user-profile-subject.ts';

/** A fleet of one profile, to be held against the contract. */
export function fleetSubject(world: World, { domainIds, executionRole, securityGroupId }: ProfilePlace): Subject {
  const [DomainId, other] = domainIds as [string, string];
  const settings = { ExecutionRole: executionRole };
  const secured = { ...settings, SecurityGroups: [securityGroupId] };
  const Members = [{ UserProfileName: 'alice' }];
  const properties = { DomainId, Members, Defaults: { UserSettings: settings }, AllOrNothing: 'true' };
  const member = (more: Record<string, unknown>) => ({
    ...properties,
    Members: [{ UserProfileName: 'alice', ...more }],
  });
  const { Members: _, ...withoutMembers } = properties;
  return {
    world,
    id: /^d-[a-z0-9]+\/fleet-[0-9a-f]{16}$/,
    attributes: ['DomainId', 'MemberCount', 'FailedCount', 'Failed', 'Digest'],
    properties,
    shown: { DomainId, UserProfileName: 'alice', UserSettings: settings },
    changed: {
      ...member({ UserSettings: { SecurityGroups: [securityGroupId] } }),
      Defaults: { UserSettings: settings, Tags: [{ Key: 'team', Value: 'red' }] },
    },
    changedShown: { UserSettings: secured, Tags: { team: 'red' } },
    replacing: { ...properties, DomainId: other },
    strings: [
      { ...member({ UserSettings: { CustomPosixUserConfig: { Uid: '10000', Gid: '1001' } } }), MaxRemovals: '3' },
      { UserSettings: { CustomPosixUserConfig: { Uid: 10000, Gid: 1001 } } },
    ],
    wrong: [
      [{ ...properties, MaxRemoval: '3' }, 'MaxRemoval: unknown property; did you mean MaxRemovals?'],
      [{ Members }, 'DomainId: required, but missing'],
      [{ ...properties, DomainId: 'Studio' }, 'DomainId: expected the id of a domain, such as d-abc123, got "Studio"'],
      [{ ...properties, DomainId: 'd-gone' }, 'domain d-gone does not exist in this account and Region'],
      [withoutMembers, 'Members: required, but missing; or give MembersS3Uri instead'],
      [{ ...properties, Members: 'alice' }, 'Members: expected a list, got "alice"'],
      [{ ...properties, Members: ['alice'] }, 'Members[0]: expected an object, got "alice"'],
      [{ ...properties, Members: [{}] }, 'Members[0].UserProfileName: required, but missing'],
      [
        { ...properties, Members: [...Members, { UserProfileName: 'al ice' }] },
        'Members[1].UserProfileName: expected a name of 1 to 63 letters, digits and hyphens, beginning and ending with a letter or a digit, got "al ice"',
      ],
      [
        { ...properties, Members: [...Members, { UserProfileName: 'Alice' }] },
        'Members[1].UserProfileName: Alice is the name of Members[0] already, whatever its case',
      ],
      [member({ Settings: {} }), 'Members[0].Settings: unknown property; did you mean UserSettings?'],
      [
        member({ UserSettings: { CustomPosixUserConfig: { Uid: 'many', Gid: '1001' } } }),
        'Members[0].UserSettings.CustomPosixUserConfig.Uid: expected a number, got "many"',
      ],
      [member({ Tags: [{ Key: 'aws:x', Value: 'y' }] }), 'Members[0].Tags: Reading the tag aws:x'],
      [{ ...properties, Defaults: { UserProfileName: 'bob' } }, 'Defaults.UserProfileName: unknown property'],
      [
        { ...properties, Defaults: { Tags: [{ Key: 'studio-resources:x', Value: 'y' }] } },
        'Defaults.Tags: Reading the tag',
      ],
      [
        { ...properties, MembersS3Uri: 's3://members/all.csv' },
        'Members: does not go with MembersS3Uri, which is given too; give only one of them',
      ],
      [{ ...properties, MembersS3VersionId: 'abc' }, 'MembersS3VersionId: has no effect without MembersS3Uri'],
      [
        { ...withoutMembers, MembersS3Uri: 'https://members/all.csv' },
        'MembersS3Uri: expected the URI of an object, such as s3://bucket/members.csv, got "https://members/all.csv"',
      ],
      [
        { ...withoutMembers, MembersS3Uri: 's3://members/all.xlsx' },
        'MembersS3Uri: expected a key that ends with .csv, .jsonl or .ndjson, got s3://members/all.xlsx',
      ],
      [{ ...properties, AllOrNothing: 'perhaps' }, 'AllOrNothing: expected true or false, got "perhaps"'],
      [{ ...properties, MaxRemovals: 'few' }, 'MaxRemovals: expected a number, got "few"'],
      [{ ...properties, MaxRemovals: '-1' }, 'MaxRemovals: expected 0 or more, got -1'],
      [{ ...properties, DeleteContents: 'Some' }, 'DeleteContents: expected one of Apps, All, None; got "Some"'],
      [
        { ...properties, Members: Array.from({ length: 1001 }, (_, n) => ({ UserProfileName: `user-${n}` })) },
        'Members: expected at most 1000 members, got 1001; give the others to another resource',
      ],
      [
        {
          ...properties,
          Members: Array.from({ length: 1000 }, (_, n) => ({
            UserProfileName: `user-${n}`,
            SingleSignOnUserValue: 'x'.repeat(100),
          })),
        },
        'put them into a file, and give MembersS3Uri',
      ],
      [
        member({ UserSettings: { StudioWebPortal: 'ON' } }),
        'Members[0].UserSettings.StudioWebPortal: expected one of ENABLED, DISABLED, got "ON"',
      ],
    ],
    words: kinds.UserProfile.words,
    statuses: {
      InService: 'ready',
      Pending: 'pending',
      Updating: 'pending',
      // The first is deleted and created again, the second updated again.
      Failed: 'ready',
      Update_Failed: 'ready',
      Delete_Failed: 'failed',
    },
  };
}

/** A world of fleets whose only member is alice, seen through a world of profiles. */
export function fleetWorld<W extends World>(world: W, stackId: string): W {
  const mark = createHash('sha256').update(`${stackId} Studio`).digest('hex').slice(0, 16);
  const profile = (id: string) => `${id.split('/')[0]}/alice`;
  return {
    ...world,
    async existing() {
      const domains = (await world.existing()).map((id) => id.split('/')[0]!);
      return [...new Set(domains)].map((DomainId) => `${DomainId}/fleet-${mark}`);
    },
    look: (id) => world.look(profile(id)),
    setStatus: (id, status, reason) => world.setStatus(profile(id), status, reason),
    deleteBehindItsBack: (id) => world.deleteBehindItsBack(profile(id)),
    disown: (id) => world.disown(profile(id)),
  };
}
