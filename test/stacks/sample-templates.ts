/**
 * Templates in the spelling of AWS's samples: their custom resources, by their types and with their properties. Only the
 * ServiceTokens are ours.
 */

const trustsSageMaker = `
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - { Effect: Allow, Principal: { Service: [sagemaker.amazonaws.com] }, Action: ['sts:AssumeRole'] }
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSageMakerFullAccess']`;

/** What the samples are deployed into. */
export const network = `
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.0.0.0/16 } }
  A: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  B: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24 } }
  SecurityGroup: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: !Ref Vpc, GroupDescription: Of Studio } }
  ExecutionRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: studio-user${trustsSageMaker}
Outputs:
  VPCId: { Value: !Ref Vpc }
  SubnetIds: { Value: !Join [',', [!Ref A, !Ref B]] }
  OneSubnetId: { Value: !Ref A }
  SecurityGroupId: { Value: !GetAtt SecurityGroup.GroupId }
  ExecutionRoleArn: { Value: !GetAtt ExecutionRole.Arn }
`;

/** aws-samples/cloudformation-studio-domain, as AWS's blog shows it. */
export const blog = `
Parameters:
  SubnetIds: { Type: String }
  VPCId: { Type: String }
  UserProfileName: { Type: String, Default: DefaultUser }
Resources:
  SageMakerExecutionRole:
    Type: AWS::IAM::Role
    Properties:${trustsSageMaker}
  StudioDomain:
    Type: Custom::StudioDomain
    Properties:
      ServiceToken: !ImportValue StudioDomainServiceToken
      VPC: !Ref VPCId
      SubnetIds: !Ref SubnetIds
      DomainName: MyDomainName
      DefaultUserSettings:
        ExecutionRole: !GetAtt SageMakerExecutionRole.Arn
  UserProfile:
    Type: Custom::UserProfile
    Properties:
      ServiceToken: !ImportValue StudioUserProfileServiceToken
      DomainId: !GetAtt StudioDomain.DomainId
      UserProfileName: !Ref UserProfileName
      UserSettings:
        ExecutionRole: !GetAtt SageMakerExecutionRole.Arn
Outputs:
  DomainId: { Value: !GetAtt StudioDomain.DomainId }
  UserProfileName: { Value: !GetAtt UserProfile.UserProfileName }
`;

/** The product of aws-samples/aws-service-catalog-sagemaker-studio-domain: one subnet, functions in their long form. */
export const serviceCatalog = `
Parameters:
  VPCId: { Type: 'AWS::EC2::VPC::Id' }
  SubnetIds: { Type: 'AWS::EC2::Subnet::Id' }
  SecurityGroupId: { Type: String, Default: '' }
Conditions:
  HasGroup: !Not [!Equals [!Ref SecurityGroupId, '']]
Resources:
  SageMakerExecutionRole:
    Type: AWS::IAM::Role
    Properties:${trustsSageMaker}
  StudioDomain:
    Type: Custom::StudioDomain
    Properties:
      ServiceToken:
        Fn::ImportValue: StudioDomainServiceToken
      VPC:
        Ref: VPCId
      SubnetIds:
        Ref: SubnetIds
      DomainName: MyDomainName
      DefaultUserSettings:
        ExecutionRole:
          Fn::GetAtt: SageMakerExecutionRole.Arn
        SecurityGroups: !If [HasGroup, [!Ref SecurityGroupId], !Ref AWS::NoValue]
Outputs:
  Domain: { Value: !Ref StudioDomain }
`;

/** What aws-samples/amazon-sagemaker-secure-mlops makes of Studio: AWS's own types, with custom resources around them. */
export const secureMlops = `
Parameters:
  VPCId: { Type: 'AWS::EC2::VPC::Id' }
  SageMakerStudioSubnetIds: { Type: 'List<AWS::EC2::Subnet::Id>' }
  SageMakerSecurityGroupIds: { Type: 'List<AWS::EC2::SecurityGroup::Id>' }
  SageMakerExecutionRoleArn: { Type: String }
  StartKernelGatewayApps: { Type: String, Default: 'NO', AllowedValues: ['YES', 'NO'] }
Conditions:
  KernelGatewayAppsCondition: !Equals [!Ref StartKernelGatewayApps, 'YES']
  NoKernelGatewayAppsCondition: !Equals [!Ref StartKernelGatewayApps, 'NO']
Resources:
  SageMakerStudioDomain:
    Type: AWS::SageMaker::Domain
    Properties:
      AppNetworkAccessType: VpcOnly
      AuthMode: IAM
      DefaultUserSettings:
        ExecutionRole: !Ref SageMakerExecutionRoleArn
        SecurityGroups: !Ref SageMakerSecurityGroupIds
      DomainName: sm-mlops-dev-sagemaker-domain
      SubnetIds: !Ref SageMakerStudioSubnetIds
      VpcId: !Ref VPCId
      Tags: [{ Key: EnvironmentName, Value: sm-mlops }, { Key: EnvironmentType, Value: dev }]
  SageMakerUserProfile:
    Type: AWS::SageMaker::UserProfile
    Properties:
      DomainId: !GetAtt SageMakerStudioDomain.DomainId
      UserProfileName: sm-mlops-dev-user-profile
      UserSettings:
        ExecutionRole: !Ref SageMakerExecutionRoleArn
        SecurityGroups: !Ref SageMakerSecurityGroupIds
  JupyterApp:
    Type: AWS::SageMaker::App
    DependsOn: SageMakerUserProfile
    Properties:
      AppName: default
      AppType: JupyterServer
      DomainId: !GetAtt SageMakerStudioDomain.DomainId
      UserProfileName: sm-mlops-dev-user-profile
  DataScienceApp:
    Type: AWS::SageMaker::App
    DependsOn: SageMakerUserProfile
    Condition: KernelGatewayAppsCondition
    Properties:
      AppName: sm-mlops-datascience-ml-t3-medium
      AppType: KernelGateway
      DomainId: !GetAtt SageMakerStudioDomain.DomainId
      ResourceSpec: { InstanceType: ml.t3.medium }
      UserProfileName: sm-mlops-dev-user-profile
  EnableSageMakerProjects:
    Type: Custom::ResourceForEnablingSageMakerProjects
    Properties:
      ServiceToken: !ImportValue StudioProjectsServiceToken
      ExecutionRole: !Ref SageMakerExecutionRoleArn
  DeleteKernelGatewayAppsNoKGCondition:
    Type: Custom::DeleteKernelGatewayApps
    Condition: NoKernelGatewayAppsCondition
    DependsOn: SageMakerUserProfile
    Properties:
      ServiceToken: !ImportValue StudioContentsServiceToken
      DomainId: !GetAtt SageMakerStudioDomain.DomainId
  DeleteKernelGatewayAppsKGCondition:
    Type: Custom::DeleteKernelGatewayApps
    Condition: KernelGatewayAppsCondition
    DependsOn: [DataScienceApp]
    Properties:
      ServiceToken: !ImportValue StudioContentsServiceToken
      DomainId: !GetAtt SageMakerStudioDomain.DomainId
Outputs:
  SageMakerDomainId: { Value: !GetAtt SageMakerStudioDomain.DomainId }
`;
