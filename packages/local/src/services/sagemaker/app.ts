import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Call } from '../../service.ts';
import { builtInLifecycleConfig, executionRole, resourceSpec } from './launch.ts';
import { lifecycleConfigProblem } from './lifecycle-config-uses.ts';
import { list } from './pages.ts';
import { checkQuota } from './quotas.ts';
import {
  type AppRecord,
  all,
  arnOf,
  get,
  getVisible,
  inUse,
  invalid,
  type Operations,
  profileKey,
  spaceKey,
  tableOf,
} from './records.ts';
import { roleProblem } from './roles.ts';
import { type Endings, enter, mustBeInService } from './statuses.ts';
import { checkTags, mostTags, tagNew, tagsOn } from './tags.ts';
import { visibleFrom } from './visibility.ts';

interface AppId {
  DomainId?: string;
  UserProfileName?: string;
  SpaceName?: string;
  AppType?: string;
  AppName?: string;
}

/** Throws unless exactly one of a profile and a space is named. */
export function keyOf({ DomainId, UserProfileName, SpaceName, AppType, AppName }: AppId): string {
  if ((UserProfileName === undefined) === (SpaceName === undefined)) {
    throw invalid('Exactly one of UserProfileName and SpaceName must be specified.');
  }
  const owner = UserProfileName === undefined ? `space ${SpaceName}` : `user ${UserProfileName.toLowerCase()}`;
  return `${DomainId}/${owner}/${AppType}/${AppName}`;
}

function appArn({ DomainId, UserProfileName, SpaceName, AppType, AppName }: AppId, call: Call): string {
  const path = [DomainId, UserProfileName ?? SpaceName, AppType?.toLowerCase(), AppName].join('/');
  return arnOf('app', path, call);
}

/** What the app runs in must be ready, and a space's volume must not be changing. */
function mustBeReady(request: AppId, arn: string, call: Call): void {
  const { DomainId = '', UserProfileName, SpaceName } = request;
  const domain = get('domain', DomainId, call);
  // A space's own state comes first: changing its settings changes its volume.
  const space = SpaceName === undefined ? undefined : get('space', spaceKey(DomainId, SpaceName), call);
  if (space?.shown.Status === 'Updating') {
    throw inUse(`Unable to create app [${arn}] because storage is not in Available status.`);
  }
  if (space) mustBeInService('space', space, `App [${arn}]`);
  else
    mustBeInService('user-profile', get('user-profile', profileKey(DomainId, UserProfileName), call), `App [${arn}]`);
  mustBeInService('domain', domain, `App [${arn}]`);
}

/** An app also gets the tags of its domain and of its user or space, which its own override. */
function withInherited({ shown }: AppRecord, own: SageMaker.Tag[] = [], call: Call): SageMaker.Tag[] {
  const { DomainId, UserProfileName, SpaceName } = shown;
  const [kind, key] =
    SpaceName === undefined
      ? (['user-profile', profileKey(DomainId, UserProfileName)] as const)
      : (['space', spaceKey(DomainId, SpaceName)] as const);
  const all = [...tagsOn(arnOf('domain', DomainId, call), call), ...tagsOn(arnOf(kind, key, call), call), ...own];
  return [...new Map(all.map((tag) => [tag.Key, tag])).values()].slice(0, mostTags);
}

function isRunning({ shown }: AppRecord): boolean {
  return shown.Status === 'InService' || shown.Status === 'Pending';
}

export const appOperations: Operations = {
  CreateApp(request, call) {
    checkTags(request.Tags);
    const { DomainId = '', AppType, AppName = '', UserProfileName, SpaceName, RecoveryMode, Tags } = request;
    const key = keyOf(request);
    const arn = appArn(request, call);
    mustBeReady(request, arn, call);
    if (AppType === 'JupyterServer' && AppName !== 'default') {
      throw invalid(`AppName must be default for apps of the type JupyterServer.`);
    }
    const old = tableOf('app', call).get(key);
    if (old && old.shown.Status !== 'Deleted' && old.shown.Status !== 'Failed') {
      throw inUse(`App [${arn}] already exists and is in ${old.shown.Status} status.`);
    }
    checkQuota('Maximum number of running Studio apps allowed per account', all('app', call, isRunning).length, call);
    const app: AppRecord = {
      key,
      arn,
      shown: {
        DomainId,
        AppArn: arn,
        AppType: AppType!,
        AppName,
        ...(UserProfileName === undefined ? { SpaceName } : { UserProfileName }),
        ...(RecoveryMode !== undefined && { RecoveryMode }),
        ResourceSpec: resourceSpec(request, call),
        ...builtInLifecycleConfig(request, call),
        Status: 'Pending',
        // An app that is started again within a day counts as the same.
        CreationTime: old?.shown.CreationTime ?? new Date(call.clock.now()),
      },
      visibleAt: old ? call.clock.now() : visibleFrom('app', call),
      step: 0,
    };
    tableOf('app', call).set(key, app);
    tagNew(arn, withInherited(app, Tags, call), call);
    enter('app', app, 'Pending', call);
    return { AppArn: arn };
  },

  DescribeApp(request, call) {
    return getVisible('app', keyOf(request), call).shown;
  },

  ListApps({ DomainIdEquals, UserProfileNameEquals, SpaceNameEquals, ...request }, call) {
    if (UserProfileNameEquals !== undefined && SpaceNameEquals !== undefined) {
      throw invalid('UserProfileNameEquals and SpaceNameEquals cannot be specified together.');
    }
    const profile = UserProfileNameEquals?.toLowerCase();
    const matching = all(
      'app',
      call,
      ({ shown }) =>
        (DomainIdEquals === undefined || shown.DomainId === DomainIdEquals) &&
        (profile === undefined || shown.UserProfileName?.toLowerCase() === profile) &&
        (SpaceNameEquals === undefined || shown.SpaceName === SpaceNameEquals),
    );
    const { items, NextToken } = list(request, matching, ({ shown }) => detailsOf(shown), call);
    return { Apps: items, NextToken };
  },

  DeleteApp(request, call) {
    const app = get('app', keyOf(request), call);
    const { arn, shown } = app;
    if (shown.Status === 'Deleted') throw invalid(`App [${arn}] has already been deleted.`);
    if (shown.Status === 'Failed') throw invalid(`App [${arn}] previously failed and was automatically deleted.`);
    if (shown.Status !== 'InService') {
      throw inUse(`Unable to delete App [${arn}] because it is in ${shown.Status} status.`);
    }
    enter('app', app, 'Deleting', call);
    return {};
  },
};

function detailsOf(shown: AppRecord['shown']): SageMaker.AppDetails {
  const { DomainId, UserProfileName, SpaceName, AppType, AppName, Status, CreationTime, ResourceSpec } = shown;
  return { DomainId, UserProfileName, SpaceName, AppType, AppName, Status, CreationTime, ResourceSpec };
}

/** An app fails when the role that it would have cannot be assumed, or its lifecycle configuration cannot run. */
export const appEndings: Endings['app'] = {
  async Pending(key, call) {
    const app = get('app', key, call);
    const { shown } = app;
    const problem =
      roleProblem({ ExecutionRole: executionRole(shown, call) }, call) ?? lifecycleConfigProblem(app, call);
    if (problem === undefined) {
      const now = new Date(call.clock.now());
      shown.LastHealthCheckTimestamp = now;
      shown.LastUserActivityTimestamp = now;
    }
    return problem;
  },
};
