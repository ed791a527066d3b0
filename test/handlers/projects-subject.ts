import type { Subject, World } from '../subject.ts';

/** The execution roles that a test has. */
export type Roles = readonly [string, string, string];

/** SageMaker Projects, to be held against the contract. */
export function projectsSubject(world: World, [first, second, third]: Roles): Subject {
  const properties = { ExecutionRoles: [first, second], DeleteServiceRoles: 'true' };
  return {
    world,
    id: /^studio-projects-[0-9a-f]{16}$/,
    attributes: [
      'PortfolioId',
      'PortfolioArn',
      'PortfolioName',
      'ProviderName',
      'Status',
      'LaunchRoleArn',
      'UseRoleArn',
    ],
    properties,
    shown: { ExecutionRoles: [first, second].sort() },
    changed: { ...properties, ExecutionRoles: [second, third] },
    changedShown: { ExecutionRoles: [second, third].sort() },
    strings: [
      { ExecutionRole: third, PrincipalQuota: '50', DeleteServiceRoles: 'True', IncludeUserProfiles: 'false' },
      { ExecutionRoles: [third] },
    ],
    wrong: [
      [
        { DeleteServiceRoles: 'true' },
        'give ExecutionRoles, ExecutionRole or DomainId, so that at least one role may use Projects',
      ],
      [{ ...properties, ExecutionRols: first }, 'ExecutionRols: unknown property; did you mean ExecutionRoles?'],
      [
        { ...properties, ExecutionRole: first },
        'ExecutionRole: means the same as ExecutionRoles; give only one of them',
      ],
      [
        { ...properties, ExecutionRoles: [first, 'studio'] },
        'ExecutionRoles[1]: expected the ARN of an IAM role, got "studio"',
      ],
      [
        { ...properties, ExecutionRoles: 'arn:aws:sts::111122223333:assumed-role/studio/ada' },
        'ExecutionRoles[0]: expected the ARN of an IAM role, got "arn:aws:sts::111122223333:assumed-role/studio/ada"',
      ],
      [
        { ...properties, ExecutionRoles: ['arn:aws:iam::999999999999:role/studio'] },
        'ExecutionRoles[0]: arn:aws:iam::999999999999:role/studio is of another account; give a role of account 111122223333',
      ],
      [{ ...properties, DomainId: 'Studio' }, 'DomainId: expected the id of a domain, such as d-abc123, got "Studio"'],
      [{ ...properties, DomainId: 'd-gone' }, 'there is no domain d-gone in this account and Region'],
      [{ ...properties, PrincipalQuota: 'many' }, 'PrincipalQuota: expected a number, got "many"'],
      [{ ...properties, DisablePortfolio: 'perhaps' }, 'DisablePortfolio: expected true or false, got "perhaps"'],
    ],
    statuses: { Enabled: 'ready', Disabled: 'pending' },
  };
}
