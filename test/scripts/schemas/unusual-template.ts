/** A valid template of what is rare: dynamic references, macros, loops, conditions within structures, and unions. */
export const unusualTemplate = `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::LanguageExtensions
Parameters:
  Timeout: {Type: Number, Default: 60}
  Private: {Type: String, Default: 'no'}
  Bucket: {Type: String, Default: bucket}
Conditions:
  IsPrivate: !Equals [!Ref Private, 'yes']
Mappings:
  Sizes:
    small: {Gb: 5}
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://example-bucket.s3.amazonaws.com/network.yaml
  Domain:
    Type: Custom::StudioDomain
    Properties:
      ServiceToken: !ImportValue StudioDomainServiceToken
      ServiceTimeout: '3600'
      DomainName: '{{resolve:ssm:/studio/name}}'
      AuthMode: '{{resolve:ssm:/studio/auth}}'
      VpcId: !GetAtt Network.Outputs.VpcId
      SubnetIds: !Split [',', !GetAtt Network.Outputs.SubnetIds]
      AppNetworkAccessType: !If [IsPrivate, VpcOnly, !Ref AWS::NoValue]
      HomeEfsFileSystem: !If [IsPrivate, Retain, Delete]
      KmsKeyId: ''
      AdoptExisting: '{{resolve:ssm:/studio/adopt}}'
      DefaultUserSettings:
        ExecutionRole: '{{resolve:ssm:/studio/role}}'
        SecurityGroups:
          - Fn::If: [IsPrivate, !ImportValue Sg, !Ref AWS::NoValue]
        JupyterLabAppSettings:
          Fn::If:
            - IsPrivate
            - AppLifecycleManagement:
                IdleSettings:
                  LifecycleManagement: ENABLED
                  IdleTimeoutInMinutes: !Ref Timeout
            - !Ref AWS::NoValue
        SpaceStorageSettings:
          DefaultEbsStorageSettings:
            DefaultEbsVolumeSizeInGb: !FindInMap [Sizes, small, Gb]
            MaximumEbsVolumeSizeInGb: '{{resolve:ssm:/studio/size}}'
        CustomFileSystemConfigs:
          Fn::If:
            - IsPrivate
            - - EFSFileSystemConfig:
                  FileSystemId: '{{resolve:ssm:/studio/efs}}'
                  FileSystemPath: /
            - []
      Tags:
        - Key: team
          Value: !Sub '\${AWS::StackName}-team'
  Included:
    Type: Custom::StudioUserProfile
    Properties:
      ServiceToken: !ImportValue StudioUserProfileServiceToken
      Fn::Transform:
        Name: AWS::Include
        Parameters:
          Location: !Sub s3://\${Bucket}/profile.yaml
  IncludedWhole:
    Type: Custom::StudioUserProfile
    Fn::Transform:
      Name: AWS::Include
      Parameters:
        Location: !Sub s3://\${Bucket}/profile.yaml
  Fn::ForEach::Users:
    - User
    - [ada, bob]
    - User\${User}:
        Type: Custom::StudioUserProfile
        Properties:
          ServiceToken: !ImportValue StudioUserProfileServiceToken
          DomainId: !GetAtt Domain.DomainId
          UserProfileName: !Ref User
Outputs:
  Url:
    Value: !GetAtt Domain.Url
  Attribute:
    Value: !Sub
      - '\${Url}/\${Domain.DomainArn}'
      - Url: !GetAtt Domain.Url
`;
