import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { clientConfig } from '@studio-resources/sagemaker/client/client';
import { type Contents, spaceOwner } from '@studio-resources/sagemaker/contents/contents';
import { isSameName } from '@studio-resources/sagemaker/user-profile/user-profile';

let client: CloudFormationClient | undefined;

/**
 * Removes from a domain's contents what resources of AWS's own types declare in the stack, and the profiles that own
 * such things. CloudFormation deletes those itself, and fails when they are deleted at the same time.
 */
export async function excludeStackResources(stackId: string, DomainId: string, contents: Contents): Promise<Contents> {
  const declared = await listDeclared(stackId);
  if (declared.length === 0) return contents;
  const isDeclared = (type: string, names: (string | undefined)[]) =>
    declared.some((each) => each.type === `AWS::SageMaker::${type}` && isPhysicalId(each.id, [DomainId, ...names]));
  const isOwnApp = ({ AppName, AppType, UserProfileName }: Contents['apps'][number]) =>
    isDeclared('App', [AppName, AppType, UserProfileName]);
  const isOwnSpace = ({ SpaceName }: Contents['spaces'][number]) => isDeclared('Space', [SpaceName]);
  const holders = [
    ...contents.apps.filter(isOwnApp).map(({ UserProfileName }) => UserProfileName),
    ...contents.spaces.filter(isOwnSpace).map(spaceOwner),
  ];
  const isHolder = (name: string | undefined) => holders.some((each) => isSameName(each, name));
  return {
    apps: contents.apps.filter((app) => !isOwnApp(app)),
    spaces: contents.spaces.filter((space) => !isOwnSpace(space)),
    profiles: contents.profiles.filter(
      ({ UserProfileName }) => !isDeclared('UserProfile', [UserProfileName]) && !isHolder(UserProfileName),
    ),
  };
}

/** The stack's resources of SageMaker types that CloudFormation has not deleted yet. */
async function listDeclared(StackName: string): Promise<{ type: string; id: string }[]> {
  client ??= new CloudFormationClient(clientConfig);
  const declared: { type: string; id: string }[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName })) {
    for (const { ResourceType = '', PhysicalResourceId: id, ResourceStatus } of StackResourceSummaries) {
      if (!ResourceType.startsWith('AWS::SageMaker::') || !id || ResourceStatus === 'DELETE_COMPLETE') continue;
      declared.push({ type: ResourceType, id });
    }
  }
  return declared;
}

/**
 * Whether it is the physical id of the resource with these names. CloudFormation joins the identifying properties with
 * `|`; some types had the name alone.
 */
function isPhysicalId(id: string, names: readonly (string | undefined)[]): boolean {
  const known = names.map((name) => name?.toLowerCase());
  const parts = id.toLowerCase().split('|');
  return parts.every((part) => known.includes(part)) && parts.some((part) => part !== known[0]);
}
