import {
  AuthorizeSecurityGroupIngressCommand,
  DeleteSecurityGroupCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateFileSystemCommand,
  CreateMountTargetCommand,
  DeleteFileSystemCommand,
  DeleteMountTargetCommand,
  DescribeFileSystemsCommand,
  DescribeMountTargetsCommand,
} from '@aws-sdk/client-efs';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { code } from '../answers.ts';
import type { Scenario } from '../scenario.ts';
import { createGroup, sharedNetwork } from '../shared.ts';

export const storage: readonly Scenario[] = [
  {
    name: 'file-system-with-mount-target',
    fact: 'A file system with a mount target cannot be deleted.',
    asks: 'DeleteFileSystem while it has a mount target',
    expected: 'FileSystemInUse',
    source: 'EFS API Reference, DeleteFileSystem, Errors',
    certainty: 'documented',
    makes: 'an empty EFS file system with a mount target',
    needs: ['network'],
    async observe(account) {
      const { efs } = account.clients;
      const { SubnetId } = await sharedNetwork(account);
      const { FileSystemId } = await efs.send(new CreateFileSystemCommand({ CreationToken: account.name('efs') }));
      account.made(`file system ${FileSystemId}`, () => efs.send(new DeleteFileSystemCommand({ FileSystemId })));
      await account.until('the file system to be available', async () => {
        const { FileSystems = [] } = await efs.send(new DescribeFileSystemsCommand({ FileSystemId }));
        return FileSystems[0]?.LifeCycleState === 'available' ? true : undefined;
      });
      const { MountTargetId } = await efs.send(new CreateMountTargetCommand({ FileSystemId, SubnetId }));
      const mountTargets = async () => {
        const { MountTargets = [] } = await efs.send(new DescribeMountTargetsCommand({ FileSystemId }));
        return MountTargets;
      };
      account.made(`mount target ${MountTargetId}`, async () => {
        await efs.send(new DeleteMountTargetCommand({ MountTargetId }));
        await account.until('the mount target to be deleted', async () =>
          (await mountTargets()).length === 0 ? true : undefined,
        );
      });
      await account.until('the mount target to be available', async () =>
        (await mountTargets())[0]?.LifeCycleState === 'available' ? true : undefined,
      );
      return code(efs.send(new DeleteFileSystemCommand({ FileSystemId })));
    },
  },
  {
    name: 'security-group-in-rule',
    fact: 'A security group that a rule of another one names cannot be deleted.',
    asks: 'DeleteSecurityGroup while another group allows traffic from it',
    expected: 'DependencyViolation',
    source: 'EC2 API Reference, DeleteSecurityGroup',
    certainty: 'documented',
    makes: 'two security groups',
    needs: ['network'],
    async observe(account) {
      const { ec2 } = account.clients;
      const named = await createGroup(account, 'named');
      const naming = await createGroup(account, 'naming');
      const rule = {
        GroupId: naming,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 2049, ToPort: 2049, UserIdGroupPairs: [{ GroupId: named }] }],
      };
      await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
      account.made('the rule', () => ec2.send(new RevokeSecurityGroupIngressCommand(rule)));
      return code(ec2.send(new DeleteSecurityGroupCommand({ GroupId: named })));
    },
  },
  {
    name: 'security-group-rule-missing',
    fact: 'A rule that a group does not have cannot be revoked.',
    asks: 'RevokeSecurityGroupIngress with a rule that was never there, outside of a default VPC',
    expected: 'InvalidPermission.NotFound',
    source: 'EC2 API Reference, RevokeSecurityGroupIngress',
    certainty: 'documented',
    makes: 'a security group',
    needs: ['network'],
    async observe(account) {
      const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.99.0.0/24' }] }];
      const GroupId = await createGroup(account, 'empty');
      return code(account.clients.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions })));
    },
  },
  {
    name: 'parameter-missing',
    fact: 'A parameter that does not exist is ParameterNotFound.',
    asks: 'GetParameter with a name that no parameter has',
    expected: 'ParameterNotFound',
    source: 'Systems Manager API Reference, GetParameter, Errors',
    certainty: 'documented',
    observe: (account) => code(account.clients.ssm.send(new GetParameterCommand({ Name: account.name('missing') }))),
  },
];
