import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';

/**
 * What an account may have in a Region, and the unit that the error counts in. The names are those of Service Quotas.
 * AWS begins with less (2 domains, 2 profiles, 6 spaces, 40 apps), which hardly any account in use still has. An
 * account's own value is an entry in the table `quotas`, by name.
 */
const quotas = {
  'Total domains': { value: 5, unit: 'Domains' },
  'Maximum number of Studio user profiles allowed per account': { value: 60, unit: 'UserProfiles' },
  'Maximum number of Studio spaces allowed per account': { value: 100, unit: 'Spaces' },
  'Maximum number of running Studio apps allowed per account': { value: 40, unit: 'Apps' },
  'SageMakerImage images': { value: 250, unit: 'Images' },
} as const;

export type Quota = keyof typeof quotas;

/** Throws ResourceLimitExceeded if one more than `used` is over the account's quota. */
export function checkQuota(quota: Quota, used: number, call: Call): void {
  const usual = call.table<number>('quotas').get(quota) ?? quotas[quota].value;
  const { cloud, account } = call;
  // Below both limits it makes no difference.
  const near = (limit: { value: number }) => used >= Math.min(limit.value, usual);
  const limit = cloud.faults.strike('quota', ['limit'], { account, quota }, near);
  const value = limit?.value ?? usual;
  if (used < value) return;
  const { unit } = quotas[quota];
  const message = `The account-level service limit '${quota}' is ${value} ${unit}, with current utilization of ${used} ${unit} and a request delta of 1 ${unit}. Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.`;
  throw new AwsError('ResourceLimitExceeded', message);
}
