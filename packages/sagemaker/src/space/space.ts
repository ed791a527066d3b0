import {
  CreateSpaceCommand,
  type CreateSpaceRequest,
  DescribeSpaceCommand,
  type DescribeSpaceResponse,
  type DescribeUserProfileResponse,
} from '@aws-sdk/client-sagemaker';
import { BusyError } from '../busy.ts';
import { sagemaker, sagemakerOnce } from '../clients.ts';
import { isDomainId } from '../domain.ts';
import { codeOf, ifFound } from '../failures.ts';
import { makeInDomain } from '../in-domain.ts';
import { isInMotion } from '../statuses.ts';
import { findUserProfile, isStudioName } from '../user-profile.ts';

/** A space's name is unique in its domain. */
export interface SpaceKey {
  DomainId: string;
  SpaceName: string;
}

/** Have these the form of a domain's id and a space's name? SageMaker answers others with an error. */
export function isSpaceKey({ DomainId, SpaceName }: { [Key in keyof SpaceKey]?: unknown }): boolean {
  return isDomainId(String(DomainId)) && isStudioName(String(SpaceName));
}

/** A space as messages name it. */
export function nameOfSpace({ DomainId, SpaceName }: { [Key in keyof SpaceKey]?: string }): string {
  return `space ${SpaceName} of domain ${DomainId}`;
}

export function findSpace({ DomainId, SpaceName }: SpaceKey): Promise<DescribeSpaceResponse | undefined> {
  return ifFound(sagemaker().send(new DescribeSpaceCommand({ DomainId, SpaceName })));
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
    await makeInDomain(DomainId, `space ${SpaceName}`, () => sagemakerOnce().send(new CreateSpaceCommand(input)));
  } catch (error) {
    if (!['ResourceInUse', 'ValidationException'].includes(codeOf(error))) throw error;
    const now = await findOwner(input);
    // It may have been changed, and be at rest again, since it was looked at.
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
  return isInMotion(Status) && Status !== 'Deleting';
}

function busy(space: CreateSpaceRequest, owner: DescribeUserProfileResponse, cause?: unknown): BusyError {
  const { UserProfileName, Status } = owner;
  const what = `Creating ${nameOfSpace(space)}`;
  return new BusyError(`${what}: its owner, user profile ${UserProfileName}, is ${Status}`, { cause });
}
