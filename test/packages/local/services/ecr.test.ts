import { ecr } from '../../../../packages/local/src/services/ecr/index.ts';
import { AuthorisedCloud, account } from '../authorised-cloud.ts';
import { error } from '../studio.ts';

const cloud = new AuthorisedCloud([ecr]);
afterAll(() => cloud.cloud.close());

test('an immutable tag can be used once, and a repository with images is deleted only with force', async () => {
  const repositoryName = 'team/tools';
  const { repository } = await cloud.call(ecr, 'CreateRepository', {
    repositoryName,
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
  });
  expect(repository!.repositoryUri).toBe(`${account}.dkr.ecr.eu-west-1.amazonaws.com/team/tools`);
  const put = (text: string, imageTag: string) =>
    cloud.call(ecr, 'PutImage', { repositoryName, imageTag, imageManifest: JSON.stringify({ text }) });
  const { image } = await put('one', '1');
  await expect(put('two', '1')).rejects.toEqual(error('ImageTagAlreadyExistsException'));
  await expect(put('one', '1')).rejects.toEqual(error('ImageAlreadyExistsException'));
  await put('one', 'also');
  await cloud.clock.pass(60_000);
  const { imageDetails } = await cloud.call(ecr, 'DescribeImages', {
    repositoryName,
    imageIds: [{ imageTag: 'also' }],
  });
  expect(imageDetails).toMatchObject([
    { imageDigest: image!.imageId!.imageDigest, imageTags: ['1', 'also'], imageScanStatus: { status: 'COMPLETE' } },
  ]);
  await expect(cloud.call(ecr, 'DescribeImages', { repositoryName, imageIds: [{ imageTag: 'no' }] })).rejects.toEqual(
    error('ImageNotFoundException'),
  );
  await expect(cloud.call(ecr, 'DeleteRepository', { repositoryName })).rejects.toEqual(
    error('RepositoryNotEmptyException'),
  );
  await cloud.call(ecr, 'DeleteRepository', { repositoryName, force: true });
  await expect(put('three', '3')).rejects.toEqual(error('RepositoryNotFoundException'));
  await expect(cloud.call(ecr, 'CreateRepository', { repositoryName: 'Not-Small' })).rejects.toEqual(
    error('InvalidParameterException'),
  );
});
