import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Call } from '../../service.ts';
import { blockingApps } from './app-statuses.ts';
import { imageAccessProblem } from './image-access.ts';
import { securityGroupProblem } from './network.ts';
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
  tableOf,
  type UserProfileRecord,
} from './records.ts';
import { roleProblem, rolesMustExist } from './roles.ts';
import { checkSettings, checkUserGroup, merge, securityGroupsIn } from './settings.ts';
import { type Endings, enter, mustBeInService, mustBeSettled } from './statuses.ts';
import { checkTags, tagNew } from './tags.ts';
import { visibleFrom } from './visibility.ts';

function checkSingleSignOn({ shown }: DomainRecord, request: SageMaker.CreateUserProfileRequest): void {
  const { SingleSignOnUserIdentifier: identifier, SingleSignOnUserValue: value } = request;
  const given = identifier !== undefined || value !== undefined;
  if (shown.AuthMode !== 'SSO') {
    if (!given) return;
    const message = `SingleSignOnUserIdentifier and SingleSignOnUserValue cannot be specified for Domain [${shown.DomainArn}] with AuthMode IAM.`;
    throw invalid(message);
  }
  if (identifier === undefined || value === undefined) {
    const message = `SingleSignOnUserIdentifier and SingleSignOnUserValue are required for Domain [${shown.DomainArn}] with AuthMode SSO.`;
    throw invalid(message);
  }
}

/** The next POSIX user id in the domain's home file system, if it has one. */
export function nextUid(domain: DomainRecord): { HomeEfsFileSystemUid?: string } {
  if (domain.shown.HomeEfsFileSystemCreation === 'Disabled') return {};
  const HomeEfsFileSystemUid = String(domain.nextUid);
  domain.nextUid += 1;
  return { HomeEfsFileSystemUid };
}

/** The most custom images that a profile's settings take in one app's list; a domain's take 200. */
const mostCustomImages = 5;

function checkUserSettings(settings: SageMaker.UserSettings): void {
  checkSettings(settings);
  const { KernelGatewayAppSettings, JupyterLabAppSettings, CodeEditorAppSettings, RSessionAppSettings } = settings;
  for (const app of [KernelGatewayAppSettings, JupyterLabAppSettings, CodeEditorAppSettings, RSessionAppSettings]) {
    if ((app?.CustomImages?.length ?? 0) > mostCustomImages) {
      throw invalid(`CustomImages must have length less than or equal to ${mostCustomImages} in UserSettings.`);
    }
  }
}

export const userProfileOperations: Operations = {
  CreateUserProfile(request, call) {
    checkTags(request.Tags);
    const { DomainId = '', UserProfileName = '', UserSettings = {}, Tags, ...singleSignOn } = request;
    const domain = get('domain', DomainId, call);
    const key = profileKey(DomainId, UserProfileName);
    const arn = arnOf('user-profile', `${DomainId}/${UserProfileName}`, call);
    mustBeInService('domain', domain, `UserProfile [${arn}]`);
    checkSingleSignOn(domain, request);
    checkUserSettings(UserSettings);
    checkUserGroup(`create UserProfile [${arn}]`, UserSettings);
    rolesMustExist(UserSettings, call);
    const profiles = tableOf('user-profile', call);
    if (profiles.has(key)) throw inUse(`UserProfile [${profiles.get(key)!.arn}] already exists.`);
    checkQuota('Maximum number of Studio user profiles allowed per account', profiles.size, call);
    const CreationTime = new Date(call.clock.now());
    const profile: UserProfileRecord = {
      key,
      arn,
      shown: {
        DomainId,
        UserProfileName,
        UserProfileArn: arn,
        ...nextUid(domain),
        ...singleSignOn,
        UserSettings,
        Status: 'Pending',
        CreationTime,
        LastModifiedTime: CreationTime,
      },
      visibleAt: visibleFrom('user-profile', call),
      step: 0,
    };
    profiles.set(key, profile);
    tagNew(arn, Tags, call);
    enter('user-profile', profile, 'Pending', call);
    return { UserProfileArn: arn };
  },

  DescribeUserProfile(request, call) {
    return getVisible('user-profile', profileKey(request.DomainId, request.UserProfileName), call).shown;
  },

  ListUserProfiles({ DomainIdEquals, UserProfileNameContains, ...request }, call) {
    const part = UserProfileNameContains?.toLowerCase() ?? '';
    const matching = all(
      'user-profile',
      call,
      ({ shown }) =>
        (DomainIdEquals === undefined || shown.DomainId === DomainIdEquals) &&
        shown.UserProfileName.toLowerCase().includes(part),
    );
    const { items, NextToken } = list(request, matching, ({ shown }) => detailsOf(shown), call);
    return { UserProfiles: items, NextToken };
  },

  UpdateUserProfile(request, call) {
    const { DomainId, UserProfileName, UserSettings } = request;
    const profile = get('user-profile', profileKey(DomainId, UserProfileName), call);
    mustBeSettled('user-profile', profile, 'update');
    checkUserGroup(`update UserProfile [${profile.arn}]`, UserSettings, profile.shown.UserSettings);
    const merged = merge(profile.shown.UserSettings, UserSettings);
    checkUserSettings(merged);
    rolesMustExist(UserSettings, call);
    profile.shown.UserSettings = merged;
    enter('user-profile', profile, 'Updating', call);
    return { UserProfileArn: profile.arn };
  },

  DeleteUserProfile(request, call) {
    const { DomainId, UserProfileName } = request;
    const profile = get('user-profile', profileKey(DomainId, UserProfileName), call);
    mustBeSettled('user-profile', profile, 'delete');
    const contents = contentsOf(profile, call);
    if (contents) {
      throw inUse(`Unable to delete UserProfile [${profile.arn}] because ${contents} are associated with it.`);
    }
    enter('user-profile', profile, 'Deleting', call);
    return {};
  },
};

function contentsOf({ key, shown: { DomainId } }: UserProfileRecord, call: Call): string | undefined {
  if (blockingApps(call, (app) => profileKey(app.DomainId, app.UserProfileName) === key).length > 0) return 'App(s)';
  const owned = all(
    'space',
    call,
    ({ shown }) =>
      profileKey(DomainId, shown.OwnershipSettings?.OwnerUserProfileName) === key && shown.DomainId === DomainId,
  );
  return owned.length > 0 ? 'Space(s)' : undefined;
}

function detailsOf(shown: UserProfileRecord['shown']): SageMaker.UserProfileDetails {
  const { DomainId, UserProfileName, Status, CreationTime, LastModifiedTime } = shown;
  return { DomainId, UserProfileName, Status, CreationTime, LastModifiedTime };
}

/**
 * A profile fails when SageMaker cannot take on its execution role (one that does not trust SageMaker, or that is
 * deleted meanwhile) or may not describe its custom images with it, or one of its security groups is not there.
 */
async function problemOf(key: string, call: Call): Promise<string | undefined> {
  const { DomainId, UserSettings } = get('user-profile', key, call).shown;
  const { DefaultUserSettings } = get('domain', DomainId, call).shown;
  return (
    roleProblem(UserSettings, call) ??
    (await securityGroupProblem(securityGroupsIn(UserSettings), call)) ??
    (await imageAccessProblem(UserSettings, call, UserSettings?.ExecutionRole ?? DefaultUserSettings?.ExecutionRole))
  );
}

export const userProfileEndings: Endings['user-profile'] = { Pending: problemOf, Updating: problemOf };
