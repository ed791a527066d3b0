import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Call } from '../../service.ts';
import { tableOf } from './records.ts';

/** Every custom image that the settings of a domain or of a profile name. */
export function imagesIn(call: Call): SageMaker.CustomImage[] {
  const domains = [...tableOf('domain', call).values()].flatMap(({ shown }) => [
    ...imagesOf(shown.DefaultUserSettings),
    ...imagesOf(shown.DefaultSpaceSettings),
  ]);
  const profiles = [...tableOf('user-profile', call).values()].flatMap(({ shown }) => imagesOf(shown.UserSettings));
  return [...domains, ...profiles];
}

/** The custom images that settings name. */
export function imagesOf(settings: SageMaker.UserSettings | undefined): SageMaker.CustomImage[] {
  const { JupyterLabAppSettings, CodeEditorAppSettings, KernelGatewayAppSettings, RSessionAppSettings } =
    settings ?? {};
  const places = [JupyterLabAppSettings, CodeEditorAppSettings, KernelGatewayAppSettings, RSessionAppSettings];
  return places.flatMap((place) => place?.CustomImages ?? []);
}
