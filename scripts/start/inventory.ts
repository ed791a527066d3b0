import { paginateListStacks } from '@aws-sdk/client-cloudformation';
import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import { paginateDescribeFileSystems } from '@aws-sdk/client-efs';
import { paginateListPolicies, paginateListRoles } from '@aws-sdk/client-iam';
import { paginateListFunctions } from '@aws-sdk/client-lambda';
import { paginateListBuckets } from '@aws-sdk/client-s3';
import {
  paginateListApps,
  paginateListDomains,
  paginateListSpaces,
  paginateListUserProfiles,
} from '@aws-sdk/client-sagemaker';
import { paginateListSecrets } from '@aws-sdk/client-secrets-manager';
import { paginateListAcceptedPortfolioShares } from '@aws-sdk/client-service-catalog';
import { paginateListStateMachines } from '@aws-sdk/client-sfn';
import { paginateDescribeParameters } from '@aws-sdk/client-ssm';
import type { Clients } from './clients.ts';

/** Everything that exists in the account, by kind, as the services list it. */
export async function takeInventory(clients: Clients): Promise<Map<string, string[]>> {
  const { cloudformation, ec2, efs, iam, lambda, logs, s3, sagemaker, secrets, serviceCatalog, sfn, ssm } = clients;
  const kinds: Record<string, AsyncIterable<string>> = {
    stacks: names(paginateListStacks({ client: cloudformation }, {}), ({ StackSummaries }) =>
      StackSummaries?.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').map(({ StackName }) => StackName),
    ),
    domains: names(paginateListDomains({ client: sagemaker }, {}), ({ Domains }) => Domains?.map((d) => d.DomainId)),
    'user profiles': names(paginateListUserProfiles({ client: sagemaker }, {}), ({ UserProfiles }) =>
      UserProfiles?.map(({ DomainId, UserProfileName }) => `${DomainId}/${UserProfileName}`),
    ),
    spaces: names(paginateListSpaces({ client: sagemaker }, {}), ({ Spaces }) =>
      Spaces?.map(({ DomainId, SpaceName }) => `${DomainId}/${SpaceName}`),
    ),
    // A deleted app stays listed for a day.
    apps: names(paginateListApps({ client: sagemaker }, {}), ({ Apps }) =>
      Apps?.filter(({ Status }) => Status !== 'Deleted').map(({ AppType, AppName }) => `${AppType} ${AppName}`),
    ),
    'file systems': names(paginateDescribeFileSystems({ client: efs }, {}), ({ FileSystems }) =>
      FileSystems?.map(({ FileSystemId }) => FileSystemId),
    ),
    VPCs: names(paginateDescribeVpcs({ client: ec2 }, {}), ({ Vpcs }) => Vpcs?.map(({ VpcId }) => VpcId)),
    subnets: names(paginateDescribeSubnets({ client: ec2 }, {}), ({ Subnets }) => Subnets?.map((s) => s.SubnetId)),
    'security groups': names(paginateDescribeSecurityGroups({ client: ec2 }, {}), ({ SecurityGroups }) =>
      SecurityGroups?.map(({ GroupId, GroupName }) => `${GroupId} ${GroupName}`),
    ),
    'network interfaces': names(paginateDescribeNetworkInterfaces({ client: ec2 }, {}), ({ NetworkInterfaces }) =>
      NetworkInterfaces?.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    ),
    functions: names(paginateListFunctions({ client: lambda }, {}), ({ Functions }) =>
      Functions?.map(({ FunctionName }) => FunctionName),
    ),
    // Services create their service-linked roles at first use, and the roles remain, as in AWS.
    roles: names(paginateListRoles({ client: iam }, {}), ({ Roles }) =>
      Roles?.filter(({ Path }) => !Path?.startsWith('/aws-service-role/')).map(({ RoleName }) => RoleName),
    ),
    policies: names(paginateListPolicies({ client: iam }, { Scope: 'Local' }), ({ Policies }) =>
      Policies?.map(({ PolicyName }) => PolicyName),
    ),
    'log groups': names(paginateDescribeLogGroups({ client: logs }, {}), ({ logGroups }) =>
      logGroups?.map(({ logGroupName }) => logGroupName),
    ),
    buckets: names(paginateListBuckets({ client: s3 }, {}), ({ Buckets }) => Buckets?.map(({ Name }) => Name)),
    'state machines': names(paginateListStateMachines({ client: sfn }, {}), ({ stateMachines }) =>
      stateMachines?.map(({ name }) => name),
    ),
    secrets: names(paginateListSecrets({ client: secrets }, {}), ({ SecretList }) => SecretList?.map((s) => s.Name)),
    'imported portfolios': names(
      paginateListAcceptedPortfolioShares({ client: serviceCatalog }, {}),
      ({ PortfolioDetails }) => PortfolioDetails?.map(({ DisplayName }) => DisplayName),
    ),
    parameters: names(paginateDescribeParameters({ client: ssm }, {}), ({ Parameters }) =>
      Parameters?.map(({ Name }) => Name),
    ),
  };
  const inventory = new Map<string, string[]>();
  for (const [kind, found] of Object.entries(kinds)) inventory.set(kind, await Array.fromAsync(found));
  return inventory;
}

/** The inventory as text of that width: the names of each kind that exists, or a line that says there is nothing. */
export function describeInventory(inventory: Map<string, string[]>, width: number): string[] {
  const existing = [...inventory].filter(([, found]) => found.length > 0);
  if (existing.length === 0) return wrapped(`nothing (no ${[...inventory.keys()].join(', ')})`, width);
  return existing.flatMap(([kind, found]) => wrapped(`${kind}: ${found.join(', ')}`, width));
}

/** How many of each kind exist, as text of that width. */
export function countInventory(inventory: Map<string, string[]>, width: number): string[] {
  const existing = [...inventory].filter(([, found]) => found.length > 0);
  return wrapped(existing.map(([kind, found]) => `${kind} ${found.length}`).join(', ') || 'nothing', width);
}

/** Breaks a list before names that no longer fit, and indents it. A name that is longer than a line keeps it. */
function wrapped(list: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of list.split(/(?<=,) /)) {
    const indent = lines.length > 0 ? '    ' : '  ';
    const longer = line === '' ? `${indent}${word}` : `${line} ${word}`;
    if (line !== '' && longer.length > width) {
      lines.push(line);
      line = `    ${word}`;
    } else line = longer;
  }
  return [...lines, line];
}

async function* names<Page>(
  pages: AsyncIterable<Page>,
  of: (page: Page) => (string | undefined)[] | undefined,
): AsyncGenerator<string> {
  for await (const page of pages) yield* (of(page) ?? []).filter((name) => name !== undefined);
}
