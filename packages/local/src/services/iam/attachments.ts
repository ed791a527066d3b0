import type { AttachedPermissionsBoundary, PermissionsBoundaryAttachmentType } from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import { findManagedPolicy } from '../../iam/managed/index.ts';
import { type IdentityRecord, policiesOf } from '../../iam/records.ts';
import type { Call } from '../../service.ts';
import { limitExceeded, noSuchEntity, notAttachable, notBounding } from './errors.ts';
import type { IdentityKind } from './inline-policies.ts';
import { page, under } from './lists.ts';

/** How many managed policies one identity may have. */
const most = 10;

export function attachPolicy(kind: IdentityKind, identity: IdentityRecord, arn: string, call: Call): void {
  checkAttachable(arn, call);
  if (identity.attachedPolicies.includes(arn)) return;
  if (identity.attachedPolicies.length >= most) {
    const quota = kind === 'role' ? 'PoliciesPerRole' : 'PoliciesPerUser';
    throw limitExceeded(`Cannot exceed quota for ${quota}: ${most}`);
  }
  identity.attachedPolicies.push(arn);
}

export function detachPolicy(identity: IdentityRecord, arn: string): void {
  if (!identity.attachedPolicies.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  identity.attachedPolicies = identity.attachedPolicies.filter((one) => one !== arn);
}

export function listAttachedPolicies(
  identity: IdentityRecord,
  input: { PathPrefix?: string; Marker?: string; MaxItems?: number },
) {
  const attached = identity.attachedPolicies.map((arn) => ({ arn, ...pathAndName(arn) }));
  const { items, more } = page(under(attached, input.PathPrefix), ({ arn }) => arn, input);
  return { AttachedPolicies: items.map(({ arn, name }) => ({ PolicyName: name, PolicyArn: arn })), ...more };
}

/** The permissions boundary, as IAM describes it. */
export function describeBoundary({
  permissionsBoundary: arn,
}: IdentityRecord): AttachedPermissionsBoundary | undefined {
  // The SDK's type names another value than the one that IAM sends.
  const type = 'Policy' as PermissionsBoundaryAttachmentType;
  return arn === undefined ? undefined : { PermissionsBoundaryType: type, PermissionsBoundaryArn: arn };
}

/** Sets what the identity may do at most, or takes that away. */
export function bound(identity: IdentityRecord, arn: string | undefined, call: Call): void {
  if (arn !== undefined) checkBoundary(arn, call);
  identity.permissionsBoundary = arn;
}

export function checkBoundary(arn: string, call: Call): void {
  if (!/^arn:[^:]+:iam::(\d{12}|aws):policy\/.+$/.test(arn)) {
    throw new AwsError('ValidationError', `Value (${arn}) failed to satisfy constraint: ARN ${arn} is not valid.`);
  }
  if (!exists(arn, call)) throw notBounding(arn);
}

function checkAttachable(arn: string, call: Call): void {
  if (!arn.startsWith('arn:')) throw new AwsError('InvalidInput', `ARN ${arn} is not valid.`);
  if (!exists(arn, call)) throw notAttachable(arn);
  // Policies of service-linked roles attach to no other role.
  if (arn.includes(':policy/aws-service-role/')) {
    throw new AwsError('PolicyNotAttachable', `Cannot attach a Service Role Policy to a Customer Role.`);
  }
}

function exists(arn: string, { cloud, account }: Call): boolean {
  return policiesOf(cloud.store, account).has(arn) || findManagedPolicy(arn) !== undefined;
}

function pathAndName(arn: string): { path: string; name: string } {
  const [, path = '/', name = ''] = /:policy(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
  return { path, name };
}
