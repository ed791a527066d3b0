import {
  AddTagsCommand,
  CreateImageVersionCommand,
  CreatePresignedDomainUrlCommand,
  DeleteAppCommand,
  DeleteAppImageConfigCommand,
  DeleteDomainCommand,
  DeleteImageCommand,
  DeleteSpaceCommand,
  DeleteStudioLifecycleConfigCommand,
  DeleteTagsCommand,
  DeleteUserProfileCommand,
  type SageMakerClient,
  UpdateAppImageConfigCommand,
  UpdateDomainCommand,
  UpdateImageCommand,
  UpdateSpaceCommand,
  UpdateUserProfileCommand,
} from '@aws-sdk/client-sagemaker';
import { account, region } from '../../scripts/start/clients.ts';

/** What a call of a role is tried on: the things of one team. */
export interface Things {
  /** The provider whose resources have created them; none, where they were made by hand. */
  provider?: string;
  DomainId: string;
  UserProfileName: string;
  SpaceName: string;
  ImageName: string;
  StudioLifecycleConfigName: string;
}

type Send = (sagemaker: SageMakerClient, things: Things) => Promise<unknown>;

const BaseImage = '999988887777.dkr.ecr.us-east-1.amazonaws.com/studio:2';
const app = { AppType: 'JupyterLab', AppName: 'default' } as const;

/** Each changes or deletes something that exists, by the name of the action and what it is about. */
const sends: Record<string, Send> = {
  UpdateDomain: (sagemaker, { DomainId }) =>
    sagemaker.send(new UpdateDomainCommand({ DomainId, DefaultUserSettings: { StudioWebPortal: 'DISABLED' } })),
  DeleteDomain: (sagemaker, { DomainId }) => sagemaker.send(new DeleteDomainCommand({ DomainId })),
  UpdateUserProfile: (sagemaker, { DomainId, UserProfileName }) =>
    sagemaker.send(
      new UpdateUserProfileCommand({ DomainId, UserProfileName, UserSettings: { StudioWebPortal: 'DISABLED' } }),
    ),
  DeleteUserProfile: (sagemaker, { DomainId, UserProfileName }) =>
    sagemaker.send(new DeleteUserProfileCommand({ DomainId, UserProfileName })),
  UpdateSpace: (sagemaker, { DomainId, SpaceName }) =>
    sagemaker.send(new UpdateSpaceCommand({ DomainId, SpaceName, SpaceDisplayName: 'changed' })),
  DeleteSpace: (sagemaker, { DomainId, SpaceName }) => sagemaker.send(new DeleteSpaceCommand({ DomainId, SpaceName })),
  DeleteApp: (sagemaker, { DomainId, SpaceName }) =>
    sagemaker.send(new DeleteAppCommand({ DomainId, SpaceName, ...app })),
  CreatePresignedDomainUrl: (sagemaker, { DomainId, UserProfileName }) =>
    sagemaker.send(new CreatePresignedDomainUrlCommand({ DomainId, UserProfileName })),
  UpdateImage: (sagemaker, { ImageName }) =>
    sagemaker.send(new UpdateImageCommand({ ImageName, DisplayName: 'changed' })),
  DeleteImage: (sagemaker, { ImageName }) => sagemaker.send(new DeleteImageCommand({ ImageName })),
  CreateImageVersion: (sagemaker, { ImageName }) =>
    sagemaker.send(new CreateImageVersionCommand({ ImageName, BaseImage, ClientToken: 'a'.repeat(36) })),
  UpdateAppImageConfig: (sagemaker, { ImageName }) =>
    sagemaker.send(
      new UpdateAppImageConfigCommand({ AppImageConfigName: configOf(ImageName), JupyterLabAppImageConfig: {} }),
    ),
  DeleteAppImageConfig: (sagemaker, { ImageName }) =>
    sagemaker.send(new DeleteAppImageConfigCommand({ AppImageConfigName: configOf(ImageName) })),
  DeleteStudioLifecycleConfig: (sagemaker, { StudioLifecycleConfigName }) =>
    sagemaker.send(new DeleteStudioLifecycleConfigCommand({ StudioLifecycleConfigName })),
  ...tagging('domain', ({ DomainId }) => DomainId),
  ...tagging('user-profile', ({ DomainId, UserProfileName }) => `${DomainId}/${UserProfileName}`),
  ...tagging('space', ({ DomainId, SpaceName }) => `${DomainId}/${SpaceName}`),
  ...tagging('image', ({ ImageName }) => ImageName),
  ...tagging('app-image-config', ({ ImageName }) => configOf(ImageName)),
  ...tagging('studio-lifecycle-config', ({ StudioLifecycleConfigName }) => StudioLifecycleConfigName),
};

/** Changing the tags of a thing: one that means nothing, and the one that says which provider has created it. */
function tagging(kind: string, nameOf: (things: Things) => string): Record<string, Send> {
  const arnOf = (things: Things) => `arn:aws:sagemaker:${region}:${account}:${kind}/${nameOf(things)}`;
  const add = (things: Things, Key: string, Value: string) =>
    new AddTagsCommand({ ResourceArn: arnOf(things), Tags: [{ Key, Value }] });
  return {
    [`AddTags on ${kind}`]: (sagemaker, things) => sagemaker.send(add(things, 'owner', 'mallory')),
    // SageMaker takes keys that differ only by case for the same.
    [`AddTags of a provider on ${kind}`]: (sagemaker, things) =>
      sagemaker.send(
        things.provider
          ? add(things, 'studio-resources:provider', things.provider)
          : add(things, 'Studio-Resources:Provider', 'studio-resources'),
      ),
    [`DeleteTags on ${kind}`]: (sagemaker, things) =>
      sagemaker.send(new DeleteTagsCommand({ ResourceArn: arnOf(things), TagKeys: ['owner'] })),
  };
}

function configOf(ImageName: string): string {
  return `${ImageName}-jupyter-lab`;
}

const taggingOf = (kind: string) => [`AddTags on ${kind}`, `AddTags of a provider on ${kind}`, `DeleteTags on ${kind}`];

/** What the role of each function may call that changes or deletes something that exists. Deletions come last. */
export const callsOf: Readonly<Record<string, readonly string[]>> = {
  'studio-contents': ['DeleteUserProfile', 'DeleteSpace', 'DeleteApp'],
  'studio-domain': [
    ...taggingOf('domain'),
    ...['UpdateDomain', 'DeleteDomain', 'DeleteUserProfile', 'DeleteSpace', 'DeleteApp'],
  ],
  'studio-image': [
    ...['UpdateDomain', 'UpdateUserProfile', 'UpdateImage', 'CreateImageVersion', 'UpdateAppImageConfig'],
    ...taggingOf('image'),
    ...taggingOf('app-image-config'),
    ...['DeleteAppImageConfig', 'DeleteImage'],
  ],
  'studio-lifecycle-config': [
    ...['UpdateDomain', 'UpdateUserProfile', 'UpdateSpace'],
    ...taggingOf('studio-lifecycle-config'),
    ...['DeleteApp', 'DeleteStudioLifecycleConfig'],
  ],
  'studio-setup': ['CreatePresignedDomainUrl'],
  'studio-space': [...taggingOf('space'), 'UpdateSpace', 'DeleteSpace', 'DeleteApp'],
  'studio-user-profile': [
    ...taggingOf('user-profile'),
    ...['UpdateUserProfile', 'DeleteUserProfile', 'DeleteSpace', 'DeleteApp'],
  ],
  'studio-user-profile-fleet': [
    ...taggingOf('user-profile'),
    ...['UpdateUserProfile', 'DeleteUserProfile', 'DeleteSpace', 'DeleteApp'],
  ],
};

/** Calls as a role; gives whether IAM allows it. What the service says of it then is not about rights. */
export async function isAllowed(sagemaker: SageMakerClient, call: string, things: Things): Promise<boolean> {
  return sends[call]!(sagemaker, things).then(
    () => true,
    ({ name }: Error) => name !== 'AccessDeniedException',
  );
}
