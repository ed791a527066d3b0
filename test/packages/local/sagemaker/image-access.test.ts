import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { Studio } from '../studio.ts';

const JupyterLabAppSettings = { CustomImages: [{ ImageName: 'tools', AppImageConfigName: 'tools' }] };
let studio: Studio;
let ExecutionRole: string;

beforeEach(async () => {
  studio = await Studio.open();
  ExecutionRole = await studio.executionRole('reader');
  await studio.sm('CreateImage', { ImageName: 'tools', RoleArn: studio.roleArn });
  await studio.settle();
});

const allow = (Action: string[]) =>
  studio.call(iam, 'PutRolePolicy', {
    RoleName: 'reader',
    PolicyName: 'images',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action, Resource: '*' },
    }),
  });

const problem = (noun: string, action: string) =>
  `PermissionError: SageMaker is unable to use your associated execution role [${ExecutionRole}] to describe ${noun}. Verify that your associated execution role has permission for '${action}'.`;

test('a domain with a custom image fails to update while its execution role may not describe image versions', async () => {
  const DomainId = await studio.domain({ DefaultUserSettings: { ExecutionRole } });
  await allow(['sagemaker:DescribeImage']);
  await studio.sm('UpdateDomain', { DomainId, DefaultUserSettings: { JupyterLabAppSettings } });
  expect(await studio.ended(() => studio.sm('DescribeDomain', { DomainId }))).toMatchObject({
    Status: 'Update_Failed',
    FailureReason: problem('image version', 'sagemaker:DescribeImageVersion'),
  });
  await allow(['sagemaker:DescribeImage', 'sagemaker:DescribeImageVersion']);
  await studio.sm('UpdateDomain', { DomainId, DefaultUserSettings: { JupyterLabAppSettings } });
  expect(await studio.ended(() => studio.sm('DescribeDomain', { DomainId }))).toMatchObject({ Status: 'InService' });
});

test('a new domain with a custom image fails where its execution role may not describe images', async () => {
  const DomainId = await studio.domain({ DefaultUserSettings: { ExecutionRole, JupyterLabAppSettings } });
  expect(await studio.ended(() => studio.sm('DescribeDomain', { DomainId }))).toMatchObject({
    Status: 'Failed',
    FailureReason: problem('image', 'sagemaker:DescribeImage'),
  });
});

test('a profile’s custom images are described with its own execution role, or else the domain’s', async () => {
  await allow(['sagemaker:DescribeImage', 'sagemaker:DescribeImageVersion']);
  const DomainId = await studio.domain({ DefaultUserSettings: { ExecutionRole } });
  const status = async (UserProfileName: string, more: object) => {
    await studio.sm('CreateUserProfile', {
      DomainId,
      UserProfileName,
      UserSettings: { JupyterLabAppSettings, ...more },
    });
    return (await studio.ended(() => studio.sm('DescribeUserProfile', { DomainId, UserProfileName }))).Status;
  };
  expect(await status('ada', {})).toBe('InService');
  expect(await status('bob', { ExecutionRole: studio.roleArn })).toBe('Failed');
});
