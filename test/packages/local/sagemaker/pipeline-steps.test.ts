import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { definition, functionArn, PipelinesCloud, region } from '../pipelines-cloud.ts';
import { error } from '../studio.ts';

let cloud: PipelinesCloud;

beforeEach(async () => {
  cloud = await PipelinesCloud.open();
});
afterEach(() => cloud.cloud.close());

const condition = (Conditions: object[], Name = 'Decide') => ({ Name, Type: 'Condition', Arguments: { Conditions } });
const fail = (ErrorMessage: unknown) => ({ Name: 'Fail', Type: 'Fail', Arguments: { ErrorMessage } });
const instances = { Get: 'Parameters.Instances' };

/** How the steps of a pipeline end, by name. */
async function run(...steps: object[]) {
  await cloud.pipeline('train', steps);
  const arn = await cloud.start('train');
  await cloud.settle();
  return cloud.steps(arn);
}

async function putReport(text: string): Promise<void> {
  const CreateBucketConfiguration = { LocationConstraint: region } as const;
  await cloud.call(s3, 'CreateBucket', { Bucket: 'results', CreateBucketConfiguration });
  const Body = Buffer.from(text) as never;
  await cloud.call(s3, 'PutObject', { Bucket: 'results', Key: 'metrics/report.json', Body });
}

test.each([
  [{ Type: 'Equals', LeftValue: instances, RightValue: 1 }, 'True'],
  [{ Type: 'GreaterThan', LeftValue: instances, RightValue: 1 }, 'False'],
  [{ Type: 'LessThan', LeftValue: instances, RightValue: 2 }, 'True'],
  [{ Type: 'LessThanOrEqualTo', LeftValue: instances, RightValue: 0 }, 'False'],
  [{ Type: 'In', QueryValue: instances, Values: [1, 2] }, 'True'],
  [{ Type: 'Not', Expression: { Type: 'In', QueryValue: instances, Values: [1, 2] } }, 'False'],
  [
    {
      Type: 'Or',
      Conditions: [
        { Type: 'Equals', LeftValue: instances, RightValue: 2 },
        { Type: 'Equals', LeftValue: { Get: 'Execution.PipelineName' }, RightValue: 'train' },
      ],
    },
    'True',
  ],
])('the condition %j is %s', async (one, Outcome) => {
  const { Decide } = await run(condition([one]));
  expect(Decide!.Metadata).toEqual({ Condition: { Outcome } });
});

test('parameters have the types that the definition gives them', async () => {
  const Parameters = [
    { Name: 'Size', Type: 'Float', DefaultValue: 0.5 },
    { Name: 'Quick', Type: 'Boolean', DefaultValue: false },
    { Name: 'Name', Type: 'String', DefaultValue: 'a' },
  ];
  const equal = (name: string, RightValue: unknown) => ({
    Type: 'Equals',
    LeftValue: { Get: `Parameters.${name}` },
    RightValue,
  });
  const steps = [condition([equal('Size', 1.5), equal('Quick', true), equal('Name', '1.5')])];
  await cloud.pipeline('train', steps, { PipelineDefinition: definition(steps, { Parameters }) });
  const PipelineParameters = Object.entries({ Size: '1.5', Quick: 'true', Name: '1.5' }).map(([Name, Value]) => ({
    Name,
    Value,
  }));
  const [given, defaults] = [await cloud.start('train', { PipelineParameters }), await cloud.start('train')];
  await cloud.settle();
  expect((await cloud.steps(given)).Decide!.Metadata!.Condition).toEqual({ Outcome: 'True' });
  expect((await cloud.steps(defaults)).Decide!.Metadata!.Condition).toEqual({ Outcome: 'False' });
});

test.each([
  ['a condition that does not exist', () => [condition([{ Type: 'Maybe' }])], 'no condition of the type Maybe'],
  ['a variable that does not exist', () => [fail({ Get: 'Execution.Mood' })], 'There is no Execution.Mood'],
  [
    'a property that a step does not have',
    () => [cloud.processing('Prepare'), fail({ Get: 'Steps.Prepare.Mood' })],
    'Unable to resolve the property Steps.Prepare.Mood',
  ],
  [
    'arguments that are none',
    () => [{ Name: 'Fail', Type: 'Fail', Arguments: instances }],
    'arguments of Fail are no object',
  ],
  [
    'a function that does not return what it should',
    () => [
      { Name: 'Greet', Type: 'Lambda', FunctionArn: functionArn('greet'), OutputParameters: [{ OutputName: 'size' }] },
    ],
    'did not return size',
  ],
])('%s fails its step with the reason', async (_, steps, message) => {
  const ended = await run(...steps());
  const failed = Object.values(ended).filter(({ StepStatus }) => StepStatus === 'Failed');
  expect(failed).toMatchObject([{ FailureReason: expect.stringContaining(message) }]);
});

test.each([
  ['has nothing at the path', '{"accuracy":1}', 'There is no metrics.accuracy in the property file'],
  ['is no JSON', 'accuracy: 1', 'is not JSON'],
])('a condition fails whose file %s', async (_, text, message) => {
  await putReport(text);
  const PropertyFiles = [{ PropertyFileName: 'Report', OutputName: 'metrics', FilePath: 'report.json' }];
  const file = { PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.Report' }, Path: 'metrics.accuracy' };
  const compare = { Type: 'GreaterThan', LeftValue: { 'Std:JsonGet': file }, RightValue: 0.9 };
  const { Decide } = await run(cloud.processing('Evaluate', { PropertyFiles }), condition([compare]));
  expect(Decide).toMatchObject({ StepStatus: 'Failed', FailureReason: expect.stringContaining(message) });
});

test('a job has a unique name, by which it is described, and needs a role that SageMaker can assume', async () => {
  const { Prepare } = await run(cloud.processing('Prepare'));
  const arn = Prepare!.Metadata!.ProcessingJob!.Arn!;
  const ProcessingJobName = arn.slice(arn.lastIndexOf('/') + 1);
  const { RoleArn, AppSpecification, ProcessingResources } = await cloud.sm('DescribeProcessingJob', {
    ProcessingJobName,
  });
  const request = { ProcessingJobName, RoleArn, AppSpecification, ProcessingResources };
  await expect(cloud.sm('CreateProcessingJob', request)).rejects.toEqual(error('ResourceInUse', ProcessingJobName));
  const other = { ...request, ProcessingJobName: 'other', RoleArn: RoleArn!.replace('pipeline', 'missing') };
  await expect(cloud.sm('CreateProcessingJob', other)).rejects.toEqual(
    error('ValidationException', 'Could not assume role'),
  );
  await expect(cloud.sm('DescribeProcessingJob', { ProcessingJobName: 'other' })).rejects.toEqual(
    error('ResourceNotFound', 'Could not find requested processing job with name: other'),
  );
});

test('transform and tuning steps run jobs', async () => {
  const S3DataSource = { S3DataType: 'S3Prefix', S3Uri: 's3://results/in' };
  const TransformResources = { InstanceType: 'ml.m5.large', InstanceCount: 1 };
  const transform = {
    ModelName: 'model',
    TransformInput: { DataSource: { S3DataSource } },
    TransformOutput: { S3OutputPath: 's3://results/out' },
    TransformResources,
  };
  const { InputDataConfig: _, ...trained } = cloud.training('Train', 'none').Arguments;
  const TrainingJobDefinition = { ...trained, OutputDataConfig: { S3OutputPath: 's3://results/out' } };
  const ResourceLimits = { MaxParallelTrainingJobs: 1 };
  const HyperParameterTuningJobConfig = { Strategy: 'Bayesian', ResourceLimits };
  const { Transform, Tune } = await run(
    { Name: 'Transform', Type: 'Transform', Arguments: transform },
    { Name: 'Tune', Type: 'Tuning', Arguments: { HyperParameterTuningJobConfig, TrainingJobDefinition } },
  );
  expect([Transform, Tune]).toMatchObject([{ StepStatus: 'Succeeded' }, { StepStatus: 'Succeeded' }]);
  expect(Transform!.Metadata!.TransformJob!.Arn).toMatch(':transform-job/pipelines-');
  expect(Tune!.Metadata!.TuningJob!.Arn).toMatch(/:hyper-parameter-tuning-job\/[a-z0-9]{12}-Tune-[a-z0-9]{10}$/);
});

test('features of pipelines that the local cloud does not have are refused, not ignored', async () => {
  const arn = await cloud.pipeline('train', [fail('no')]);
  const PipelineName = 'train';
  const versions = error('ValidationException', 'no versions of pipelines');
  await expect(cloud.sm('DescribePipeline', { PipelineName, PipelineVersionId: 1 })).rejects.toEqual(versions);
  await expect(cloud.start('train', { PipelineVersionId: 1 })).rejects.toEqual(versions);
  const SelectiveExecutionConfig = { SelectedSteps: [{ StepName: 'Fail' }] };
  await expect(cloud.start('train', { SelectiveExecutionConfig })).rejects.toEqual(
    error('ValidationException', 'only as a whole'),
  );
  await expect(cloud.sm('ListPipelines', { NextToken: 'x' })).rejects.toEqual(error('ValidationException'));
  await expect(cloud.sm('DescribePipeline', { PipelineName: arn.replace(region, 'us-east-1') })).rejects.toEqual(
    error('ResourceNotFound'),
  );
  await cloud.sm('DeletePipeline', { PipelineName });
  await expect(cloud.start('train')).rejects.toEqual(error('ValidationException', 'is being deleted'));
});
