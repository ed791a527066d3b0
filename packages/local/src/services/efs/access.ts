import type { Access, Call } from '../../service.ts';
import { type AccessTable, mountTargets } from './records.ts';

/** A mount target is guarded as its file system, which the input of these operations does not name. */
function fileSystemOf({ MountTargetId }: { MountTargetId?: string }, call: Call): Access {
  const id = mountTargets(call).get(MountTargetId ?? '')?.FileSystemId ?? '*';
  return { resource: `arn:aws:elasticfilesystem:${call.region}:${call.account}:file-system/${id}` };
}

/** What EFS does in EC2 for a mount target takes the caller's own rights. */
function inEc2(action: string, { MountTargetId }: { MountTargetId?: string }, call: Call): Access {
  const id = mountTargets(call).get(MountTargetId ?? '')?.NetworkInterfaceId ?? '*';
  return { action: `ec2:${action}`, resource: `arn:aws:ec2:${call.region}:${call.account}:network-interface/${id}` };
}

export const access: AccessTable = {
  CreateMountTarget: (input, call) => [
    {},
    { action: 'ec2:DescribeSubnets', resource: '*' },
    { action: 'ec2:DescribeNetworkInterfaces', resource: '*' },
    inEc2('CreateNetworkInterface', {}, call),
    {
      action: 'ec2:CreateNetworkInterface',
      resource: `arn:aws:ec2:${call.region}:${call.account}:subnet/${input.SubnetId}`,
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
