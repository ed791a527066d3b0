import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../errors.ts';
import type { ResourceContext } from '../resources/resource-type.ts';
import { ifPresent } from './door.ts';
import { nativeType } from './native-type.ts';
import { asIn, optional, required, tags, text } from './property.ts';
import { gone, inService, retagArn, sagemakerDoor } from './sagemaker-domain.ts';

const userProfile = nativeType({
  type: 'AWS::SageMaker::UserProfile',
  properties: {
    DomainId: required(text, 'replaces'),
    SingleSignOnUserIdentifier: optional(text, 'replaces'),
    SingleSignOnUserValue: optional(text, 'replaces'),
    Tags: optional(tags, 'replaces'),
    UserProfileName: required(text, 'replaces'),
    UserSettings: optional(asIn<SageMaker.UserSettings>()),
  },
  async create(values, context) {
    await sagemakerDoor(context)('CreateUserProfile', values);
    context.initiated(values.UserProfileName);
    return profileMade(values, context);
  },
  async update({ values: { DomainId, UserProfileName, UserSettings } }, context) {
    await sagemakerDoor(context)('UpdateUserProfile', { DomainId, UserProfileName, UserSettings });
    return profileMade({ DomainId, UserProfileName }, context);
  },
  async delete(UserProfileName, { DomainId }, context) {
    const sagemaker = sagemakerDoor(context);
    const profile = { DomainId, UserProfileName };
    await ifPresent(sagemaker('DeleteUserProfile', profile));
    const look = () => ifPresent(sagemaker('DescribeUserProfile', profile));
    await gone(context, `UserProfile ${UserProfileName}`, look);
  },
});

interface ProfileName {
  DomainId: string;
  UserProfileName: string;
}

async function profileMade({ DomainId, UserProfileName }: ProfileName, context: ResourceContext) {
  const look = () => ifPresent(sagemakerDoor(context)('DescribeUserProfile', { DomainId, UserProfileName }));
  const { UserProfileArn } = await inService(context, `UserProfile ${UserProfileName}`, look);
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
    await sagemakerDoor(context)('CreateSpace', values);
    context.initiated(values.SpaceName);
    return spaceMade(values, context);
  },
  async update({ values, old, changed }, context) {
    const sagemaker = sagemakerDoor(context);
    const { DomainId, SpaceName, SpaceDisplayName, SpaceSettings } = values;
    if (changed.has('SpaceSettings') || changed.has('SpaceDisplayName')) {
      await sagemaker('UpdateSpace', { DomainId, SpaceName, SpaceDisplayName, SpaceSettings });
    }
    const made = await spaceMade(values, context);
    await retagArn(sagemaker, made.attributes.SpaceArn, values.Tags, old.Tags);
    return made;
  },
  async delete(SpaceName, { DomainId }, context) {
    const sagemaker = sagemakerDoor(context);
    await ifPresent(sagemaker('DeleteSpace', { DomainId, SpaceName }));
    await gone(context, `Space ${SpaceName}`, () => ifPresent(sagemaker('DescribeSpace', { DomainId, SpaceName })));
  },
});

interface SpaceName {
  DomainId: string;
  SpaceName: string;
}

async function spaceMade({ DomainId, SpaceName }: SpaceName, context: ResourceContext) {
  const look = () => ifPresent(sagemakerDoor(context)('DescribeSpace', { DomainId, SpaceName }));
  const { SpaceArn, Url } = await inService(context, `Space ${SpaceName}`, look);
  return { physicalId: SpaceName, attributes: { SpaceArn, Url } };
}

const app = nativeType({
  type: 'AWS::SageMaker::App',
  properties: {
    AppName: required(text, 'replaces'),
    AppType: required(asIn<SageMaker.AppType>(), 'replaces'),
    DomainId: required(text, 'replaces'),
    ResourceSpec: optional(asIn<SageMaker.ResourceSpec>(), 'replaces'),
    Tags: optional(tags, 'replaces'),
    UserProfileName: required(text, 'replaces'),
  },
  async create(values, context) {
    const sagemaker = sagemakerDoor(context);
    const { AppArn } = await sagemaker('CreateApp', values);
    const { DomainId, UserProfileName, AppType, AppName } = values;
    const name = { DomainId, UserProfileName, AppType, AppName };
    context.initiated(AppName);
    await inService(context, `App ${AppName}`, () => ifPresent(sagemaker('DescribeApp', name)));
    return { physicalId: AppName, attributes: { AppArn } };
  },
  async delete(AppName, { DomainId, UserProfileName, AppType }, context) {
    const sagemaker = sagemakerDoor(context);
    const name = { DomainId, UserProfileName, AppType, AppName };
    try {
      await ifPresent(sagemaker('DeleteApp', name));
    } catch (error) {
      // SageMaker refuses to delete an app twice, in these words, and lists it for a day.
      const isDeleted = /already been deleted|previously failed and was automatically deleted/;
      if (!(error instanceof AwsError) || !isDeleted.test(error.message)) throw error;
    }
    await gone(context, `App ${AppName}`, async () => {
      const seen = await ifPresent(sagemaker('DescribeApp', name));
      return seen?.Status === 'Failed' ? undefined : seen;
    });
  },
});

export const studioTypes = [userProfile, space, app];
