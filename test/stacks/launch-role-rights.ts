import {
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { registryType } from '../../packages/local/src/cloudformation/types/registry-types.ts';
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
  'a private endpoint, whose call needs it as well': ['route53:AssociateVPCWithHostedZone'],
  "AWS's handlers, by a registry that is newer, or that is not published for the type": [
    ...[
      'codebuild:BatchGetProjects',
      'codeconnections:PassConnection',
      'ec2:DescribeRouteTables',
      'logs:DescribeIndexPolicies',
    ],
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

/** Whether an action is on the list of those that no call shows, or one that AWS's own handlers of these types call. */
export function isKnownWithoutCall(role: string, action: string, types: readonly string[]): boolean {
  const ofHandlers = types.flatMap((type) => Object.values(registryType(type)?.permissions ?? {}).flat());
  return (
    [...Object.values(withoutCall).flat(), ...ofHandlers].includes(action) || onceBuilt.includes(`${role} ${action}`)
  );
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
