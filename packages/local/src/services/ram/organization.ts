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
