import {
  type CreateSpaceRequest,
  type DescribeSpaceResponse,
  UpdateSpaceCommand,
  UpdateSpaceRequest$,
} from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { unlessBusy } from '../busy.ts';
import { sagemaker } from '../clients.ts';
import { isOurs } from '../ownership.ts';
import { notYetHeld, settingsChange } from '../settings.ts';
import { changeTags } from '../tags.ts';
import { isSameName } from '../user-profile.ts';
import { findSpace, nameOfSpace, type SpaceKey } from './space.ts';

/** What of a space can change in place. */
type Changeable = Pick<CreateSpaceRequest, 'SpaceSettings' | 'SpaceDisplayName' | 'Tags'>;

/**
 * Changes a space in place from `old` to `input`, settings first: if SageMaker refuses them, nothing has changed. What
 * the space holds already is not sent.
 *
 * @throws Error when the volume would have to shrink, unless the stack rolls back: then it keeps its size
 */
export async function changeSpace(
  space: DescribeSpaceResponse,
  wanted: Changeable,
  old: Changeable,
  ctx: Context,
): Promise<void> {
  const input = (await fitsVolume(space, wanted, ctx)) ? wanted : withoutVolumeSize(wanted);
  const key = { DomainId: space.DomainId!, SpaceName: space.SpaceName! };
  const { changed, kept } = settingsChange(UpdateSpaceRequest$, settingsOf(input), settingsOf(old));
  if (kept.length > 0) ctx.log.warn('The API cannot clear these settings, so they keep their values', { kept });
  // A space whose last update failed need not hold what it shows, and only another update gets it out of that status.
  const hasFailed = space.Status === 'Update_Failed';
  const all = hasFailed ? settingsChange(UpdateSpaceRequest$, settingsOf(input), {}).changed : {};
  const sent = hasFailed ? { ...all, ...changed } : notYetHeld(changed, space);
  if (hasFailed || Object.keys(sent).length > 0) {
    const update = () => sagemaker().send(new UpdateSpaceCommand({ ...sent, ...key }));
    await unlessBusy(`Updating ${nameOfSpace(key)}`, space, update, () => findSpace(key));
  }
  await changeTags(space.SpaceArn!, input.Tags, old.Tags);
}

/** Is the volume to have at least the size that it has? SageMaker makes no volume smaller. */
async function fitsVolume(space: DescribeSpaceResponse, wanted: Changeable, ctx: Context): Promise<boolean> {
  const [size = 0, held = 0] = [wanted, space].map(volumeSizeOf);
  if (size === 0 || size >= held) return true;
  if (await ctx.isRollingBack()) return false;
  throw new Error(
    `Updating ${nameOfSpace(space)}: its volume has ${held} GB and cannot shrink to ${size} GB. ` +
      `Set EbsVolumeSizeInGb to ${held} or more`,
  );
}

function volumeSizeOf({ SpaceSettings }: Changeable | DescribeSpaceResponse): number | undefined {
  return SpaceSettings?.SpaceStorageSettings?.EbsStorageSettings?.EbsVolumeSizeInGb;
}

function withoutVolumeSize({ SpaceSettings, ...others }: Changeable): Changeable {
  return { ...others, SpaceSettings: { ...SpaceSettings, SpaceStorageSettings: undefined } };
}

/** UpdateSpace refuses an AppType, even the one that the space has. */
function settingsOf({ SpaceSettings, SpaceDisplayName }: Changeable): Changeable {
  const { AppType, ...settings } = SpaceSettings ?? {};
  return { SpaceSettings: settings, SpaceDisplayName };
}

/**
 * Takes over the space that has the input's name and that this stack did not make, and brings it to the input; what the
 * input does not mention stays. Returns the space, or undefined when there is none. One that this stack has made since
 * it was looked for, by another delivery of the same request, is returned as it is.
 *
 * @throws Error when there is one and `mayAdopt` is false, and when it differs in what cannot be changed
 */
export async function adoptSpace(
  input: CreateSpaceRequest & SpaceKey,
  mayAdopt: boolean,
  ctx: Context,
): Promise<DescribeSpaceResponse | undefined> {
  const { DomainId, SpaceName } = input;
  const space = await findSpace(input);
  if (!space || space.Status === 'Deleting') return undefined;
  if (await isOurs(space.SpaceArn!, ctx)) return space;
  if (!mayAdopt) {
    throw new Error(
      `Creating ${nameOfSpace(input)}: it exists, and this stack did not make it. ` +
        'Choose another SpaceName, or set AdoptExisting: true to take it over',
    );
  }
  for (const [name, wanted, actual] of fixedMembers(input, space)) {
    if (wanted === undefined || isSameName(wanted, actual)) continue;
    throw new Error(
      `Adopting ${nameOfSpace(input)}: its ${name} is ${actual ?? 'not set'}, not ${wanted}, and that cannot be ` +
        'changed. Give its own value',
    );
  }
  ctx.log.info('Adopting a space that this stack did not make', { DomainId, SpaceName });
  await changeSpace(space, input, {}, ctx);
  return space;
}

/** The members that no call changes, as wanted and as they are. */
function fixedMembers(
  input: CreateSpaceRequest,
  space: DescribeSpaceResponse,
): [name: string, wanted: string | undefined, actual: string | undefined][] {
  const owner = ({ OwnershipSettings }: CreateSpaceRequest | DescribeSpaceResponse) =>
    OwnershipSettings?.OwnerUserProfileName;
  return [
    ['OwnerUserProfileName', owner(input), owner(space)],
    ['SharingType', input.SpaceSharingSettings?.SharingType, space.SpaceSharingSettings?.SharingType],
    ['AppType', input.SpaceSettings?.AppType, space.SpaceSettings?.AppType],
  ];
}
