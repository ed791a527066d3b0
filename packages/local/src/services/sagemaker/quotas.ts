import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { type Quota, quotas } from './quota-table.ts';

/** Throws ResourceLimitExceeded if one more than `used` is over the account's quota. */
export function checkQuota(quota: Quota, used: number, call: Call): void {
  const usual = call.table<number>('quotas').get(quota) ?? quotas[quota].value;
  const { cloud, account } = call;
  // Below both limits it makes no difference.
  const near = (limit: { value: number }) => used >= Math.min(limit.value, usual);
  const limit = cloud.faults.inject('quota', ['limit'], { account, quota }, near);
  const value = limit?.value ?? usual;
  if (used < value) return;
  const { unit } = quotas[quota];
  const message = `The account-level service limit '${quota}' is ${value} ${unit}, with current utilization of ${used} ${unit} and a request delta of 1 ${unit}. Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.`;
  throw new AwsError('ResourceLimitExceeded', message);
}
