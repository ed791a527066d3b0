import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: "Creates up to 1,000 user profiles of one domain, from a list in the template or from a file, with as many concurrent calls as SageMaker accepts, and removes those that are no longer listed. For a few profiles with outputs of their own, `AWS::SageMaker::UserProfile` or [`Custom::StudioUserProfile`](studio-user-profile.md) is enough: CloudFormation's quota of resources for each stack applies to those, and a failed one rolls all back.",
  minimal: 'docs/examples/studio-user-profile-fleet.yaml',
  full: 'cloudformation/examples/user-profile-fleet.yaml',
  ref: 'An id of the fleet. It is of no use to other resources.',
  attributes: {
    DomainId: 'The id of the domain.',
    MemberCount: 'How many members are listed.',
    FailedCount: 'How many of them failed.',
    Failed: 'Which failed, and why, as many as fit; the log lists all.',
    Digest: 'A hash of the members; it changes when they do.',
  },
  holding:
    '**Deletion** deletes the profiles that this stack and logical id hold, with what `DeleteContents` allows. **A renamed logical id** takes the profiles over, without a property; a member can also move between a fleet and a `Custom::StudioUserProfile` of the same stack. A rollback gives them back. **Adoption**: with `AdoptExisting`, members take over profiles that another stack of this project has given up by `DeletionPolicy: Retain`, which are then deleted with this stack; profiles that no stack of this project created are changed to what the template says, and never deleted. **Reach**: profiles in a domain that a resource of this provider created, one that the same stack, or another of its tree of nested stacks, declares as `AWS::SageMaker::Domain`, and those that `AllowedDomains` or `AllowedDomainTag` open. It adopts profiles that no resource of this provider created only in domains that these parameters open.',
  errors: [
    {
      shows: "the provider's parameter MembersBuckets has to name it",
      cure: 'Add the bucket to `MembersBuckets` of the stack of `provider.yaml`.',
      test: 'test/handlers/studio-user-profile-fleet-file.test.ts',
    },
    {
      shows: 'unknown column; did you mean',
      cure: 'Correct the first line of the file.',
      test: 'test/handlers/studio-user-profile-fleet-file.test.ts',
    },
    {
      shows: 'AllOrNothing is set, so nothing is done',
      cure: 'Correct the line of the file that the error names.',
      test: 'test/handlers/studio-user-profile-fleet-file.test.ts',
    },
    {
      shows: 'and MaxRemovals is 2',
      cure: 'The update would remove more profiles than `MaxRemovals`. Set it to that number for this update, or list them again.',
      test: 'test/handlers/studio-user-profile-fleet-update.test.ts',
    },
    {
      shows: 'members failed',
      cure: 'Correct what the error says of each member; the other members exist.',
      test: 'test/handlers/studio-user-profile-fleet.test.ts',
    },
  ],
  moving:
    '[Native profiles](../../cloudformation/MIGRATING.md#a-stack-of-awss-own-types) become members by `AdoptExisting`. A member can also move to a [`Custom::StudioUserProfile`](studio-user-profile.md) of the same stack, and back. [Back to the native type](../../cloudformation/MIGRATING.md#back-to-awss-own-types), each profile is imported by itself.',
  words: {
    DomainId: 'The domain of all members.',
    'Members[].UserProfileName': 'The name; one in another case is the same profile.',
    'Members[].SingleSignOnUserValue': 'In a domain of IAM Identity Center: the user.',
    'Members[].Tags': 'Beside the tags of `Defaults`, or in their place for the same keys.',
    'Members[].UserSettings': 'Merged over the settings of `Defaults`, member by member.',
    'Defaults.Tags': 'Tags of every member.',
    'Defaults.UserSettings': 'Settings of every member.',
  },
  allowed: {
    Members: 'up to 1,000 members, of 90,000 bytes together',
    MaxRemovals: '0 or more',
  },
};
