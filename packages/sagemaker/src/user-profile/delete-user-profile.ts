import type { Context } from '@studio-resources/core';
import { type Contents, deleteContents, isEmpty } from '../contents/contents.ts';
import { assertDeletable, type DeleteContents } from '../contents/deletable.ts';
import { deleteUserProfile, type ProfileKey } from './user-profile.ts';

/**
 * Takes every step of a profile's deletion that is possible now: of what belongs to it, and then of itself. Gives
 * whether its own deletion was begun.
 *
 * Throws when something is in the way that the choice does not let go; nothing is touched then.
 */
export async function deleteUserProfileWithContents(
  key: ProfileKey,
  contents: Contents,
  choice: DeleteContents,
  ctx: Context,
): Promise<boolean> {
  const what = `user profile ${key.UserProfileName} of domain ${key.DomainId}`;
  await assertDeletable(what, key.DomainId, contents, choice, ctx);
  if (isEmpty(contents)) {
    await deleteUserProfile(key);
    return true;
  }
  await deleteContents(key.DomainId, contents);
  return false;
}
