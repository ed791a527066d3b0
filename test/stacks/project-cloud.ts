import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '@aws-sdk/client-cloudformation';
import { GetPipelineStateCommand } from '@aws-sdk/client-codepipeline';
import { DescribeProjectCommand, type DescribeProjectOutput } from '@aws-sdk/client-sagemaker';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { account, type Clients, createClients, region } from '../../scripts/start/clients.ts';
import { deployStack, type Ended } from '../../scripts/start/stack.ts';
import { buildCommands } from './build-commands.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';

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
      RoleName: somebody-else
      AssumeRolePolicyDocument: ${trust}
      ManagedPolicyArns: [!Sub 'arn:\${AWS::Partition}:iam::aws:policy/AmazonSageMakerFullAccess']
`;

type Settled = Pick<DescribeProjectOutput, 'ProjectStatus'> & Partial<DescribeProjectOutput>;

/** The local cloud with the provider, and people who have roles. */
export class ProjectCloud {
  readonly cloud: TestCloud;

  private constructor(cloud: TestCloud) {
    this.cloud = cloud;
  }

  /** `programs` is a directory for what stands for the `aws` command line, which builds find first. */
  static async start(programs: string): Promise<ProjectCloud> {
    process.env.PATH = buildCommands(programs, ['aws']);
    const made = new ProjectCloud(await startCloud(['--durations', '0.03']));
    const { cloudformation } = made.cloud.clients;
    await installProvider(made.cloud.clients);
    const template = people;
    const roles = await deployStack(cloudformation, blind, { name: 'people', template });
    if (!roles.succeeded) throw new Error(`Making people's roles: ${reasons(roles).join('; ')}`);
    return made;
  }

  /** Clients with the rights of a role. */
  async as(RoleName: string): Promise<Clients> {
    const sts = new STSClient({
      endpoint: this.cloud.endpoint,
      region,
      credentials: { accessKeyId: account, secretAccessKey: 'local' },
    });
    const RoleArn = `arn:aws:iam::${account}:role/${RoleName}`;
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ada' }));
    sts.destroy();
    return createClients(this.cloud.endpoint, {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    });
  }

  /** Deploys a template of ours; as the account, unless told otherwise. */
  async deploy(
    name: string,
    template: string,
    parameters: Record<string, string>,
    as = this.cloud.clients,
  ): Promise<Ended> {
    const text = await readTemplate(template);
    return deployStack(as.cloudformation, blind, { name, template: text, parameters });
  }

  /** A project, once nothing is under way. A deleted one is seen for a while, and then no more. */
  settled(ProjectName: string): Promise<Settled> {
    return until(async () => {
      const project = await this.cloud.clients.sagemaker
        .send(new DescribeProjectCommand({ ProjectName }))
        .catch((error: Error): Settled => {
          if (error.message === `Project ${ProjectName} does not exist.`) return { ProjectStatus: 'DeleteCompleted' };
          throw error;
        });
      return /InProgress$|^Pending$/.test(project.ProjectStatus!) ? undefined : project;
    });
  }

  /** The stage of a pipeline, once its last execution has this status there. */
  stage(name: string, stageName: string, status: string) {
    return until(async () => {
      const { stageStates } = await this.cloud.clients.codepipeline.send(new GetPipelineStateCommand({ name }));
      const stage = stageStates!.find((one) => one.stageName === stageName);
      return stage?.latestExecution?.status === status ? stage : undefined;
    });
  }
}

/** Looks until there is something to see; the test's own time limit ends it otherwise. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(100);
  }
}

export function outputsOf({ Outputs = [] }: Stack): Record<string, string> {
  return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}
