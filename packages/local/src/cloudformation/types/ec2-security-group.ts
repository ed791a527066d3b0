import type * as EC2 from '@aws-sdk/client-ec2';
import { sameValue } from '../template/properties.ts';
import { ec2Client, retag, tagsFor } from './ec2-tags.ts';
import { nativeType } from './native-type.ts';
import { list, number, optional, type PropertyTable, required, struct, tags, text, type ValuesOf } from './property.ts';
import { retryWhileInUse, type ServiceClient, undefinedIfNotFound } from './service-client.ts';

/** The members of a rule, apart from whom it is about. */
const rule = {
  IpProtocol: required(text),
  FromPort: optional(number),
  ToPort: optional(number),
  CidrIp: optional(text),
  CidrIpv6: optional(text),
  Description: optional(text),
};

const ingressRule = {
  ...rule,
  SourcePrefixListId: optional(text),
  SourceSecurityGroupId: optional(text),
  SourceSecurityGroupOwnerId: optional(text),
};

const egressRule = {
  ...rule,
  DestinationPrefixListId: optional(text),
  DestinationSecurityGroupId: optional(text),
};

type Ingress = ValuesOf<typeof ingressRule>;
type Egress = ValuesOf<typeof egressRule>;

const group = nativeType({
  type: 'AWS::EC2::SecurityGroup',
  properties: {
    GroupDescription: required(text, 'replaces'),
    GroupName: optional(text, 'replaces'),
    VpcId: optional(text, 'replaces'),
    SecurityGroupIngress: optional(list(struct(ingressRule))),
    SecurityGroupEgress: optional(list(struct(egressRule))),
    Tags: optional(tags),
  },
  async create({ GroupDescription, GroupName, VpcId, SecurityGroupIngress, SecurityGroupEgress, Tags }, context) {
    const ec2 = ec2Client(context);
    const { GroupId } = await ec2('CreateSecurityGroup', {
      Description: GroupDescription,
      GroupName: GroupName ?? context.inventName(),
      VpcId,
      TagSpecifications: tagsFor('security-group', Tags),
    });
    context.initiated(GroupId!);
    await setRules(ec2, GroupId!, { ingress: SecurityGroupIngress, egress: SecurityGroupEgress }, {});
    return { physicalId: GroupId!, attributes: { GroupId, Id: GroupId, VpcId } };
  },
  async update({ physicalId, values, old }, context) {
    const ec2 = ec2Client(context);
    const now = { ingress: values.SecurityGroupIngress, egress: values.SecurityGroupEgress };
    await setRules(ec2, physicalId, now, { ingress: old.SecurityGroupIngress, egress: old.SecurityGroupEgress });
    await retag(ec2, physicalId, values.Tags, old.Tags);
    return { physicalId, attributes: { GroupId: physicalId, Id: physicalId, VpcId: values.VpcId } };
  },
  async delete(GroupId, _, context) {
    const ec2 = ec2Client(context);
    await undefinedIfNotFound(
      retryWhileInUse(context, /^DependencyViolation$/, () => ec2('DeleteSecurityGroup', { GroupId })),
    );
  },
});

interface Rules {
  ingress?: Ingress[];
  egress?: Egress[];
}

/** The rule that lets everything out, which a group has as long as it is given no other of the kind. */
const ALLOW_ALL_EGRESS: Egress[] = [{ ...blank(egressRule), IpProtocol: '-1', CidrIp: '0.0.0.0/0' }];

async function setRules(ec2: ServiceClient<typeof EC2>, GroupId: string, now: Rules, old: Rules): Promise<void> {
  const { ingress = [], egress = ALLOW_ALL_EGRESS } = now;
  const { ingress: oldIngress = [], egress: oldEgress = ALLOW_ALL_EGRESS } = old;
  const [ingressNew, ingressGone] = difference(ingress.map(permissionOf), oldIngress.map(permissionOf));
  const [egressNew, egressGone] = difference(egress.map(permissionOf), oldEgress.map(permissionOf));
  if (ingressGone.length > 0) {
    await undefinedIfNotFound(ec2('RevokeSecurityGroupIngress', { GroupId, IpPermissions: ingressGone }));
  }
  if (egressGone.length > 0)
    await undefinedIfNotFound(ec2('RevokeSecurityGroupEgress', { GroupId, IpPermissions: egressGone }));
  if (ingressNew.length > 0) await ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: ingressNew });
  if (egressNew.length > 0) await ec2('AuthorizeSecurityGroupEgress', { GroupId, IpPermissions: egressNew });
}

function difference<T>(now: T[], old: T[]): [added: T[], gone: T[]] {
  const lacks = (all: T[]) => (one: T) => !all.some((other) => sameValue(one, other));
  return [now.filter(lacks(old)), old.filter(lacks(now))];
}

function permissionOf(one: Ingress | Egress): EC2.IpPermission {
  const { IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6, Description } = one;
  const group = 'SourceSecurityGroupId' in one ? one.SourceSecurityGroupId : undefined;
  const target = 'DestinationSecurityGroupId' in one ? one.DestinationSecurityGroupId : undefined;
  const owner = 'SourceSecurityGroupOwnerId' in one ? one.SourceSecurityGroupOwnerId : undefined;
  const source = 'SourcePrefixListId' in one ? one.SourcePrefixListId : undefined;
  const destination = 'DestinationPrefixListId' in one ? one.DestinationPrefixListId : undefined;
  const GroupId = group ?? target;
  const PrefixListId = source ?? destination;
  return {
    IpProtocol,
    FromPort,
    ToPort,
    IpRanges: CidrIp === undefined ? undefined : [{ CidrIp, Description }],
    Ipv6Ranges: CidrIpv6 === undefined ? undefined : [{ CidrIpv6, Description }],
    UserIdGroupPairs: GroupId === undefined ? undefined : [{ GroupId, UserId: owner, Description }],
    PrefixListIds: PrefixListId === undefined ? undefined : [{ PrefixListId, Description }],
  };
}

function blank<Table extends PropertyTable>(table: Table): { [Name in keyof Table]: undefined } {
  return Object.fromEntries(Object.keys(table).map((name) => [name, undefined])) as {
    [Name in keyof Table]: undefined;
  };
}

/** The same properties, a change to which replaces: but for the description, a rule is what it says. */
function allReplacing<Table extends PropertyTable>(table: Table): Table {
  const entries = Object.entries(table).map(([name, one]) => [name, { ...one, replaces: name !== 'Description' }]);
  return Object.fromEntries(entries) as Table;
}

const ingress = nativeType({
  type: 'AWS::EC2::SecurityGroupIngress',
  properties: allReplacing({ GroupId: required(text), ...ingressRule }),
  async create({ GroupId, ...one }, context) {
    const permission = { GroupId, IpPermissions: [permissionOf(one)] };
    const { SecurityGroupRules } = await ec2Client(context)('AuthorizeSecurityGroupIngress', permission);
    return ruleMade(SecurityGroupRules![0]!.SecurityGroupRuleId!);
  },
  async update({ physicalId, values: { GroupId, ...one } }, context) {
    const IpPermissions = [permissionOf(one)];
    await ec2Client(context)('UpdateSecurityGroupRuleDescriptionsIngress', { GroupId, IpPermissions });
    return ruleMade(physicalId);
  },
  async delete(id, { GroupId }, context) {
    await undefinedIfNotFound(
      ec2Client(context)('RevokeSecurityGroupIngress', { GroupId, SecurityGroupRuleIds: [id] }),
    );
  },
});

const egress = nativeType({
  type: 'AWS::EC2::SecurityGroupEgress',
  properties: allReplacing({ GroupId: required(text), ...egressRule }),
  async create({ GroupId, ...one }, context) {
    const permission = { GroupId, IpPermissions: [permissionOf(one)] };
    const { SecurityGroupRules } = await ec2Client(context)('AuthorizeSecurityGroupEgress', permission);
    return ruleMade(SecurityGroupRules![0]!.SecurityGroupRuleId!);
  },
  async update({ physicalId, values: { GroupId, ...one } }, context) {
    const IpPermissions = [permissionOf(one)];
    await ec2Client(context)('UpdateSecurityGroupRuleDescriptionsEgress', { GroupId, IpPermissions });
    return ruleMade(physicalId);
  },
  async delete(id, { GroupId }, context) {
    await undefinedIfNotFound(ec2Client(context)('RevokeSecurityGroupEgress', { GroupId, SecurityGroupRuleIds: [id] }));
  },
});

function ruleMade(physicalId: string) {
  return { physicalId, attributes: { Id: physicalId } };
}

export const securityGroupTypes = [group, ingress, egress];
