import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: 'Stands beside an `AWS::SageMaker::Domain` or `AWS::SageMaker::UserProfile` and deletes the apps, spaces and profiles in it before CloudFormation deletes that, which fails while they exist. The native types alone are enough if only the template creates apps, spaces and profiles. [`Custom::StudioDomain`](studio-domain.md) does this by itself.',
  minimal: 'docs/examples/studio-contents.yaml',
  full: 'cloudformation/examples/studio-contents.yaml',
  ref: 'The id of the domain, or `<domain id>/<name>` of the profile.',
  attributes: {},
  holding:
    '**Deletion** deletes the contents only if the domain or profile is deleted next: with the stack, or because the same update removes it from the template. **A renamed logical id** deletes nothing. **Adoption** does not apply: the resource holds nothing. **Reach**: the contents of a domain that the same stack, or another of its tree of nested stacks, declares as `AWS::SageMaker::Domain`, and of those that `AllowedDomains` or `AllowedDomainTag` open. If the domain is no longer among these, a deletion retains the contents, and succeeds.',
  errors: [
    {
      shows: 'there is no domain d-bbbbbbbbbbbb in this account and Region; give the id of one',
      cure: 'Correct `DomainId`.',
      test: 'test/handlers/studio-contents.test.ts',
    },
    {
      shows: 'give the name of one that exists',
      cure: 'Correct `UserProfileName`, or add `DependsOn` if the template creates the profile.',
      test: 'test/handlers/studio-contents.test.ts',
    },
    {
      shows: 'unknown property; did you mean',
      cure: 'Spell the property as the table below does. The error names its path.',
      test: 'test/handlers/studio-contents.test.ts',
    },
    {
      shows: 'is not open to this resource',
      cure: 'Add the domain to `AllowedDomains` of the stack of `provider.yaml`, or give it the tag that `AllowedDomainTag` names; or declare the resource in the stack that creates the domain.',
      test: 'test/security/deputies-allowed.test.ts',
    },
  ],
  moving:
    'It is for those who [keep the native types](../../cloudformation/MIGRATING.md#awss-own-types-with-apps-that-people-start): add it or remove it at any time. Its removal alone deletes nothing.',
};
