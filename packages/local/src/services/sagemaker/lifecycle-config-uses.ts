import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Call } from '../../service.ts';
import type { With } from '../../shape.ts';
import { blockingApps } from './app-statuses.ts';
import { layers } from './launch.ts';
import { type AppRecord, all } from './records.ts';

/** A lifecycle configuration. It has no status: it is there at once, and never changes. */
export interface LifecycleConfigRecord {
  key: string;
  arn: string;
  shown: With<
    SageMaker.DescribeStudioLifecycleConfigResponse,
    'StudioLifecycleConfigArn' | 'StudioLifecycleConfigName' | 'StudioLifecycleConfigAppType' | 'CreationTime'
  >;
}

/** All of them by name, which is unique in an account and Region. */
export function lifecycleConfigs(call: Call): Map<string, LifecycleConfigRecord> {
  return call.table('studio-lifecycle-config');
}

/**
 * What keeps a lifecycle configuration from being deleted, in words: the settings of a domain or a profile that name it,
 * or an app that runs with it. Whether a space's settings do is not documented; here they do not.
 */
export function lifecycleConfigUse(arn: string, call: Call): string | undefined {
  const domain = all('domain', call, ({ shown: { DefaultUserSettings, DefaultSpaceSettings } }) =>
    names([DefaultUserSettings, DefaultSpaceSettings], arn),
  )[0];
  if (domain) return `Domain [${domain.arn}]`;
  const profile = all('user-profile', call, ({ shown }) => names(shown.UserSettings, arn))[0];
  if (profile) return `UserProfile [${profile.arn}]`;
  const app = blockingApps(call, ({ ResourceSpec, BuiltInLifecycleConfigArn }) =>
    names([ResourceSpec, BuiltInLifecycleConfigArn], arn),
  )[0];
  return app && `App [${app.arn}]`;
}

function names(settings: unknown, arn: string): boolean {
  if (settings === arn) return true;
  return typeof settings === 'object' && settings !== null && Object.values(settings).some((each) => names(each, arn));
}

/** Why an app cannot start with the lifecycle configuration that it is to start with. */
export function lifecycleConfigProblem({ shown }: AppRecord, call: Call): string | undefined {
  const arn = shown.ResourceSpec?.LifecycleConfigArn;
  for (const used of [arn, shown.BuiltInLifecycleConfigArn]) {
    if (used === undefined) continue;
    const config = [...lifecycleConfigs(call).values()].find((each) => each.arn === used);
    if (!config) return `StudioLifecycleConfig [${used}] does not exist.`;
    const type = config.shown.StudioLifecycleConfigAppType;
    if (type !== shown.AppType) return `StudioLifecycleConfig [${used}] is for apps of the type ${type}.`;
  }
  // A default that is not in the list as well lets no app start.
  if (arn === undefined || listed(shown, call).includes(arn)) return undefined;
  return `StudioLifecycleConfig [${arn}] is not present in the list of LifecycleConfigArns in AppSettings.`;
}

function listed(app: AppRecord['shown'], call: Call): string[] {
  const { user, space } = layers(app, call);
  const settings = [user, space].map((one) => {
    const members: Record<string, { LifecycleConfigArns?: string[] } | undefined> = { ...(one as object) };
    return members[`${app.AppType}AppSettings`]?.LifecycleConfigArns ?? [];
  });
  return settings.flat();
}
