/**
 * Within an organization that has enabled sharing, RAM sends no invitations, so none has to be accepted. A member account
 * cannot ask which accounts are in its organization: only the management account and delegated administrators may call
 * DescribeAccount.
 * https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeAccount.html
 */
export const organizationHint =
  "a share of this account's organization needs no invitation once its management account has enabled sharing in RAM";

/** Whether the provider's parameter `ShareOwnerAccountIds` names this account. The function's role enforces the same. */
export function isAllowedOwner(account: string): boolean {
  return (process.env.SHARE_OWNER_ACCOUNT_IDS ?? '').split(',').includes(account) && account !== '';
}

/** Why nothing of this owner is accepted or left, and what to do. */
export function notAllowed(owner: string): string {
  return `account ${owner} is not in the provider's parameter ShareOwnerAccountIds; add it if you trust its shares`;
}
