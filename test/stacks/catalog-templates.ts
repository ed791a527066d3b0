/** A policy that roles of user profiles may have. */
export const workPolicy = `
Resources:
  Work:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: studio-work
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Action: 'sagemaker:ListDomains', Resource: '*' }]
Outputs:
  Work: { Value: !Ref Work }
`;

/** The permissions boundary of the roles that products create. */
export const boundaryPolicy = workPolicy.replaceAll('studio-work', 'boundary').replaceAll('Work', 'Boundary');

/** A project template: a queue of work, in the form of a bucket. */
export const projectTemplate = `
Parameters:
  SageMakerProjectName: { Type: String }
  SageMakerProjectId: { Type: String }
Resources:
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: !Sub 'sagemaker-project-\${SageMakerProjectId}' } }
`;

/** Its product, with a launch role of its own. */
export function projectTemplates(bucket: string): string {
  return `
Resources:
  LaunchRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: launch-project-templates
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: servicecatalog.amazonaws.com }, Action: 'sts:AssumeRole' }]
      Policies:
        - PolicyName: launch
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - { Effect: Allow, Action: ['cloudformation:*', 's3:GetObject'], Resource: '*' }
              - { Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::sagemaker-*' }
  Portfolio: { Type: 'AWS::ServiceCatalog::Portfolio', Properties: { DisplayName: Templates, ProviderName: Platform } }
  Product:
    Type: AWS::ServiceCatalog::CloudFormationProduct
    Properties:
      Name: Bucket
      Owner: Platform
      ProvisioningArtifactParameters: [{ Info: { LoadTemplateFromURL: 'https://${bucket}.s3.amazonaws.com/project.yaml' } }]
  InPortfolio:
    Type: AWS::ServiceCatalog::PortfolioProductAssociation
    Properties: { PortfolioId: !Ref Portfolio, ProductId: !Ref Product }
  Constraint:
    Type: AWS::ServiceCatalog::LaunchRoleConstraint
    DependsOn: InPortfolio
    Properties: { PortfolioId: !Ref Portfolio, ProductId: !Ref Product, RoleArn: !GetAtt LaunchRole.Arn }
Outputs:
  PortfolioId: { Value: !Ref Portfolio }
  ProductId: { Value: !Ref Product }
  ArtifactId: { Value: !GetAtt Product.ProvisioningArtifactIds }
`;
}
