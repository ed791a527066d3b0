/** The bucket of the world, one of those that the provider's defaults let the handlers read. */
export const bucket = 'studio-resources-files';

/** The ServiceToken of the function that the provider exports under that name. */
export function token(name: string) {
  return { 'Fn::ImportValue': `${name}ServiceToken` };
}

const trust = (Service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
});

const role = (RoleName: string, service = 'sagemaker.amazonaws.com') => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName, AssumeRolePolicyDocument: trust(service) },
});

const get = (name: string, attribute: string) => ({ 'Fn::GetAtt': [name, attribute] });
const ref = (name: string) => ({ Ref: name });

/** What is there before the mistakes: two VPCs, roles, a domain with IAM and one with SSO, a user profile. */
export function baseTemplate() {
  const domain = (DomainName: string, AuthMode: string) => ({
    Type: 'Custom::StudioDomain',
    Properties: {
      ServiceToken: token('StudioDomain'),
      DomainName,
      AuthMode,
      VpcId: ref('Vpc'),
      SubnetIds: [ref('Subnet')],
      DefaultUserSettings: { ExecutionRole: get('Role', 'Arn') },
      HomeEfsFileSystem: 'Delete',
    },
  });
  const subnet = (vpc: string, CidrBlock: string) => ({
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: ref(vpc), CidrBlock },
  });
  const Resources = {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: subnet('Vpc', '10.0.0.0/24'),
    OtherVpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } },
    OtherSubnet: subnet('OtherVpc', '10.1.0.0/24'),
    Role: role('studio-analyst'),
    UntrustingRole: role('studio-untrusting', 'ec2.amazonaws.com'),
    StrongRole: role('stronger'),
    Domain: domain('research', 'IAM'),
    SsoDomain: domain('people', 'SSO'),
    UserProfile: {
      Type: 'Custom::StudioUserProfile',
      Properties: { ServiceToken: token('StudioUserProfile'), DomainId: ref('Domain'), UserProfileName: 'ada' },
    },
  };
  const values = {
    VpcId: ref('Vpc'),
    SubnetId: ref('Subnet'),
    OtherVpcId: ref('OtherVpc'),
    OtherSubnetId: ref('OtherSubnet'),
    RoleArn: get('Role', 'Arn'),
    DomainId: ref('Domain'),
    SsoDomainId: ref('SsoDomain'),
    FileSystemId: get('Domain', 'HomeEfsFileSystemId'),
    NfsGroupId: get('Domain', 'OutboundNfsSecurityGroupId'),
  };
  const Outputs = Object.fromEntries(
    Object.entries(values).map(([name, Value]) => [name, { Value, Export: { Name: `base-${name}` } }]),
  );
  return { Resources, Outputs };
}

/** A value that the stack `base` exports. */
export function base(name: string) {
  return { 'Fn::ImportValue': `base-${name}` };
}
