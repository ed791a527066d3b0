import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: "Creates a user profile in a domain with every setting of the API, changes it in place, and deletes it with the apps that run and, if the template says so, with the spaces that it owns. `AWS::SageMaker::UserProfile` is enough if the members that you need are among its own (see [below](#compared-with-awssagemakeruserprofile)). Its deletion fails while people's apps or spaces belong to the profile; [`Custom::StudioContents`](studio-contents.md) beside it deletes them first, so you can keep it. For many profiles there is [`Custom::StudioUserProfileFleet`](studio-user-profile-fleet.md).",
  native: 'AWS::SageMaker::UserProfile',
  minimal: 'docs/examples/studio-user-profile.yaml',
  full: 'docs/examples/studio-user-profile-full.yaml',
  ref: '`<domain id>/<name>`. The name alone is the attribute `UserProfileName`.',
  attributes: {
    UserProfileName: 'The name of the profile.',
    UserProfileArn: 'Its ARN.',
    HomeEfsFileSystemUid: "The user's POSIX id in the home file system.",
    DomainId: 'The id of its domain.',
    SingleSignOnUserIdentifier: '`UserName` in a domain of IAM Identity Center; empty otherwise.',
    SingleSignOnUserValue: 'The user in IAM Identity Center; empty otherwise.',
    Url: 'Where the users of the domain sign in.',
  },
  holding:
    '**Deletion** deletes the profile, if this stack and logical id hold it, with what `DeleteContents` allows. **A renamed logical id** takes the profile over, without a property; so does a fleet of the same stack that it moves into. A rollback gives it back. **Adoption**: `AdoptExisting` takes over a profile that another stack of this project has given up by `DeletionPolicy: Retain`, which is then deleted with this stack; a profile that no stack of this project created is changed to what the template says, and never deleted. **Reach**: profiles in a domain that a resource of this provider created, one that the same stack, or another of its tree of nested stacks, declares as `AWS::SageMaker::Domain`, and those that `AllowedDomains` or `AllowedDomainTag` open. It adopts profiles that no resource of this provider created only in domains that these parameters open.',
  errors: [
    {
      shows: 'let the provider pass it: parameter ExecutionRoleArns',
      cure: 'Add the role, or a pattern that matches it, to `ExecutionRoleArns` of the stack of `provider.yaml`.',
      test: 'test/stacks/bad-input.test.ts',
    },
    {
      shows: 'is not open to this resource',
      cure: 'Add the domain to `AllowedDomains` of the stack of `provider.yaml`, or give it the tag that `AllowedDomainTag` names; or declare the resource in the stack that creates the domain.',
      test: 'test/security/deputies-allowed.test.ts',
    },
    {
      shows: 'blocked by space notes, which DeleteContents: Apps does not',
      cure: 'Delete the spaces that the error names, and delete the stack again. `DeleteContents: All` has to be set before the deletion.',
      test: 'test/handlers/studio-user-profile.test.ts',
    },
    {
      shows: 'Change DomainId or UserProfileName as well',
      cure: 'A name in another case is the same profile. Give it another name, or undo the change.',
      test: 'test/handlers/studio-user-profile.test.ts',
    },
    {
      shows: 'and that cannot be changed. Give its own value',
      cure: 'Give the value that the adopted profile has.',
      test: 'test/handlers/studio-user-profile.test.ts',
    },
  ],
  moving:
    "[From AWS's own types](../../cloudformation/MIGRATING.md#a-stack-of-awss-own-types), in two updates and without a replacement, and [back to them](../../cloudformation/MIGRATING.md#back-to-awss-own-types) by an import. [A sample's custom resource](../../cloudformation/MIGRATING.md#a-stack-of-a-samples-custom-resources) moves over in the same two updates.",
  words: {
    DomainId: 'The domain.',
    UserProfileName: 'A name in another case is the same profile.',
    SingleSignOnUserIdentifier: 'For IAM Identity Center: which attribute `SingleSignOnUserValue` is.',
    SingleSignOnUserValue: 'For IAM Identity Center: the user.',
    Tags: '[With those of the stack](../../handlers/README.md#tags).',
    UserSettings: "Settings that take the place of the domain's.",
  },
};
