import type { CreateAppImageConfigRequest, UserSettings } from '@aws-sdk/client-sagemaker';

/** A kind of app that custom images run as. */
export interface ImageApp {
  /** The member of an app image config that says how. */
  config: keyof CreateAppImageConfigRequest &
    ('JupyterLabAppImageConfig' | 'CodeEditorAppImageConfig' | 'KernelGatewayImageConfig');
  /** The member of settings that has its custom images. */
  settings: keyof UserSettings & ('JupyterLabAppSettings' | 'CodeEditorAppSettings' | 'KernelGatewayAppSettings');
  /** What the names of its app image configs end in. */
  suffix: string;
}

export const imageApps: readonly ImageApp[] = [
  { config: 'JupyterLabAppImageConfig', settings: 'JupyterLabAppSettings', suffix: 'jupyter-lab' },
  { config: 'CodeEditorAppImageConfig', settings: 'CodeEditorAppSettings', suffix: 'code-editor' },
  { config: 'KernelGatewayImageConfig', settings: 'KernelGatewayAppSettings', suffix: 'kernel-gateway' },
];

/** The properties that say how an image runs, each of them as one kind of app. */
export type AppConfigs = Pick<CreateAppImageConfigRequest, ImageApp['config']>;

/** The kinds of app that an image is to run as. */
export function appsOf(configs: AppConfigs): ImageApp[] {
  return imageApps.filter(({ config }) => configs[config] !== undefined);
}

/** Its name; in small letters, as ARNs may have them, and without the dots that an image's name may have. */
export function configName(imageName: string, { suffix }: ImageApp): string {
  return `${imageName.toLowerCase().replaceAll('.', '-')}-${suffix}`;
}
