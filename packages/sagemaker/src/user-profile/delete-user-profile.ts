import type { Context } from '@studio-resources/core';
import { type Contents, deleteContents, isEmpty } from '../contents/contents.ts';
import { assertDeletable, type DeleteContents } from '../contents/deletable.ts';
import { deleteUserProfile, type ProfileKey } from './user-profile.ts';

/**
 * Takes every step of a user profile's deletion that is possible now: first what belongs to it, then the profile.
 * Returns whether it has called DeleteUserProfile.
 *
 * Throws when the template's DeleteContents does not allow to delete what belongs to the profile. Nothing has been
 * deleted then.
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
