import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: "Runs commands in a user's Jupyter server once, without the user. A lifecycle configuration ([`Custom::StudioLifecycleConfig`](studio-lifecycle-config.md) or AWS's own type) is enough for what every start of an app should do, within SageMaker's limits on its time and size. It works only in domains with `AuthMode: IAM`.",
  minimal: 'docs/examples/studio-setup.yaml',
  full: 'cloudformation/examples/studio-setup.yaml',
  ref: '`<domain id>/<profile or space>/<app type>`.',
  attributes: {
    AppArn: 'The ARN of the app in which the commands ran.',
    Directory: "The directory in the user's home with the commands' output and exit statuses.",
    ExitStatuses: 'The exit status of each command, with commas between them.',
  },
  holding:
    '**Deletion** undoes nothing: what was set up stays, and the app runs on. **A renamed logical id** runs only the commands that have not succeeded. **Adoption** does not apply: the resource holds nothing. **Reach**: Jupyter servers in a domain that a resource of this provider created, one that the same stack, or another of its tree of nested stacks, declares as `AWS::SageMaker::Domain`, and those that `AllowedDomains` or `AllowedDomainTag` open.',
  errors: [
    {
      shows: 'it does not run. Set StartApp: true',
      cure: 'The server has to run: set `StartApp: true`, or open it in Studio first.',
      test: 'test/handlers/studio-setup.test.ts',
    },
    {
      shows: 'SageMaker creates presigned URLs for domains with AuthMode IAM only',
      cure: 'Use a domain with `AuthMode: IAM`, or a lifecycle configuration.',
      test: 'test/handlers/studio-setup.test.ts',
    },
    {
      shows: 'it does not exist; create it first',
      cure: 'Correct the name of the profile or space, or add `DependsOn` if the template creates it.',
      test: 'test/handlers/studio-setup.test.ts',
    },
    {
      shows: 'the parameter SetupBuckets of provider.yaml has to name it',
      cure: 'Add the bucket to `SetupBuckets` of the stack of `provider.yaml`.',
      test: 'test/handlers/studio-setup.test.ts',
    },
    {
      shows: 'expected the SHA-256 of the object in its key',
      cure: 'Give the object a key that contains its SHA-256, or `CommandsSha256`.',
      test: 'test/handlers/studio-setup.test.ts',
    },
  ],
  moving:
    'There is no type of AWS for that, and nothing to move: what was set up stays in the home when the resource is removed.',
  words: {
    'Commands[].Background': 'The command runs in the background, and the next one does not wait for it.',
    'Commands[].IgnoreFailure': 'The next command runs even if this one fails.',
  },
  allowed: {
    Commands: '1 to 50 commands, of 40,000 bytes together',
  },
};
