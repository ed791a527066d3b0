import * as Lambda from '@aws-sdk/client-lambda';
import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { resourceTypesOf } from '../../../packages/local/src/iam/resource-types.ts';
import type { Principal } from '../../../packages/local/src/principal.ts';
import { type Input, type OperationName, type Output, service } from '../../../packages/local/src/service.ts';
import { iam } from '../../../packages/local/src/services/iam/index.ts';
import { ram } from '../../../packages/local/src/services/ram/index.ts';
import { s3 } from '../../../packages/local/src/services/s3/index.ts';
import { sagemaker } from '../../../packages/local/src/services/sagemaker/index.ts';
import { AuthorisedCloud, account, policyOf, root, trusting } from './authorised-cloud.ts';

type Module = typeof SageMaker;

export const region = 'eu-west-1';

/** The function of that name answers every invocation with this. */
const greeting = { greeting: 'hello' };

const lambda = service('lambda', 'lambda', Lambda, {
  access: {
    Invoke: ({ FunctionName }) => [{ action: 'lambda:InvokeFunction', resource: FunctionName }],
  },
  operations: {
    Invoke: ({ FunctionName }) =>
      FunctionName!.endsWith(':greet')
        ? { StatusCode: 200, Payload: Buffer.from(JSON.stringify(greeting)) as never }
        : { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from('{"errorMessage":"no"}') as never },
  },
});

export const functionArn = (name: string) => `arn:aws:lambda:${region}:${account}:function:${name}`;

const actionsOfSageMaker = [
  ...['CreateProcessingJob', 'StopProcessingJob', 'CreateTrainingJob', 'CreateTransformJob'],
  ...['CreateHyperParameterTuningJob', 'CreateModel', 'CreateModelPackage'],
].map((operation) => `sagemaker:${operation}`);

const actionsOfRole = [...actionsOfSageMaker, 's3:GetObject', 'lambda:InvokeFunction'];

/** A cloud with pipelines, and a role that they may take on and pass to their jobs. */
export class PipelinesCloud extends AuthorisedCloud {
  roleArn = '';

  static async open(): Promise<PipelinesCloud> {
    const made = new PipelinesCloud([sagemaker, s3, ram, lambda]);
    await made.#role();
    // What IAM knows of actions is read from files, once: that is over before virtual time passes.
    await Promise.all(actionsOfRole.map(resourceTypesOf));
    return made;
  }

  async #role(): Promise<void> {
    const AssumeRolePolicyDocument = trusting({ Service: 'sagemaker.amazonaws.com' });
    const { Role } = await this.call(iam, 'CreateRole', { RoleName: 'pipeline', AssumeRolePolicyDocument });
    this.roleArn = Role!.Arn!;
    await this.allow([this.roleArn]);
  }

  /** Lets the pipelines' role do what steps do, and pass these roles. */
  async allow(passed: string[]): Promise<void> {
    const PolicyDocument = policyOf(
      { Effect: 'Allow', Action: actionsOfRole, Resource: '*' },
      ...(passed.length > 0 ? [{ Effect: 'Allow', Action: 'iam:PassRole', Resource: passed }] : []),
    );
    await this.call(iam, 'PutRolePolicy', { RoleName: 'pipeline', PolicyName: 'jobs', PolicyDocument });
  }

  sm<Name extends OperationName<Module>>(
    operation: Name,
    input: Input<Module, Name>,
    principal: Principal = root,
  ): Promise<Output<Module, Name>> {
    return this.call(sagemaker, operation, input, principal);
  }

  /** A pipeline of these steps; its ARN. */
  async pipeline(PipelineName: string, steps: object[], more: Partial<Input<Module, 'CreatePipeline'>> = {}) {
    const PipelineDefinition = definition(steps);
    const { roleArn: RoleArn } = this;
    const { PipelineArn } = await this.sm('CreatePipeline', { PipelineName, PipelineDefinition, RoleArn, ...more });
    return PipelineArn!;
  }

  async start(PipelineName: string, more: Partial<Input<Module, 'StartPipelineExecution'>> = {}): Promise<string> {
    const { PipelineExecutionArn } = await this.sm('StartPipelineExecution', { PipelineName, ...more });
    return PipelineExecutionArn!;
  }

  /** Lets all that runs in pipelines end. */
  async settle(): Promise<void> {
    for (let minute = 0; minute < 40; minute += 1) {
      await this.clock.pass(60_000);
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    }
  }

  async status(PipelineExecutionArn: string) {
    return (await this.sm('DescribePipelineExecution', { PipelineExecutionArn })).PipelineExecutionStatus;
  }

  /** The steps that have begun, by name. */
  async steps(PipelineExecutionArn: string): Promise<Record<string, SageMaker.PipelineExecutionStep>> {
    const { PipelineExecutionSteps } = await this.sm('ListPipelineExecutionSteps', { PipelineExecutionArn });
    return Object.fromEntries(PipelineExecutionSteps!.map((step) => [step.StepName!, step]));
  }

  /** A step that runs a processing job, whose result goes to the bucket `results`. */
  processing(Name: string, more: object = {}) {
    const output = { S3Uri: 's3://results/metrics', LocalPath: '/opt/ml/processing/out', S3UploadMode: 'EndOfJob' };
    return {
      Name,
      Type: 'Processing',
      Arguments: {
        AppSpecification: { ImageUri: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/process:1' },
        ProcessingOutputConfig: { Outputs: [{ OutputName: 'metrics', S3Output: output }] },
        ProcessingResources: {
          ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.t3.medium', VolumeSizeInGB: 10 },
        },
        RoleArn: this.roleArn,
      },
      ...more,
    };
  }

  /** A step that trains on what a processing step has written. */
  training(Name: string, after: string) {
    return {
      Name,
      Type: 'Training',
      Arguments: {
        AlgorithmSpecification: {
          TrainingImage: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:1',
          TrainingInputMode: 'File',
        },
        InputDataConfig: [
          {
            ChannelName: 'train',
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3Uri: { Get: `Steps.${after}.ProcessingOutputConfig.Outputs['metrics'].S3Output.S3Uri` },
              },
            },
          },
        ],
        OutputDataConfig: {
          S3OutputPath: { 'Std:Join': { On: '/', Values: ['s3://results', { Get: 'Execution.PipelineExecutionId' }] } },
        },
        ResourceConfig: {
          InstanceCount: { Get: 'Parameters.Instances' },
          InstanceType: 'ml.m5.large',
          VolumeSizeInGB: 10,
        },
        StoppingCondition: { MaxRuntimeInSeconds: 3600 },
        RoleArn: this.roleArn,
      },
    };
  }
}

/** The JSON of a definition with these steps, and the parameter `Instances`, 1 if left out. */
export function definition(Steps: object[], more: object = {}): string {
  const Parameters = [{ Name: 'Instances', Type: 'Integer', DefaultValue: 1 }];
  return JSON.stringify({ Version: '2020-12-01', Parameters, Steps, ...more });
}
