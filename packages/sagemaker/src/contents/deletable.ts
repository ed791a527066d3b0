import type { Context } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import { isOwnedBySameStack } from '../ownership.ts';
import { findUserProfile } from '../user-profile/user-profile.ts';
import { appLabel, type Contents } from './contents.ts';

/** What the deletion of a domain or profile may delete with it: running apps, everything, or nothing. */
export const deleteContentsChoices = ['Apps', 'All', 'None'] as const;
export type DeleteContents = (typeof deleteContentsChoices)[number];

/** A message lists at most so many names, and then the number of the others. */
const maxNamed = 10;

/**
 * Throws when apps, spaces or user profiles block a deletion and the template's DeleteContents does not allow their
 * deletion. Nothing has been deleted then. Things that are being deleted, and user profiles that another resource of
 * the same stack created, do not block.
 *
 * `what` names the resource to delete: `domain d-1`.
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
    `Deleting ${what}: blocked by ${list}, which DeleteContents: ${choice} does not delete. ${advice(retained)}`,
  );
}

function advice(keepers: string[]): string {
  const set =
    keepers.length > 0
      ? "Set DeleteContents: All to delete everything with it (a space's volume goes with the space), or delete them first"
      : 'Set DeleteContents: Apps to stop running apps, or delete them first';
  return `${set}. A stack in DELETE_FAILED accepts no updates: delete them by hand, and then delete the stack again`;
}

function isRemaining({ Status }: { Status?: string }): boolean {
  return Status !== 'Deleting';
}

async function isCreatedByStack(DomainId: string, UserProfileName: string, ctx: Context): Promise<boolean> {
  const profile = await findUserProfile({ DomainId, UserProfileName });
  return !profile || isOwnedBySameStack(profile.UserProfileArn!, ctx);
}

/** The template's choices about a deletion. */
export interface DeletionChoices {
  contents: DeleteContents;
  homeEfsFileSystem: 'Retain' | 'Delete';
  /** Also deletes what SageMaker leaves behind after the domain is gone. */
  orphanedResources: boolean;
}

/**
 * Reads the choices about a deletion. A Delete comes with the properties of the last successful operation, which no
 * schema has checked: an invalid value counts as the default that deletes least.
 */
export function deletionChoices(props: object): DeletionChoices {
  const { DeleteContents, HomeEfsFileSystem, AdoptExisting } = props as Record<string, unknown>;
  const homeEfsFileSystem = HomeEfsFileSystem === 'Delete' ? 'Delete' : 'Retain';
  return {
    contents: deleteContentsChoices.find((choice) => choice === DeleteContents) ?? 'Apps',
    homeEfsFileSystem,
    // After a domain is gone, it is unknown whether it was adopted. An adopted domain's data belongs to another owner.
    orphanedResources: homeEfsFileSystem === 'Delete' && !mayHaveAdopted(AdoptExisting),
  };
}

/** Whether an unchecked property of a Delete is true. */
export function isTrue(value: unknown): boolean {
  return /^true$/i.test(String(value));
}

function mayHaveAdopted(AdoptExisting: unknown): boolean {
  return /^(true|ifexists)$/i.test(String(AdoptExisting));
}
