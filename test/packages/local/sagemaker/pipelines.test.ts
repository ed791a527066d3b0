import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { account } from '../authorised-cloud.ts';
import { definition, PipelinesCloud } from '../pipelines-cloud.ts';
import { error } from '../studio.ts';

let cloud: PipelinesCloud;

beforeEach(async () => {
  cloud = await PipelinesCloud.open();
});
afterEach(() => cloud.cloud.close());

const fail = { Name: 'Fail', Type: 'Fail', Arguments: { ErrorMessage: 'too bad' } };

describe('pipelines', () => {
  test('a pipeline is created, described, updated, listed and deleted, with its tags', async () => {
    const Tags = [{ Key: 'team', Value: 'a' }];
    const arn = await cloud.pipeline('Train-it', [fail], { Tags, PipelineDescription: 'first' });
    expect(arn).toBe(`arn:aws:sagemaker:eu-west-1:${account}:pipeline/Train-it`);
    for (const PipelineName of ['Train-it', arn]) {
      expect(await cloud.sm('DescribePipeline', { PipelineName })).toMatchObject({
        PipelineArn: arn,
        PipelineName: 'Train-it',
        PipelineDisplayName: 'Train-it',
        PipelineDefinition: definition([fail]),
        PipelineDescription: 'first',
        PipelineStatus: 'Active',
        RoleArn: cloud.roleArn,
        CreatedBy: { IamIdentity: { Arn: `arn:aws:iam::${account}:root` } },
      });
    }
    expect((await cloud.sm('ListTags', { ResourceArn: arn })).Tags).toEqual(Tags);
    const other = definition([{ ...fail, Name: 'Other' }]);
    await cloud.sm('UpdatePipeline', { PipelineName: 'Train-it', PipelineDefinition: other });
    expect(await cloud.sm('DescribePipeline', { PipelineName: 'Train-it' })).toMatchObject({
      PipelineDefinition: other,
      PipelineDescription: 'first',
    });
    expect(await cloud.sm('ListPipelines', { PipelineNamePrefix: 'Train' })).toMatchObject({
      PipelineSummaries: [{ PipelineArn: arn, PipelineName: 'Train-it', RoleArn: cloud.roleArn }],
    });
    expect(await cloud.sm('DeletePipeline', { PipelineName: 'Train-it' })).toEqual({ PipelineArn: arn });
    await cloud.settle();
    expect(await cloud.sm('ListPipelines', {})).toEqual({ PipelineSummaries: [] });
    await expect(cloud.sm('DescribePipeline', { PipelineName: arn })).rejects.toEqual(
      error('ResourceNotFound', `Pipeline '${arn}' does not exist.`),
    );
    await expect(cloud.sm('ListTags', { ResourceArn: arn })).rejects.toEqual(error('ValidationException'));
  });

  test('a pipeline is created once for a client token, and its name is unique', async () => {
    const ClientRequestToken = 'a'.repeat(32);
    const arn = await cloud.pipeline('train', [fail], { ClientRequestToken });
    expect(await cloud.pipeline('train', [fail], { ClientRequestToken })).toBe(arn);
    await expect(cloud.pipeline('train', [fail])).rejects.toEqual(
      error('ValidationException', 'Pipeline with name (train) already exists'),
    );
  });

  test('a definition is read from S3 with the permissions of the caller', async () => {
    const PipelineDefinitionS3Location = { Bucket: 'definitions', ObjectKey: 'train.json' };
    await cloud.call(s3, 'CreateBucket', {
      Bucket: 'definitions',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    });
    const Body = Buffer.from(definition([fail])) as never;
    await cloud.call(s3, 'PutObject', { Bucket: 'definitions', Key: 'train.json', Body });
    const request = { PipelineName: 'train', PipelineDefinitionS3Location, RoleArn: cloud.roleArn };
    const statement = { Effect: 'Allow', Action: 'sagemaker:CreatePipeline', Resource: '*' };
    const passing = { Effect: 'Allow', Action: 'iam:PassRole', Resource: cloud.roleArn };
    const without = await cloud.role('without', statement, passing);
    await expect(cloud.sm('CreatePipeline', request, without)).rejects.toEqual(error('AccessDenied', 's3:GetObject'));
    await cloud.sm('CreatePipeline', request);
    const { PipelineDefinition } = await cloud.sm('DescribePipeline', { PipelineName: 'train' });
    expect(PipelineDefinition).toBe(definition([fail]));
  });

  test('creating a pipeline requires the permission to pass its role', async () => {
    const role = await cloud.role('maker', { Effect: 'Allow', Action: 'sagemaker:CreatePipeline', Resource: '*' });
    const request = { PipelineName: 'train', PipelineDefinition: definition([fail]), RoleArn: cloud.roleArn };
    await expect(cloud.sm('CreatePipeline', request, role)).rejects.toEqual(
      error('AccessDeniedException', 'iam:PassRole'),
    );
  });

  test.each([
    ['what is no JSON', 'steps', 'Unable to parse pipeline definition. Expecting start of Json Object.'],
    ['a list', '[]', 'Expecting start of Json Object.'],
    ['another version', definition([fail], { Version: '2019-01-01' }), "'Version'"],
    ['no list of steps', definition(fail as never), 'Expecting start of Json Array.'],
    ['no step', definition([]), 'has no step'],
    ['a step that is none', definition(['Fail' as never]), 'Expecting start of Json Object.'],
    ['a step without a name', definition([{ ...fail, Name: undefined }]), 'is not the name of a step'],
    ['a name that is none', definition([{ ...fail, Name: 'a b' }]), "'a b' is not the name of a step"],
    ['two steps of a name', definition([fail, fail]), "two steps 'Fail'"],
    ['an unknown type', definition([{ ...fail, Type: 'Dance' }]), "Value 'Dance' for 'Type' failed"],
    ['a type that it does not play', definition([{ ...fail, Type: 'EMR' }]), 'does not run steps of the type EMR'],
    ['no arguments', definition([{ ...fail, Arguments: undefined }]), "'Fail' has no Arguments"],
    ['no function', definition([{ Name: 'a', Type: 'Lambda' }]), "'a' has no FunctionArn"],
    ['no conditions', definition([{ Name: 'a', Type: 'Condition', Arguments: {} }]), "'a' has no Conditions"],
    ['a branch that is none', definition([{ Name: 'a', Type: 'Condition', Arguments: { IfSteps: {} } }]), "'IfSteps'"],
    ['what it waits for', definition([{ ...fail, DependsOn: ['Train'] }]), "depends on 'Train', which does not exist"],
    ['a wrong list of those', definition([{ ...fail, DependsOn: 'Train' }]), 'Expecting start of Json Array.'],
    [
      'an unknown parameter',
      definition([{ ...fail, Arguments: { ErrorMessage: { Get: 'Parameters.Why' } } }]),
      "refers to 'Parameters.Why'",
    ],
    [
      'steps that wait for each other',
      definition([
        { ...fail, Name: 'a', DependsOn: ['b'] },
        { ...fail, Name: 'b', DependsOn: ['a'] },
      ]),
      'a, b wait for each other',
    ],
    ['a parameter without a name', definition([fail], { Parameters: [{ Type: 'String' }] }), 'name of a parameter'],
    ['a parameter that is none', definition([fail], { Parameters: ['a'] }), 'Expecting start of Json Object.'],
    ['a type of parameter', definition([fail], { Parameters: [{ Name: 'a', Type: 'Date' }] }), "Value 'Date'"],
    [
      'a default of another type',
      definition([fail], { Parameters: [{ Name: 'a', Type: 'Integer', DefaultValue: '1' }] }),
      "default of the parameter 'a'",
    ],
    [
      'two parameters of a name',
      definition([fail], {
        Parameters: [
          { Name: 'a', Type: 'String' },
          { Name: 'a', Type: 'String' },
        ],
      }),
      "two parameters 'a'",
    ],
  ])(
    'a definition with %s is refused, and the pipeline keeps its definition',
    async (_, PipelineDefinition, message) => {
      await cloud.pipeline('train', [fail]);
      const changing = cloud.sm('UpdatePipeline', { PipelineName: 'train', PipelineDefinition });
      await expect(changing).rejects.toEqual(error('ValidationException', message));
      const described = await cloud.sm('DescribePipeline', { PipelineName: 'train' });
      expect(described.PipelineDefinition).toBe(definition([fail]));
    },
  );

  test('a request without a definition or with two is refused', async () => {
    const PipelineDefinitionS3Location = { Bucket: 'definitions', ObjectKey: 'train.json' };
    const request = { PipelineName: 'train', RoleArn: cloud.roleArn };
    await expect(cloud.sm('CreatePipeline', request)).rejects.toEqual(error('ValidationException', 'Either'));
    await expect(cloud.pipeline('train', [fail], { PipelineDefinitionS3Location })).rejects.toEqual(
      error('ValidationException', 'Both'),
    );
    await expect(cloud.pipeline('no_underscores', [fail])).rejects.toEqual(
      error('ValidationException', 'pipelineName'),
    );
    const arn = `arn:aws:sagemaker:eu-west-1:${account}:pipeline/train`;
    await expect(cloud.pipeline(arn, [fail])).rejects.toEqual(error('ValidationException', 'pipelineName'));
  });
});
