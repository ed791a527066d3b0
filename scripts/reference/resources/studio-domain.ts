import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: "Creates a SageMaker Studio domain with every setting of the API, changes it in place, and deletes it with everything that people have made in it, as far as the template allows. `AWS::SageMaker::Domain` is enough if the members that you need are among its own (see [below](#compared-with-awssagemakerdomain)), and if the home file system may stay when the domain is deleted: it has no member for the API's [RetentionPolicy](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RetentionPolicy.html), which retains it by default. Its deletion fails while people's apps, spaces or profiles are in the domain; [`Custom::StudioContents`](studio-contents.md) beside it deletes them first, so you can keep it.",
  native: 'AWS::SageMaker::Domain',
  minimal: 'docs/examples/studio-domain.yaml',
  full: 'docs/examples/studio-domain-full.yaml',
  ref: 'The id of the domain, such as `d-abc123`.',
  attributes: {
    DomainId: 'The id of the domain, as `!Ref`.',
    DomainArn: 'Its ARN.',
    Url: 'Where its users sign in.',
    HomeEfsFileSystemId: 'The file system with the home directories.',
    SecurityGroupIdForDomainBoundary: 'The security group between RStudio apps and the domain; empty without RStudio.',
    SingleSignOnManagedApplicationInstanceId: 'The application of IAM Identity Center; empty with `AuthMode: IAM`.',
    InboundNfsSecurityGroupId: 'The security group of the mount targets, which SageMaker creates.',
    OutboundNfsSecurityGroupId: 'The security group by which apps reach the mount targets.',
  },
  holding:
    '**Deletion** deletes the domain, if this stack and logical id hold it, with what `DeleteContents` and `HomeEfsFileSystem` allow. **A renamed logical id** takes the domain over, without a property and without a second domain; a rollback gives it back. **Adoption**: `AdoptExisting` takes over a domain that another stack of this project has given up by `DeletionPolicy: Retain`, which is then deleted with this stack; a domain that no stack of this project created is changed to what the template says, and never deleted. **Reach**: the domains that it creates. It adopts those that `AllowedDomains` or `AllowedDomainTag` open, and those that another stack has created by this provider and given up.',
  errors: [
    {
      shows: 'let the provider pass it: parameter ExecutionRoleArns',
      cure: 'Add the role, or a pattern that matches it, to `ExecutionRoleArns` of the stack of `provider.yaml`.',
      test: 'test/stacks/bad-input.test.ts',
    },
    {
      shows: 'expected the ARN of an IAM role, not its name',
      cure: 'Use `!GetAtt Role.Arn`; `!Ref` of a role is its name.',
      test: 'test/stacks/bad-input.test.ts',
    },
    {
      shows: 'it exists, and this stack did not create it',
      cure: 'Choose another `DomainName`, or set `AdoptExisting: true` to adopt the domain.',
      test: 'test/handlers/studio-domain-adoption.test.ts',
    },
    {
      shows: 'there is none of that name',
      cure: 'Correct `DomainName`: with `AdoptExisting: true` a domain of that name has to exist. `IfExists` creates it otherwise.',
      test: 'test/handlers/studio-domain-adoption.test.ts',
    },
    {
      shows: 'which DeleteContents: Apps does not',
      cure: 'Delete the spaces or profiles that the error names, and delete the stack again. `DeleteContents: All` has to be set before the deletion.',
      test: 'test/handlers/studio-domain-delete.test.ts',
    },
    {
      shows: 'cannot be made in place',
      cure: 'Change `DomainName` as well, so that a new domain replaces the old one; or undo the change.',
      test: 'test/handlers/studio-domain-update.test.ts',
    },
    {
      shows: 'are 52, and a resource can have 50. Remove 2 of them',
      cure: 'Remove tags: SageMaker takes 50, of which this project needs two.',
      test: 'test/handlers/studio-domain-update.test.ts',
    },
  ],
  moving:
    "[From AWS's own types](../../cloudformation/MIGRATING.md#a-stack-of-awss-own-types), in two updates and without a replacement, and [back to them](../../cloudformation/MIGRATING.md#back-to-awss-own-types) by an import. [A sample's custom resource](../../cloudformation/MIGRATING.md#a-stack-of-a-samples-custom-resources) moves over in the same two updates.",
  words: {
    DomainName: 'Names need not be unique in SageMaker; this resource refuses a name that another domain has.',
    AuthMode: 'How users sign in.',
    DefaultUserSettings: 'Settings of users whose profile does not have its own.',
    DomainSettings: 'Settings of the whole domain.',
    SubnetIds: 'Subnets of the VPC that apps and the home file system use.',
    VpcId: 'A domain without a VPC can get one in place, once.',
    Tags: '[With those of the stack](../../handlers/README.md#tags).',
    AppNetworkAccessType: 'Whether apps reach the internet through SageMaker, or only what the VPC reaches.',
    HomeEfsFileSystemKmsKeyId: 'The former name of `KmsKeyId`.',
    KmsKeyId: 'The key of the home file system.',
    AppSecurityGroupManagement: 'For RStudio with `VpcOnly`: who creates the security groups between its apps.',
    HomeEfsFileSystemCreation: 'Whether the domain has a home file system. It can be added in place, and not removed.',
    TagPropagation: 'Whether SageMaker copies tags of the domain to what is created in it.',
    DefaultSpaceSettings: 'Settings of shared spaces.',
  },
};
