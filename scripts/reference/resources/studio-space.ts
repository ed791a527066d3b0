import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: 'Creates a private or shared space with its volume, changes it in place, and deletes it while apps run in it. `AWS::SageMaker::Space` is enough if the members that you need are among its own (see [below](#compared-with-awssagemakerspace)), and if no app runs in the space when it is deleted.',
  native: 'AWS::SageMaker::Space',
  minimal: 'docs/examples/studio-space.yaml',
  full: 'docs/examples/studio-space-full.yaml',
  ref: '`<domain id>/<name>`. The name alone is the attribute `SpaceName`.',
  attributes: {
    SpaceName: 'The name of the space.',
    SpaceArn: 'Its ARN.',
    DomainId: 'The id of its domain.',
    HomeEfsFileSystemUid: 'The POSIX id of the space in the home file system.',
    Url: 'Where the space opens.',
  },
  holding:
    "**Deletion** deletes the space with its volume, if this stack and logical id hold it, and the apps in it as `DeleteContents` allows. **A renamed logical id** takes the space over, without a property and with its volume; a rollback gives it back. **Adoption**: `AdoptExisting` takes over a space that another stack of this project has given up by `DeletionPolicy: Retain`, which is then deleted with this stack; a space that no stack of this project created is changed to what the template says, and never deleted. Tags that SageMaker has propagated from the domain do not count as the space's own. **Reach**: spaces in a domain that a resource of this provider created, one that the same stack, or another of its tree of nested stacks, declares as `AWS::SageMaker::Domain`, and those that `AllowedDomains` or `AllowedDomainTag` open. It adopts spaces that no resource of this provider created only in domains that these parameters open.",
  errors: [
    {
      shows: 'is not open to this resource',
      cure: 'Add the domain to `AllowedDomains` of the stack of `provider.yaml`, or give it the tag that `AllowedDomainTag` names; or declare the resource in the stack that creates the domain.',
      test: 'test/security/deputies-allowed.test.ts',
    },
    {
      shows: 'cannot shrink to',
      cure: 'Set `EbsVolumeSizeInGb` to the present size or more. A smaller volume needs another space.',
      test: 'test/handlers/studio-space.test.ts',
    },
    {
      shows: 'a change of SpaceSettings cannot be made in place',
      cure: 'Another `AppType` needs another space: change `SpaceName` as well.',
      test: 'test/handlers/studio-space.test.ts',
    },
    {
      shows: 'Set DeleteContents: Apps to stop running apps',
      cure: 'Delete the apps that the error names, and delete the stack again.',
      test: 'test/handlers/studio-space.test.ts',
    },
    {
      shows: 'and that cannot be changed. Give its own value',
      cure: 'Give the value that the adopted space has.',
      test: 'test/handlers/studio-space.test.ts',
    },
  ],
  moving:
    "[From AWS's own type](../../cloudformation/MIGRATING.md#a-stack-of-awss-own-types), in two updates and without a replacement.",
  words: {
    DomainId: 'The domain.',
    SpaceName: 'The name.',
    Tags: '[With those of the stack](../../handlers/README.md#tags).',
    SpaceSettings:
      'Another `AppType` replaces the space; everything else changes in place. A volume grows, and does not shrink.',
    OwnershipSettings: 'The owner. Another one replaces the space.',
    SpaceSharingSettings: '`Private`: for the owner alone. `Shared`: for all users of the domain.',
    SpaceDisplayName: 'The name that Studio shows.',
  },
};
