import type { DescribeUserProfileResponse } from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { BusyError, mapConcurrent } from '@studio-resources/sagemaker/client/client';
import { statusOf } from '@studio-resources/sagemaker/client/status';
import { listUserProfiles } from '@studio-resources/sagemaker/contents/contents';
import { findDomain } from '@studio-resources/sagemaker/domain/domain';
import { findUserProfile, type ProfileKey } from '@studio-resources/sagemaker/user-profile/user-profile';
import type { HomeKey } from './home.ts';
import type { Props } from './properties.ts';

/** How long it may take until a profile that has just been made can be described, in milliseconds. */
const visibleWithin = 30_000;

/** The domain whose home file system the function has mounted. */
export function mountedDomain(): string | undefined {
  return process.env.DOMAIN_ID || undefined;
}

/**
 * Makes sure that what the function has mounted is this domain's file system: each domain counts its uids from the same
 * number, so a home of the same name would be another person's.
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
 * The homes of one profile, or of all in the domain but those that have failed or are being deleted.
 *
 * @throws BusyError while a profile is being made: then it has no uid yet, or none that is sure to stay; or while it may
 * have been made just before, and cannot be seen yet
 */
export async function getHomes(
  { DomainId, UserProfileName }: Pick<Props, 'DomainId' | 'UserProfileName'>,
  { since }: Pick<Context, 'since'>,
) {
  if (UserProfileName !== undefined) {
    const profile = await findUserProfile({ DomainId, UserProfileName });
    if (profile) return [homeOf(profile)];
    const what = `Seeding the home of ${nameOf({ DomainId, UserProfileName })}: it does not exist`;
    throw Date.now() - since.getTime() < visibleWithin ? new BusyError(what) : new Error(what);
  }
  const listed = await listUserProfiles(DomainId);
  const profiles = await mapConcurrent(listed, (each) =>
    findUserProfile({ DomainId, UserProfileName: each.UserProfileName! }),
  );
  return profiles.filter((profile) => profile !== undefined && isUsable(profile)).map((profile) => homeOf(profile!));
}

/** The homes that are there, whatever state their profiles are in. */
export async function listExistingHomes(DomainId: string, UserProfileName: string | undefined): Promise<HomeKey[]> {
  const names = UserProfileName ? [{ UserProfileName }] : await listUserProfiles(DomainId);
  const profiles = await mapConcurrent(names, (each) =>
    findUserProfile({ DomainId, UserProfileName: each.UserProfileName! }),
  );
  return profiles.flatMap((profile) =>
    profile?.HomeEfsFileSystemUid
      ? [{ UserProfileName: profile.UserProfileName!, uid: profile.HomeEfsFileSystemUid }]
      : [],
  );
}

/** Failed and Deleting are the ends of a profile; after Update_Failed it is as it was. */
function isUsable({ Status }: DescribeUserProfileResponse): boolean {
  return !['Failed', 'Deleting', 'Delete_Failed'].includes(Status ?? '');
}

/** The home of a profile that is there to stay. */
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
