import {
  type AppDetails,
  DeleteAppCommand,
  DeleteSpaceCommand,
  DeleteUserProfileCommand,
  type SpaceDetails,
  type UserProfileDetails,
} from '@aws-sdk/client-sagemaker';
import { sagemaker } from '../client/clients.ts';
import { sideBySide } from '../client/map-concurrent.ts';
import { startDeletion } from '../client/start-deletion.ts';
import { isInMotion } from '../client/statuses.ts';
import { type Contents, ownerOf } from './contents.ts';

interface Step {
  what: string;
  run(): Promise<unknown>;
}

/**
 * Starts every deletion that is possible now, side by side: apps that run, spaces without apps, profiles without apps
 * and spaces. To be called again until nothing is left.
 */
export async function deleteContents(DomainId: string, { apps, spaces, profiles }: Contents): Promise<void> {
  const hasApps = ({ SpaceName }: SpaceDetails) => apps.some((app) => app.SpaceName === SpaceName);
  const busy = names([...apps.map(({ UserProfileName }) => UserProfileName), ...spaces.map(ownerOf)]);
  const isBusy = ({ UserProfileName }: UserProfileDetails) => busy.has(UserProfileName!.toLowerCase());
  const steps = [
    // SageMaker deletes only apps that are InService: one that starts is waited for.
    ...apps.filter(({ Status }) => Status === 'InService').map((app) => appStep(DomainId, app)),
    ...spaces
      .filter((space) => !hasApps(space) && !isInMotion(space.Status))
      .map((space) => spaceStep(DomainId, space)),
    ...profiles
      .filter((profile) => !isBusy(profile) && !isInMotion(profile.Status))
      .map((profile) => profileStep(DomainId, profile)),
  ];
  // A ValidationException says that the state has changed since it was listed.
  await sideBySide(steps, ({ what, run }) =>
    startDeletion(`${what} of domain ${DomainId}`, run, ['ValidationException']),
  );
}

/** An app as messages name it: `app JupyterLab/default in space mine`. */
export function nameOf({ AppType, AppName, SpaceName, UserProfileName }: AppDetails): string {
  const where = SpaceName ? `in space ${SpaceName}` : `of user profile ${UserProfileName}`;
  return `app ${AppType}/${AppName} ${where}`;
}

function appStep(DomainId: string, app: AppDetails): Step {
  const { AppType, AppName, SpaceName, UserProfileName } = app;
  // An app belongs to a space or to a profile, and the API takes only one of the two.
  const where = SpaceName ? { SpaceName } : { UserProfileName };
  const command = new DeleteAppCommand({ DomainId, AppType, AppName, ...where });
  return { what: nameOf(app), run: () => sagemaker().send(command) };
}

function spaceStep(DomainId: string, { SpaceName }: SpaceDetails): Step {
  const command = new DeleteSpaceCommand({ DomainId, SpaceName });
  return { what: `space ${SpaceName}`, run: () => sagemaker().send(command) };
}

function profileStep(DomainId: string, { UserProfileName }: UserProfileDetails): Step {
  const command = new DeleteUserProfileCommand({ DomainId, UserProfileName });
  return { what: `user profile ${UserProfileName}`, run: () => sagemaker().send(command) };
}

function names(all: (string | undefined)[]): Set<string> {
  return new Set(all.flatMap((name) => name?.toLowerCase() ?? []));
}
