import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { sagemaker } from '../../../../packages/local/src/services/sagemaker/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { StackCloud } from '../stack-cloud.ts';

const Capabilities = ['CAPABILITY_NAMED_IAM' as const];

const body = (ErrorMessage: string) => ({
  Version: '2020-12-01',
  Steps: [{ Name: 'Fail', Type: 'Fail', Arguments: { ErrorMessage } }],
});

function template(PipelineDefinition: object, more: object = {}) {
  return {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'studio-pipeline',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          },
        },
      },
      Pipeline: {
        Type: 'AWS::SageMaker::Pipeline',
        Properties: {
          PipelineName: 'train',
          PipelineDefinition,
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          ...more,
        },
      },
    },
    Outputs: { Name: { Value: { Ref: 'Pipeline' } } },
  };
}

let cloud: StackCloud;

beforeEach(() => {
  cloud = new StackCloud(new Store(), [sagemaker]);
});

test('AWS::SageMaker::Pipeline is created from a body or an S3 object, updated in place and deleted', async () => {
  const first = template(
    { PipelineDefinitionBody: JSON.stringify(body('first')) },
    { Tags: [{ Key: 'a', Value: '1' }] },
  );
  const stack = await cloud.create('pipeline', first, { Capabilities });
  expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Outputs: [{ OutputValue: 'train' }] });
  const described = () => cloud.invoke(sagemaker, 'DescribePipeline', { PipelineName: 'train' });
  const { PipelineArn, CreationTime } = await described();

  await cloud.invoke(s3, 'CreateBucket', { Bucket: 'definitions' });
  const Body = Buffer.from(JSON.stringify(body('second'))) as never;
  await cloud.invoke(s3, 'PutObject', { Bucket: 'definitions', Key: 'train.json', Body });
  const second = template(
    { PipelineDefinitionS3Location: { Bucket: 'definitions', Key: 'train.json' } },
    { Tags: [{ Key: 'b', Value: '2' }], ParallelismConfiguration: { MaxParallelExecutionSteps: '2' } },
  );
  await cloud.update('pipeline', second, { Capabilities });
  expect(await described()).toMatchObject({
    CreationTime,
    PipelineDefinition: JSON.stringify(body('second')),
    ParallelismConfiguration: { MaxParallelExecutionSteps: 2 },
  });
  const { Tags } = await cloud.invoke(sagemaker, 'ListTags', { ResourceArn: PipelineArn });
  expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);

  expect(await cloud.delete('pipeline')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  await expect(described()).rejects.toMatchObject({ name: 'ResourceNotFound' });
});

test.each([
  ['no definition', {}, 'Exactly one of PipelineDefinitionBody and PipelineDefinitionS3Location'],
  ['a definition that is none', { PipelineDefinitionBody: '[]' }, 'Unable to parse pipeline definition'],
])('a pipeline with %s fails with the reason, and the stack rolls back', async (_, definition, reason) => {
  const stack = await cloud.create('pipeline', template(definition), { Capabilities });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await cloud.history('pipeline')).toContainEqual(expect.stringContaining(reason));
});
