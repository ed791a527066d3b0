import {
  type CreateSpaceRequest,
  type DescribeSpaceResponse,
  UpdateSpaceCommand,
  UpdateSpaceRequest$,
} from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { sagemakerWithoutRetries } from '../client/client.ts';
import { updateWhenIdle } from '../client/status.ts';
import { listSpaces } from '../contents/contents.ts';
import { findDomain } from '../domain/domain.ts';
import { type AdoptExisting, adopt, assertMayCreate } from '../ownership.ts';
import { assertCleared } from '../settings/not-cleared.ts';
import { diffSettings, omitUnchanged, type SettingsDiff } from '../settings/settings-change.ts';
import { listTags, updateTags } from '../tags.ts';
import { isSameName } from '../user-profile/user-profile.ts';
import { findSpace, nameOfSpace, type SpaceKey } from './space.ts';

/** The members of a space that can change in place. */
type Changeable = Pick<CreateSpaceRequest, 'SpaceSettings' | 'SpaceDisplayName' | 'Tags'>;

/**
 * Updates a space in place from `old` to `desired`: settings first, so that nothing has changed when SageMaker refuses
 * them. Settings that the space already has are not sent.
 *
 * @throws Error when the volume would have to shrink, or `desired` no longer has settings that the API cannot clear,
 * unless the stack rolls back: then they keep their values
 */
export async function updateSpace(
  space: DescribeSpaceResponse,
  desired: Changeable,
  old: Changeable,
  ctx: Context,
): Promise<void> {
  const input = (await fitsVolume(space, desired, ctx)) ? desired : withoutVolumeSize(desired);
  const key = { DomainId: space.DomainId!, SpaceName: space.SpaceName! };
  const diff = (from: Changeable) => diffSpaceSettings(input, from, space);
  const { changed, notCleared } = diff(old);
  await assertCleared(nameOfSpace(key), notCleared, ctx);
  // After a failed update, DescribeSpace may show values that are not in effect, and only another update ends that status.
  const hasFailed = space.Status === 'Update_Failed';
  const all = hasFailed ? diff({}).changed : {};
  const sent = hasFailed ? { ...all, ...changed } : omitUnchanged(changed, space);
  if (hasFailed || Object.keys(sent).length > 0) {
    const update = () => sagemakerWithoutRetries().send(new UpdateSpaceCommand({ ...sent, ...key }));
    await updateWhenIdle(`Updating ${nameOfSpace(key)}`, space, update, () => findSpace(key));
  }
  await updateTags(space.SpaceArn!, input.Tags, old.Tags);
}

/** What an update of a space from `old` to `input` sends. `live` are its current settings, if they are known. */
export function diffSpaceSettings(input: Changeable, old: Changeable, live?: DescribeSpaceResponse): SettingsDiff {
  return diffSettings(UpdateSpaceRequest$, updatableSettings(input), updatableSettings(old), { live });
}

/** Whether the desired volume has at least the current size. A volume cannot shrink. */
async function fitsVolume(space: DescribeSpaceResponse, desired: Changeable, ctx: Context): Promise<boolean> {
  const [size = 0, current = 0] = [desired, space].map(volumeSizeOf);
  if (size === 0 || size >= current) return true;
  if (await ctx.isRollingBack()) return false;
  throw new Error(`Updating ${nameOfSpace(space)}: ${volumeTooSmall(current, size)}`);
}

/** Why a volume of `current` GB is not made one of `size` GB, and what to do. */
export function volumeTooSmall(current: number, size: number): string {
  return `its volume has ${current} GB and cannot shrink to ${size} GB. Set EbsVolumeSizeInGb to ${current} or more`;
}

/** In GB. */
export function volumeSizeOf({ SpaceSettings }: Changeable | DescribeSpaceResponse): number | undefined {
  return SpaceSettings?.SpaceStorageSettings?.EbsStorageSettings?.EbsVolumeSizeInGb;
}

function withoutVolumeSize({ SpaceSettings, ...others }: Changeable): Changeable {
  return { ...others, SpaceSettings: { ...SpaceSettings, SpaceStorageSettings: undefined } };
}

/** UpdateSpace refuses an AppType, even the one that the space has. */
function updatableSettings({ SpaceSettings, SpaceDisplayName }: Changeable): Changeable {
  const { AppType, ...settings } = SpaceSettings ?? {};
  return { SpaceSettings: settings, SpaceDisplayName };
}

/**
 * Takes over or adopts the existing space with the input's name, as `claim` allows, and updates it to the input; settings
 * that the input does not mention keep their values. Returns the space, or undefined when one has to be created. A space
 * that this stack has created meanwhile, through a duplicate delivery of the request, is returned unchanged.
 *
 * @throws Error when the space must not be adopted, when `mode` is true and there is none, and when the space differs in
 * a member that cannot be changed
 */
export async function adoptSpace(
  input: CreateSpaceRequest & SpaceKey,
  mode: AdoptExisting,
  ctx: Context,
): Promise<DescribeSpaceResponse | undefined> {
  const { DomainId, SpaceName } = input;
  const space = await findSpace(input);
  const what = nameOfSpace(input);
  if (!space || space.Status === 'Deleting') {
    // SageMaker itself says that one is being deleted.
    if (!space) {
      await assertMayCreate(what, mode, async () => (await listSpaces(DomainId)).map((one) => one.SpaceName));
    }
    return undefined;
  }
  const domain = await findDomain(DomainId);
  const propagated = domain && (await listTags(domain.DomainArn!));
  const update = async () => {
    for (const [name, desired, actual] of fixedMembers(input, space)) {
      if (desired === undefined || isSameName(desired, actual)) continue;
      throw new Error(
        `Adopting ${what}: its ${name} is ${actual ?? 'not set'}, not ${desired}, and that cannot be changed. Give its own value`,
      );
    }
    ctx.log.info('Adopting a space', { DomainId, SpaceName });
    await updateSpace(space, input, {}, ctx);
  };
  return (await adopt({ what, arn: space.SpaceArn!, adopt: mode, DomainId, propagated }, update, ctx))
    ? space
    : undefined;
}

/** The members that cannot be changed: the desired and the actual values. */
function fixedMembers(
  input: CreateSpaceRequest,
  space: DescribeSpaceResponse,
): [name: string, desired: string | undefined, actual: string | undefined][] {
  const owner = ({ OwnershipSettings }: CreateSpaceRequest | DescribeSpaceResponse) =>
    OwnershipSettings?.OwnerUserProfileName;
  return [
    ['OwnerUserProfileName', owner(input), owner(space)],
    ['SharingType', input.SpaceSharingSettings?.SharingType, space.SpaceSharingSettings?.SharingType],
    ['AppType', input.SpaceSettings?.AppType, space.SpaceSettings?.AppType],
  ];
}
