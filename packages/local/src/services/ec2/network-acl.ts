import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { all, describe, tableOf } from './kind.ts';
import { acls } from './kinds.ts';
import type { Operations } from './records.ts';

/** The default network ACL of a VPC, created and deleted with it: it allows all traffic. */
export function makeAcl(VpcId: string, call: Call): void {
  const NetworkAclId = hexId(call.cloud.store, 'acl');
  const rest = { CidrBlock: '0.0.0.0/0', Protocol: '-1' };
  const Entries = [true, false].flatMap((Egress) => [
    { ...rest, Egress, RuleAction: 'allow' as const, RuleNumber: 100 },
    { ...rest, Egress, RuleAction: 'deny' as const, RuleNumber: 32767 },
  ]);
  const acl = { NetworkAclId, VpcId, IsDefault: true, OwnerId: call.account, Associations: [], Entries };
  tableOf(acls, call).set(NetworkAclId, acl);
}

/** A new subnet gets the ACL of its VPC. */
export function joinAcl(VpcId: string, SubnetId: string, call: Call): void {
  const acl = all(acls, call, (one) => one.VpcId === VpcId)[0]!;
  const NetworkAclAssociationId = hexId(call.cloud.store, 'aclassoc');
  acl.Associations.push({ NetworkAclAssociationId, NetworkAclId: acl.NetworkAclId, SubnetId });
}

export function leaveAcl(SubnetId: string, call: Call): void {
  for (const acl of all(acls, call)) acl.Associations = acl.Associations.filter((one) => one.SubnetId !== SubnetId);
}

export const aclOperations: Operations = {
  DescribeNetworkAcls({ NetworkAclIds, ...request }, call) {
    const { items, NextToken } = describe(acls, { ids: NetworkAclIds, ...request }, call);
    return { NetworkAcls: items, NextToken };
  },
};
