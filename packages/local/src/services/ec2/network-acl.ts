import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { describe, tableOf } from './kind.ts';
import { acls } from './kinds.ts';
import type { Operations } from './records.ts';

/** The network ACL that comes with a VPC, and goes with it: it lets everything pass. */
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

export const aclOperations: Operations = {
  DescribeNetworkAcls({ NetworkAclIds, ...request }, call) {
    const { items, NextToken } = describe(acls, { ids: NetworkAclIds, ...request }, call);
    return { NetworkAcls: items, NextToken };
  },
};
