import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: 'Creates a script that apps run when they start, attaches it to domains, profiles and spaces beside the scripts of other teams, and replaces it there when its text changes. `AWS::SageMaker::StudioLifecycleConfig` is enough where one template owns the script and the settings that list it; there, a changed script needs a name of its own, and its ARN has to be replaced in each list.',
  minimal: 'docs/examples/studio-lifecycle-config.yaml',
  full: 'cloudformation/examples/lifecycle-config.yaml',
  ref: 'The name of the lifecycle configuration.',
  attributes: {
    StudioLifecycleConfigArn: 'Its ARN.',
    StudioLifecycleConfigName: 'Its name, as `!Ref`.',
    StudioLifecycleConfigAppType: 'The app type that runs it.',
  },
  holding:
    '**Deletion** detaches the script where the template attached it, and deletes it, if this stack and logical id hold it. **A renamed logical id** takes the script over, with its attachments; where an update loses several scripts of the same name and app type, the one that is attached to a target of its `AttachTo`, and none if that is not one. **Adoption** does not apply: each stack and logical id has a script of its own, under a name that contains a hash of both. **Reach**: the scripts that it creates. It attaches them to a domain that a resource of this provider created, one that the same stack, or another of its tree of nested stacks, declares as `AWS::SageMaker::Domain`, and those that `AllowedDomains` or `AllowedDomainTag` open, and to the profiles and spaces in those.',
  errors: [
    {
      shows: 'is not open to this resource',
      cure: 'Add the domain to `AllowedDomains` of the stack of `provider.yaml`, or give it the tag that `AllowedDomainTag` names; or declare the resource in the stack that creates the domain.',
      test: 'test/security/deputies-allowed.test.ts',
    },
    {
      shows: 'is base64 already; give the script as plain text',
      cure: 'Give the script itself: the resource encodes it.',
      test: 'test/handlers/studio-lifecycle-config.test.ts',
    },
    {
      shows: 'and there is room for one. Detach it first, or attach this one as Listed',
      cure: 'Only one script can be the default there: attach this one `As: Listed`, or detach the other one.',
      test: 'test/handlers/studio-lifecycle-config-attach.test.ts',
    },
    {
      shows: 'it does not exist',
      cure: 'Correct the target of `AttachTo`, or add `DependsOn` if the template creates it.',
      test: 'test/stacks/lifecycle-config.test.ts',
    },
    {
      shows: 'it is still in user profile ana of domain',
      cure: 'The target could not be changed, for the reason that follows: mend that, and delete the stack again.',
      test: 'test/handlers/studio-lifecycle-config-attach.test.ts',
    },
  ],
  moving:
    '[Beside the native one](../../cloudformation/MIGRATING.md#a-stack-of-awss-own-types): SageMaker cannot change a lifecycle configuration, so there is nothing to adopt. To go back, create a native one, list its ARN in the settings, and remove this resource.',
  words: {
    Tags: '[With those of the stack](../../handlers/README.md#tags).',
    'AttachTo[].DomainId': 'The domain.',
  },
};
