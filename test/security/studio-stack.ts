import { CreateAppCommand, ListAppsCommand } from '@aws-sdk/client-sagemaker';
import type { TestCloud } from '../stacks/test-cloud.ts';

/** A template with a domain, and a profile in it unless told otherwise. Deleting either deletes what is in it. */
export function studioTemplate(domainName: string, { hasProfile = true } = {}): string {
  const trust = { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const token = (type: string) => ({ 'Fn::ImportValue': `${type}ServiceToken` });
  const Domain = {
    Type: 'Custom::StudioDomain',
    Properties: {
      ServiceToken: token('StudioDomain'),
      DomainName: domainName,
      VpcId: { Ref: 'Vpc' },
      SubnetIds: [{ Ref: 'Subnet' }],
      DefaultUserSettings: { ExecutionRole: { 'Fn::GetAtt': 'Role.Arn' } },
      HomeEfsFileSystem: 'Delete',
    },
  };
  const UserProfile = {
    Type: 'Custom::StudioUserProfile',
    Properties: { ServiceToken: token('StudioUserProfile'), DomainId: { Ref: 'Domain' }, UserProfileName: 'ada' },
  };
  return JSON.stringify({
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] } },
      },
      Domain,
      ...(hasProfile ? { UserProfile } : {}),
    },
    Outputs: { DomainId: { Value: { Ref: 'Domain' } } },
  });
}

/** Runs an app of the domain's user, and resolves once it is in service. */
export async function runApp(cloud: TestCloud, DomainId: string): Promise<void> {
  const { sagemaker } = cloud.clients;
  const app = { DomainId, UserProfileName: 'ada', AppType: 'KernelGateway', AppName: 'kernel' } as const;
  await sagemaker.send(new CreateAppCommand({ ...app, ResourceSpec: { InstanceType: 'ml.t3.medium' } }));
  const list = new ListAppsCommand({ DomainIdEquals: DomainId, UserProfileNameEquals: 'ada' });
  const status = async () => (await sagemaker.send(list)).Apps?.find(({ Status }) => Status === 'InService');
  await cloud.until(status, 'the app to be in service');
}
