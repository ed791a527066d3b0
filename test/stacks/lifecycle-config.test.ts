import { DescribeDomainCommand, ListStudioLifecycleConfigsCommand } from '@aws-sdk/client-sagemaker';
import { deleteStack, deployStack, type Ended } from '../../scripts/start/stack.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
  await installProvider(cloud.clients);
}, 120_000);

afterAll(() => cloud.stop());

const outputOf = ({ stack }: Ended, name: string) =>
  stack.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;

test('a script is attached to a domain, changed, rolled back and taken away with its stack', async () => {
  const { cloudformation, sagemaker } = cloud.clients;
  const studio = await deployStack(cloudformation, blind, {
    name: 'studio',
    template: await readTemplate('examples/studio.yaml'),
  });
  const DomainId = outputOf(studio, 'DomainId')!;
  const template = await readTemplate('examples/lifecycle-config.yaml');
  const deploy = (Packages: string, more = '') =>
    deployStack(cloudformation, blind, {
      name: 'packages',
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
  expect(reasons(first)).toEqual([]);
  const arn = outputOf(first, 'LifecycleConfigArn')!;
  expect(await attached()).toEqual({ LifecycleConfigArns: [arn], Default: arn });

  const second = await deploy('ruff');
  expect(reasons(second)).toEqual([]);
  const next = outputOf(second, 'LifecycleConfigArn')!;
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
  expect(failed.stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(reasons(failed).join()).toContain(`to user profile nobody of domain ${DomainId}: it does not exist`);
  expect(await attached()).toEqual({ LifecycleConfigArns: [next], Default: next });
  expect(await existing()).toEqual([next]);

  expect(reasons(await deleteStack(cloudformation, blind, second.stack))).toEqual([]);
  expect(await existing()).toEqual([]);
  expect(await attached()).toEqual({ LifecycleConfigArns: [], Default: undefined });
  expect(reasons(await deleteStack(cloudformation, blind, studio.stack))).toEqual([]);
}, 240_000);
