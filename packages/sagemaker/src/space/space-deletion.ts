import type { DescribeSpaceResponse } from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { listApps } from '../contents.ts';
import { deleteContents } from '../delete-contents.ts';
import { type DeleteContents, refuseIfInTheWay } from '../refusal.ts';
import { nameOfSpace } from './space.ts';

/**
 * Takes every step of a space's deletion that is possible now: of the apps that run in it, and then of itself with its
 * volume.
 *
 * @throws Error when apps run that the choice keeps; nothing is touched then
 */
export async function removeSpace(space: DescribeSpaceResponse, choice: DeleteContents, ctx: Context): Promise<void> {
  const { DomainId = '', SpaceName, Status } = space;
  const apps = await listApps({ DomainIdEquals: DomainId, SpaceNameEquals: SpaceName });
  await refuseIfInTheWay(nameOfSpace(space), DomainId, { apps, spaces: [], profiles: [] }, choice, ctx);
  await deleteContents(DomainId, { apps, spaces: [{ SpaceName, Status }], profiles: [] });
}
