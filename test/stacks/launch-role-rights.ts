import {
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import type { TestCloud } from './test-cloud.ts';

interface Statement {
  Action: string | string[];
  Resource: string | string[];
}

/** The statements of a role's own policies, and the names of the policies that are attached to it. */
export async function rightsOf(iam: IAMClient, RoleName: string) {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const statements: Statement[] = [];
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    statements.push(...(JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: Statement[] }).Statement);
  }
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  return { statements, attached: AttachedPolicies.map(({ PolicyName }) => PolicyName) };
}

/** Rights that a launch role has and that no call in the tests shows, by what needs them. */
const withoutCall: Record<string, string[]> = {
  "AWS's own list of a launch role's rights": ['cloudformation:SetStackPolicy', 'cloudformation:ValidateTemplate'],
  'a creation with tags, which is one call': [
    ...['codepipeline:TagResource', 'ec2:CreateTags', 'ecr:TagResource', 'events:TagResource', 'iam:TagRole'],
    ...['logs:TagResource', 'sagemaker:AddTags', 'ssm:AddTagsToResource'],
  ],
  'another value of a tag option': [
    ...['codepipeline:UntagResource', 'ec2:DeleteTags', 'ecr:UntagResource', 'events:UntagResource', 'iam:UntagRole'],
    ...['logs:UntagResource', 'ssm:RemoveTagsFromResource'],
  ],
  'a resource that is given a role': ['iam:PassRole'],
  "AWS's resource types, which read what they have made, where those of the local cloud do not": [
    ...['codebuild:BatchGetProjects', 'codepipeline:ListTagsForResource', 'ec2:DescribeRouteTables'],
    ...['ec2:DescribeSecurityGroupRules', 'ec2:DescribeSecurityGroups', 'ecr:DescribeRepositories'],
    ...['ecr:GetLifecyclePolicy', 'ecr:ListTagsForResource', 'events:DescribeRule', 'iam:GetRole', 'iam:GetRolePolicy'],
    ...['logs:DescribeLogGroups', 'logs:ListTagsForResource', 'sagemaker:ListTags', 'ssm:GetParameters'],
    ...['servicecatalog:DescribeProduct', 'servicecatalog:DescribeProvisionedProduct', 'servicecatalog:DescribeRecord'],
    ...['servicecatalog:DescribeProvisioningArtifact', 'ssm:ListTagsForResource'],
  ],
  'a new version of the template, or other parameters': [
    ...['ec2:RevokeSecurityGroupIngress', 'ecr:PutImageScanningConfiguration', 'ecr:PutImageTagMutability'],
    ...['iam:PutRolePermissionsBoundary', 'iam:UpdateAssumeRolePolicy', 'iam:UpdateRole', 'events:RemoveTargets'],
  ],
};

/** The function of a custom image is invoked only after its pipeline has built one. */
const onceBuilt = ['launch-studio-image-us-east-1 lambda:InvokeFunction'];

/** The prefixes of the actions of services whose names differ from them. */
const prefixes: Record<string, string> = {
  'cloudwatch-logs': 'logs',
  eventbridge: 'events',
  'service-catalog': 'servicecatalog',
};

/** Whether an action is on the list of those that no call shows. */
export function isKnownWithoutCall(role: string, action: string): boolean {
  return Object.values(withoutCall).flat().includes(action) || onceBuilt.includes(`${role} ${action}`);
}

/** The actions that sessions of a role have called. */
export async function callsOf(cloud: TestCloud, role: string): Promise<Set<string>> {
  const exchanges = (await cloud.calls()).filter(({ principal }) => principal.includes(`:assumed-role/${role}/`));
  return new Set(
    exchanges.map(({ service, operation }) => {
      return service === 'lambda' ? 'lambda:InvokeFunction' : `${prefixes[service] ?? service}:${operation}`;
    }),
  );
}
