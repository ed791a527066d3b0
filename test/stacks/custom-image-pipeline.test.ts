import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetRoleCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListAppImageConfigsCommand, ListImagesCommand } from '@aws-sdk/client-sagemaker';
import { deployTemplate, removeStack, startCloud } from './cloud.ts';
import { bucket, ImagePipeline } from './image-pipeline.ts';
import type { TestCloud } from './test-cloud.ts';

// What the pipeline builds is tested in test/wire.

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud?.stop());

test('the pipeline waits for its source, changes in place, and leaves nothing', async () => {
  const { cloudformation, iam, sagemaker } = cloud.clients;
  const roles = async () => (await iam.send(new ListRolesCommand({}))).Roles!.map(({ RoleName }) => RoleName).sort();
  const { DomainId = '' } = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  const before = await roles();
  const tools = await ImagePipeline.make(cloud, DomainId);
  const { id, outputs } = await tools.deploy();
  expect(outputs.SourceUri).toBe(`s3://${bucket}/custom-images/tools.zip`);
  // There is no source yet.
  expect(await tools.ran(outputs.PipelineName!, 1)).toBe('Failed: The specified key does not exist.');
  expect(await tools.attached()).toEqual([]);

  const PermissionsBoundaryArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await tools.deploy({ KeepVersions: '5', PermissionsBoundaryArn });
  const ours = (await roles()).filter((name) => !before.includes(name));
  expect(ours).not.toEqual([]);
  const bounded = await Promise.all(ours.map((RoleName) => iam.send(new GetRoleCommand({ RoleName }))));
  expect(bounded.map(({ Role }) => Role!.PermissionsBoundary?.PermissionsBoundaryArn)).toEqual(
    ours.map(() => PermissionsBoundaryArn),
  );

  await removeStack(cloud, id);
  expect((await sagemaker.send(new ListImagesCommand({}))).Images).toEqual([]);
  expect((await sagemaker.send(new ListAppImageConfigsCommand({}))).AppImageConfigs).toEqual([]);
  const ecr = new ECRClient(cloud.clientOptions);
  expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
  expect(await roles()).toEqual(before);
  const { StackSummaries } = await cloudformation.send(new ListStacksCommand({}));
  const left = StackSummaries!.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  expect(left.map(({ StackName }) => StackName).sort()).toEqual(['studio', 'studio-resources']);
});
