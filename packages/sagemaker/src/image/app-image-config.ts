import {
  CreateAppImageConfigCommand,
  type CreateAppImageConfigRequest,
  DeleteAppImageConfigCommand,
  DescribeAppImageConfigCommand,
  type DescribeAppImageConfigResponse,
  type Tag,
  UpdateAppImageConfigCommand,
  UpdateAppImageConfigRequest$,
  type UserSettings,
} from '@aws-sdk/client-sagemaker';
import type { Context, Holder } from '@studio-resources/core';
import {
  BusyError,
  codeOf,
  mapConcurrent,
  requestDeletion,
  sagemaker,
  sagemakerWithoutRetries,
  undefinedIfNotFound,
} from '../client/client.ts';
import { isOwned, ownershipTags, returnOwnership, transferOwnership } from '../ownership.ts';
import { assertCleared } from '../settings/not-cleared.ts';
import { diffSettings, omitUnchanged, type SettingsDiff } from '../settings/settings-change.ts';
import { listTags, updateTags } from '../tags.ts';

/** SageMaker documents these values for omitted members. */
export const appImageConfigDefaults = {
  MountPath: '/home/sagemaker-user',
  DefaultUid: 1000,
  DefaultGid: 100,
  ContainerEnvironmentVariables: {},
};

/** The names of an image's existing app image configs, including those of other stacks. */
export async function findAppImageConfigs(imageName: string): Promise<string[]> {
  const names = possibleApps(imageName).map((app) => appImageConfigName(imageName, app));
  const found = await mapConcurrent(names, async (name) => ((await findAppImageConfig(name)) ? name : []));
  return found.flat();
}

/**
 * The apps for which this stack's resource has created an app image config. DescribeAppImageConfig may not show it yet.
 */
export async function findOwnedApps(imageName: string, ctx: Context): Promise<ImageApp[]> {
  const own = await mapConcurrent(possibleApps(imageName), async (app) =>
    (await isOwned(arnOf(imageName, app, ctx), ctx)) ? app : [],
  );
  return own.flat();
}

/** Makes this request's logical id the holder of the app image configs that the holder of a taken over image holds. */
export async function transferAppImageConfigs(imageName: string, from: Holder, ctx: Context): Promise<void> {
  await mapConcurrent(possibleApps(imageName), async (app) => {
    const arn = arnOf(imageName, app, ctx);
    if (await isOwned(arn, from)) await transferOwnership(arn, from, ctx);
  });
}

/** In a rollback, gives back the app image configs that were taken over. Returns the apps of those that are left. */
export async function returnAppImageConfigs(imageName: string, ctx: Context): Promise<ImageApp[]> {
  const left = await mapConcurrent(await findOwnedApps(imageName, ctx), async (app) => {
    const arn = arnOf(imageName, app, ctx);
    const tags = await listTags(arn);
    const what = `app image config ${appImageConfigName(imageName, app)}`;
    return tags && !(await returnOwnership(what, arn, tags, ctx)) ? app : [];
  });
  return left.flat();
}

/** Creates the missing app image configs. Throws when one with that name exists that this stack did not create. */
export async function createAppImageConfigs(
  imageName: string,
  configs: AppConfigs & { Tags?: Tag[] },
  ctx: Context,
): Promise<void> {
  await mapConcurrent(imageAppsOf(configs), async (app) => {
    const AppImageConfigName = appImageConfigName(imageName, app);
    const what = `Creating app image config ${AppImageConfigName}`;
    if (await isOwned(arnOf(imageName, app, ctx), ctx)) return;
    if (await findAppImageConfig(AppImageConfigName)) {
      throw new Error(`${what}: it exists, and this stack did not create it. Choose another ImageName, or delete it`);
    }
    const Tags = [...(configs.Tags ?? []), ...ownershipTags(ctx)];
    const command = new CreateAppImageConfigCommand({ AppImageConfigName, [app.config]: configs[app.config], Tags });
    try {
      await sagemakerWithoutRetries().send(command);
    } catch (cause) {
      // The next reconcile reads its tags, which tell who created it.
      if (codeOf(cause) === 'ResourceInUse') throw new BusyError(what, { cause });
      throw new Error(what, { cause });
    }
  });
}

type DesiredConfigs = AppConfigs & { Tags?: Tag[] };

/** Throws when `configs` no longer has members that the API cannot clear, unless the stack rolls back. */
export async function assertConfigsCleared(configs: AppConfigs, old: AppConfigs, ctx: Context): Promise<void> {
  for (const { config, notCleared } of configsNotCleared(configs, old)) await assertCleared(config, notCleared, ctx);
}

/** The members that `configs` no longer has and that the API cannot clear, by the config that they were in. */
export function configsNotCleared(configs: AppConfigs, old: AppConfigs) {
  return imageApps
    .filter(({ config }) => configs[config] && old[config])
    .map((app) => ({ config: app.config, notCleared: diffConfigs(configs, old, app).notCleared }));
}

function diffConfigs(configs: AppConfigs, old: AppConfigs, app: ImageApp): SettingsDiff {
  return diffSettings(UpdateAppImageConfigRequest$, pick(configs, app), pick(old, app), {
    defaults: appImageConfigDefaults,
  });
}

/** Updates the existing configs from `old` to `configs`. */
export async function updateAppImageConfigs(
  imageName: string,
  configs: DesiredConfigs,
  old: DesiredConfigs,
  ctx: Context,
): Promise<void> {
  const own = await findOwnedApps(imageName, ctx);
  const retained = own.filter(({ config }) => configs[config] && old[config]);
  await mapConcurrent(retained, async (app) => {
    const AppImageConfigName = appImageConfigName(imageName, app);
    const live = await findAppImageConfig(AppImageConfigName);
    const { changed } = diffConfigs(configs, old, app);
    if (Object.keys(omitUnchanged(changed, live ?? {})).length > 0) {
      // The API does not document whether omitted members keep their values. So all members are sent, and the defaults
      // of those that were removed.
      const all = mergeDeep(pick(configs, app), changed);
      await sagemaker().send(new UpdateAppImageConfigCommand({ AppImageConfigName, ...all }));
    }
    await updateTags(arnOf(imageName, app, ctx), configs.Tags, old.Tags);
  });
}

/** Deletes the app image configs of these apps, which this stack has created. */
export async function deleteAppImageConfigs(imageName: string, apps: readonly ImageApp[]): Promise<void> {
  await mapConcurrent(apps, (app) => {
    const AppImageConfigName = appImageConfigName(imageName, app);
    const command = new DeleteAppImageConfigCommand({ AppImageConfigName });
    return requestDeletion(`app image config ${AppImageConfigName}`, () => sagemaker().send(command), {
      isGone: async () => !(await findAppImageConfig(AppImageConfigName)),
    });
  });
}

function findAppImageConfig(AppImageConfigName: string): Promise<DescribeAppImageConfigResponse | undefined> {
  return undefinedIfNotFound(sagemaker().send(new DescribeAppImageConfigCommand({ AppImageConfigName })));
}

function arnOf(imageName: string, app: ImageApp, { partition, region, account }: Context): string {
  return `arn:${partition}:sagemaker:${region}:${account}:app-image-config/${appImageConfigName(imageName, app)}`;
}

function pick(configs: AppConfigs, { config }: ImageApp): AppConfigs {
  return { [config]: configs[config] };
}

/** Merges `changed` into `all`, recursively. */
function mergeDeep(all: object, changed: object): object {
  const merged: Record<string, unknown> = { ...all };
  for (const [name, value] of Object.entries(changed)) {
    const held = merged[name];
    merged[name] =
      isStructure(held) && isStructure(value) && !(name in appImageConfigDefaults) ? mergeDeep(held, value) : value;
  }
  return merged;
}

function isStructure(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An app type that can run custom images. */
export interface ImageApp {
  /** The member of an app image config for this app type. */
  config: keyof CreateAppImageConfigRequest &
    ('JupyterLabAppImageConfig' | 'CodeEditorAppImageConfig' | 'KernelGatewayImageConfig');
  /** The member of the settings that lists the custom images. */
  settings: keyof UserSettings & ('JupyterLabAppSettings' | 'CodeEditorAppSettings' | 'KernelGatewayAppSettings');
  /** The suffix of the app image config's name. */
  suffix: string;
}

export const imageApps: readonly ImageApp[] = [
  { config: 'JupyterLabAppImageConfig', settings: 'JupyterLabAppSettings', suffix: 'jupyter-lab' },
  { config: 'CodeEditorAppImageConfig', settings: 'CodeEditorAppSettings', suffix: 'code-editor' },
  { config: 'KernelGatewayImageConfig', settings: 'KernelGatewayAppSettings', suffix: 'kernel-gateway' },
];

/** The properties that say how the image runs, one for each app type. */
export type AppConfigs = Pick<CreateAppImageConfigRequest, ImageApp['config']>;

/** SageMaker's limit on the names of app image configs. */
export const maxConfigNameLength = 63;

/** The app types for which an image of that name can have an app image config: the others' names would be too long. */
export function possibleApps(imageName: string): ImageApp[] {
  return imageApps.filter((app) => appImageConfigName(imageName, app).length <= maxConfigNameLength);
}

/** The app types that an image has to run as. */
export function imageAppsOf(configs: AppConfigs): ImageApp[] {
  return imageApps.filter(({ config }) => configs[config] !== undefined);
}

/**
 * The name of the app image config. Lower case, because ARNs may be, and without dots, which only an image's name may
 * contain.
 */
export function appImageConfigName(imageName: string, { suffix }: ImageApp): string {
  return `${imageName.toLowerCase().replaceAll('.', '-')}-${suffix}`;
}
