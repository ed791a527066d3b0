import { GetPipelineStateCommand, type StageState } from '@aws-sdk/client-codepipeline';
import { DescribeProjectCommand, type DescribeProjectOutput } from '@aws-sdk/client-sagemaker';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { StackResult } from '../../packages/local/src/virtual/deployment.ts';
import { account } from '../../scripts/start/clients.ts';
import type { Caller } from './caller.ts';
import { readTemplate } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

const trust = `{ Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { Service: sagemaker.amazonaws.com, AWS: !Ref AWS::AccountId }, Action: 'sts:AssumeRole' }] }`;

/** People's role in Studio, which may launch stacks with projects in them, and one that no portfolio names. */
const people = `
Resources:
  Scientist:
    Type: AWS::IAM::Role
    Properties:
      RoleName: studio-scientist
      AssumeRolePolicyDocument: ${trust}
      ManagedPolicyArns: [!Sub 'arn:\${AWS::Partition}:iam::aws:policy/AmazonSageMakerFullAccess']
      Policies:
        - PolicyName: stacks
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: ['cloudformation:CreateStack', 'cloudformation:UpdateStack', 'cloudformation:DeleteStack', 'cloudformation:DescribeStacks', 'cloudformation:DescribeStackEvents']
                Resource: !Sub 'arn:\${AWS::Partition}:cloudformation:\${AWS::Region}:\${AWS::AccountId}:stack/project-*'
  Stranger:
    Type: AWS::IAM::Role
    Properties:
      RoleName: other-user
      AssumeRolePolicyDocument: ${trust}
      ManagedPolicyArns: [!Sub 'arn:\${AWS::Partition}:iam::aws:policy/AmazonSageMakerFullAccess']
`;

type Settled = Pick<DescribeProjectOutput, 'ProjectStatus'> & Partial<DescribeProjectOutput>;

/** A cloud with the provider, and people who have roles. */
export class ProjectCloud {
  readonly cloud: Pick<TestCloud, keyof Caller | 'as'>;

  private constructor(cloud: ProjectCloud['cloud']) {
    this.cloud = cloud;
  }

  static async start(cloud: ProjectCloud['cloud']): Promise<ProjectCloud> {
    const { failures } = await cloud.deploy('people', { template: people });
    if (failures.length > 0) throw new Error(`Making people's roles: ${failures.join('; ')}`);
    return new ProjectCloud(cloud);
  }

  /** A caller with a session of a role. */
  async as(RoleName: string): Promise<Caller> {
    const sts = new STSClient(this.cloud.clientOptions);
    const RoleArn = `arn:aws:iam::${account}:role/${RoleName}`;
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ada' }));
    sts.destroy();
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials!;
    return this.cloud.as({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
  }

  /** Deploys a template of ours; as the account, unless told otherwise. */
  async deploy(
    name: string,
    template: string,
    parameters: Record<string, string>,
    as: Caller = this.cloud,
  ): Promise<StackResult> {
    return as.deploy(name, { template: await readTemplate(template), parameters });
  }

  /** A project, once nothing is under way. A deleted one is seen for a while, and then no more. */
  async settled(ProjectName: string): Promise<Settled> {
    let project: Settled = { ProjectStatus: undefined };
    await this.cloud.until(async () => {
      project = await this.cloud.clients.sagemaker
        .send(new DescribeProjectCommand({ ProjectName }))
        .catch((error: Error): Settled => {
          if (error.message === `Project ${ProjectName} does not exist.`) return { ProjectStatus: 'DeleteCompleted' };
          throw error;
        });
      return !/InProgress$|^Pending$/.test(project.ProjectStatus!);
    }, `project ${ProjectName} to be at rest`);
    return project;
  }

  /** The stage of a pipeline, once its last execution has this status there. */
  async stage(name: string, stageName: string, status: string): Promise<StageState> {
    let stage: StageState = {};
    await this.cloud.until(async () => {
      const { stageStates } = await this.cloud.clients.codepipeline.send(new GetPipelineStateCommand({ name }));
      stage = stageStates!.find((one) => one.stageName === stageName) ?? {};
      return stage.latestExecution?.status === status;
    }, `stage ${stageName} of pipeline ${name} to be ${status}`);
    return stage;
  }
}
