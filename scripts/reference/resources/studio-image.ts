import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: 'Registers a container image of Amazon ECR as a custom image, makes a version of each `BaseImage`, says by app image configs how apps run in it, and attaches it to domains and profiles beside the images of other teams. With `AWS::SageMaker::Image`, `ImageVersion` and `AppImageConfig` you declare three resources and list the image in the settings of each domain yourself; they are enough where one template owns all of that.',
  minimal: 'docs/examples/studio-image.yaml',
  full: 'cloudformation/examples/custom-image.yaml',
  ref: 'The ARN of the image.',
  attributes: {
    ImageName: 'The name of the image.',
    ImageArn: 'Its ARN, as `!Ref`.',
    ImageVersionArn: 'The ARN of the version from `BaseImage`.',
    ImageVersionNumber: 'The number of that version.',
    ContainerImage: 'The container image of that version, by its digest.',
    JupyterLabAppImageConfigName: 'The app image config for JupyterLab; empty if there is none.',
    CodeEditorAppImageConfigName: 'The app image config for Code Editor; empty if there is none.',
    KernelGatewayImageConfigName: 'The app image config for kernels of Studio Classic; empty if there is none.',
  },
  holding:
    '**Deletion** deletes the image with its versions and app image configs, if this stack and logical id hold it, and detaches it. **A renamed logical id** takes the image over with its app image configs, without a property; a rollback gives them back. **Adoption**: `AdoptExisting` takes over an image that another stack of this project has given up by `DeletionPolicy: Retain`, which is then deleted with this stack; an image that no stack of this project created is refused, since new versions and `KeepVersions` would change what others run. **Reach**: the images that it creates. It attaches them to a domain that a resource of this provider created, one that the same stack, or another of its tree of nested stacks, declares as `AWS::SageMaker::Domain`, and those that `AllowedDomains` or `AllowedDomainTag` open.',
  errors: [
    {
      shows: 'is not open to this resource',
      cure: 'Add the domain to `AllowedDomains` of the stack of `provider.yaml`, or give it the tag that `AllowedDomainTag` names; or declare the resource in the stack that creates the domain.',
      test: 'test/security/deputies-allowed.test.ts',
    },
    {
      shows: 'a target of AttachTo, does not exist',
      cure: 'Correct the target of `AttachTo`, or add `DependsOn` if the template creates it.',
      test: 'test/stacks/custom-image.test.ts',
    },
    {
      shows: 'is CREATE_FAILED: The repository does not exist',
      cure: 'SageMaker could not make the version, for the reason that follows: correct `BaseImage`, or let the role of `RoleArn` read the repository.',
      test: 'test/handlers/studio-image.test.ts',
    },
    {
      shows: 'it exists, and this stack did not create it',
      cure: 'Choose another `ImageName`.',
      test: 'test/handlers/studio-image.test.ts',
    },
  ],
  moving:
    '[Beside the native ones](../../cloudformation/MIGRATING.md#a-stack-of-awss-own-types), under another `ImageName`; detach the old image afterwards. To go back, create native ones under another name, attach them, and remove this resource.',
  words: {
    ImageName: 'The name.',
    RoleArn: 'The role by which SageMaker reads the repository.',
    Description: 'Of the image.',
    DisplayName: 'The name that Studio shows.',
    Tags: '[With those of the stack](../../handlers/README.md#tags).',
    KernelGatewayImageConfig: 'How kernels of Studio Classic run in it.',
    JupyterLabAppImageConfig: 'How JupyterLab runs in it; `{}` for the defaults.',
    CodeEditorAppImageConfig: 'How Code Editor runs in it; `{}` for the defaults.',
    'AttachTo[].DomainId': 'The domain.',
  },
};
