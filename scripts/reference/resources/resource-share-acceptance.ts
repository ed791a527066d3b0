import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: 'Accepts what another account shares through AWS RAM, and waits until it is there. CloudFormation has a type for the owner, `AWS::RAM::ResourceShare`, and none that accepts. Within an organization that has enabled sharing there is no invitation to accept; then it only waits.',
  minimal: 'docs/examples/resource-share-acceptance.yaml',
  full: 'cloudformation/examples/shared-pipelines.yaml',
  ref: 'The ARN of the resource share.',
  attributes: {
    ResourceShareArn: 'The ARN of the share, as `!Ref`.',
    ResourceShareName: 'Its name.',
    OwningAccountId: 'The account that shares.',
    ResourceArns: 'The ARNs of what is shared, with commas between them; empty if they are too many for a response.',
  },
  holding:
    '**Deletion** keeps the account in the share, unless `LeaveOnDelete: true`: then the account leaves it, if the provider allows its owner and no other resource of a stack holds the share. **A renamed logical id** holds the share before the old one is deleted, so the account does not leave it. **Adoption**: a share that was accepted before needs no property. **Reach**: the shares of the accounts in `ShareOwnerAccountIds`.',
  errors: [
    {
      shows: "is not in the provider's parameter ShareOwnerAccountIds; add it",
      cure: 'Add the account to `ShareOwnerAccountIds` of the stack of `provider.yaml`.',
      test: 'test/security/resource-shares.test.ts',
    },
    {
      shows: 'there is no invitation for account',
      cure: 'Have the owner share with this account, in this Region; `ServiceTimeout` says how long the resource waits.',
      test: 'test/handlers/resource-share-acceptance.test.ts',
    },
    {
      shows: 'Have its owner share it again',
      cure: 'An invitation that was rejected or has expired cannot be accepted any more. The owner removes the account from the share and adds it again.',
      test: 'test/handlers/resource-share-acceptance.test.ts',
    },
    {
      shows: 'Shares are accepted in their own Region',
      cure: 'Deploy the stack in the Region of the share.',
      test: 'test/handlers/resource-share-acceptance.test.ts',
    },
  ],
  moving:
    'There is no type of AWS for that. A share that was accepted before is used as it is; without `LeaveOnDelete`, it stays when the resource is removed.',
};
