import { isDeepStrictEqual } from 'node:util';
import type { CreateSpaceRequest, CreateUserProfileRequest } from '@aws-sdk/client-sagemaker';
import { diffDomainSettings } from '@studio-resources/sagemaker/domain/domain';
import { type AppConfigs, configsNotCleared } from '@studio-resources/sagemaker/image/app-image-config';
import { keptSettings, notClearedText } from '@studio-resources/sagemaker/settings/not-cleared';
import type { NotCleared } from '@studio-resources/sagemaker/settings/settings-change';
import { sharedLists } from '@studio-resources/sagemaker/settings/shared-lists';
import { diffSpaceSettings, volumeSizeOf, volumeTooSmall } from '@studio-resources/sagemaker/space/update-space';
import { diffUserSettings } from '@studio-resources/sagemaker/user-profile/user-profile';
import { type Defaults, type GivenMember, memberOf } from '../../handlers/studio-user-profile-fleet/member.ts';

type Props = Record<string, unknown>;

/** Why the handler of a type refuses to change these properties in place, by the rules that it has itself. */
const refusals: Record<string, (props: Props, old: Props) => string[]> = {
  'Custom::StudioDomain': (props, old) => kept(diffDomainSettings(props, old).notCleared),
  'Custom::StudioUserProfile': (props, old) => kept(diffUserSettings(props, old).notCleared),
  'Custom::StudioUserProfileFleet': (props, old) => {
    const before = new Map(membersOf(old).map(({ key, desired }) => [key, desired]));
    return membersOf(props).flatMap(({ name, key, desired }) =>
      kept(diffUserSettings(desired as CreateUserProfileRequest, before.get(key) ?? {}).notCleared).map(
        (why) => `user profile ${name}: ${why}`,
      ),
    );
  },
  'Custom::StudioSpace': (props, old) => {
    const [space, before] = [props, old] as unknown as [CreateSpaceRequest, CreateSpaceRequest];
    const [size, current] = [space, before].map((one) => Number(volumeSizeOf(one) ?? 0)) as [number, number];
    return [
      ...(size > 0 && size < current ? [volumeTooSmall(current, size)] : []),
      ...kept(diffSpaceSettings(space, before).notCleared),
    ];
  },
  'Custom::StudioImage': (props, old) =>
    configsNotCleared(props as AppConfigs, old as AppConfigs).flatMap(({ config, notCleared }) =>
      kept(notCleared).map((why) => `${config}: ${why}`),
    ),
};

/** Why the handler of that type refuses to change `old` to `props` in place. */
export function refusalsOf(type: string, props: Props, old: Props): string[] {
  return refusals[type]?.(props, old) ?? [];
}

function kept(notCleared: readonly NotCleared[]): string[] {
  const settings = keptSettings(notCleared);
  return settings.length > 0 ? [notClearedText(settings)] : [];
}

function membersOf({ Members, Defaults = {} }: Props) {
  const members = Array.isArray(Members) ? (Members as GivenMember[]) : [];
  return members.map((each, at) => memberOf(each, Defaults as Defaults, `Members[${at}]`));
}

/** An entry that the template no longer has, and where it was: the list that several write, the attachments, or a fleet's members. */
export interface Detached {
  path: string;
  entry: unknown;
}

/** The entries that an update takes out of lists that several write, at every depth, and where it detaches the resource. */
export function detachedBy(props: unknown, old: unknown, path = ''): Detached[] {
  if (typeof old !== 'object' || old === null || Array.isArray(old)) return [];
  return Object.entries(old).flatMap(([name, before]) => {
    const now = (props as Props | undefined)?.[name];
    const at = path === '' ? name : `${path}.${name}`;
    const isList = Array.isArray(before) && (sharedLists.has(name) || at === 'AttachTo' || at === 'Members');
    if (!isList) return detachedBy(now, before, at);
    const rest = Array.isArray(now) ? now : [];
    return before
      .filter((entry) => !rest.some((each) => isDeepStrictEqual(identityOf(each), identityOf(entry))))
      .map((entry) => ({ path: at, entry }));
  });
}

/** What makes two entries the same one, with other settings. */
function identityOf(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return entry;
  const { UserProfileName, DomainId, SpaceName, Settings, ImageName, AppImageConfigName } = entry as Props;
  return { UserProfileName, DomainId, SpaceName, Settings, ImageName, AppImageConfigName };
}
