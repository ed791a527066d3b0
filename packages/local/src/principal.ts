/** Who makes a call. `arn` is what `GetCallerIdentity` says, and what a denial names. */
export type Principal =
  /** A 12-digit access key: the account itself, which may do everything. */
  | { kind: 'account'; account: string; arn: string }
  | { kind: 'user'; account: string; arn: string; userName: string }
  | { kind: 'role'; account: string; arn: string; roleName: string; sessionName: string; session?: Session }
  /** An AWS service acting on its own behalf, through its service-linked role: allowed what the service does. */
  | { kind: 'service'; account: string; arn: string; service: string; sourceArn?: string };

/** What `AssumeRole` narrowed or added for one session of a role. */
export interface Session {
  /** Session policies as JSON: the session may do only what these allow as well. */
  policies?: string[];
  tags?: Record<string, string>;
  /** Condition keys that the service which took on the role gives all its calls, such as `sagemaker:UserProfileName`. */
  context?: Record<string, string>;
}

/** The account that an access key of twelve digits names. */
export function accountPrincipal(account: string): Principal {
  return { kind: 'account', account, arn: `arn:aws:iam::${account}:root` };
}

/** A service such as `sagemaker.amazonaws.com`, acting within an account, and for what is named by `sourceArn`. */
export function servicePrincipal(service: string, account: string, sourceArn?: string): Principal {
  const name = service.split('.')[0];
  const arn = `arn:aws:sts::${account}:assumed-role/aws-service-role/${name}`;
  return { kind: 'service', account, service, arn, ...(sourceArn !== undefined && { sourceArn }) };
}
