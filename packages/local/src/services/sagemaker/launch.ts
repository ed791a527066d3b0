import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Call } from '../../service.ts';
import { get, invalid, profileKey, spaceKey, tableOf } from './records.ts';
import { merge } from './settings.ts';

type Where = Pick<SageMaker.CreateAppRequest, 'DomainId' | 'UserProfileName' | 'SpaceName'>;

/** The settings that hold where an app runs, the weakest first: the domain's, the user's, the space's. */
export function layers({ DomainId = '', UserProfileName, SpaceName }: Where, call: Call) {
  const domain = get('domain', DomainId, call).shown;
  const space = SpaceName === undefined ? undefined : get('space', spaceKey(DomainId, SpaceName), call).shown;
  const isShared = space !== undefined && space.SpaceSharingSettings?.SharingType !== 'Private';
  if (isShared) {
    const user = merge<SageMaker.UserSettings>(domain.DefaultUserSettings, domain.DefaultSpaceSettings);
    return { user, space: space.SpaceSettings };
  }
  const owner = UserProfileName ?? space?.OwnershipSettings?.OwnerUserProfileName;
  const profile = tableOf('user-profile', call).get(profileKey(DomainId, owner))?.shown;
  return { user: merge(domain.DefaultUserSettings, profile?.UserSettings), space: space?.SpaceSettings };
}

/** The role that an app works with. */
export function executionRole(where: Where, call: Call): string | undefined {
  return layers(where, call).user.ExecutionRole;
}

/** What an app runs on: as the request says, then the space, then the user, then the domain. */
export function resourceSpec(request: SageMaker.CreateAppRequest, call: Call): SageMaker.ResourceSpec {
  const { user, space } = layers(request, call);
  const defaults = merge(userSpec(user, request.AppType), spaceSpec(space, request.AppType));
  const spec = merge(defaults, request.ResourceSpec);
  if (request.AppType === 'KernelGateway' && spec.InstanceType === undefined) {
    throw invalid('InstanceType is required for apps of the type KernelGateway.');
  }
  return { ...spec, InstanceType: spec.InstanceType ?? instanceTypes[request.AppType!] ?? 'system' };
}

/** The lifecycle configuration that an app runs before its default one. */
export function builtInLifecycleConfig(
  request: SageMaker.CreateAppRequest,
  call: Call,
): Pick<SageMaker.DescribeAppResponse, 'BuiltInLifecycleConfigArn'> {
  const { JupyterLabAppSettings, CodeEditorAppSettings } = layers(request, call).user;
  const settings = { JupyterLab: JupyterLabAppSettings, CodeEditor: CodeEditorAppSettings };
  const arn = settings[request.AppType as 'JupyterLab' | 'CodeEditor']?.BuiltInLifecycleConfigArn;
  return arn === undefined ? {} : { BuiltInLifecycleConfigArn: arn };
}

/** Where no instance type is given; all others run on `system`. */
const instanceTypes: Record<string, SageMaker.AppInstanceType> = {
  JupyterLab: 'ml.t3.medium',
  CodeEditor: 'ml.t3.medium',
};

function userSpec(settings: SageMaker.UserSettings, type: SageMaker.AppType | undefined) {
  switch (type) {
    case 'JupyterServer':
      return settings.JupyterServerAppSettings?.DefaultResourceSpec;
    case 'KernelGateway':
      return settings.KernelGatewayAppSettings?.DefaultResourceSpec;
    case 'JupyterLab':
      return settings.JupyterLabAppSettings?.DefaultResourceSpec;
    case 'CodeEditor':
      return settings.CodeEditorAppSettings?.DefaultResourceSpec;
    case 'RSessionGateway':
      return settings.RSessionAppSettings?.DefaultResourceSpec;
    case 'TensorBoard':
      return settings.TensorBoardAppSettings?.DefaultResourceSpec;
    default:
      return undefined;
  }
}

function spaceSpec(settings: SageMaker.SpaceSettings | undefined, type: SageMaker.AppType | undefined) {
  switch (type) {
    case 'JupyterServer':
      return settings?.JupyterServerAppSettings?.DefaultResourceSpec;
    case 'KernelGateway':
      return settings?.KernelGatewayAppSettings?.DefaultResourceSpec;
    case 'JupyterLab':
      return settings?.JupyterLabAppSettings?.DefaultResourceSpec;
    case 'CodeEditor':
      return settings?.CodeEditorAppSettings?.DefaultResourceSpec;
    default:
      return undefined;
  }
}
