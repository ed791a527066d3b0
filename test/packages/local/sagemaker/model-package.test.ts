import { account } from '../authorised-cloud.ts';
import { error, Studio } from '../studio.ts';

const Image = `${account}.dkr.ecr.eu-west-1.amazonaws.com/models:1`;
const InferenceSpecification = {
  Containers: [{ Image, ModelDataUrl: 's3://models/1/model.tar.gz' }],
  SupportedContentTypes: ['text/csv'],
  SupportedResponseMIMETypes: ['text/csv'],
};
let studio: Studio;

beforeEach(async () => {
  studio = await Studio.open();
  await studio.sm('CreateModelPackageGroup', { ModelPackageGroupName: 'houses' });
});

async function version(more: object = {}): Promise<string> {
  const request = { ModelPackageGroupName: 'houses', InferenceSpecification, ...more };
  const { ModelPackageArn } = await studio.sm('CreateModelPackage', request);
  return ModelPackageArn!;
}

test('versions are numbered in their group, wait for approval, and are listed by approval status', async () => {
  const arns: string[] = [];
  for (let count = 0; count < 11; count += 1) arns.push(await version());
  expect(arns[10]).toBe(studio.arn('model-package', 'houses', '11'));
  await studio.sm('UpdateModelPackage', {
    ModelPackageArn: arns[9],
    ModelApprovalStatus: 'Approved',
    ApprovalDescription: 'Good enough',
  });
  expect(await studio.sm('DescribeModelPackage', { ModelPackageName: arns[9] })).toMatchObject({
    ModelPackageGroupName: 'houses',
    ModelPackageVersion: 10,
    ModelApprovalStatus: 'Approved',
    ApprovalDescription: 'Good enough',
    ModelPackageStatus: 'Completed',
  });
  const list = (more: object) => studio.sm('ListModelPackages', { ModelPackageGroupName: 'houses', ...more });
  const approved = await list({ ModelApprovalStatus: 'Approved' });
  expect(approved.ModelPackageSummaryList).toEqual([expect.objectContaining({ ModelPackageArn: arns[9] })]);
  const newest = await list({ SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 1 });
  expect(newest.ModelPackageSummaryList).toEqual([expect.objectContaining({ ModelPackageArn: arns[10] })]);
  // Without a group, those that have none.
  expect((await studio.sm('ListModelPackages', {})).ModelPackageSummaryList).toEqual([]);
});

test('EventBridge gets an event for each version, and for its approval', async () => {
  const told: unknown[] = [];
  studio.cloud.events.on('event', (event) => told.push(event));
  const ModelPackageArn = await version();
  await studio.sm('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus: 'Approved' });
  const event = (ModelApprovalStatus: string) =>
    expect.objectContaining({
      source: 'aws.sagemaker',
      detailType: 'SageMaker Model Package State Change',
      resources: [ModelPackageArn],
      detail: expect.objectContaining({ ModelPackageGroupName: 'houses', ModelPackageVersion: 1, ModelApprovalStatus }),
    });
  expect(told).toEqual([event('PendingManualApproval'), event('Approved')]);
});

test('metadata can be added and removed', async () => {
  const ModelPackageArn = await version({ CustomerMetadataProperties: { team: 'red', rmse: '2' } });
  const change = { CustomerMetadataProperties: { rmse: '1' }, CustomerMetadataPropertiesToRemove: ['team'] };
  await studio.sm('UpdateModelPackage', { ModelPackageArn, ...change });
  const { CustomerMetadataProperties } = await studio.sm('DescribeModelPackage', { ModelPackageName: ModelPackageArn });
  expect(CustomerMetadataProperties).toEqual({ rmse: '1' });
});

test('a group is deleted once it is empty', async () => {
  const ModelPackageName = await version();
  const group = { ModelPackageGroupName: 'houses' };
  await expect(studio.sm('DeleteModelPackageGroup', group)).rejects.toEqual(
    error('ConflictException', 'still contains Model Packages'),
  );
  await studio.sm('DeleteModelPackage', { ModelPackageName });
  await studio.sm('DeleteModelPackageGroup', group);
  await studio.settle();
  await expect(studio.sm('DescribeModelPackageGroup', group)).rejects.toEqual(
    error('ValidationException', `ModelPackageGroup ${studio.arn('model-package-group', 'houses')} does not exist`),
  );
  expect((await studio.sm('ListModelPackageGroups', {})).ModelPackageGroupSummaryList).toEqual([]);
});

test("a group's policy is kept until it is deleted", async () => {
  const group = { ModelPackageGroupName: 'houses' };
  await studio.sm('PutModelPackageGroupPolicy', { ...group, ResourcePolicy: '{}' });
  expect(await studio.sm('GetModelPackageGroupPolicy', group)).toEqual({ ResourcePolicy: '{}' });
  await studio.sm('DeleteModelPackageGroupPolicy', group);
  await expect(studio.sm('GetModelPackageGroupPolicy', group)).rejects.toEqual(
    error('ValidationException', 'Cannot find resource policy'),
  );
});

test('invalid groups and packages are refused', async () => {
  await expect(studio.sm('CreateModelPackageGroup', { ModelPackageGroupName: 'houses' })).rejects.toEqual(
    error('ValidationException', 'Model Package Group already exists'),
  );
  await expect(version({ ModelPackageGroupName: 'boats' })).rejects.toEqual(error('ValidationException', 'boats'));
  await expect(version({ ModelPackageGroupName: undefined })).rejects.toEqual(
    error('ValidationException', 'ModelPackageGroupName'),
  );
  await expect(version({ InferenceSpecification: undefined })).rejects.toEqual(
    error('ValidationException', 'InferenceSpecification'),
  );
  const ModelPackageName = studio.arn('model-package', 'houses', '7');
  await expect(studio.sm('DescribeModelPackage', { ModelPackageName })).rejects.toEqual(
    error('ValidationException', `ModelPackage ${ModelPackageName} does not exist`),
  );
  const ModelApprovalStatus = 'Maybe' as 'Approved';
  const ModelPackageArn = await version();
  await expect(studio.sm('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus })).rejects.toEqual(
    error('ValidationException', 'modelApprovalStatus'),
  );
});

test('permissions for packages are permissions for those of a group', async () => {
  const Action = ['sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage'];
  const Resource = studio.arn('model-package', 'houses', '*');
  const builder = await studio.role('builder', { Effect: 'Allow', Action, Resource });
  const request = { ModelPackageGroupName: 'houses', InferenceSpecification };
  const { ModelPackageArn } = await studio.sm('CreateModelPackage', request, builder);
  await studio.sm('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus: 'Rejected' }, builder);
  await expect(studio.sm('DeleteModelPackage', { ModelPackageName: ModelPackageArn }, builder)).rejects.toEqual(
    error('AccessDeniedException', 'sagemaker:DeleteModelPackage'),
  );
  await studio.sm('CreateModelPackageGroup', { ModelPackageGroupName: 'boats' });
  const other = { ...request, ModelPackageGroupName: 'boats' };
  await expect(studio.sm('CreateModelPackage', other, builder)).rejects.toEqual(
    error('AccessDeniedException', 'sagemaker:CreateModelPackage'),
  );
});
