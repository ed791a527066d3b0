import {
  AddTagsCommand,
  CreateModelPackageCommand,
  type CreateModelPackageCommandInput,
  CreateModelPackageGroupCommand,
  ListModelPackagesCommand,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { account, region } from '../../scripts/start/clients.ts';
import { DataScientists, outcome } from './data-scientists.ts';

let people: DataScientists;

beforeAll(async () => {
  people = await DataScientists.start();
  await people.cloud.clients.sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'houses' }));
});
afterAll(() => people?.cloud.stop());

function version(more: Partial<CreateModelPackageCommandInput>): CreateModelPackageCommand {
  const Image = `${account}.dkr.ecr.${region}.amazonaws.com/image:1`;
  return new CreateModelPackageCommand({
    ModelPackageGroupName: 'houses',
    InferenceSpecification: {
      Containers: [{ Image }],
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['text/csv'],
    },
    ...more,
  });
}

async function approved(): Promise<string[]> {
  const { ModelPackageSummaryList } = await people.cloud.clients.sagemaker.send(
    new ListModelPackagesCommand({ ModelPackageGroupName: 'houses', ModelApprovalStatus: 'Approved' }),
  );
  return ModelPackageSummaryList!.map(({ ModelPackageArn }) => ModelPackageArn!);
}

test('attack: a data scientist registers a version of a model as approved', async () => {
  const ada = await people.sagemaker('ada');
  expect(await outcome(ada.send(version({ ModelApprovalStatus: 'Approved' })))).toBe('denied');
  expect(await outcome(ada.send(version({ ModelApprovalStatus: 'PendingManualApproval' })))).toBe('done');
  expect(await outcome(ada.send(version({ ModelApprovalStatus: 'Rejected' })))).toBe('done');
  expect(await approved()).toEqual([]);
});

test('attack: a role with every right of SageMaker approves a version, by the status or by its life cycle', async () => {
  const { sagemaker } = (await people.wide()).clients;
  const { ModelPackageArn } = await sagemaker.send(version({}));
  const update = (more: object) => outcome(sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn, ...more })));
  expect(await update({ ModelApprovalStatus: 'Approved' })).toBe('denied');
  expect(await update({ ModelApprovalStatus: 'Rejected' })).toBe('done');
  expect(await update({ ApprovalDescription: 'looks good' })).toBe('done');
  expect(await outcome(sagemaker.send(version({ ModelApprovalStatus: 'Approved' })))).toBe('denied');
  expect(await approved()).toEqual([]);
});

test('attack: a role with every right of SageMaker changes or unprotects a version that is protected', async () => {
  const { sagemaker } = (await people.wide()).clients;
  const { ModelPackageArn } = await sagemaker.send(version({}));
  const ResourceArn = ModelPackageArn!;
  const Tags = [{ Key: 'Protected', Value: 'true' }];
  await people.cloud.clients.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags }));
  const change = new UpdateModelPackageCommand({ ModelPackageArn, ApprovalDescription: 'mine' });
  expect(await outcome(sagemaker.send(change))).toBe('denied');
});
