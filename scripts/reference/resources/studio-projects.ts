import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: "Turns SageMaker Projects on in the account and Region: enables SageMaker's portfolio in AWS Service Catalog, creates the service roles that are missing, and lets execution roles use the portfolio. CloudFormation has no type of AWS that enables the portfolio; where it is enabled, `AWS::ServiceCatalog::PortfolioPrincipalAssociation` is enough for one role.",
  minimal: 'docs/examples/studio-projects.yaml',
  full: 'cloudformation/examples/projects.yaml',
  ref: 'An id of the resource. It is of no use to other resources.',
  attributes: {
    PortfolioId: "The id of SageMaker's portfolio.",
    PortfolioArn: 'Its ARN.',
    PortfolioName: 'Its name.',
    ProviderName: 'Its provider.',
    Status: '`Enabled`.',
    LaunchRoleArn: 'The role that launches projects.',
    UseRoleArn: 'The role that projects work with.',
  },
  holding:
    "**Deletion** removes the associations that this resource created. The portfolio stays enabled, unless `DisablePortfolio: true`; the service roles stay, unless `DeleteServiceRoles: true`. **A renamed logical id** keeps the roles' associations, the portfolio and the service roles. **Adoption**: what was enabled or associated before is used, and stays. **Reach**: the whole account: the portfolio of SageMaker Projects, its service roles, and which roles may use it. It reads the roles of any domain.",
  errors: [
    {
      shows: ': the role does not exist',
      cure: 'Correct the ARN, or add `DependsOn` if the template creates the role.',
      test: 'test/handlers/studio-projects.test.ts',
    },
    {
      shows: 'and Service Catalog allows 100 (quota L-E8959660)',
      cure: 'Remove associations, or have the quota raised and set `PrincipalQuota`.',
      test: 'test/handlers/studio-projects.test.ts',
    },
    {
      shows: 'Disable and enable Projects in the console',
      cure: 'Service Catalog does not show the portfolio that SageMaker imports. Do as the error says.',
      test: 'test/handlers/studio-projects.test.ts',
    },
    {
      shows: 'there is no domain d-nowhere in this account and Region',
      cure: 'Correct `DomainId`.',
      test: 'test/stacks/projects.test.ts',
    },
  ],
  moving:
    "What was enabled or associated before is used, and stays. [A sample's resource](../../cloudformation/MIGRATING.md#a-template-of-awss-samples-before-its-first-launch) needs another `ServiceToken` only.",
  words: {
    ExecutionRoles: 'The execution roles that may use Projects: a list, or the ARN of one.',
  },
};
