import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { account } from '../authorised-cloud.ts';
import { definition, functionArn, PipelinesCloud } from '../pipelines-cloud.ts';
import { error } from '../studio.ts';

let cloud: PipelinesCloud;

beforeEach(async () => {
  cloud = await PipelinesCloud.open();
});
afterEach(() => cloud.cloud.close());

const fail = { Name: 'Fail', Type: 'Fail', Arguments: { ErrorMessage: 'too bad' } };
const isAccurate = (IfSteps: object[], ElseSteps: object[]) => ({
  Name: 'IsAccurate',
  Type: 'Condition',
  Arguments: {
    Conditions: [
      {
        Type: 'GreaterThanOrEqualTo',
        LeftValue: {
          'Std:JsonGet': {
            PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.Report' },
            Path: 'metrics.accuracy.value',
          },
        },
        RightValue: 0.9,
      },
    ],
    IfSteps,
    ElseSteps,
  },
});
const report = { PropertyFiles: [{ PropertyFileName: 'Report', OutputName: 'metrics', FilePath: 'report.json' }] };

async function putReport(value: number): Promise<void> {
  const Body = Buffer.from(JSON.stringify({ metrics: { accuracy: { value } } }));
  await cloud.call(s3, 'PutObject', { Bucket: 'results', Key: 'metrics/report.json', Body: Body as never });
}

describe('executions', () => {
  test('steps run in order, each as a job, and use values of other steps', async () => {
    await cloud.pipeline('train', [cloud.training('Train', 'Prepare'), cloud.processing('Prepare')]);
    const arn = await cloud.start('train', { PipelineParameters: [{ Name: 'Instances', Value: '2' }] });
    expect(await cloud.status(arn)).toBe('Executing');
    await cloud.clock.pass(60_000);
    expect(Object.keys(await cloud.steps(arn))).toEqual(['Prepare']);
    expect((await cloud.steps(arn)).Prepare).toMatchObject({ StepStatus: 'Executing', AttemptCount: 1 });
    await cloud.settle();
    expect(await cloud.status(arn)).toBe('Succeeded');
    const { Prepare, Train } = await cloud.steps(arn);
    expect(Prepare).toMatchObject({ StepStatus: 'Succeeded', EndTime: expect.any(Date) });
    expect(Train!.StartTime!.getTime()).toBeGreaterThanOrEqual(Prepare!.EndTime!.getTime());
    const job = Train!.Metadata!.TrainingJob!.Arn!;
    const id = arn.slice(arn.lastIndexOf('/') + 1);
    expect(job).toMatch(`:training-job/pipelines-${id}-Train-`);
    const TrainingJobName = job.slice(job.lastIndexOf('/') + 1);
    expect(await cloud.sm('DescribeTrainingJob', { TrainingJobName })).toMatchObject({
      TrainingJobStatus: 'Completed',
      ResourceConfig: { InstanceCount: 2 },
      InputDataConfig: [{ DataSource: { S3DataSource: { S3Uri: 's3://results/metrics' } } }],
      ModelArtifacts: { S3ModelArtifacts: `s3://results/${id}/${TrainingJobName}/output/model.tar.gz` },
    });
    expect(await cloud.sm('ListPipelineParametersForExecution', { PipelineExecutionArn: arn })).toEqual({
      PipelineParameters: [{ Name: 'Instances', Value: '2' }],
    });
  });

  test('an execution keeps the definition with which it was started, and is listed with its pipeline', async () => {
    await cloud.pipeline('train', [cloud.processing('Prepare')]);
    const first = await cloud.start('train', { PipelineExecutionDisplayName: 'first' });
    await cloud.sm('UpdatePipeline', { PipelineName: 'train', PipelineDefinition: definition([fail]) });
    await cloud.clock.pass(1000);
    const second = await cloud.start('train');
    await expect(cloud.sm('DeletePipeline', { PipelineName: 'train' })).rejects.toEqual(error('ResourceInUse'));
    await cloud.settle();
    const { PipelineDefinition } = await cloud.sm('DescribePipelineDefinitionForExecution', {
      PipelineExecutionArn: first,
    });
    expect(PipelineDefinition).toBe(definition([cloud.processing('Prepare')]));
    const page = await cloud.sm('ListPipelineExecutions', { PipelineName: 'train', MaxResults: 1 });
    expect(page.PipelineExecutionSummaries).toMatchObject([
      {
        PipelineExecutionArn: second,
        PipelineExecutionStatus: 'Failed',
        PipelineExecutionFailureReason: 'Step failure: One or multiple steps failed.',
      },
    ]);
    const { NextToken } = page;
    expect(await cloud.sm('ListPipelineExecutions', { PipelineName: 'train', NextToken })).toMatchObject({
      PipelineExecutionSummaries: [
        { PipelineExecutionArn: first, PipelineExecutionStatus: 'Succeeded', PipelineExecutionDisplayName: 'first' },
      ],
    });
    const wrong = { PipelineName: 'train', NextToken: 'x' };
    await expect(cloud.sm('ListPipelineExecutions', wrong)).rejects.toEqual(error('ValidationException', 'NextToken'));
    await cloud.sm('DeletePipeline', { PipelineName: 'train' });
    await cloud.settle();
    await expect(cloud.status(first)).rejects.toEqual(error('ResourceNotFound', first));
  });

  test('an execution is started once for a client token', async () => {
    await cloud.pipeline('train', [cloud.processing('Prepare')]);
    const ClientRequestToken = 'a'.repeat(32);
    expect(await cloud.start('train', { ClientRequestToken })).toBe(await cloud.start('train', { ClientRequestToken }));
    expect(
      (await cloud.sm('ListPipelineExecutions', { PipelineName: 'train' })).PipelineExecutionSummaries,
    ).toHaveLength(1);
    await expect(cloud.start('train', { ClientRequestToken: 'short' })).rejects.toEqual(
      error('ValidationException', 'clientRequestToken'),
    );
  });

  test('steps run concurrently up to MaxParallelExecutionSteps', async () => {
    const ParallelismConfiguration = { MaxParallelExecutionSteps: 1 };
    await cloud.pipeline('train', [cloud.processing('a'), cloud.processing('b')], { ParallelismConfiguration });
    const one = await cloud.start('train');
    const two = await cloud.start('train', { ParallelismConfiguration: { MaxParallelExecutionSteps: 2 } });
    await cloud.clock.pass(60_000);
    expect(Object.keys(await cloud.steps(one))).toEqual(['a']);
    expect(Object.keys(await cloud.steps(two)).sort()).toEqual(['a', 'b']);
    await cloud.settle();
    expect(await cloud.status(one)).toBe('Succeeded');
    const { a, b } = await cloud.steps(one);
    expect(b!.StartTime!.getTime()).toBeGreaterThanOrEqual(a!.EndTime!.getTime());
  });

  test.each([
    [0.95, ['Evaluate', 'Greet', 'IsAccurate'], 'Succeeded', 'True'],
    [0.5, ['Evaluate', 'Fail', 'IsAccurate'], 'Failed', 'False'],
  ])('a condition decides by the file of a processing step: %s', async (accuracy, steps, status, Outcome) => {
    const LocationConstraint = 'eu-west-1';
    await cloud.call(s3, 'CreateBucket', { Bucket: 'results', CreateBucketConfiguration: { LocationConstraint } });
    await putReport(accuracy);
    const greet = {
      Name: 'Greet',
      Type: 'Lambda',
      Arguments: { name: 'Ada' },
      FunctionArn: functionArn('greet'),
      OutputParameters: [{ OutputName: 'greeting', OutputType: 'String' }],
    };
    await cloud.pipeline('train', [cloud.processing('Evaluate', report), isAccurate([greet], [fail])]);
    const arn = await cloud.start('train');
    await cloud.settle();
    const begun = await cloud.steps(arn);
    expect(Object.keys(begun).sort()).toEqual(steps);
    expect(await cloud.status(arn)).toBe(status);
    expect(begun.IsAccurate!.Metadata).toEqual({ Condition: { Outcome } });
    if (status === 'Succeeded') {
      expect(begun.Greet!.Metadata!.Lambda!.OutputParameters).toEqual([{ Name: 'greeting', Value: 'hello' }]);
    } else {
      expect(begun.Fail).toMatchObject({ FailureReason: 'too bad', Metadata: { Fail: { ErrorMessage: 'too bad' } } });
    }
  });

  test('a model is created, and registered in its group', async () => {
    await cloud.sm('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
    const Image = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:1';
    const formats = { SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'] };
    const model = { PrimaryContainer: { Image }, ExecutionRoleArn: cloud.roleArn };
    const InferenceSpecification = { Containers: [{ Image }], ...formats };
    const register = { ModelPackageGroupName: 'models', InferenceSpecification };
    await cloud.pipeline('train', [
      { Name: 'Make', Type: 'Model', Arguments: model },
      { Name: 'Register', Type: 'RegisterModel', DependsOn: ['Make'], Arguments: register },
    ]);
    const arn = await cloud.start('train');
    await cloud.settle();
    expect(await cloud.status(arn)).toBe('Succeeded');
    const { Make, Register } = await cloud.steps(arn);
    const made = Make!.Metadata!.Model!.Arn!;
    const { ModelArn } = await cloud.sm('DescribeModel', { ModelName: made.slice(made.lastIndexOf('/') + 1) });
    expect(ModelArn).toBe(made);
    expect(Register!.Metadata!.RegisterModel!.Arn).toBe(
      `arn:aws:sagemaker:eu-west-1:${account}:model-package/models/1`,
    );
  });

  test('a missing file and a function that fails fail their steps', async () => {
    await cloud.pipeline('train', [cloud.processing('Evaluate', report), isAccurate([fail], [])]);
    await cloud.pipeline('call', [{ Name: 'Call', Type: 'Lambda', FunctionArn: functionArn('break') }]);
    const [first, second] = [await cloud.start('train'), await cloud.start('call')];
    await cloud.settle();
    expect((await cloud.steps(first)).IsAccurate!.FailureReason).toMatch(
      's3://results/metrics/report.json. Error Details: The specified bucket does not exist',
    );
    expect((await cloud.steps(second)).Call!.FailureReason).toMatch('Lambda step Call failed: {"errorMessage":"no"}');
  });

  test('a step whose role cannot be passed fails; a retry runs it again, without the steps that have succeeded', async () => {
    await cloud.allow([]);
    const Resource = cloud.roleArn;
    await cloud.pipeline('train', [
      { Name: 'Greet', Type: 'Lambda', FunctionArn: functionArn('greet') },
      cloud.processing('Prepare', { DependsOn: ['Greet'] }),
    ]);
    const arn = await cloud.start('train');
    await cloud.settle();
    expect(await cloud.status(arn)).toBe('Failed');
    const { Greet, Prepare } = await cloud.steps(arn);
    expect(Prepare!.FailureReason).toMatch(
      `ClientError: Failed to invoke sagemaker:CreateProcessingJob. Error Details: User: arn:aws:sts::${account}:assumed-role/pipeline/SageMaker is not authorized to perform: iam:PassRole on resource: ${Resource}`,
    );
    await cloud.allow([cloud.roleArn]);
    await cloud.sm('RetryPipelineExecution', { PipelineExecutionArn: arn });
    expect(await cloud.status(arn)).toBe('Executing');
    await cloud.settle();
    expect(await cloud.sm('DescribePipelineExecution', { PipelineExecutionArn: arn })).toMatchObject({
      PipelineExecutionStatus: 'Succeeded',
    });
    const after = await cloud.steps(arn);
    expect(after.Greet).toEqual(Greet);
    expect(after.Prepare).toMatchObject({ StepStatus: 'Succeeded', AttemptCount: 2 });
    await expect(cloud.sm('RetryPipelineExecution', { PipelineExecutionArn: arn })).rejects.toEqual(
      error('ValidationException', 'Only an execution with the status Failed or Stopped can be retried'),
    );
  });

  test('a pipeline whose role was deleted fails with the reason', async () => {
    await cloud.pipeline('train', [cloud.processing('Prepare')]);
    await cloud.call(iam, 'DeleteRolePolicy', { RoleName: 'pipeline', PolicyName: 'jobs' });
    await cloud.call(iam, 'DeleteRole', { RoleName: 'pipeline' });
    const arn = await cloud.start('train');
    await cloud.settle();
    expect((await cloud.steps(arn)).Prepare!.FailureReason).toMatch("Unable to assume the pipeline's role");
  });

  test('an execution is stopped with its jobs, and continues from there when it is retried', async () => {
    await cloud.pipeline('train', [cloud.processing('Prepare'), cloud.training('Train', 'Prepare')]);
    const arn = await cloud.start('train');
    await cloud.clock.pass(30_000);
    await cloud.sm('StopPipelineExecution', { PipelineExecutionArn: arn });
    expect(await cloud.status(arn)).toBe('Stopping');
    await expect(cloud.sm('StopPipelineExecution', { PipelineExecutionArn: arn })).rejects.toEqual(
      error('ValidationException', 'has the status Stopping'),
    );
    await cloud.settle();
    expect(await cloud.status(arn)).toBe('Stopped');
    const { Prepare } = await cloud.steps(arn);
    expect(Prepare!.StepStatus).toBe('Stopped');
    const job = Prepare!.Metadata!.ProcessingJob!.Arn!;
    const ProcessingJobName = job.slice(job.lastIndexOf('/') + 1);
    const { ProcessingJobStatus } = await cloud.sm('DescribeProcessingJob', { ProcessingJobName });
    expect(ProcessingJobStatus).toBe('Stopped');
    await expect(cloud.sm('StopProcessingJob', { ProcessingJobName })).rejects.toEqual(
      error('ValidationException', 'is in status Stopped'),
    );
    await cloud.sm('RetryPipelineExecution', { PipelineExecutionArn: arn });
    await cloud.settle();
    expect(await cloud.status(arn)).toBe('Succeeded');
  });

  test('a job that another caller stops fails its step', async () => {
    await cloud.pipeline('train', [cloud.processing('Prepare')]);
    const arn = await cloud.start('train');
    await cloud.clock.pass(30_000);
    const job = (await cloud.steps(arn)).Prepare!.Metadata!.ProcessingJob!.Arn!;
    await cloud.sm('StopProcessingJob', { ProcessingJobName: job.slice(job.lastIndexOf('/') + 1) });
    await cloud.settle();
    expect(await cloud.status(arn)).toBe('Failed');
    expect((await cloud.steps(arn)).Prepare!.FailureReason).toMatch('is Stopped');
  });

  test.each([
    ['a parameter that does not exist', [{ Name: 'Size', Value: '1' }], 'Unknown parameter [Size]'],
    ['a value of another type', [{ Name: 'Instances', Value: 'many' }], 'is not of its type Integer'],
    [
      'one parameter twice',
      [
        { Name: 'Instances', Value: '1' },
        { Name: 'Instances', Value: '2' },
      ],
      'twice',
    ],
  ])('an execution with %s is not started', async (_, PipelineParameters, message) => {
    await cloud.pipeline('train', [fail]);
    await expect(cloud.start('train', { PipelineParameters })).rejects.toEqual(error('ValidationException', message));
    expect(await cloud.sm('ListPipelineExecutions', { PipelineName: 'train' })).toEqual({
      PipelineExecutionSummaries: [],
    });
  });

  test('a parameter without a default requires a value, one of its enum values', async () => {
    const Parameters = [{ Name: 'Approval', Type: 'String', EnumValues: ['Approved', 'Rejected'] }];
    await cloud.pipeline('train', [fail], { PipelineDefinition: definition([fail], { Parameters }) });
    await expect(cloud.start('train')).rejects.toEqual(error('ValidationException', 'no default value'));
    const start = (Value: string) => cloud.start('train', { PipelineParameters: [{ Name: 'Approval', Value }] });
    await expect(start('Perhaps')).rejects.toEqual(error('ValidationException', 'not one of [Approved, Rejected]'));
    await expect(start('Approved')).resolves.toMatch('/execution/');
  });

  test('an execution is renamed', async () => {
    await cloud.pipeline('train', [fail]);
    const PipelineExecutionArn = await cloud.start('train');
    await cloud.sm('UpdatePipelineExecution', { PipelineExecutionArn, PipelineExecutionDisplayName: 'best' });
    expect(await cloud.sm('DescribePipelineExecution', { PipelineExecutionArn })).toMatchObject({
      PipelineExecutionDisplayName: 'best',
    });
  });
});
