import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { sagemaker } from '../../../../packages/local/src/services/sagemaker/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { policyOf, trusting } from '../authorised-cloud.ts';
import { account, region, StackCloud } from '../stack-cloud.ts';
import { error } from '../studio.ts';

const Image = `${account}.dkr.ecr.${region}.amazonaws.com/models:1`;
const ModelDataUrl = 's3://models/1/model.tar.gz';
const ExecutionRoleArn = `arn:aws:iam::${account}:role/serving`;
const ref = (name: string, attribute: string) => ({ 'Fn::GetAtt': [name, attribute] });
let cloud: StackCloud;

beforeEach(async () => {
  cloud = new StackCloud(new Store(), [sagemaker]);
  const AssumeRolePolicyDocument = trusting({ Service: 'sagemaker.amazonaws.com' });
  await cloud.invoke(iam, 'CreateRole', { RoleName: 'serving', AssumeRolePolicyDocument });
  const PolicyDocument = policyOf({
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:ListBucket'],
    Resource: ['arn:aws:s3:::models', 'arn:aws:s3:::models/*'],
  });
  await cloud.invoke(iam, 'PutRolePolicy', { RoleName: 'serving', PolicyName: 'models', PolicyDocument });
  await cloud.invoke(s3, 'CreateBucket', { Bucket: 'models' });
  await cloud.invoke(s3, 'PutObject', { Bucket: 'models', Key: '1/model.tar.gz', Body: new Uint8Array([1]) });
});

function createModel(ModelName: string, more: object = {}) {
  const PrimaryContainer = { Image, ModelDataUrl };
  return cloud.invoke(sagemaker, 'CreateModel', { ModelName, PrimaryContainer, ExecutionRoleArn, ...more });
}

function createConfig(EndpointConfigName: string, ModelName: string, more: object = {}) {
  const variant = { VariantName: 'all', InstanceType: 'ml.m5.large' as const, InitialInstanceCount: 1, ModelName };
  const ProductionVariants = [{ ...variant, ...more }];
  return cloud.invoke(sagemaker, 'CreateEndpointConfig', { EndpointConfigName, ProductionVariants });
}

const EndpointName = 'houses';
const describe = () => cloud.invoke(sagemaker, 'DescribeEndpoint', { EndpointName });

async function endpoint(): Promise<void> {
  await createModel('first');
  await createConfig('first', 'first');
  await cloud.invoke(sagemaker, 'CreateEndpoint', { EndpointName, EndpointConfigName: 'first' });
}

test('an endpoint is created, gets another configuration, and is deleted', async () => {
  await endpoint();
  expect(await describe()).toMatchObject({ EndpointStatus: 'Creating' });
  await expect(cloud.invoke(sagemaker, 'DeleteEndpoint', { EndpointName })).rejects.toEqual(
    error('ValidationException', 'Cannot delete in-progress endpoint'),
  );
  await cloud.clock.pass(600_000);
  expect(await describe()).toMatchObject({
    EndpointStatus: 'InService',
    ProductionVariants: [{ VariantName: 'all', CurrentInstanceCount: 1 }],
  });
  await createModel('second');
  await createConfig('second', 'second', { InitialInstanceCount: 2 });
  const change = { EndpointName, EndpointConfigName: 'second' };
  await cloud.invoke(sagemaker, 'UpdateEndpoint', change);
  await expect(cloud.invoke(sagemaker, 'UpdateEndpoint', change)).rejects.toEqual(
    error('ValidationException', 'Cannot update in-progress endpoint'),
  );
  // The old configuration serves until the new one is up.
  expect(await describe()).toMatchObject({
    EndpointStatus: 'Updating',
    ProductionVariants: [{ CurrentInstanceCount: 1 }],
  });
  await cloud.clock.pass(600_000);
  expect(await describe()).toMatchObject({
    EndpointStatus: 'InService',
    ProductionVariants: [{ CurrentInstanceCount: 2 }],
  });
  await cloud.invoke(sagemaker, 'DeleteEndpoint', { EndpointName });
  await cloud.clock.pass(600_000);
  await expect(describe()).rejects.toEqual(error('ValidationException', 'Could not find endpoint "arn:'));
});

test('an endpoint keeps its configuration when a new one fails', async () => {
  await endpoint();
  await cloud.clock.pass(600_000);
  await createModel('second');
  await createConfig('second', 'second');
  await cloud.invoke(sagemaker, 'UpdateEndpoint', { EndpointName, EndpointConfigName: 'second' });
  await cloud.invoke(sagemaker, 'DeleteModel', { ModelName: 'second' });
  await cloud.clock.pass(600_000);
  expect(await describe()).toMatchObject({
    EndpointStatus: 'InService',
    EndpointConfigName: 'first',
    FailureReason: expect.stringContaining('Could not find model'),
  });
});

test('an endpoint whose role was deleted fails with the reason', async () => {
  await endpoint();
  await cloud.invoke(iam, 'DeleteRolePolicy', { RoleName: 'serving', PolicyName: 'models' });
  await cloud.invoke(iam, 'DeleteRole', { RoleName: 'serving' });
  await cloud.clock.pass(600_000);
  expect(await describe()).toMatchObject({
    EndpointStatus: 'Failed',
    FailureReason: expect.stringContaining('Could not assume role'),
  });
  await cloud.invoke(sagemaker, 'DeleteEndpoint', { EndpointName });
});

test('models, configurations and endpoints are listed, and names are unique', async () => {
  await endpoint();
  await expect(createModel('first')).rejects.toEqual(error('ValidationException', 'already existing model'));
  await expect(createConfig('first', 'first')).rejects.toEqual(
    error('ValidationException', 'already existing endpoint configuration'),
  );
  const again = { EndpointName, EndpointConfigName: 'first' };
  await expect(cloud.invoke(sagemaker, 'CreateEndpoint', again)).rejects.toEqual(
    error('ValidationException', 'already existing endpoint'),
  );
  const part = { NameContains: 'o' };
  expect((await cloud.invoke(sagemaker, 'ListEndpoints', part)).Endpoints).toHaveLength(1);
  expect((await cloud.invoke(sagemaker, 'ListModels', part)).Models).toHaveLength(0);
  expect((await cloud.invoke(sagemaker, 'ListEndpointConfigs', {})).EndpointConfigs).toHaveLength(1);
});

test("a model's data must exist, and its role must be able to read it", async () => {
  const PrimaryContainer = { Image, ModelDataUrl: 's3://models/2/model.tar.gz' };
  await expect(createModel('none', { PrimaryContainer })).rejects.toEqual(
    error('ValidationException', 'Could not find model data at s3://models/2/model.tar.gz'),
  );
  await cloud.invoke(iam, 'DeleteRolePolicy', { RoleName: 'serving', PolicyName: 'models' });
  await expect(createModel('none')).rejects.toEqual(error('ValidationException', 'Could not access model data'));
  await expect(createModel('none', { PrimaryContainer: undefined })).rejects.toEqual(
    error('ValidationException', 'PrimaryContainer'),
  );
  await expect(createModel('none', { PrimaryContainer: { ModelDataUrl } })).rejects.toEqual(
    error('ValidationException', 'Image should be provided'),
  );
});

test('a variant needs a model that exists, and an instance type for endpoints', async () => {
  await expect(createConfig('one', 'missing')).rejects.toEqual(error('ValidationException', 'Could not find model'));
  await createModel('first');
  await expect(createConfig('one', 'first', { InstanceType: 'ml.geospatial.interactive' })).rejects.toEqual(
    error(
      'ValidationException',
      "'productionVariants.1.member.instanceType' failed to satisfy constraint: Member must satisfy enum",
    ),
  );
  const ServerlessConfig = { MemorySizeInMB: 1024, MaxConcurrency: 1 };
  await createConfig('one', 'first', { InstanceType: undefined, InitialInstanceCount: undefined, ServerlessConfig });
  const missing = { EndpointName, EndpointConfigName: 'two' };
  await expect(cloud.invoke(sagemaker, 'CreateEndpoint', missing)).rejects.toEqual(
    error('ValidationException', 'Could not find endpoint configuration'),
  );
});

/** An endpoint for a version of a model, whose names CloudFormation makes up. */
function serving(ModelPackageName: string, InitialInstanceCount = 1) {
  const variant = { VariantName: 'all', InstanceType: 'ml.m5.large', InitialInstanceCount };
  const ProductionVariants = [{ ...variant, ModelName: ref('Model', 'ModelName') }];
  const EndpointConfigName = ref('Config', 'EndpointConfigName');
  return {
    Resources: {
      Model: {
        Type: 'AWS::SageMaker::Model',
        Properties: { PrimaryContainer: { ModelPackageName }, ExecutionRoleArn },
      },
      Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants } },
      Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointName, EndpointConfigName } },
    },
  };
}

async function newPackage(ModelApprovalStatus: 'Approved' | 'Rejected' = 'Approved'): Promise<string> {
  const InferenceSpecification = { Containers: [{ Image, ModelDataUrl }] };
  const request = { ModelPackageGroupName: 'houses', InferenceSpecification, ModelApprovalStatus };
  return (await cloud.invoke(sagemaker, 'CreateModelPackage', request)).ModelPackageArn!;
}

test('a stack creates an endpoint for a version of a model, updates it, and deletes it', async () => {
  const group = {
    Type: 'AWS::SageMaker::ModelPackageGroup',
    Properties: { ModelPackageGroupName: 'houses', Tags: [{ Key: 'team', Value: 'red' }] },
  };
  const registry = await cloud.create('registry', { Resources: { Group: group } });
  expect(registry.StackStatus).toBe('CREATE_COMPLETE');
  const one = await newPackage();
  expect((await cloud.create('serving', serving(one))).StackStatus).toBe('CREATE_COMPLETE');
  const first = (await describe()).EndpointConfigName;
  const two = await newPackage();
  expect((await cloud.update('serving', serving(two, 2))).StackStatus).toBe('UPDATE_COMPLETE');
  const after = await describe();
  expect(after).toMatchObject({ EndpointStatus: 'InService', ProductionVariants: [{ CurrentInstanceCount: 2 }] });
  expect(after.EndpointConfigName).not.toBe(first);

  const refused = await cloud.update('serving', serving(await newPackage('Rejected')));
  expect(refused.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await cloud.history('serving')).toContainEqual(expect.stringContaining('Cannot use rejected model package'));

  expect((await cloud.delete('serving')).StackStatus).toBe('DELETE_COMPLETE');
  expect((await cloud.invoke(sagemaker, 'ListEndpoints', {})).Endpoints).toEqual([]);
  expect((await cloud.invoke(sagemaker, 'ListEndpointConfigs', {})).EndpointConfigs).toEqual([]);
  expect((await cloud.invoke(sagemaker, 'ListModels', {})).Models).toEqual([]);

  // Registered packages block the group's deletion.
  expect((await cloud.delete('registry')).StackStatus).toBe('DELETE_FAILED');
  const { ModelPackageSummaryList } = await cloud.invoke(sagemaker, 'ListModelPackages', {
    ModelPackageGroupName: 'houses',
  });
  for (const { ModelPackageArn: ModelPackageName } of ModelPackageSummaryList!) {
    await cloud.invoke(sagemaker, 'DeleteModelPackage', { ModelPackageName });
  }
  expect((await cloud.delete('registry')).StackStatus).toBe('DELETE_COMPLETE');
});
