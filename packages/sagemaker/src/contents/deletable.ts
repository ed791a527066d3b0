import type { Context } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import { isOwnedBySameStack } from '../tags.ts';
import { findUserProfile } from '../user-profile/user-profile.ts';
import { appLabel, type Contents } from './contents.ts';

/** How much of what lives in a domain or profile its deletion may delete: running apps, everything, or nothing. */
export const deleteContentsChoices = ['Apps', 'All', 'None'] as const;
export type DeleteContents = (typeof deleteContentsChoices)[number];

/** So many things are named in a message; of the others, it gives the number. */
const maxNamed = 10;

/**
 * Refuses a deletion while something is in its way that the template does not let go: nothing is touched then. Never in
 * the way is what is being deleted already, and a profile that another resource of the same stack made.
 *
 * `what` names the thing to be deleted: `domain d-1`.
 */
export async function assertDeletable(
  what: string,
  domainId: string,
  contents: Contents,
  choice: DeleteContents,
  ctx: Context,
): Promise<void> {
  if (choice === 'All') return;
  const apps = choice === 'None' ? contents.apps.filter(isRemaining).map(appLabel) : [];
  const spaces = contents.spaces.filter(isRemaining).map(({ SpaceName }) => `space ${SpaceName}`);
  const profiles = await mapConcurrent(contents.profiles.filter(isRemaining), async ({ UserProfileName }) =>
    (await isCreatedByStack(domainId, UserProfileName!, ctx)) ? [] : [`user profile ${UserProfileName}`],
  );
  const retained = [...spaces, ...profiles.flat()];
  const all = [...retained, ...apps];
  if (all.length === 0) return;
  const list = all.slice(0, maxNamed).join(', ') + (all.length > maxNamed ? ` and ${all.length - maxNamed} more` : '');
  throw new Error(
    `Deleting ${what}: in the way are ${list}, which DeleteContents: ${choice} does not delete. ${advice(retained)}`,
  );
}

function advice(keepers: string[]): string {
  const set =
    keepers.length > 0
      ? "Set DeleteContents: All to delete everything with it (a space's volume goes with the space), or delete them first"
      : 'Set DeleteContents: Apps to stop running apps, or delete them first';
  return `${set}. A stack whose deletion failed takes no update any more: there, delete them and then the stack again`;
}

function isRemaining({ Status }: { Status?: string }): boolean {
  return Status !== 'Deleting';
}

async function isCreatedByStack(DomainId: string, UserProfileName: string, ctx: Context): Promise<boolean> {
  const profile = await findUserProfile({ DomainId, UserProfileName });
  return !profile || isOwnedBySameStack(profile.UserProfileArn!, ctx);
}

/** What a template says of a deletion. */
export interface DeletionChoices {
  contents: DeleteContents;
  homeEfsFileSystem: 'Retain' | 'Delete';
  /** Whatever a domain that is gone has left is to be deleted too. */
  orphanedResources: boolean;
}

/**
 * What properties say of a deletion. A Delete comes with whatever the template said long ago, not checked: what cannot
 * be understood counts as the choice that deletes least by default.
 */
export function deletionChoices(props: object): DeletionChoices {
  const { DeleteContents, HomeEfsFileSystem, AdoptExisting } = props as Record<string, unknown>;
  const homeEfsFileSystem = HomeEfsFileSystem === 'Delete' ? 'Delete' : 'Retain';
  return {
    contents: deleteContentsChoices.find((choice) => choice === DeleteContents) ?? 'Apps',
    homeEfsFileSystem,
    // Once a domain is gone nobody can tell whether it was adopted, and an adopted one's data is not ours.
    orphanedResources: homeEfsFileSystem === 'Delete' && !/^true$/i.test(String(AdoptExisting)),
  };
}
