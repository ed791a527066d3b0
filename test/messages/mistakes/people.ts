import { base } from '../base.ts';
import { created, resource } from '../make.ts';
import type { Subject } from '../mistake.ts';

const profile = (changes: Record<string, unknown>) =>
  created(resource('StudioUserProfile', { DomainId: base('DomainId'), UserProfileName: 'grace', ...changes }));

const space = (changes: Record<string, unknown>) =>
  created(resource('StudioSpace', { DomainId: base('DomainId'), SpaceName: 'lab', ...changes }));

const ownSpace = (changes: Record<string, unknown>) =>
  space({
    OwnershipSettings: { OwnerUserProfileName: 'ada' },
    SpaceSharingSettings: { SharingType: 'Private' },
    SpaceSettings: { AppType: 'JupyterLab' },
    ...changes,
  });

export const people: Subject = {
  title: 'User profiles and spaces',
  mistakes: [
    {
      mistake: 'The name of the domain where its id belongs',
      make: profile({ DomainId: 'research' }),
      property: 'DomainId',
      came: 'research',
      cure: /such as d-/,
    },
    {
      mistake: 'A domain that does not exist',
      make: profile({ DomainId: 'd-000000000000' }),
      property: 'DomainId',
      came: 'd-000000000000',
      cure: /give the id of one that exists/,
    },
    {
      mistake: 'A domain that was made by hand, and that the provider does not open',
      make: async (world) => profile({ DomainId: world.base.ByHandId })(world),
      property: /[dD]omain/,
      came: /d-[a-z0-9]+/,
      cure: /AllowedDomains/,
    },
    {
      mistake: 'An e-mail address as UserProfileName',
      make: profile({ UserProfileName: 'grace@example.com' }),
      property: /[uU]serProfileName/,
      came: 'grace@example.com',
      cure: /pattern|letters/,
    },
    {
      mistake: 'Name instead of UserProfileName',
      make: profile({ UserProfileName: undefined, Name: 'grace' }),
      property: 'Name:',
      came: 'unknown property',
      cure: /UserProfileName/,
    },
    {
      mistake: 'The name of a role in UserSettings',
      make: profile({ UserSettings: { ExecutionRole: 'studio-analyst' } }),
      property: 'UserSettings.ExecutionRole',
      came: 'studio-analyst',
      cure: /expected the ARN of an IAM role/,
    },
    {
      mistake: 'A sign-on user in a domain with IAM',
      make: profile({ SingleSignOnUserIdentifier: 'UserName', SingleSignOnUserValue: 'grace' }),
      property: 'SingleSignOnUserValue',
      came: 'AuthMode IAM',
      cure: /cannot be specified/,
    },
    {
      mistake: 'An owner of a space that does not exist',
      make: ownSpace({ OwnershipSettings: { OwnerUserProfileName: 'absent' } }),
      property: 'OwnershipSettings.OwnerUserProfileName',
      came: 'absent',
      cure: /give one of this account and Region/,
    },
    {
      mistake: 'A space without an owner',
      make: ownSpace({ OwnershipSettings: undefined }),
      property: 'OwnershipSettings',
      came: 'SpaceSharingSettings',
      cure: /must be specified together/,
    },
    {
      mistake: 'AppType: Jupyter',
      make: ownSpace({ SpaceSettings: { AppType: 'Jupyter' } }),
      property: /[aA]ppType/,
      came: 'Jupyter',
      cure: /JupyterLab/,
    },
    {
      mistake: 'A SpaceName with an underscore',
      make: ownSpace({ SpaceName: 'my_lab' }),
      property: /[sS]paceName/,
      came: 'my_lab',
      cure: /pattern|letters/,
    },
    {
      mistake: 'A volume larger than the domain allows',
      make: ownSpace({
        SpaceSettings: {
          AppType: 'JupyterLab',
          SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSizeInGb: 50_000 } },
        },
      }),
      property: /[eE]bsVolumeSizeInGb/,
      came: '50000',
      cure: /16384|less than or equal/,
    },
    {
      mistake: 'A misspelt member of a space’s storage',
      make: ownSpace({
        SpaceSettings: { AppType: 'JupyterLab', SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSize: 50 } } },
      }),
      property: 'SpaceSettings.SpaceStorageSettings.EbsStorageSettings.EbsVolumeSize',
      came: 'unknown property',
      cure: /EbsVolumeSizeInGb/,
    },
  ],
};
