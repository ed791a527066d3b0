import {
  DeleteUserProfileCommand,
  DescribeUserProfileCommand,
  type DescribeUserProfileResponse,
} from '@aws-sdk/client-sagemaker';
import { sagemaker } from '../client/clients.ts';
import { ifFound } from '../client/failures.ts';
import { startDeletion } from '../client/start-deletion.ts';
import { isDomainId } from '../domain/domain.ts';

/** A profile's name is unique in its domain, and two names that differ only by case are the same. */
export interface ProfileKey {
  DomainId: string;
  UserProfileName: string;
}

/** Have these the form of a domain's id and a profile's name? SageMaker answers others with an error. */
export function isProfileKey({ DomainId, UserProfileName }: { [Key in keyof ProfileKey]?: unknown }): boolean {
  return isDomainId(String(DomainId)) && isStudioName(String(UserProfileName));
}

/** Has it the form of the name of a profile, a space, or anything else in Studio? */
export function isStudioName(name: string): boolean {
  return name.length <= 63 && /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name);
}

export function findUserProfile(key: ProfileKey): Promise<DescribeUserProfileResponse | undefined> {
  const { DomainId, UserProfileName } = key;
  return ifFound(sagemaker().send(new DescribeUserProfileCommand({ DomainId, UserProfileName })));
}

export async function getUserProfile(key: ProfileKey): Promise<DescribeUserProfileResponse> {
  const profile = await findUserProfile(key);
  if (profile) return profile;
  throw new Error(
    `Reading user profile ${key.UserProfileName} of domain ${key.DomainId}: it does not exist; ` +
      'it was deleted outside of this stack',
  );
}

/** Starts deleting a profile that is empty. */
export async function deleteUserProfile({ DomainId, UserProfileName }: ProfileKey): Promise<void> {
  const command = new DeleteUserProfileCommand({ DomainId, UserProfileName });
  await startDeletion(`user profile ${UserProfileName} of domain ${DomainId}`, () => sagemaker().send(command));
}

export function isSameName(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}
