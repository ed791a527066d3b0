import type { DescribeUserProfileResponse } from '@aws-sdk/client-sagemaker';
import { BusyError } from '@studio-resources/sagemaker/client/client';
import { statusOf } from '@studio-resources/sagemaker/client/status';
import { findDomain } from '@studio-resources/sagemaker/domain/domain';
import {
  describeUserProfiles,
  findUserProfile,
  type ProfileKey,
} from '@studio-resources/sagemaker/user-profile/user-profile';
import type { HomeKey } from './home.ts';
import { assertNew, type SeedContext } from './new-profile.ts';
import type { Props } from './properties.ts';

/** A new profile may not be visible to DescribeUserProfile for so many milliseconds. */
const visibleWithin = 30_000;

/** The domain whose home file system is mounted. */
export function mountedDomain(): string | undefined {
  return process.env.DOMAIN_ID || undefined;
}

/**
 * Throws unless the mounted file system is this domain's. The uids of each domain start at the same number, so a home
 * of the same name in another file system belongs to another person.
 */
export async function assertMounted(DomainId: string): Promise<void> {
  const what = `Seeding homes of domain ${DomainId}`;
  const mounted = mountedDomain();
  if (mounted !== DomainId) {
    const has = mounted === undefined ? 'no DOMAIN_ID' : `the homes of domain ${mounted} mounted`;
    throw new Error(
      `${what}: the function has ${has}. Install home-seed.yaml for ${DomainId}, and use the ServiceToken of that stack`,
    );
  }
  const domain = await findDomain(DomainId);
  if (!domain) throw new Error(`${what}: there is no such domain`);
  const { HomeEfsFileSystemId: home } = domain;
  const { FILE_SYSTEM_ID: fileSystem } = process.env;
  if (!home) throw new Error(`${what}: it has no home file system (HomeEfsFileSystemCreation)`);
  if (home !== fileSystem) {
    throw new Error(
      `${what}: its home file system is ${home}, and the function has ${fileSystem ?? 'none'} mounted. ` +
        'Correct FileSystemId of the home-seed.yaml stack',
    );
  }
}

/**
 * The home of one profile, or all homes of the domain except those of profiles that have failed or are being deleted.
 *
 * @throws BusyError while a profile is Pending, because its uid may not be final, or while a new profile may not be
 * visible yet
 */
export async function getHomes(
  { DomainId, UserProfileName }: Pick<Props, 'DomainId' | 'UserProfileName'>,
  ctx: SeedContext,
) {
  if (UserProfileName !== undefined) {
    const profile = await findUserProfile({ DomainId, UserProfileName });
    if (profile) {
      assertNew(profile, ctx);
      return [homeOf(profile)];
    }
    const what = `Seeding the home of ${nameOf({ DomainId, UserProfileName })}: it does not exist`;
    throw Date.now() - ctx.since.getTime() < visibleWithin ? new BusyError(what) : new Error(what);
  }
  return (await describeUserProfiles(DomainId)).filter(isUsable).map(homeOf);
}

/** The existing homes, whatever the status of their profiles. */
export async function listExistingHomes(DomainId: string, UserProfileName: string | undefined): Promise<HomeKey[]> {
  const profiles = UserProfileName
    ? [await findUserProfile({ DomainId, UserProfileName })]
    : await describeUserProfiles(DomainId);
  return profiles.flatMap((profile) =>
    profile?.HomeEfsFileSystemUid
      ? [{ UserProfileName: profile.UserProfileName!, uid: profile.HomeEfsFileSystemUid }]
      : [],
  );
}

/** Profiles that are Failed, Deleting or Delete_Failed are not usable. Update_Failed leaves a profile as it was. */
function isUsable({ Status }: DescribeUserProfileResponse): boolean {
  return !['Failed', 'Deleting', 'Delete_Failed'].includes(Status ?? '');
}

/** The home of a usable profile. */
function homeOf(profile: DescribeUserProfileResponse): HomeKey {
  const { UserProfileName = '', HomeEfsFileSystemUid: uid, Status } = profile;
  const what = `Seeding the home of ${nameOf(profile)}`;
  if (Status === 'Pending') throw new BusyError(`${what}: it is Pending`);
  if (!isUsable(profile)) {
    const status = statusOf(profile, 'it');
    const reason = typeof status === 'object' && 'failed' in status ? status.failed : `it is ${Status}`;
    throw new Error(`${what}: ${reason}`);
  }
  if (!uid) throw new Error(`${what}: SageMaker gives it no HomeEfsFileSystemUid`);
  return { UserProfileName, uid };
}

function nameOf({ DomainId, UserProfileName }: { [Key in keyof ProfileKey]?: string }): string {
  return `user profile ${UserProfileName} of domain ${DomainId}`;
}
