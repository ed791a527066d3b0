import type * as EC2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { blockOf } from './cidr.ts';
import { all, get } from './kind.ts';
import { groups, rules } from './kinds.ts';
import type { RuleRecord } from './records.ts';

/** A rule before it has an id: one protocol and range of ports, and one source or target. */
export type RuleBody = Omit<RuleRecord, 'SecurityGroupRuleId' | 'GroupOwnerId' | 'SecurityGroupRuleArn' | 'Tags'>;

const protocolNames: Record<string, string> = { '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6' };

function protocolOf(text: string | undefined): string {
  if (text === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter ipProtocol');
  const lower = text.toLowerCase();
  const name = lower === 'all' ? '-1' : (protocolNames[lower] ?? lower);
  if (/^(-1|\d{1,3}|tcp|udp|icmp|icmpv6)$/.test(name)) return name;
  const message = `Invalid value '${text}' for IP protocol. Unknown protocol.`;
  throw new AwsError('InvalidPermission.Malformed', message);
}

function portsOf(protocol: string, { FromPort, ToPort }: EC2.IpPermission): { FromPort: number; ToPort: number } {
  if (protocol !== 'tcp' && protocol !== 'udp') {
    return protocol === '-1' ? { FromPort: -1, ToPort: -1 } : { FromPort: FromPort ?? -1, ToPort: ToPort ?? -1 };
  }
  if (FromPort === undefined || ToPort === undefined) {
    throw new AwsError('InvalidParameterValue', `Invalid value 'Must specify both from and to ports with TCP/UDP.'`);
  }
  for (const port of [FromPort, ToPort]) {
    if (port < 0 || port > 65535) {
      throw new AwsError('InvalidParameterValue', `Invalid value '${port}' for a port: it must be 0 to 65535`);
    }
  }
  if (FromPort > ToPort) {
    const message = `Invalid TCP/UDP port range (${FromPort}:${ToPort}): from port is greater than to port`;
    throw new AwsError('InvalidParameterValue', message);
  }
  return { FromPort, ToPort };
}

/** One rule for each source or target that the permissions of a request name. */
export function rulesIn(GroupId: string, IsEgress: boolean, permissions: EC2.IpPermission[], call: Call): RuleBody[] {
  return permissions.flatMap((permission) => {
    const IpProtocol = protocolOf(permission.IpProtocol);
    const rule = { GroupId, IsEgress, IpProtocol, ...portsOf(IpProtocol, permission) };
    const found: RuleBody[] = [
      ...(permission.IpRanges ?? []).map(({ CidrIp = '', Description }) => ({
        ...rule,
        Description,
        CidrIpv4: blockOf(CidrIp, 'cidrIp').text,
      })),
      ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => ({ ...rule, Description, CidrIpv6 })),
      ...(permission.PrefixListIds ?? []).map(({ PrefixListId, Description }) => ({
        ...rule,
        Description,
        PrefixListId,
      })),
      ...(permission.UserIdGroupPairs ?? []).map((pair) => ({
        ...rule,
        Description: pair.Description,
        ReferencedGroupInfo: { GroupId: pair.GroupId, UserId: pair.UserId ?? call.account },
      })),
    ];
    if (found.length > 0) return found;
    throw new AwsError('MissingParameter', 'The request must contain one of CIDR, prefix list or security group');
  });
}

/** Groups that new rules name must exist. */
export function mustKnowGroups(bodies: RuleBody[], call: Call): void {
  for (const { ReferencedGroupInfo: other } of bodies) {
    if (other && other.UserId === call.account) get(groups, other.GroupId, call);
  }
}

/** What makes two rules the same: everything but the description. */
export function identityOf(rule: RuleBody): string {
  const { GroupId, IsEgress, IpProtocol, FromPort, ToPort } = rule;
  return JSON.stringify([GroupId, IsEgress, IpProtocol, FromPort, ToPort, peerOf(rule)]);
}

function peerOf({ CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo }: RuleBody): string | undefined {
  return CidrIpv4 ?? CidrIpv6 ?? PrefixListId ?? ReferencedGroupInfo?.GroupId;
}

/** As EC2 writes a rule in its errors. */
export function sentenceOf(rule: RuleBody): string {
  const protocol = rule.IpProtocol === '-1' ? 'ALL' : rule.IpProtocol.toUpperCase();
  const ports = rule.FromPort === -1 ? '' : `, from port: ${rule.FromPort}, to port: ${rule.ToPort}`;
  return `peer: ${peerOf(rule)}, ${protocol}${ports}, ALLOW`;
}

/** A group's rules as `DescribeSecurityGroups` lists them: together by protocol and ports. */
export function permissionsOf(
  GroupId: string,
  call: Call,
): { IpPermissions: EC2.IpPermission[]; IpPermissionsEgress: EC2.IpPermission[] } {
  const own = all(rules, call, (rule) => rule.GroupId === GroupId);
  return {
    IpPermissions: together(own.filter(({ IsEgress }) => !IsEgress)),
    IpPermissionsEgress: together(own.filter(({ IsEgress }) => IsEgress)),
  };
}

function together(some: RuleRecord[]): EC2.IpPermission[] {
  const byPorts = Map.groupBy(some, ({ IpProtocol, FromPort, ToPort }) => `${IpProtocol} ${FromPort} ${ToPort}`);
  return [...byPorts.values()].map((alike) => {
    const { IpProtocol, FromPort, ToPort } = alike[0]!;
    return {
      IpProtocol,
      ...(IpProtocol === '-1' ? {} : { FromPort, ToPort }),
      IpRanges: alike.filter((rule) => rule.CidrIpv4).map((rule) => described(rule, { CidrIp: rule.CidrIpv4 })),
      Ipv6Ranges: alike.filter((rule) => rule.CidrIpv6).map((rule) => described(rule, { CidrIpv6: rule.CidrIpv6 })),
      PrefixListIds: alike
        .filter((rule) => rule.PrefixListId)
        .map((rule) => described(rule, { PrefixListId: rule.PrefixListId })),
      UserIdGroupPairs: alike.flatMap((rule) => {
        const { GroupId, UserId } = rule.ReferencedGroupInfo ?? {};
        return GroupId ? [described(rule, { GroupId, UserId })] : [];
      }),
    };
  });
}

function described<T>({ Description }: RuleRecord, peer: T): T & { Description?: string } {
  return { ...peer, ...(Description !== undefined && { Description }) };
}
