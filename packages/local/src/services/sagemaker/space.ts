import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Call } from '../../service.ts';
import { blockingApps } from './app-statuses.ts';
import { list } from './pages.ts';
import { checkQuota } from './quotas.ts';
import {
  all,
  arnOf,
  type DomainRecord,
  get,
  getVisible,
  inUse,
  invalid,
  type Operations,
  profileKey,
  type SpaceRecord,
  spaceKey,
  tableOf,
} from './records.ts';
import { roleProblem } from './roles.ts';
import { checkSettings, merge } from './settings.ts';
import { type Endings, enter, mustBeInService, mustBeSettled } from './statuses.ts';
import { checkTags, tagNew } from './tags.ts';
import { nextUid } from './user-profile.ts';
import { visibleFrom } from './visibility.ts';

/** A private space's owner must be ready; a shared one may have none. */
function checkOwner(request: SageMaker.CreateSpaceRequest, arn: string, call: Call): void {
  const { OwnershipSettings: ownership, SpaceSharingSettings: sharing } = request;
  if ((ownership === undefined) !== (sharing === undefined)) {
    throw invalid('OwnershipSettings and SpaceSharingSettings must be specified together.');
  }
  if (!ownership) return;
  const owner = get('user-profile', profileKey(request.DomainId, ownership.OwnerUserProfileName), call);
  mustBeInService('user-profile', owner, `Space [${arn}]`);
}

/** Spaces of these apps have a volume of their own. */
const withVolume = new Set<string | undefined>(['JupyterLab', 'CodeEditor']);

/** The space's settings with the size of its volume, which comes from the owner or the domain if it is left out. */
function withStorage(settings: SageMaker.SpaceSettings, sizes: SageMaker.DefaultEbsStorageSettings | undefined) {
  const size = settings.SpaceStorageSettings?.EbsStorageSettings?.EbsVolumeSizeInGb;
  const most = sizes?.MaximumEbsVolumeSizeInGb;
  if (size !== undefined && most !== undefined && size > most) {
    throw invalid(`EbsVolumeSizeInGb ${size} is more than the maximum of ${most} that the domain or user allows.`);
  }
  if (!withVolume.has(settings.AppType)) return settings;
  const EbsVolumeSizeInGb = size ?? sizes?.DefaultEbsVolumeSizeInGb ?? 5;
  return { ...settings, SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSizeInGb } } };
}

/** An EBS volume is made larger, and never smaller. */
function checkVolumeGrows(...settings: [held: SageMaker.SpaceSettings, wanted: SageMaker.SpaceSettings]): void {
  const [held = 0, wanted = 0] = settings.map(
    ({ SpaceStorageSettings }) => SpaceStorageSettings?.EbsStorageSettings?.EbsVolumeSizeInGb,
  );
  if (wanted < held) throw invalid(`EbsVolumeSizeInGb ${wanted} is less than the ${held} that the volume has.`);
}

function volumeSizes(domain: DomainRecord, owner: string | undefined, isPrivate: boolean, call: Call) {
  const { DefaultUserSettings, DefaultSpaceSettings } = domain.shown;
  const key = profileKey(domain.key, owner);
  const own = owner === undefined ? undefined : tableOf('user-profile', call).get(key)?.shown.UserSettings;
  const storage = isPrivate
    ? merge(DefaultUserSettings.SpaceStorageSettings, own?.SpaceStorageSettings)
    : (DefaultSpaceSettings?.SpaceStorageSettings ?? DefaultUserSettings.SpaceStorageSettings);
  return storage?.DefaultEbsStorageSettings;
}

function sizesOf({ DomainId, OwnershipSettings, SpaceSharingSettings }: SageMaker.CreateSpaceRequest, call: Call) {
  const isPrivate = SpaceSharingSettings?.SharingType === 'Private';
  return volumeSizes(get('domain', DomainId!, call), OwnershipSettings?.OwnerUserProfileName, isPrivate, call);
}

export const spaceOperations: Operations = {
  CreateSpace(request, call) {
    checkTags(request.Tags);
    const { DomainId = '', SpaceName = '', Tags, ...given } = request;
    const domain = get('domain', DomainId, call);
    const key = spaceKey(DomainId, SpaceName);
    const arn = arnOf('space', key, call);
    mustBeInService('domain', domain, `Space [${arn}]`);
    checkOwner(request, arn, call);
    checkSettings(given.SpaceSettings ?? {});
    const spaces = tableOf('space', call);
    if (spaces.has(key)) throw inUse(`Space [${arn}] already exists.`);
    const SpaceSettings = withStorage(given.SpaceSettings ?? {}, sizesOf(request, call));
    checkQuota('Maximum number of Studio spaces allowed per account', spaces.size, call);
    const CreationTime = new Date(call.clock.now());
    const space: SpaceRecord = {
      key,
      arn,
      shown: {
        ...given,
        DomainId,
        SpaceName,
        SpaceArn: arn,
        ...nextUid(domain),
        SpaceSettings,
        Url: `${domain.shown.Url}/spaces/${SpaceName}`,
        Status: 'Pending',
        CreationTime,
        LastModifiedTime: CreationTime,
      },
      visibleAt: visibleFrom('space', call),
      step: 0,
    };
    spaces.set(key, space);
    tagNew(arn, Tags, call);
    enter('space', space, 'Pending', call);
    return { SpaceArn: arn };
  },

  DescribeSpace(request, call) {
    return getVisible('space', spaceKey(request.DomainId, request.SpaceName), call).shown;
  },

  ListSpaces({ DomainIdEquals, SpaceNameContains = '', ...request }, call) {
    const matching = all(
      'space',
      call,
      ({ shown }) =>
        (DomainIdEquals === undefined || shown.DomainId === DomainIdEquals) &&
        shown.SpaceName.includes(SpaceNameContains),
    );
    const { items, NextToken } = list(request, matching, ({ shown }) => detailsOf(shown), call);
    return { Spaces: items, NextToken };
  },

  UpdateSpace(request, call) {
    const { DomainId, SpaceName, SpaceSettings, SpaceDisplayName } = request;
    const space = get('space', spaceKey(DomainId, SpaceName), call);
    mustBeSettled('space', space, 'update');
    if (SpaceSettings?.AppType !== undefined) throw invalid('Updating AppType for Space is not supported.');
    const merged = withStorage(merge(space.shown.SpaceSettings, SpaceSettings), sizesOf(space.shown, call));
    checkSettings(merged);
    checkVolumeGrows(space.shown.SpaceSettings, merged);
    space.shown.SpaceSettings = merged;
    if (SpaceDisplayName !== undefined) space.shown.SpaceDisplayName = SpaceDisplayName;
    enter('space', space, 'Updating', call);
    return { SpaceArn: space.arn };
  },

  DeleteSpace(request, call) {
    const { DomainId, SpaceName } = request;
    const space = get('space', spaceKey(DomainId, SpaceName), call);
    mustBeSettled('space', space, 'delete');
    if (blockingApps(call, (app) => app.DomainId === DomainId && app.SpaceName === SpaceName).length > 0) {
      throw inUse(`Unable to delete Space [${space.arn}] because App(s) are associated with it.`);
    }
    enter('space', space, 'Deleting', call);
    return {};
  },
};

function detailsOf({ SpaceSettings, OwnershipSettings, SpaceSharingSettings, ...shown }: SpaceRecord['shown']) {
  const { DomainId, SpaceName, SpaceDisplayName, Status, CreationTime, LastModifiedTime } = shown;
  const { AppType, RemoteAccess, SpaceStorageSettings } = SpaceSettings;
  return {
    DomainId,
    SpaceName,
    SpaceDisplayName,
    Status,
    CreationTime,
    LastModifiedTime,
    SpaceSettingsSummary: { AppType, RemoteAccess, SpaceStorageSettings },
    ...(OwnershipSettings && { OwnershipSettingsSummary: OwnershipSettings }),
    ...(SpaceSharingSettings && { SpaceSharingSettingsSummary: SpaceSharingSettings }),
  };
}

/** A space fails when the role that its apps would have can no longer be assumed. */
async function problemOf(key: string, call: Call): Promise<string | undefined> {
  const { shown } = get('space', key, call);
  const domain = get('domain', shown.DomainId, call).shown;
  const owner = tableOf('user-profile', call).get(
    profileKey(shown.DomainId, shown.OwnershipSettings?.OwnerUserProfileName),
  );
  const isPrivate = shown.SpaceSharingSettings?.SharingType === 'Private';
  const role = isPrivate
    ? (owner?.shown.UserSettings.ExecutionRole ?? domain.DefaultUserSettings.ExecutionRole)
    : (domain.DefaultSpaceSettings?.ExecutionRole ?? domain.DefaultUserSettings.ExecutionRole);
  return roleProblem({ ExecutionRole: role }, call);
}

export const spaceEndings: Endings['space'] = { Pending: problemOf, Updating: problemOf };
