import { deleteStack, deployStack } from '../../scripts/start/stack.ts';
import { blind, installProvider, reasons, startCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
  await installProvider(cloud.clients);
}, 120_000);

afterAll(() => cloud.stop());

/** Custom resources spelled as AWS's blog on Studio domains spells them; only the ServiceTokens are ours. */
const template = `
Parameters:
  SubnetIds: { Type: String }
  VPCId: { Type: String }
  UserProfileName: { Type: String, Default: DefaultUser }
Resources:
  SageMakerExecutionRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - { Effect: Allow, Principal: { Service: [sagemaker.amazonaws.com] }, Action: ['sts:AssumeRole'] }
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSageMakerFullAccess']
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

const network = `
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.0.0.0/16 } }
  A: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  B: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24 } }
Outputs:
  VPCId: { Value: !Ref Vpc }
  SubnetIds: { Value: !Join [',', [!Ref A, !Ref B]] }
`;

test("the resources of AWS's blog template work when only their ServiceTokens change", async () => {
  const { cloudformation } = cloud.clients;
  const made = await deployStack(cloudformation, blind, { name: 'network', template: network });
  const parameters = Object.fromEntries(
    made.stack.Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue!]),
  );

  const created = await deployStack(cloudformation, blind, { name: 'studio-blog', template, parameters });
  expect(reasons(created)).toEqual([]);
  const outputs = Object.fromEntries(
    created.stack.Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  expect(outputs).toEqual({ DomainId: expect.stringMatching(/^d-/), UserProfileName: 'DefaultUser' });

  const renamed = await deployStack(cloudformation, blind, {
    name: 'studio-blog',
    template,
    parameters: { ...parameters, UserProfileName: 'OtherUser' },
  });
  expect(renamed.stack.StackStatus).toBe('UPDATE_COMPLETE');
  expect(reasons(await deleteStack(cloudformation, blind, renamed.stack))).toEqual([]);
}, 120_000);
