import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { account, region } from '../../scripts/start/clients.ts';
import type { Caller } from '../stacks/caller.ts';
import { deployTemplate, startCloud } from '../stacks/cloud.ts';
import { studioUser } from '../stacks/studio-user.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';

export const RoleArn = `arn:aws:iam::${account}:role/studio-data-scientist`;
export const KmsKeyArn = `arn:aws:kms:${region}:${account}:key/0b1c2d3e`;
export const SecurityGroupIds = ['sg-0123456789abcdef0'];

/** A role with every right of SageMaker and S3, which guardrails alone hold back. */
const wide = `
Parameters:
  Guardrails: { Type: CommaDelimitedList }
  Name: { Type: String }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref Name
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { Service: sagemaker.amazonaws.com, AWS: !Ref AWS::AccountId }
            Action: sts:AssumeRole
      ManagedPolicyArns: !Ref Guardrails
      Policies:
        - PolicyName: wide
          PolicyDocument:
            Version: '2012-10-17'
            Statement: { Effect: Allow, Action: ['sagemaker:*', 's3:*', 'iam:PassRole'], Resource: '*' }
`;

/** A domain with two people, whose role is execution-role.yaml's with each of its guardrails. */
export class DataScientists {
  readonly cloud: TestCloud;
  readonly subnets: string[];
  readonly role: Record<string, string>;
  readonly #domainId: string;

  private constructor(cloud: TestCloud, subnets: string[], role: Record<string, string>, domainId: string) {
    this.cloud = cloud;
    this.subnets = subnets;
    this.role = role;
    this.#domainId = domainId;
  }

  static async start(parameters: Record<string, string> = {}): Promise<DataScientists> {
    const cloud = await startCloud();
    const { VpcId = '', SubnetIds = '' } = await deployTemplate(cloud, 'network', 'network.yaml');
    const role = await deployTemplate(cloud, 'role', 'execution-role.yaml', {
      SubnetIds,
      SecurityGroupIds: SecurityGroupIds.join(),
      KmsKeyArn,
      RequiredTagKey: 'CostCenter',
      ...parameters,
    });
    const given = { VpcId, SubnetIds, ExecutionRoleArn: RoleArn, HomeEfsFileSystem: 'Delete', DeleteContents: 'All' };
    const { DomainId = '' } = await deployTemplate(cloud, 'domain', 'domain.yaml', { DomainName: 'guarded', ...given });
    for (const UserProfileName of ['ada', 'grace']) {
      await deployTemplate(cloud, UserProfileName, 'user-profile.yaml', { DomainId, UserProfileName });
    }
    return new DataScientists(cloud, SubnetIds.split(','), role, DomainId);
  }

  /** SageMaker as this person's apps call it. */
  sagemaker(name: 'ada' | 'grace'): Promise<SageMakerClient> {
    return studioUser(this.cloud, this.#domainId, name);
  }

  /** A caller in this person's name. */
  async as(name: 'ada' | 'grace'): Promise<Caller> {
    const arn = `arn:aws:sagemaker:${region}:${account}:user-profile/${this.#domainId}/${name}`;
    return this.cloud.as(await this.cloud.userKeys(arn));
  }

  /** A caller with a session of another role. */
  async assume(RoleName: string): Promise<Caller> {
    const sts = new STSClient(this.cloud.clientOptions);
    const role = `arn:aws:iam::${account}:role/${RoleName}`;
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'ada' }));
    sts.destroy();
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials!;
    return this.cloud.as({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
  }

  /** A caller with every right of SageMaker and S3, and the guardrails. */
  async wide(): Promise<Caller> {
    await createWideRole(this.cloud, 'studio-wide', this.role.GuardrailPolicyArns!);
    return this.assume('studio-wide');
  }
}

/** Creates a role with every right of SageMaker and S3, which these policies alone hold back; gives its ARN. */
export async function createWideRole(cloud: Caller, Name: string, Guardrails: string): Promise<string> {
  const { failures } = await cloud.deploy(Name, { template: wide, parameters: { Name, Guardrails } });
  expect(failures).toEqual([]);
  return `arn:aws:iam::${account}:role/${Name}`;
}

/** `denied` by a guardrail, `not allowed` by any statement, or what the call came to. */
export async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    const { name, message } = error as Error;
    if (!/^AccessDenied/.test(name)) return message;
    return message.includes('with an explicit deny') ? 'denied' : 'not allowed';
  }
}
