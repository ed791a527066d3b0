import { base } from '../base.ts';
import { changed, created, resource } from '../make.ts';
import type { Subject } from '../mistake.ts';
import { domain } from './domain.ts';

const profile = (changes: Record<string, unknown>) =>
  resource('StudioUserProfile', { DomainId: base('DomainId'), UserProfileName: 'grace', ...changes });

export const names: Subject = {
  title: 'Names that are taken, and changes',
  mistakes: [
    {
      mistake: 'The name of another stack’s domain',
      make: created(domain({ DomainName: 'research' })),
      property: /domain research|DomainName/,
      came: 'Domain of stack base holds it',
      cure: /AdoptExisting/,
    },
    {
      mistake: 'The name of a domain that was made by hand',
      make: created(domain({ DomainName: 'by-hand' })),
      property: /domain by-hand|DomainName/,
      came: 'by-hand',
      cure: /AdoptExisting/,
    },
    {
      mistake: 'AdoptExisting for a domain by hand that the provider does not open',
      make: created(domain({ DomainName: 'by-hand', AdoptExisting: true })),
      property: /domain/,
      came: /by-hand|d-[a-z0-9]+/,
      cure: /AllowedDomains/,
    },
    {
      mistake: 'AdoptExisting for a mistyped name',
      make: created(domain({ DomainName: 'reserch', AdoptExisting: true })),
      property: /AdoptExisting|Adopting domain/,
      came: 'reserch',
      cure: /there are by-hand, people, research/,
    },
    {
      mistake: 'AdoptExisting: yes',
      make: created(domain({ AdoptExisting: 'yes' })),
      property: 'AdoptExisting',
      came: '"yes"',
      cure: /one of true, false, IfExists/,
    },
    {
      mistake: 'The name of another stack’s user profile',
      make: created(profile({ UserProfileName: 'ada' })),
      property: /user profile ada|UserProfileName/,
      came: 'UserProfile of stack base holds it',
      cure: /AdoptExisting/,
    },
    {
      mistake: 'Another VPC for a domain whose name is fixed',
      make: changed(
        domain({ DomainName: 'moved' }),
        domain({ DomainName: 'moved', VpcId: base('OtherVpcId'), SubnetIds: [base('OtherSubnetId')] }),
      ),
      property: 'VpcId',
      came: 'a change of VpcId',
      cure: /Change DomainName as well/,
    },
    {
      mistake: 'A setting removed that SageMaker cannot clear',
      make: changed(
        profile({ UserProfileName: 'joan', UserSettings: { StudioWebPortal: 'DISABLED' } }),
        profile({ UserProfileName: 'joan' }),
      ),
      property: 'UserSettings.StudioWebPortal',
      came: /no longer has/,
      cure: /set UserSettings\.StudioWebPortal: ENABLED/,
    },
    {
      mistake: 'Another ServiceToken for an existing resource',
      make: changed(
        profile({ UserProfileName: 'hedy' }),
        profile({ UserProfileName: 'hedy', ServiceToken: { 'Fn::ImportValue': 'StudioSpaceServiceToken' } }),
      ),
      property: /service token/,
      came: /Modifying/,
      cure: /delete|another logical id|StudioUserProfileServiceToken/,
      lacks: ['cure'],
    },
  ],
};
