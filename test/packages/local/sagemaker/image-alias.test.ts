import { error, Studio } from '../studio.ts';

const BaseImage = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/studio:1.4';
const ImageName = 'tools';
let studio: Studio;

/** An image with two versions; the first has an alias. */
beforeEach(async () => {
  studio = await Studio.open();
  await studio.push('team/studio', ['1.4']);
  await studio.sm('CreateImage', { ImageName, RoleArn: studio.roleArn });
  await studio.settle();
  await studio.sm('CreateImageVersion', { ImageName, BaseImage, ClientToken: 'one', Aliases: ['stable'] });
  await studio.sm('CreateImageVersion', { ImageName, BaseImage, ClientToken: 'two' });
  await studio.settle();
});

const aliases = async (more: { Version?: number; Alias?: string } = {}) =>
  (await studio.sm('ListAliases', { ImageName, ...more })).SageMakerImageVersionAliases;

test('an alias names a version wherever its number could', async () => {
  expect(await studio.sm('DescribeImageVersion', { ImageName, Alias: 'stable' })).toMatchObject({ Version: 1 });
  await studio.sm('UpdateImageVersion', { ImageName, Alias: 'stable', ReleaseNotes: 'The first' });
  expect(await studio.sm('DescribeImageVersion', { ImageName, Version: 1 })).toMatchObject({
    ReleaseNotes: 'The first',
  });
  await studio.sm('DeleteImageVersion', { ImageName, Alias: 'stable' });
  await studio.settle();
  await expect(studio.sm('DescribeImageVersion', { ImageName, Alias: 'stable' })).rejects.toEqual(
    error('ResourceNotFound', 'stable'),
  );
  expect(await studio.sm('DescribeImageVersion', { ImageName })).toMatchObject({ Version: 2 });
});

test('aliases are added to a version and taken from it', async () => {
  await studio.sm('UpdateImageVersion', { ImageName, Version: 2, AliasesToAdd: ['next', 'gpu'] });
  expect(await aliases()).toEqual(['gpu', 'next', 'stable']);
  expect(await aliases({ Version: 2 })).toEqual(['gpu', 'next']);
  await studio.sm('UpdateImageVersion', { ImageName, Version: 2, AliasesToDelete: ['gpu'] });
  expect(await aliases({ Alias: 'next' })).toEqual(['next']);
});

test('an alias names one version of an image', async () => {
  await expect(studio.sm('UpdateImageVersion', { ImageName, Version: 2, AliasesToAdd: ['stable'] })).rejects.toEqual(
    error('ResourceInUse', 'stable'),
  );
  await expect(
    studio.sm('CreateImageVersion', { ImageName, BaseImage, ClientToken: 'three', Aliases: ['stable'] }),
  ).rejects.toEqual(error('ResourceInUse', 'stable'));
  await studio.sm('UpdateImageVersion', { ImageName, Version: 1, AliasesToDelete: ['stable'] });
  await studio.sm('UpdateImageVersion', { ImageName, Version: 2, AliasesToAdd: ['stable'] });
  expect(await studio.sm('DescribeImageVersion', { ImageName, Alias: 'stable' })).toMatchObject({ Version: 2 });
});

test('a change names the version by its number or by an alias', async () => {
  for (const choice of [{}, { Version: 1, Alias: 'stable' }]) {
    await expect(studio.sm('UpdateImageVersion', { ImageName, ...choice })).rejects.toEqual(
      error('ValidationException', 'Exactly one of Version and Alias'),
    );
  }
});
