import {
  CreateSpaceCommand,
  CreateStudioLifecycleConfigCommand,
  DeleteSpaceCommand,
  DeleteStudioLifecycleConfigCommand,
  DeleteUserProfileCommand,
  DescribeSpaceCommand,
  type ResourceSpec,
  UpdateUserProfileCommand,
  type UserSettings,
} from '@aws-sdk/client-sagemaker';
import type { Account } from '../account.ts';
import { code, refusal, unless } from '../answers.ts';
import type { Scenario } from '../scenario.ts';
import { createProfile, profileInService, sharedProfile } from '../shared.ts';

const gone = /^ResourceNotFound/;

export const settings: readonly Scenario[] = [
  {
    name: 'settings-left-out',
    fact: 'Settings that an update leaves out stay.',
    asks: 'UpdateUserProfile with DefaultLandingUri, and then with StudioWebPortal alone',
    expected: 'studio::',
    source: 'Terraform AWS provider, issues 43127 and 35503',
    certainty: 'reported',
    needs: ['profile'],
    async observe(account) {
      await change(account, { DefaultLandingUri: 'studio::' });
      return (await change(account, { StudioWebPortal: 'ENABLED' })).DefaultLandingUri ?? 'gone';
    },
  },
  {
    name: 'settings-partial-resource-spec',
    fact: 'A DefaultResourceSpec in part is merged into what is there.',
    asks: 'UpdateUserProfile with InstanceType, and then with LifecycleConfigArn alone',
    expected: 'ml.t3.medium',
    source: 'no source was found; the local cloud merges, and handlers send such a member whole',
    certainty: 'unverified',
    makes: 'a lifecycle configuration',
    needs: ['profile'],
    async observe(account) {
      const LifecycleConfigArn = await sharedScript(account);
      await changeSpec(account, { InstanceType: 'ml.t3.medium' });
      return (await changeSpec(account, { LifecycleConfigArn })).InstanceType ?? 'gone';
    },
  },
  {
    name: 'settings-lifecycle-config-none',
    fact: 'LifecycleConfigArn is cleared by the value None.',
    asks: 'UpdateUserProfile with LifecycleConfigArn: None',
    expected: 'cleared',
    source: "the pattern of the API's model allows None; what it does is not documented",
    certainty: 'unverified',
    makes: 'a lifecycle configuration',
    needs: ['profile'],
    async observe(account) {
      const LifecycleConfigArn = await sharedScript(account);
      await changeSpec(account, { InstanceType: 'ml.t3.medium', LifecycleConfigArn });
      const after = await changeSpec(account, { InstanceType: 'ml.t3.medium', LifecycleConfigArn: 'None' });
      return after.LifecycleConfigArn ?? 'cleared';
    },
  },
  {
    name: 'lifecycle-config-name-taken',
    fact: 'The name of a lifecycle configuration that exists is ResourceInUse.',
    asks: 'CreateStudioLifecycleConfig twice with one name',
    expected: 'ResourceInUse',
    source: 'SageMaker API Reference, CreateStudioLifecycleConfig, Errors',
    certainty: 'documented',
    makes: 'a lifecycle configuration',
    async observe(account) {
      await createScript(account, 'twice');
      return code(createScript(account, 'twice'));
    },
  },
  {
    name: 'lifecycle-config-of-profile',
    fact: 'A lifecycle configuration that a user profile names cannot be deleted.',
    asks: 'DeleteStudioLifecycleConfig while UserSettings name it',
    expected: 'ResourceInUse',
    source: 'SageMaker API Reference, DeleteStudioLifecycleConfig',
    certainty: 'documented',
    makes: 'a lifecycle configuration, a user profile',
    needs: ['domain'],
    async observe(account) {
      const arn = await createScript(account, 'of-profile');
      await createProfile(account, 'with-script', { JupyterLabAppSettings: { LifecycleConfigArns: [arn] } });
      return code(deleteScript(account, 'of-profile'));
    },
  },
  {
    name: 'lifecycle-config-of-space',
    fact: 'A lifecycle configuration that only a space names can be deleted.',
    asks: 'DeleteStudioLifecycleConfig while SpaceSettings name it',
    expected: 'no error',
    source: 'no source was found; the handler treats both answers alike',
    certainty: 'unverified',
    makes: 'a lifecycle configuration, a private space without an app',
    needs: ['profile'],
    async observe(account) {
      const LifecycleConfigArn = await createScript(account, 'of-space');
      await change(account, { JupyterLabAppSettings: { LifecycleConfigArns: [LifecycleConfigArn] } });
      await createSpace(account, 'with-script', LifecycleConfigArn);
      await change(account, { JupyterLabAppSettings: { LifecycleConfigArns: [] } });
      return refusal(deleteScript(account, 'of-space'));
    },
  },
  {
    name: 'profile-with-space',
    fact: 'A user profile that owns a space cannot be deleted.',
    asks: 'DeleteUserProfile while the profile owns a space',
    expected: 'ResourceInUse',
    source: 'SageMaker API Reference, DeleteUserProfile, Errors; Developer Guide, domain-user-profile-remove',
    certainty: 'documented',
    makes: 'a private space without an app',
    needs: ['profile'],
    async observe(account) {
      const profile = await sharedProfile(account);
      await createSpace(account, 'of-profile');
      return code(account.clients.sagemaker.send(new DeleteUserProfileCommand(profile)));
    },
  },
];

/** The shared profile's settings after this update of them. */
async function change(account: Account, UserSettings: UserSettings): Promise<UserSettings> {
  const profile = await sharedProfile(account);
  await account.clients.sagemaker.send(new UpdateUserProfileCommand({ ...profile, UserSettings }));
  return profileInService(account, profile);
}

/** The default of the shared profile's JupyterLab after this update of it. The shared script may be in it. */
async function changeSpec(account: Account, DefaultResourceSpec: ResourceSpec): Promise<ResourceSpec> {
  const LifecycleConfigArns = [await sharedScript(account)];
  const { JupyterLabAppSettings } = await change(account, {
    JupyterLabAppSettings: { DefaultResourceSpec, LifecycleConfigArns },
  });
  return JupyterLabAppSettings?.DefaultResourceSpec ?? {};
}

/** A script that the shared profile's settings name; it is taken out of them before it is deleted. */
function sharedScript(account: Account): Promise<string> {
  return account.once('script', async () => {
    const arn = await createScript(account, 'settings');
    account.made('the settings of the shared profile', () =>
      change(account, {
        JupyterLabAppSettings: { DefaultResourceSpec: { LifecycleConfigArn: 'None' }, LifecycleConfigArns: [] },
      }),
    );
    return arn;
  });
}

/** A lifecycle configuration; its ARN. */
async function createScript(account: Account, words: string): Promise<string> {
  const { StudioLifecycleConfigArn } = await account.clients.sagemaker.send(
    new CreateStudioLifecycleConfigCommand({
      StudioLifecycleConfigName: account.name(words),
      StudioLifecycleConfigAppType: 'JupyterLab',
      StudioLifecycleConfigContent: Buffer.from('true\n').toString('base64'),
    }),
  );
  account.made(`lifecycle configuration ${account.name(words)}`, () => unless(gone, deleteScript(account, words)));
  return StudioLifecycleConfigArn!;
}

function deleteScript(account: Account, words: string): Promise<unknown> {
  const StudioLifecycleConfigName = account.name(words);
  return account.clients.sagemaker.send(new DeleteStudioLifecycleConfigCommand({ StudioLifecycleConfigName }));
}

/** A private space of the shared profile, in service. */
async function createSpace(account: Account, SpaceName: string, LifecycleConfigArn?: string): Promise<void> {
  const { sagemaker } = account.clients;
  const { DomainId, UserProfileName } = await sharedProfile(account);
  const space = { DomainId, SpaceName };
  await sagemaker.send(
    new CreateSpaceCommand({
      ...space,
      OwnershipSettings: { OwnerUserProfileName: UserProfileName },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: {
        AppType: 'JupyterLab',
        ...(LifecycleConfigArn && { JupyterLabAppSettings: { DefaultResourceSpec: { LifecycleConfigArn } } }),
      },
    }),
  );
  account.made(`space ${SpaceName}`, async () => {
    await unless(gone, sagemaker.send(new DeleteSpaceCommand(space)));
    await account.untilGone(`space ${SpaceName}`, () => sagemaker.send(new DescribeSpaceCommand(space)));
  });
  await account.until(`space ${SpaceName} to be in service`, async () => {
    const { Status, FailureReason } = (await unless(gone, sagemaker.send(new DescribeSpaceCommand(space)))) ?? {};
    if (/Failed/.test(Status ?? '')) throw new Error(`space ${SpaceName}: ${FailureReason}`);
    return Status === 'InService' ? true : undefined;
  });
}
