/** Actions, and the property without which a handler does not call them. An empty name: whatever the properties are. */
type ByProperty = Readonly<Record<string, readonly string[]>>;

/**
 * The registry lists the permissions of a handler for all of a type's properties. These are needed only where the
 * property is given, at any depth: by the property's description in AWS's Template Reference, and the action's in the
 * Service Authorization Reference.
 */
export const permissionsByProperty: Readonly<Record<string, ByProperty>> = {
  'AWS::CloudFormation::Stack': {
    EnableTerminationProtection: ['cloudformation:UpdateTerminationProtection'],
    StackPolicyBody: ['cloudformation:SetStackPolicy'],
  },
  'AWS::CloudTrail::Trail': {
    CloudWatchLogsRoleArn: ['iam:GetRole'],
    EventSelectors: ['CloudTrail:PutEventSelectors'],
    InsightSelectors: ['CloudTrail:PutInsightSelectors'],
    IsOrganizationTrail: ['organizations:DescribeOrganization', 'organizations:ListAWSServiceAccessForOrganization'],
    MaxEventSize: ['CloudTrail:PutEventConfiguration'],
  },
  'AWS::CodePipeline::Pipeline': {
    ConnectionArn: ['codestar-connections:PassConnection'],
    DisableInboundStageTransitions: ['codepipeline:DisableStageTransition', 'codepipeline:EnableStageTransition'],
    RestartExecutionOnUpdate: ['codepipeline:StartPipelineExecution'],
  },
  'AWS::EC2::EIP': {
    InstanceId: ['ec2:AssociateAddress', 'ec2:DisassociateAddress'],
    TransferAddress: ['ec2:AcceptAddressTransfer'],
  },
  'AWS::EC2::NatGateway': {
    SecondaryAllocationIds: ['ec2:AssociateNatGatewayAddress', 'ec2:DisassociateNatGatewayAddress'],
    SecondaryPrivateIpAddresses: ['ec2:AssignPrivateNatGatewayAddress', 'ec2:UnassignPrivateNatGatewayAddress'],
  },
  'AWS::EC2::Route': { NetworkInterfaceId: ['ec2:DescribeNetworkInterfaces'] },
  'AWS::EC2::SecurityGroup': {
    SecurityGroupEgress: [
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupEgress',
      'ec2:UpdateSecurityGroupRuleDescriptionsEgress',
    ],
    SecurityGroupIngress: [
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:RevokeSecurityGroupIngress',
      'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
    ],
  },
  'AWS::EC2::Subnet': {
    Ipv6CidrBlock: ['ec2:AssociateSubnetCidrBlock', 'ec2:DisassociateSubnetCidrBlock'],
    MapPublicIpOnLaunch: ['ec2:ModifySubnetAttribute'],
  },
  'AWS::EC2::VPC': {
    EnableDnsHostnames: ['ec2:ModifyVpcAttribute'],
    InstanceTenancy: ['ec2:ModifyVpcTenancy'],
    VpcEncryptionControl: ['ec2:CreateVpcEncryptionControl', 'ec2:DescribeVpcEncryptionControls'],
  },
  'AWS::EC2::VPCEndpoint': {
    ServiceNetworkArn: [
      'vpc-lattice:CreateServiceNetworkVpcEndpointAssociation',
      'vpc-lattice:DescribeServiceNetworkVpcEndpointAssociation',
    ],
    ServiceRegion: ['vpce:AllowMultiRegion'],
  },
  'AWS::EC2::VPCGatewayAttachment': {
    InternetGatewayId: ['ec2:AttachInternetGateway', 'ec2:DetachInternetGateway'],
    VpnGatewayId: ['ec2:AttachVpnGateway', 'ec2:DescribeVpnGateways', 'ec2:DetachVpnGateway'],
  },
  'AWS::ECR::Repository': {
    ImageScanningConfiguration: ['ecr:PutImageScanningConfiguration'],
    ImageTagMutability: ['ecr:PutImageTagMutability'],
    LifecyclePolicy: ['ecr:DeleteLifecyclePolicy', 'ecr:PutLifecyclePolicy'],
    RepositoryPolicyText: ['ecr:DeleteRepositoryPolicy', 'ecr:SetRepositoryPolicy'],
  },
  'AWS::EFS::FileSystem': {
    BackupPolicy: ['elasticfilesystem:PutBackupPolicy'],
    FileSystemPolicy: ['elasticfilesystem:DeleteFileSystemPolicy', 'elasticfilesystem:PutFileSystemPolicy'],
    FileSystemProtection: ['elasticfilesystem:UpdateFileSystemProtection'],
    LifecyclePolicies: ['elasticfilesystem:PutLifecycleConfiguration'],
    ReplicationConfiguration: [
      'elasticfilesystem:CreateReplicationConfiguration',
      'elasticfilesystem:DeleteReplicationConfiguration',
      'elasticfilesystem:DescribeReplicationConfigurations',
    ],
    ThroughputMode: ['elasticfilesystem:UpdateFileSystem'],
  },
  'AWS::Events::Rule': {
    Targets: ['events:PutTargets', 'events:RemoveTargets'],
    // See AWS::S3::Bucket.
    '': ['events:ListTagsForResource', 'events:ListTargetsByRule'],
  },
  'AWS::IAM::ManagedPolicy': {
    Groups: ['iam:AttachGroupPolicy', 'iam:DetachGroupPolicy'],
    Roles: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
    Users: ['iam:AttachUserPolicy', 'iam:DetachUserPolicy'],
  },
  'AWS::IAM::Role': {
    Description: ['iam:UpdateRoleDescription'],
    ManagedPolicyArns: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
    PermissionsBoundary: ['iam:DeleteRolePermissionsBoundary', 'iam:PutRolePermissionsBoundary'],
    Policies: ['iam:DeleteRolePolicy', 'iam:GetRolePolicy', 'iam:PutRolePolicy'],
  },
  'AWS::IAM::User': {
    Groups: ['iam:AddUserToGroup', 'iam:RemoveUserFromGroup'],
    LoginProfile: ['iam:CreateLoginProfile', 'iam:UpdateLoginProfile'],
    ManagedPolicyArns: ['iam:AttachUserPolicy', 'iam:DetachUserPolicy'],
    PermissionsBoundary: ['iam:DeleteUserPermissionsBoundary', 'iam:PutUserPermissionsBoundary'],
    Policies: ['iam:DeleteUserPolicy', 'iam:GetUserPolicy', 'iam:PutUserPolicy'],
  },
  'AWS::KMS::Key': {
    Description: ['kms:UpdateKeyDescription'],
    EnableKeyRotation: ['kms:DisableKeyRotation', 'kms:EnableKeyRotation'],
    Enabled: ['kms:DisableKey', 'kms:EnableKey'],
    KeyPolicy: ['kms:PutKeyPolicy'],
  },
  'AWS::Lambda::Alias': {
    ProvisionedConcurrencyConfig: [
      'lambda:DeleteProvisionedConcurrencyConfig',
      'lambda:GetProvisionedConcurrencyConfig',
      'lambda:PutProvisionedConcurrencyConfig',
    ],
    // Only an UpdatePolicy with CodeDeployLambdaAliasUpdate makes deployments, which the local cloud does not have.
    '': [
      'codedeploy:CreateDeployment',
      'codedeploy:GetDeployment',
      'codedeploy:GetDeploymentConfig',
      'codedeploy:GetDeploymentGroup',
      'codedeploy:StopDeployment',
    ],
  },
  'AWS::Lambda::Function': {
    CapacityProviderConfig: [
      'lambda:GetFunctionScalingConfig',
      'lambda:PassCapacityProvider',
      'lambda:PutFunctionScalingConfig',
    ],
    CodeSigningConfigArn: [
      'lambda:DeleteFunctionCodeSigningConfig',
      'lambda:GetCodeSigningConfig',
      'lambda:PutFunctionCodeSigningConfig',
    ],
    FileSystemConfigs: ['elasticfilesystem:DescribeMountTargets', 's3files:ListMountTargets'],
    Layers: ['lambda:GetLayerVersion'],
    PublishToLatestPublished: ['lambda:PublishVersion'],
    RecursiveLoop: ['lambda:PutFunctionRecursionConfig'],
    ReservedConcurrentExecutions: ['lambda:DeleteFunctionConcurrency', 'lambda:PutFunctionConcurrency'],
    RuntimeManagementConfig: ['lambda:PutRuntimeManagementConfig'],
    S3Bucket: ['s3:GetObject'],
    S3ObjectVersion: ['s3:GetObjectVersion'],
    VpcConfig: [
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
    ],
  },
  'AWS::Lambda::LayerVersion': { S3ObjectVersion: ['s3:GetObjectVersion'] },
  'AWS::Lambda::Version': {
    FunctionScalingConfig: ['lambda:GetFunctionScalingConfig', 'lambda:PutFunctionScalingConfig'],
    ProvisionedConcurrencyConfig: ['lambda:GetProvisionedConcurrencyConfig', 'lambda:PutProvisionedConcurrencyConfig'],
    RuntimePolicy: ['lambda:GetRuntimeManagementConfig', 'lambda:PutRuntimeManagementConfig'],
  },
  'AWS::Logs::LogGroup': {
    DataProtectionPolicy: [
      'firehose:TagDeliveryStream',
      'logs:CreateLogDelivery',
      'logs:DeleteDataProtectionPolicy',
      'logs:PutDataProtectionPolicy',
      's3:REST.PUT.OBJECT',
    ],
    KmsKeyId: ['logs:AssociateKmsKey', 'logs:DisassociateKmsKey'],
    ResourcePolicyDocument: ['logs:DescribeResourcePolicies', 'logs:PutResourcePolicy'],
    RetentionInDays: ['logs:DeleteRetentionPolicy', 'logs:PutRetentionPolicy'],
  },
  'AWS::RAM::ResourceShare': {
    PermissionArns: ['ram:AssociateResourceSharePermission', 'ram:GetPermission', 'ram:ListResourceSharePermissions'],
  },
  'AWS::S3::Bucket': {
    AccelerateConfiguration: ['s3:PutAccelerateConfiguration'],
    AccessControl: ['s3:GetBucketAcl', 's3:PutBucketAcl', 's3:PutObjectAcl'],
    AnalyticsConfigurations: ['s3:PutAnalyticsConfiguration'],
    BucketEncryption: ['s3:PutEncryptionConfiguration'],
    CorsConfiguration: ['s3:PutBucketCORS'],
    IntelligentTieringConfigurations: ['s3:PutIntelligentTieringConfiguration'],
    InventoryConfigurations: ['s3:PutInventoryConfiguration'],
    LifecycleConfiguration: ['s3:PutLifecycleConfiguration'],
    LoggingConfiguration: ['s3:PutBucketLogging'],
    MetadataTableConfiguration: [
      's3:CreateBucketMetadataTableConfiguration',
      's3:DeleteBucketMetadataTableConfiguration',
      's3:DeleteObject',
      's3:GetBucketMetadataTableConfiguration',
      's3tables:CreateNamespace',
      's3tables:CreateTable',
      's3tables:GetTable',
      's3tables:GetTableMetadataLocation',
      's3tables:PutTablePolicy',
      's3tables:UpdateTableMetadataLocation',
    ],
    MetricsConfigurations: ['s3:PutMetricsConfiguration'],
    NotificationConfiguration: ['s3:PutBucketNotification'],
    ObjectLockEnabled: ['s3:PutBucketObjectLockConfiguration', 's3:PutObjectLockConfiguration'],
    OwnershipControls: ['s3:PutBucketOwnershipControls'],
    PublicAccessBlockConfiguration: ['s3:PutBucketPublicAccessBlock'],
    ReplicationConfiguration: ['s3:PutBucketReplication', 's3:PutReplicationConfiguration'],
    VersioningConfiguration: ['s3:PutBucketVersioning'],
    WebsiteConfiguration: ['s3:DeleteBucketWebsite', 's3:PutBucketWebsite'],
    '': [
      // IAM has no such actions: those to put these settings take them away too.
      's3:DeleteBucketAnalyticsConfiguration',
      's3:DeleteBucketCors',
      's3:DeleteBucketEncryption',
      's3:DeleteBucketLifecycle',
      's3:DeleteBucketMetricsConfiguration',
      's3:DeleteBucketReplication',
      // AWS's own role for launching its project templates, which make buckets and rules, has none of these:
      // the managed policy AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy.
      'S3:GetBucketWebsite',
      's3:GetAccelerateConfiguration',
      's3:GetAnalyticsConfiguration',
      's3:GetBucketCORS',
      's3:GetBucketLogging',
      's3:GetBucketNotification',
      's3:GetBucketObjectLockConfiguration',
      's3:GetBucketOwnershipControls',
      's3:GetBucketPublicAccessBlock',
      's3:GetBucketTagging',
      's3:GetBucketVersioning',
      's3:GetEncryptionConfiguration',
      's3:GetIntelligentTieringConfiguration',
      's3:GetInventoryConfiguration',
      's3:GetLifecycleConfiguration',
      's3:GetMetricsConfiguration',
      's3:GetReplicationConfiguration',
      's3:ListBucket',
    ],
  },
  'AWS::SageMaker::Domain': {
    CustomImages: ['sagemaker:DescribeImage', 'sagemaker:DescribeImageVersion'],
    RStudioServerProDomainSettings: [
      'sagemaker:CreateApp',
      'sagemaker:DeleteApp',
      'sagemaker:DescribeApp',
      'sagemaker:DescribeUserProfile',
    ],
    // IAM has no actions of this prefix: EFS's is elasticfilesystem.
    '': ['efs:CreateFileSystem', 'efs:DeleteFileSystem', 'efs:DeleteMountTarget', 'efs:DescribeMountTargets'],
  },
  'AWS::SageMaker::ModelPackageGroup': {
    ModelPackageGroupPolicy: ['sagemaker:DeleteModelPackageGroupPolicy', 'sagemaker:PutModelPackageGroupPolicy'],
  },
  'AWS::SageMaker::Pipeline': { PipelineDefinitionS3Location: ['s3:GetObject'] },
  'AWS::SageMaker::Project': {
    TemplateProviderDetails: [
      'cloudformation:CreateStack',
      'cloudformation:DeleteStack',
      'cloudformation:DescribeStacks',
      'iam:PassRole',
      's3:GetObject',
    ],
  },
  'AWS::SageMaker::UserProfile': {
    CustomImages: ['sagemaker:DescribeImage', 'sagemaker:DescribeImageVersion'],
    SingleSignOnUserValue: [
      'identitystore:DescribeUser',
      'identitystore:ListUsers',
      'sso:DescribeInstance',
      'sso:ListInstances',
    ],
  },
  'AWS::SecretsManager::Secret': {
    GenerateSecretString: ['secretsmanager:GetRandomPassword'],
    ReplicaRegions: ['secretsmanager:RemoveRegionsFromReplication', 'secretsmanager:ReplicateSecretToRegions'],
  },
  'AWS::ServiceCatalog::CloudFormationProduct': {
    ConnectionArn: [
      'codestar-connections:GetConnection',
      'codestar-connections:PassConnection',
      'codestar-connections:UseConnection',
    ],
    ImportFromPhysicalId: ['cloudformation:GetTemplate'],
    // Only an artifact that has service actions loses them.
    '': [
      'servicecatalog:DisassociateServiceActionFromProvisioningArtifact',
      'servicecatalog:ListServiceActionsForProvisioningArtifact',
    ],
  },
  'AWS::SNS::Subscription': { SubscriptionRoleArn: ['iam:GetRole'] },
  'AWS::SNS::Topic': {
    DataProtectionPolicy: ['sns:PutDataProtectionPolicy'],
    DeliveryStatusLogging: ['iam:GetRole'],
    Subscription: ['sns:Subscribe', 'sns:Unsubscribe'],
  },
  'AWS::StepFunctions::StateMachine': { DefinitionS3Location: ['s3:GetObject'] },
};
