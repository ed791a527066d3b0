import type * as EC2 from '@aws-sdk/client-ec2';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { groupOf } from './group-reference.ts';
import { all, describe, get, remove, tableOf, tagsOf } from './kind.ts';
import { groups, interfaces, rules, vpcs } from './kinds.ts';
import { permissionsOf } from './permissions.ts';
import type { GroupRecord, Operations } from './records.ts';
import { addRule } from './security-group-rule.ts';
import { tagNew } from './tags.ts';

type NewGroup = Pick<GroupRecord, 'GroupName' | 'Description' | 'VpcId'>;

/** Makes a group that lets everything out; the default group of a VPC also lets its members reach each other. */
export function makeGroup(group: NewGroup, call: Call, tags?: EC2.TagSpecification[]): GroupRecord {
  const GroupId = hexId(call.cloud.store, 'sg');
  tagNew(GroupId, 'security-group', tags, call);
  const SecurityGroupArn = regionalArn('ec2', `security-group/${GroupId}`, call);
  const record: GroupRecord = { GroupId, ...group, OwnerId: call.account, SecurityGroupArn };
  tableOf(groups, call).set(GroupId, record);
  addRule({ GroupId, IsEgress: true, IpProtocol: '-1', FromPort: -1, ToPort: -1, CidrIpv4: '0.0.0.0/0' }, call);
  if (group.GroupName === 'default') {
    const ReferencedGroupInfo = { GroupId, UserId: call.account, VpcId: group.VpcId };
    addRule({ GroupId, IsEgress: false, IpProtocol: '-1', FromPort: -1, ToPort: -1, ReferencedGroupInfo }, call);
  }
  return record;
}

/** Removes a group with its rules, asking nothing. */
export function removeGroup(GroupId: string, call: Call): void {
  for (const rule of all(rules, call, (one) => one.GroupId === GroupId)) {
    remove(rules, rule.SecurityGroupRuleId, call);
  }
  remove(groups, GroupId, call);
}

function mustBeNew({ GroupName, VpcId }: NewGroup, call: Call): void {
  if (GroupName === 'default') {
    throw new AwsError('InvalidParameterValue', 'Cannot use reserved security group name: default');
  }
  if (/^sg-/i.test(GroupName)) {
    const message = `Value (${GroupName}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`;
    throw new AwsError('InvalidParameterValue', message);
  }
  if (all(groups, call, (one) => one.VpcId === VpcId && one.GroupName === GroupName).length > 0) {
    const message = `The security group '${GroupName}' already exists for VPC '${VpcId}'`;
    throw new AwsError('InvalidGroup.Duplicate', message);
  }
}

const allowedText = /^[A-Za-z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

function mustBeText(value: string, parameter: string): void {
  if (allowedText.test(value)) return;
  const message = `Value (${value}) for parameter ${parameter} is invalid. Character sets beyond ASCII are not supported.`;
  throw new AwsError('InvalidParameterValue', message);
}

export const groupOperations: Operations = {
  CreateSecurityGroup({ GroupName = '', Description = '', VpcId, TagSpecifications }, call) {
    if (VpcId === undefined) {
      throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user. GroupName is only supported there.');
    }
    mustBeText(GroupName, 'GroupName');
    mustBeText(Description, 'GroupDescription');
    get(vpcs, VpcId, call);
    mustBeNew({ GroupName, Description, VpcId }, call);
    const { GroupId, SecurityGroupArn } = makeGroup({ GroupName, Description, VpcId }, call, TagSpecifications);
    return { GroupId, SecurityGroupArn, Tags: tagsOf(GroupId, call) };
  },

  DescribeSecurityGroups({ GroupIds, GroupNames, ...request }, call) {
    for (const GroupName of GroupNames ?? []) groupOf({ GroupName }, call);
    const { items, NextToken } = describe(groups, { ids: GroupIds, ...request }, call);
    return { SecurityGroups: items.map((group) => ({ ...group, ...permissionsOf(group.GroupId, call) })), NextToken };
  },

  DeleteSecurityGroup(request, call) {
    const { GroupId, GroupName } = groupOf(request, call);
    if (GroupName === 'default') {
      const message = `the specified group: "${GroupId}" name: "default" cannot be deleted by a user`;
      throw new AwsError('CannotDelete', message);
    }
    const attached = all(interfaces, call, ({ Groups }) => Groups.some((group) => group.GroupId === GroupId));
    const named = all(rules, call, (rule) => rule.GroupId !== GroupId && rule.ReferencedGroupInfo?.GroupId === GroupId);
    if (attached.length > 0 || named.length > 0) {
      throw new AwsError('DependencyViolation', `resource ${GroupId} has a dependent object`);
    }
    removeGroup(GroupId, call);
    return { Return: true, GroupId };
  },
};

/** The groups of a network interface: those asked for, or the default group of its VPC. */
export function groupsOf(ids: string[] | undefined, VpcId: string, call: Call): EC2.GroupIdentifier[] {
  const chosen =
    ids && ids.length > 0
      ? ids.map((id) => get(groups, id, call))
      : all(groups, call, (group) => group.VpcId === VpcId && group.GroupName === 'default');
  if (chosen.some((group) => group.VpcId !== VpcId)) {
    throw new AwsError('InvalidParameterValue', 'You have specified two resources that belong to different networks.');
  }
  return chosen.map(({ GroupId, GroupName }) => ({ GroupId, GroupName }));
}
