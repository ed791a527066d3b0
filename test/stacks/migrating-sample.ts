const parameters = `
Parameters:
  VpcId: { Type: 'AWS::EC2::VPC::Id' }
  SubnetId: { Type: 'AWS::EC2::Subnet::Id' }
  ExecutionRole: { Type: String }`;

/** Replaces the samples' own functions: finds that what it has to create exists, and deletes nothing. */
const provider = `
      async function answer({ ResponseURL, RequestType, StackId, RequestId, LogicalResourceId, ResourceProperties }) {
        const { DomainId, UserProfileName } = ResourceProperties;
        const Status = RequestType === 'Delete' ? 'FAILED' : 'SUCCESS';
        const PhysicalResourceId = UserProfileName ?? DomainId ?? 'projects';
        const ids = { StackId, RequestId, LogicalResourceId, PhysicalResourceId };
        const body = JSON.stringify({ Status, Reason: 'It deletes nothing', ...ids, Data: { DomainId, UserProfileName } });
        await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
      }
      exports.handler = answer;`;

/** A stack of the samples' custom resources with their own function, which knows the domain that it has made. */
export function sample(domainToken?: string): string {
  return `${parameters}
  DomainId: { Type: String }
Resources:
  FunctionRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }]
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: !GetAtt FunctionRole.Arn
      Timeout: 900
      Code:
        ZipFile: |${provider.replaceAll('\n', '\n    ')}
  StudioDomain:
    Type: Custom::StudioDomain
    Properties:
      ServiceToken: ${domainToken ? `!ImportValue ${domainToken}` : '!GetAtt Function.Arn'}
      DomainId: !Ref DomainId
      VPC: !Ref VpcId
      SubnetIds: !Ref SubnetId
      DomainName: research
      DefaultUserSettings:
        ExecutionRole: !Ref ExecutionRole
  UserProfile:
    Type: Custom::UserProfile
    Properties:
      ServiceToken: !GetAtt Function.Arn
      DomainId: !GetAtt StudioDomain.DomainId
      UserProfileName: ada
      UserSettings:
        ExecutionRole: !Ref ExecutionRole
  EnableSageMakerProjects:
    Type: Custom::ResourceForEnablingSageMakerProjects
    Properties:
      ServiceToken: !GetAtt Function.Arn
      ExecutionRole: !Ref ExecutionRole
  DeleteKernelGatewayApps:
    Type: Custom::DeleteKernelGatewayApps
    DependsOn: UserProfile
    Properties:
      ServiceToken: !GetAtt Function.Arn
      DomainId: !GetAtt StudioDomain.DomainId
Outputs:
  DomainId: { Value: !GetAtt StudioDomain.DomainId }
`;
}

/** The same stack with ours in place of the sample's custom resources and its function. */
export const adoptedSample = `${parameters}
Resources:
  Domain:
    Type: Custom::StudioDomain
    Properties:
      ServiceToken: !ImportValue StudioDomainServiceToken
      AdoptExisting: true
      VPC: !Ref VpcId
      SubnetIds: !Ref SubnetId
      DomainName: research
      DefaultUserSettings:
        ExecutionRole: !Ref ExecutionRole
  Ada:
    Type: Custom::StudioUserProfile
    Properties:
      ServiceToken: !ImportValue StudioUserProfileServiceToken
      AdoptExisting: true
      DomainId: !GetAtt Domain.DomainId
      UserProfileName: ada
      UserSettings:
        ExecutionRole: !Ref ExecutionRole
  Projects:
    Type: Custom::StudioProjects
    Properties:
      ServiceToken: !ImportValue StudioProjectsServiceToken
      ExecutionRole: !Ref ExecutionRole
Outputs:
  DomainId: { Value: !GetAtt Domain.DomainId }
`;
