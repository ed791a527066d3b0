import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { ResourceContext } from '../resources/resource-type.ts';
import { nativeType } from './native-type.ts';
import { asIn, optional, replacesBy, required, tags, text } from './property.ts';
import { inService, remove, retagArn, sagemakerClient } from './sagemaker-domain.ts';
import { undefinedIfNotFound } from './service-client.ts';

const userProfile = nativeType({
  type: 'AWS::SageMaker::UserProfile',
  properties: {
    DomainId: required(text, 'replaces'),
    SingleSignOnUserIdentifier: optional(text, 'replaces'),
    SingleSignOnUserValue: optional(text, 'replaces'),
    Tags: optional(tags),
    UserProfileName: required(text, 'replaces'),
    UserSettings: optional(
      asIn<SageMaker.UserSettings>(),
      replacesBy('RStudioServerProAppSettings.AccessStatus', 'RStudioServerProAppSettings.UserGroup'),
    ),
  },
  async create(values, context) {
    await sagemakerClient(context)('CreateUserProfile', values);
    context.initiated(values.UserProfileName);
    return profileMade(values, context);
  },
  async update({ values, old, changed }, context) {
    const sagemaker = sagemakerClient(context);
    const { DomainId, UserProfileName, UserSettings, Tags } = values;
    if (changed.has('UserSettings')) {
      await sagemaker('UpdateUserProfile', { DomainId, UserProfileName, UserSettings });
    }
    const made = await profileMade({ DomainId, UserProfileName }, context);
    await retagArn(sagemaker, made.attributes.UserProfileArn, Tags, old.Tags);
    return made;
  },
  async delete(UserProfileName, { DomainId }, context) {
    const sagemaker = sagemakerClient(context);
    const profile = { DomainId, UserProfileName };
    const read = () => undefinedIfNotFound(sagemaker('DescribeUserProfile', profile));
    await remove(context, `UserProfile ${UserProfileName}`, read, () => sagemaker('DeleteUserProfile', profile));
  },
  imports: {
    identifier: ['UserProfileName', 'DomainId'],
    async find({ DomainId, UserProfileName = '' }, caller) {
      const profile = await undefinedIfNotFound(
        sagemakerClient(caller)('DescribeUserProfile', { DomainId, UserProfileName }),
      );
      return profile && { physicalId: UserProfileName, attributes: { UserProfileArn: profile.UserProfileArn } };
    },
  },
});

interface ProfileName {
  DomainId: string;
  UserProfileName: string;
}

async function profileMade({ DomainId, UserProfileName }: ProfileName, context: ResourceContext) {
  const read = () =>
    undefinedIfNotFound(sagemakerClient(context)('DescribeUserProfile', { DomainId, UserProfileName }));
  const { UserProfileArn } = await inService(context, `UserProfile ${UserProfileName}`, read);
  return { physicalId: UserProfileName, attributes: { UserProfileArn } };
}

const space = nativeType({
  type: 'AWS::SageMaker::Space',
  properties: {
    DomainId: required(text, 'replaces'),
    OwnershipSettings: optional(asIn<SageMaker.OwnershipSettings>(), 'replaces'),
    SpaceDisplayName: optional(text),
    SpaceName: required(text, 'replaces'),
    SpaceSettings: optional(asIn<SageMaker.SpaceSettings>()),
    SpaceSharingSettings: optional(asIn<SageMaker.SpaceSharingSettings>(), 'replaces'),
    Tags: optional(tags),
  },
  async create(values, context) {
    await sagemakerClient(context)('CreateSpace', values);
    context.initiated(values.SpaceName);
    return spaceMade(values, context);
  },
  async update({ values, old, changed }, context) {
    const sagemaker = sagemakerClient(context);
    const { DomainId, SpaceName, SpaceDisplayName } = values;
    if (changed.has('SpaceSettings') || changed.has('SpaceDisplayName')) {
      const is = await sagemaker('DescribeSpace', { DomainId, SpaceName });
      const SpaceSettings = changed.has('SpaceSettings') ? settingsChange(values, is) : undefined;
      await sagemaker('UpdateSpace', { DomainId, SpaceName, SpaceDisplayName, SpaceSettings });
    }
    const made = await spaceMade(values, context);
    await retagArn(sagemaker, made.attributes.SpaceArn, values.Tags, old.Tags);
    return made;
  },
  async delete(SpaceName, { DomainId }, context) {
    const sagemaker = sagemakerClient(context);
    const read = () => undefinedIfNotFound(sagemaker('DescribeSpace', { DomainId, SpaceName }));
    await remove(context, `Space ${SpaceName}`, read, () => sagemaker('DeleteSpace', { DomainId, SpaceName }));
  },
  imports: {
    identifier: ['DomainId', 'SpaceName'],
    async find({ DomainId, SpaceName = '' }, caller) {
      const found = await undefinedIfNotFound(sagemakerClient(caller)('DescribeSpace', { DomainId, SpaceName }));
      return found && { physicalId: SpaceName, attributes: { SpaceArn: found.SpaceArn, Url: found.Url } };
    },
  },
});

interface Settings {
  SpaceSettings?: SageMaker.SpaceSettings;
}

/** UpdateSpace refuses an AppType, even the one that the space has. */
function settingsChange({ SpaceSettings = {} }: Settings, { SpaceSettings: is = {} }: Settings) {
  const { AppType, ...settings } = SpaceSettings;
  return AppType === is.AppType ? settings : SpaceSettings;
}

interface SpaceName {
  DomainId: string;
  SpaceName: string;
}

async function spaceMade({ DomainId, SpaceName }: SpaceName, context: ResourceContext) {
  const read = () => undefinedIfNotFound(sagemakerClient(context)('DescribeSpace', { DomainId, SpaceName }));
  const { SpaceArn, Url } = await inService(context, `Space ${SpaceName}`, read);
  return { physicalId: SpaceName, attributes: { SpaceArn, Url } };
}

const app = nativeType({
  type: 'AWS::SageMaker::App',
  properties: {
    AppName: required(text, 'replaces'),
    AppType: required(asIn<SageMaker.AppType>(), 'replaces'),
    DomainId: required(text, 'replaces'),
    ResourceSpec: optional(asIn<SageMaker.ResourceSpec>(), 'replaces'),
    Tags: optional(tags),
    UserProfileName: required(text, 'replaces'),
  },
  async create(values, context) {
    const sagemaker = sagemakerClient(context);
    const { AppArn } = await sagemaker('CreateApp', values);
    const { DomainId, UserProfileName, AppType, AppName } = values;
    const name = { DomainId, UserProfileName, AppType, AppName };
    const physicalId = [AppName, AppType, DomainId, UserProfileName].join('|');
    context.initiated(physicalId);
    await inService(context, `App ${AppName}`, () => undefinedIfNotFound(sagemaker('DescribeApp', name)));
    return { physicalId, attributes: { AppArn } };
  },
  async update({ physicalId, values, old }, context) {
    const { DomainId, UserProfileName, AppType, AppName } = values;
    const sagemaker = sagemakerClient(context);
    const { AppArn } = await sagemaker('DescribeApp', { DomainId, UserProfileName, AppType, AppName });
    await retagArn(sagemaker, AppArn, values.Tags, old.Tags);
    return { physicalId, attributes: { AppArn } };
  },
  async delete(_, { AppName, DomainId, UserProfileName, AppType }, context) {
    const sagemaker = sagemakerClient(context);
    const name = { DomainId, UserProfileName, AppType, AppName };
    // A failed app blocks no deletion, and SageMaker refuses to delete it; one that is deleted stays listed for a day.
    const read = async () => {
      const seen = await undefinedIfNotFound(sagemaker('DescribeApp', name));
      return seen?.Status === 'Failed' || seen?.Status === 'Deleted' ? undefined : seen;
    };
    await remove(context, `App ${AppName}`, read, async () => {
      if (await read()) await sagemaker('DeleteApp', name);
    });
  },
});

export const studioTypes = [userProfile, space, app];
