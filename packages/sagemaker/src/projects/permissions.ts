import type { Permission } from '@studio-resources/core';
import { actionsOn, listActions } from '../client/permissions.ts';
import { ownPolicyRoles, serviceRolePolicies, serviceRolesAnywhere, serviceRolesPattern } from './service-roles.ts';

const recordParameters = 'arn:*:ssm:*:*:parameter/studio-resources/projects*';

/** Only resources that a stack created through these functions have this tag. */
const createdByStacks = {
  StringLike: { 'aws:ResourceTag/studio-resources:stack-id': 'arn:*:cloudformation:*:*:stack/*' },
};

function onServiceRoles(actions: string[], condition?: Permission['condition']): Permission[] {
  return actions.map((action) => ({
    action: `iam:${action}`,
    resource: serviceRolesPattern,
    ...(condition && { condition }),
  }));
}

/** For turning on SageMaker Projects, and for managing who may use them. */
export const projectsPermissions: readonly Permission[] = [
  ...listActions(
    'EnableSagemakerServicecatalogPortfolio',
    'DisableSagemakerServicecatalogPortfolio',
    'GetSagemakerServicecatalogPortfolioStatus',
    'ListUserProfiles',
  ),
  ...actionsOn('domain', 'DescribeDomain'),
  ...actionsOn('user-profile', 'DescribeUserProfile'),
  { action: 'servicecatalog:ListAcceptedPortfolioShares', resource: '*' },
  ...[
    'AssociatePrincipalWithPortfolio',
    'DisassociatePrincipalFromPortfolio',
    'ListPrincipalsForPortfolio',
    // SageMaker uses the caller's permissions for these when it turns Projects on and off.
    'AcceptPortfolioShare',
    'RejectPortfolioShare',
  ].map((action) => ({ action: `servicecatalog:${action}` as const, resource: 'arn:*:catalog:*:*:portfolio/*' })),
  // Service Catalog uses the caller's permissions to check that the role exists.
  { action: 'iam:GetRole', resource: 'arn:*:iam::*:role/*' },
  ...['GetRole', 'ListAttachedRolePolicies', 'ListRolePolicies'].map((action) => ({
    action: `iam:${action}` as const,
    resource: serviceRolesAnywhere,
  })),
  ...onServiceRoles(['CreateRole', 'TagRole'], {
    StringLike: { 'aws:RequestTag/studio-resources:stack-id': 'arn:*:cloudformation:*:*:stack/*' },
  }),
  ...ownPolicyRoles.map((resource) => ({ action: 'iam:PutRolePolicy' as const, resource })),
  ...onServiceRoles(['AttachRolePolicy'], { ArnLike: { 'iam:PolicyARN': serviceRolePolicies } }),
  ...onServiceRoles(['DeleteRole', 'DeleteRolePolicy', 'DetachRolePolicy'], createdByStacks),
  ...['PutParameter', 'AddTagsToResource', 'GetParametersByPath', 'ListTagsForResource', 'DeleteParameter'].map(
    (action) => ({ action: `ssm:${action}` as const, resource: recordParameters }),
  ),
];
