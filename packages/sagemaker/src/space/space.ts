import {
  CreateSpaceCommand,
  type CreateSpaceRequest,
  DescribeSpaceCommand,
  type DescribeSpaceResponse,
  type DescribeUserProfileResponse,
} from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { BusyError, codeOf, sagemaker, sagemakerWithoutRetries, undefinedIfNotFound } from '../client/client.ts';
import { isTransitioning } from '../client/status.ts';
import { deleteContents, listApps } from '../contents/contents.ts';
import { assertDeletable, type DeleteContents } from '../contents/deletable.ts';
import { createInDomain } from '../domain/domain.ts';
import { isDomainId } from '../domain/domain-id.ts';
import { findUserProfile, isStudioName } from '../user-profile/user-profile.ts';

/** A space's name is unique in its domain. */
export interface SpaceKey {
  DomainId: string;
  SpaceName: string;
}

/** Whether these have the form of a domain's id and a space's name. SageMaker refuses others with a ValidationException. */
export function isSpaceKey({ DomainId, SpaceName }: { [Key in keyof SpaceKey]?: unknown }): boolean {
  return isDomainId(String(DomainId)) && isStudioName(String(SpaceName));
}

/** A space as messages name it. */
export function nameOfSpace({ DomainId, SpaceName }: { [Key in keyof SpaceKey]?: string }): string {
  return `space ${SpaceName} of domain ${DomainId}`;
}

export function findSpace({ DomainId, SpaceName }: SpaceKey): Promise<DescribeSpaceResponse | undefined> {
  return undefinedIfNotFound(sagemaker().send(new DescribeSpaceCommand({ DomainId, SpaceName })));
}

/** @throws Error when there is no such space */
export async function getSpace(key: SpaceKey): Promise<DescribeSpaceResponse> {
  const space = await findSpace(key);
  if (space) return space;
  throw new Error(`Reading ${nameOfSpace(key)}: it does not exist; it was deleted outside of this stack`);
}

/**
 * Starts creating a space.
 *
 * @throws BusyError while SageMaker changes the domain or the space's owner: it creates no space then
 */
export async function createSpace(input: CreateSpaceRequest): Promise<void> {
  const { DomainId = '', SpaceName } = input;
  const before = await findOwner(input);
  if (before && isUpdating(before)) throw busy(input, before);
  try {
    await createInDomain(DomainId, `space ${SpaceName}`, () =>
      sagemakerWithoutRetries().send(new CreateSpaceCommand(input)),
    );
  } catch (error) {
    if (!['ResourceInUse', 'ValidationException'].includes(codeOf(error))) throw error;
    const now = await findOwner(input);
    // The owner may have been updated, and be idle again, since it was described.
    const isChanged = before && now?.LastModifiedTime?.getTime() !== before.LastModifiedTime?.getTime();
    if (now && (isUpdating(now) || (isChanged && now.Status !== 'Deleting'))) throw busy(input, now, error);
    throw error;
  }
}

async function findOwner({ DomainId = '', OwnershipSettings }: CreateSpaceRequest) {
  const UserProfileName = OwnershipSettings?.OwnerUserProfileName;
  return UserProfileName === undefined ? undefined : findUserProfile({ DomainId, UserProfileName });
}

function isUpdating({ Status }: DescribeUserProfileResponse): boolean {
  return isTransitioning(Status) && Status !== 'Deleting';
}

function busy(space: CreateSpaceRequest, owner: DescribeUserProfileResponse, cause?: unknown): BusyError {
  const { UserProfileName, Status } = owner;
  const what = `Creating ${nameOfSpace(space)}`;
  return new BusyError(`${what}: its owner, user profile ${UserProfileName}, is ${Status}`, { cause });
}

/**
 * Takes every step of a space's deletion that is possible now: first of the apps that run in it, then of the space with
 * its volume.
 *
 * @throws Error when apps run that the choice retains; nothing is changed then
 */
export async function deleteSpace(space: DescribeSpaceResponse, choice: DeleteContents, ctx: Context): Promise<void> {
  const { DomainId = '', SpaceName, Status } = space;
  const apps = await listApps({ DomainIdEquals: DomainId, SpaceNameEquals: SpaceName });
  await assertDeletable(nameOfSpace(space), DomainId, { apps, spaces: [], profiles: [] }, choice, ctx);
  await deleteContents(DomainId, { apps, spaces: [{ SpaceName, Status }], profiles: [] });
}
