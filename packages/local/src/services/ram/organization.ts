import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import type { Operations } from './records.ts';

/** RAM's sharing within an organization holds in every Region. */
const organization = (call: Call) => call.table<string>('organization', { account: 'every', region: 'global' });

/**
 * Are the accounts of the local cloud one organization, whose members need no invitations? They are once the management
 * account, which is the one that asks for it, has enabled that.
 */
export function isOneOrganization(call: Call): boolean {
  return organization(call).has('management');
}

/** Throws unless this is the ARN of the accounts' own organization, or of one of its units: the management account is in it. */
export function mustBeOwnOrganization(arn: string, call: Call): void {
  if (organization(call).get('management') === arn.split(':')[4]) return;
  const [id, unit] = arn.split('/').slice(1);
  const what = unit ? `OrganizationalUnit ${unit} in unknown organization` : `Organization ${id}`;
  throw new AwsError('UnknownResourceException', `${what} could not be found.`);
}

export const organizationOperations: Operations = {
  EnableSharingWithAwsOrganization(_, call) {
    const management = organization(call).get('management') ?? call.account;
    if (management !== call.account) {
      const message = 'The request failed because only the management account of your organization can perform it.';
      throw new AwsError('OperationNotPermittedException', message);
    }
    organization(call).set('management', management);
    return { returnValue: true };
  },
};
