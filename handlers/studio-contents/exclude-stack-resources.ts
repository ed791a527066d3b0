import { type Contents, spaceOwner } from '@studio-resources/sagemaker/contents/contents';
import { isSameName } from '@studio-resources/sagemaker/user-profile/user-profile';
import { isContent, listNativeResources } from './native-resources.ts';

/**
 * Removes from a domain's contents what resources of AWS's own types declare in the stack, and the profiles that own
 * such things. CloudFormation deletes those itself, and fails when they are deleted at the same time.
 */
export async function excludeStackResources(stackId: string, DomainId: string, contents: Contents): Promise<Contents> {
  const declared = await listNativeResources(stackId);
  if (declared.length === 0) return contents;
  const isDeclared = (type: 'App' | 'Space' | 'UserProfile', names: (string | undefined)[]) =>
    declared.some((each) => isContent(each, type, DomainId, names));
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
