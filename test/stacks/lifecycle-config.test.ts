import { DescribeDomainCommand, ListStudioLifecycleConfigsCommand } from '@aws-sdk/client-sagemaker';
import { deployTemplate, readTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
});

afterAll(() => cloud.stop());

test('a script is attached to a domain, changed, rolled back and deleted with its stack', async () => {
  const { sagemaker } = cloud.clients;
  const { DomainId = '' } = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  const template = await readTemplate('examples/lifecycle-config.yaml');
  const deploy = (Packages: string, more = '') =>
    cloud.deploy('packages', {
      template: template.replace('\nOutputs:', `${more}\nOutputs:`),
      parameters: { DomainId, Packages },
    });
  const attached = async () => {
    const { DefaultUserSettings } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
    const { LifecycleConfigArns, DefaultResourceSpec } = DefaultUserSettings!.JupyterLabAppSettings!;
    return { LifecycleConfigArns, Default: DefaultResourceSpec?.LifecycleConfigArn };
  };
  const existing = async () => {
    const { StudioLifecycleConfigs = [] } = await sagemaker.send(new ListStudioLifecycleConfigsCommand({}));
    return StudioLifecycleConfigs.map((each) => each.StudioLifecycleConfigArn);
  };

  const first = await deploy('black');
  expect(first.failures).toEqual([]);
  const arn = first.outputs.LifecycleConfigArn!;
  expect(await attached()).toEqual({ LifecycleConfigArns: [arn], Default: arn });

  const second = await deploy('ruff');
  expect(second.failures).toEqual([]);
  const next = second.outputs.LifecycleConfigArn!;
  expect(next).not.toBe(arn);
  expect(await attached()).toEqual({ LifecycleConfigArns: [next], Default: next });
  expect(await existing()).toEqual([next]);

  const doomed = `
  Doomed:
    Type: Custom::StudioLifecycleConfig
    DependsOn: InstallPackages
    Properties:
      ServiceToken: !ImportValue StudioLifecycleConfigServiceToken
      Name: doomed
      AppType: CodeEditor
      Content: echo hello
      AttachTo: [{ DomainId: !Ref DomainId, UserProfileName: nobody }]
`;
  const failed = await deploy('mypy', doomed);
  expect(failed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(failed.failures.join()).toContain(`to user profile nobody of domain ${DomainId}: it does not exist`);
  expect(await attached()).toEqual({ LifecycleConfigArns: [next], Default: next });
  expect(await existing()).toEqual([next]);

  await removeStack(cloud, 'packages');
  expect(await existing()).toEqual([]);
  expect(await attached()).toEqual({ LifecycleConfigArns: [], Default: undefined });
  await removeStack(cloud, 'studio');
});
