import type * as EC2 from '@aws-sdk/client-ec2';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { blockOf } from './cidr.ts';
import { groupOf } from './group-reference.ts';
import { all, describe, get, remove, tableOf, tagsOf } from './kind.ts';
import { rules } from './kinds.ts';
import { identityOf, mustKnowGroups, type RuleBody, rulesIn, sentenceOf } from './permissions.ts';
import type { Operations, RuleRecord } from './records.ts';
import { tagNew } from './tags.ts';

/** Gives a rule its id and keeps it. */
export function addRule(body: RuleBody, call: Call, tags?: EC2.TagSpecification[]): RuleRecord {
  const SecurityGroupRuleId = hexId(call.cloud.store, 'sgr');
  tagNew(SecurityGroupRuleId, 'security-group-rule', tags, call);
  const SecurityGroupRuleArn = regionalArn('ec2', `security-group-rule/${SecurityGroupRuleId}`, call);
  const rule: RuleRecord = { SecurityGroupRuleId, GroupOwnerId: call.account, SecurityGroupRuleArn, ...body };
  tableOf(rules, call).set(SecurityGroupRuleId, rule);
  return rule;
}

interface RuleRequest {
  GroupId?: string;
  GroupName?: string;
  IpPermissions?: EC2.IpPermission[];
  IpProtocol?: string;
  FromPort?: number;
  ToPort?: number;
  CidrIp?: string;
  SourceSecurityGroupName?: string;
  SecurityGroupRuleIds?: string[];
  TagSpecifications?: EC2.TagSpecification[];
}

/** The rules that a request names, in `IpPermissions` or in the flat members that stand for one of them. */
function bodiesOf(request: RuleRequest, GroupId: string, IsEgress: boolean, call: Call): RuleBody[] {
  const { IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName } = request;
  if (SourceSecurityGroupName !== undefined) {
    throw new AwsError('InvalidParameterCombination', 'A source group of a VPC is named by its id, in IpPermissions');
  }
  const flat = IpProtocol === undefined ? [] : [{ IpProtocol, FromPort, ToPort, IpRanges: CidrIp ? [{ CidrIp }] : [] }];
  const permissions = [...(request.IpPermissions ?? []), ...flat];
  if (permissions.length === 0) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter ipPermissions');
  }
  return rulesIn(GroupId, IsEgress, permissions, call);
}

function authorize(request: RuleRequest, IsEgress: boolean, call: Call) {
  const { GroupId } = groupOf(request, call);
  const bodies = bodiesOf(request, GroupId, IsEgress, call);
  mustKnowGroups(bodies, call);
  const seen = new Set(all(rules, call).map(identityOf));
  for (const body of bodies) {
    if (seen.has(identityOf(body))) {
      const message = `the specified rule "${sentenceOf(body)}" already exists`;
      throw new AwsError('InvalidPermission.Duplicate', message);
    }
    seen.add(identityOf(body));
  }
  const made = bodies.map((body) => addRule(body, call, request.TagSpecifications));
  return {
    Return: true,
    SecurityGroupRules: made.map((rule) => ({ ...rule, Tags: tagsOf(rule.SecurityGroupRuleId, call) })),
  };
}

function revoke(request: RuleRequest, IsEgress: boolean, call: Call) {
  const { GroupId } = groupOf(request, call);
  const own = all(rules, call, (rule) => rule.GroupId === GroupId && rule.IsEgress === IsEgress);
  const named = request.SecurityGroupRuleIds?.length
    ? request.SecurityGroupRuleIds.map((id) => own.find((rule) => rule.SecurityGroupRuleId === id))
    : bodiesOf(request, GroupId, IsEgress, call).map((body) =>
        own.find((rule) => identityOf(rule) === identityOf(body)),
      );
  const gone = named.filter((rule) => rule !== undefined);
  // In a VPC other than the default one, a rule that does not match exactly is an error, and nothing is revoked.
  if (gone.length < named.length) {
    const message = 'The specified rule does not exist in this security group.';
    throw new AwsError('InvalidPermission.NotFound', message);
  }
  for (const { SecurityGroupRuleId } of gone) remove(rules, SecurityGroupRuleId, call);
  return {
    Return: true,
    RevokedSecurityGroupRules: gone.map(({ ReferencedGroupInfo, ...rule }) => ({
      ...rule,
      ReferencedGroupId: ReferencedGroupInfo?.GroupId,
    })),
  };
}

function describeAgain(request: RuleRequest, IsEgress: boolean, call: Call) {
  const { GroupId } = groupOf(request, call);
  for (const body of bodiesOf(request, GroupId, IsEgress, call)) {
    const rule = all(rules, call).find((one) => identityOf(one) === identityOf(body));
    if (!rule) {
      const message = 'The specified rule does not exist in this security group.';
      throw new AwsError('InvalidPermission.NotFound', message);
    }
    rule.Description = body.Description;
  }
  return { Return: true };
}

/** A rule's new body: what `ModifySecurityGroupRules` gives is all that it then has. */
function replacement(rule: RuleRecord, change: EC2.SecurityGroupRuleRequest, call: Call): RuleBody {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId, IpProtocol, FromPort, ToPort, Description } = change;
  const permission: EC2.IpPermission = {
    IpProtocol: IpProtocol ?? rule.IpProtocol,
    FromPort: FromPort ?? rule.FromPort,
    ToPort: ToPort ?? rule.ToPort,
    IpRanges: CidrIpv4 ? [{ CidrIp: blockOf(CidrIpv4, 'cidrIpv4').text, Description }] : [],
    Ipv6Ranges: CidrIpv6 ? [{ CidrIpv6, Description }] : [],
    PrefixListIds: PrefixListId ? [{ PrefixListId, Description }] : [],
    UserIdGroupPairs: ReferencedGroupId ? [{ GroupId: ReferencedGroupId, Description }] : [],
  };
  const bodies = rulesIn(rule.GroupId, rule.IsEgress, [permission], call);
  mustKnowGroups(bodies, call);
  return bodies[0]!;
}

export const ruleOperations: Operations = {
  AuthorizeSecurityGroupIngress: (request, call) => authorize(request, false, call),
  AuthorizeSecurityGroupEgress: (request, call) => authorize(request, true, call),
  RevokeSecurityGroupIngress: (request, call) => revoke(request, false, call),
  RevokeSecurityGroupEgress: (request, call) => revoke(request, true, call),
  UpdateSecurityGroupRuleDescriptionsIngress: (request, call) => describeAgain(request, false, call),
  UpdateSecurityGroupRuleDescriptionsEgress: (request, call) => describeAgain(request, true, call),

  ModifySecurityGroupRules({ GroupId, SecurityGroupRules = [] }, call) {
    const group = groupOf({ GroupId }, call);
    const changes = SecurityGroupRules.map(({ SecurityGroupRuleId, SecurityGroupRule = {} }) => {
      const rule = get(rules, SecurityGroupRuleId, call);
      if (rule.GroupId !== group.GroupId) throw rules.missing(rule.SecurityGroupRuleId);
      return { rule, body: replacement(rule, SecurityGroupRule, call) };
    });
    for (const { rule, body } of changes) {
      const { SecurityGroupRuleId, SecurityGroupRuleArn, GroupOwnerId } = rule;
      tableOf(rules, call).set(SecurityGroupRuleId, {
        SecurityGroupRuleId,
        SecurityGroupRuleArn,
        GroupOwnerId,
        ...body,
      });
    }
    return { Return: true };
  },

  DescribeSecurityGroupRules({ SecurityGroupRuleIds, ...request }, call) {
    const { items, NextToken } = describe(rules, { ids: SecurityGroupRuleIds, ...request }, call);
    return { SecurityGroupRules: items, NextToken };
  },
};
