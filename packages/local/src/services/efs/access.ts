import { regionalArn } from '../../arn.ts';
import type { Access, Call } from '../../service.ts';
import { type AccessTable, mountTargets } from './records.ts';

/** A mount target is guarded as its file system, which the input of these operations does not name. */
function fileSystemOf({ MountTargetId }: { MountTargetId?: string }, call: Call): Access {
  const id = mountTargets(call).get(MountTargetId ?? '')?.FileSystemId ?? '*';
  return { resource: regionalArn('elasticfilesystem', `file-system/${id}`, call) };
}

/** What EFS does in EC2 for a mount target takes the caller's own rights. */
function inEc2(action: string, { MountTargetId }: { MountTargetId?: string }, call: Call): Access {
  const id = mountTargets(call).get(MountTargetId ?? '')?.NetworkInterfaceId ?? '*';
  return { action: `ec2:${action}`, resource: regionalArn('ec2', `network-interface/${id}`, call) };
}

export const access: AccessTable = {
  CreateMountTarget: (input, call) => [
    {},
    { action: 'ec2:DescribeSubnets', resource: '*' },
    { action: 'ec2:DescribeNetworkInterfaces', resource: '*' },
    inEc2('CreateNetworkInterface', {}, call),
    {
      action: 'ec2:CreateNetworkInterface',
      resource: regionalArn('ec2', `subnet/${input.SubnetId}`, call),
    },
  ],
  DeleteMountTarget: (input, call) => [fileSystemOf(input, call), inEc2('DeleteNetworkInterface', input, call)],
  DescribeMountTargets: (input, call) => (input.MountTargetId === undefined ? [{}] : [fileSystemOf(input, call)]),
  DescribeMountTargetSecurityGroups: (input, call) => [
    fileSystemOf(input, call),
    { action: 'ec2:DescribeNetworkInterfaceAttribute', resource: '*' },
  ],
  ModifyMountTargetSecurityGroups: (input, call) => [
    fileSystemOf(input, call),
    inEc2('ModifyNetworkInterfaceAttribute', input, call),
  ],
};
