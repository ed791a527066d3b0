import {
  type AppDetails,
  DeleteAppCommand,
  DeleteSpaceCommand,
  DeleteUserProfileCommand,
  type ListAppsRequest,
  paginateListApps,
  paginateListSpaces,
  type SpaceDetails,
  type UserProfileDetails,
} from '@aws-sdk/client-sagemaker';
import type { Permission } from '@studio-resources/core';
import { mapConcurrent, requestDeletion, sagemaker } from '../client/client.ts';
import { listActions } from '../client/permissions.ts';
import { isTransitioning } from '../client/status.ts';
import { inListedDomains, onAllButOthers } from '../provider-permissions.ts';
import { isSameName, listUserProfiles, type ProfileKey } from '../user-profile/user-profile.ts';

/** For finding and deleting what is in a domain of the provider or belongs to a user profile. */
export const contentsPermissions: readonly Permission[] = [
  ...listActions('ListApps', 'ListSpaces'),
  ...onAllButOthers('app', 'DeleteApp'),
  ...onAllButOthers('space', 'DeleteSpace'),
];

/** The same in domains that AllowedDomains lists. */
export const listedContentsPermissions: readonly Permission[] = [
  ...inListedDomains('app', 'DeleteApp'),
  ...inListedDomains('space', 'DeleteSpace'),
];

/**
 * The apps, spaces and user profiles that are in a domain, or that belong to a user profile, and block its deletion.
 */
export interface Contents {
  /** Apps that run, start or stop. */
  apps: AppDetails[];
  spaces: SpaceDetails[];
  profiles: UserProfileDetails[];
}

export function isEmpty({ apps, spaces, profiles }: Contents): boolean {
  return apps.length === 0 && spaces.length === 0 && profiles.length === 0;
}

/** Everything in a domain. */
export async function contentsOfDomain(DomainId: string): Promise<Contents> {
  const [used, profiles] = await Promise.all([listAppsAndSpaces(DomainId), listUserProfiles(DomainId)]);
  return { ...used, profiles };
}

/** The apps and spaces of a domain, without its user profiles: one pair of lists for the deletion of many profiles. */
export async function listAppsAndSpaces(DomainId: string): Promise<Contents> {
  const [apps, spaces] = await Promise.all([listApps({ DomainIdEquals: DomainId }), listSpaces(DomainId)]);
  return { apps, spaces, profiles: [] };
}

/**
 * The part of a domain's contents that belongs to these user profiles: their apps, their spaces, and the apps in those.
 */
export function ownedByProfiles(names: readonly string[], { apps, spaces }: Contents): Contents {
  const owners = new Set(names.map((name) => name.toLowerCase()));
  const isTheirs = (name: string | undefined) => name !== undefined && owners.has(name.toLowerCase());
  const own = spaces.filter((space) => isTheirs(spaceOwner(space)));
  const inOwn = new Set(own.map(({ SpaceName }) => SpaceName));
  const theirs = apps.filter(({ UserProfileName, SpaceName }) =>
    SpaceName ? inOwn.has(SpaceName) : isTheirs(UserProfileName),
  );
  return { apps: theirs, spaces: own, profiles: [] };
}

/** A user profile's apps, the spaces that it owns, and the apps in those. */
export async function contentsOfUserProfile({ DomainId, UserProfileName }: ProfileKey): Promise<Contents> {
  const [own, all] = await Promise.all([
    listApps({ DomainIdEquals: DomainId, UserProfileNameEquals: UserProfileName }),
    listSpaces(DomainId),
  ]);
  const spaces = all.filter((space) => isSameName(spaceOwner(space), UserProfileName));
  const inSpaces = await mapConcurrent(spaces, ({ SpaceName }) =>
    listApps({ DomainIdEquals: DomainId, SpaceNameEquals: SpaceName }),
  );
  return { apps: [...own, ...inSpaces.flat()], spaces, profiles: [] };
}

export function spaceOwner({ OwnershipSettingsSummary }: SpaceDetails): string | undefined {
  return OwnershipSettingsSummary?.OwnerUserProfileName;
}

/** Lists the apps that run, start or stop. */
export async function listApps(where: ListAppsRequest): Promise<AppDetails[]> {
  const apps: AppDetails[] = [];
  for await (const page of paginateListApps({ client: sagemaker(), pageSize: 100 }, where)) {
    apps.push(...(page.Apps ?? []));
  }
  // A deleted app stays listed for a day. A failed app blocks no deletion, and cannot be deleted.
  return apps.filter(({ Status }) => Status !== 'Deleted' && Status !== 'Failed');
}

/** Lists the spaces of a domain, or of the account and Region. */
export async function listSpaces(DomainIdEquals?: string): Promise<SpaceDetails[]> {
  const spaces: SpaceDetails[] = [];
  for await (const page of paginateListSpaces({ client: sagemaker(), pageSize: 100 }, { DomainIdEquals })) {
    spaces.push(...(page.Spaces ?? []));
  }
  return spaces;
}

interface Deletion {
  what: string;
  run(): Promise<unknown>;
  isGone?(): Promise<boolean>;
}

/**
 * Calls every deletion that is possible now, concurrently: running apps, spaces without apps, user profiles without
 * apps and spaces. Callers repeat it until nothing remains.
 */
export async function deleteContents(DomainId: string, { apps, spaces, profiles }: Contents): Promise<void> {
  const hasApps = ({ SpaceName }: SpaceDetails) => apps.some((app) => app.SpaceName === SpaceName);
  const busy = lowerCaseNames([...apps.map(({ UserProfileName }) => UserProfileName), ...spaces.map(spaceOwner)]);
  const isBusy = ({ UserProfileName }: UserProfileDetails) => busy.has(UserProfileName!.toLowerCase());
  const steps = [
    // SageMaker deletes only apps that are InService. An app that is starting has to finish first.
    ...apps.filter(({ Status }) => Status === 'InService').map((app) => appDeletion(DomainId, app)),
    ...spaces
      .filter((space) => !hasApps(space) && !isTransitioning(space.Status))
      .map((space) => spaceDeletion(DomainId, space)),
    ...profiles
      .filter((profile) => !isBusy(profile) && !isTransitioning(profile.Status))
      .map((profile) => profileDeletion(DomainId, profile)),
  ];
  // A ValidationException means that the state has changed since the list call.
  await mapConcurrent(steps, ({ what, run, isGone }) =>
    requestDeletion(`${what} of domain ${DomainId}`, run, { isGone, retryableCodes: ['ValidationException'] }),
  );
}

/** An app's name in messages: `app JupyterLab/default in space mine`. */
export function appLabel({ AppType, AppName, SpaceName, UserProfileName }: AppDetails): string {
  const where = SpaceName ? `in space ${SpaceName}` : `of user profile ${UserProfileName}`;
  return `app ${AppType}/${AppName} ${where}`;
}

function appDeletion(DomainId: string, app: AppDetails): Deletion {
  const { AppType, AppName, SpaceName, UserProfileName } = app;
  // An app belongs to a space or to a user profile, and the API accepts only one of the two.
  const where = SpaceName ? { SpaceName } : { UserProfileName };
  const command = new DeleteAppCommand({ DomainId, AppType, AppName, ...where });
  return { what: appLabel(app), run: () => sagemaker().send(command) };
}

function spaceDeletion(DomainId: string, { SpaceName }: SpaceDetails): Deletion {
  const command = new DeleteSpaceCommand({ DomainId, SpaceName });
  const isGone = async () => !(await listSpaces(DomainId)).some((each) => each.SpaceName === SpaceName);
  return { what: `space ${SpaceName}`, run: () => sagemaker().send(command), isGone };
}

function profileDeletion(DomainId: string, { UserProfileName }: UserProfileDetails): Deletion {
  const command = new DeleteUserProfileCommand({ DomainId, UserProfileName });
  return { what: `user profile ${UserProfileName}`, run: () => sagemaker().send(command) };
}

function lowerCaseNames(all: (string | undefined)[]): Set<string> {
  return new Set(all.flatMap((name) => name?.toLowerCase() ?? []));
}
