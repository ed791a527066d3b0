import {
  CreateAppCommand,
  CreateSpaceCommand,
  DescribeDomainCommand,
  DescribeUserProfileCommand,
  ListAppsCommand,
  ListStudioLifecycleConfigsCommand,
} from '@aws-sdk/client-sagemaker';
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

  const failing = `
  Failing:
    Type: Custom::StudioLifecycleConfig
    DependsOn: InstallPackages
    Properties:
      ServiceToken: !ImportValue StudioLifecycleConfigServiceToken
      Name: failing
      AppType: CodeEditor
      Content: echo hello
      AttachTo: [{ DomainId: !Ref DomainId, UserProfileName: absent }]
`;
  const failed = await deploy('mypy', failing);
  expect(failed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(failed.failures.join()).toContain(`to user profile absent of domain ${DomainId}: it does not exist`);
  expect(await attached()).toEqual({ LifecycleConfigArns: [next], Default: next });
  expect(await existing()).toEqual([next]);

  await removeStack(cloud, 'packages');
  expect(await existing()).toEqual([]);
  expect(await attached()).toEqual({ LifecycleConfigArns: [], Default: undefined });
  await removeStack(cloud, 'studio');
});

describe('a logical id that is renamed', () => {
  let DomainId: string;
  let template: string;

  const names = async () => {
    const { StudioLifecycleConfigs = [] } = await cloud.clients.sagemaker.send(
      new ListStudioLifecycleConfigsCommand({}),
    );
    return StudioLifecycleConfigs.map((each) => each.StudioLifecycleConfigArn!);
  };
  const attached = async () => {
    const { DefaultUserSettings } = await cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));
    const { LifecycleConfigArns, DefaultResourceSpec } = DefaultUserSettings!.JupyterLabAppSettings!;
    return { LifecycleConfigArns, Default: DefaultResourceSpec?.LifecycleConfigArn };
  };
  const all = (arn: string) => ({ LifecycleConfigArns: [arn], Default: arn });
  const apps = async () => {
    const { Apps = [] } = await cloud.clients.sagemaker.send(new ListAppsCommand({ DomainIdEquals: DomainId }));
    return Apps.map(({ Status }) => Status);
  };
  /** Deploys with this logical id, and something that fails after it. */
  const deploy = (logicalId: string, Packages: string, isFailing = false) => {
    const failing = `
  Failing:
    Type: AWS::SageMaker::UserProfile
    DependsOn: ${logicalId}
    Properties: { DomainId: d-missing, UserProfileName: absent }
`;
    return cloud.deploy('packages', {
      template: template
        .replaceAll('InstallPackages', logicalId)
        .replace('\nOutputs:', `${isFailing ? failing : ''}\nOutputs:`),
      parameters: { DomainId, Packages },
    });
  };
  const deployed = async (logicalId: string, Packages: string) => {
    const { failures, outputs } = await deploy(logicalId, Packages);
    expect(failures).toEqual([]);
    return outputs.LifecycleConfigArn!;
  };
  /** Starts an app that runs the default script. */
  const startApp = async () => {
    const { sagemaker } = cloud.clients;
    const OwnershipSettings = { OwnerUserProfileName: 'ada' };
    const rest = {
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab' },
    } as const;
    await sagemaker.send(new CreateSpaceCommand({ DomainId, SpaceName: 'notes', OwnershipSettings, ...rest }));
    await cloud.pass(60_000);
    const LifecycleConfigArn = (await attached()).Default;
    const ResourceSpec = { InstanceType: 'ml.t3.medium', LifecycleConfigArn } as const;
    const app = { DomainId, SpaceName: 'notes', AppType: 'JupyterLab', AppName: 'default' } as const;
    await sagemaker.send(new CreateAppCommand({ ...app, ResourceSpec }));
    await cloud.pass(300_000);
    expect(await apps()).toEqual(['InService']);
  };

  beforeAll(async () => {
    ({ DomainId = '' } = await deployTemplate(cloud, 'studio', 'examples/studio.yaml', { DeleteContents: 'All' }));
    template = await readTemplate('examples/lifecycle-config.yaml');
  });
  afterAll(() => removeStack(cloud, 'studio'));
  afterEach(async () => {
    await removeStack(cloud, 'packages');
    expect(await names()).toEqual([]);
    expect(await attached()).toEqual({ LifecycleConfigArns: [], Default: undefined });
  });

  test('takes the script over with its attachments and its apps, and gives it back in a rollback', async () => {
    const arn = await deployed('First', 'black');
    await startApp();
    const failed = await deploy('Second', 'black', true);
    expect(failed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([await names(), await attached()]).toEqual([[arn], all(arn)]);

    expect(await deployed('Second', 'black')).toBe(arn);
    expect([await names(), await attached(), await apps()]).toEqual([[arn], all(arn), ['InService']]);
    // From here on, it belongs to the new logical id.
    const next = await deployed('Second', 'ruff');
    expect(await attached()).toEqual(all(next));
    expect(await apps()).toEqual(['InService']);
    expect((await names()).toSorted()).toEqual([arn, next].toSorted());
  });

  test('and is changed at the same time replaces the script, in a rollback as well', async () => {
    const arn = await deployed('First', 'black');
    const failed = await deploy('Second', 'ruff', true);
    expect(failed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([await names(), await attached()]).toEqual([[arn], all(arn)]);

    const next = await deployed('Second', 'ruff');
    expect([await names(), await attached()]).toEqual([[next], all(next)]);
    // The rollback of another update does not give the script back.
    const changed = await deploy('Second', 'mypy', true);
    expect(changed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([await names(), await attached()]).toEqual([[next], all(next)]);
    expect(await deployed('First', 'ruff')).toBe(next);
    expect([await names(), await attached()]).toEqual([[next], all(next)]);
  });

  describe('beside another one of the same name', () => {
    const script = (...targets: { UserProfileName?: string }[]) => ({
      Type: 'Custom::StudioLifecycleConfig',
      Properties: {
        ServiceToken: { 'Fn::ImportValue': 'StudioLifecycleConfigServiceToken' },
        Name: 'setup',
        AppType: 'JupyterLab',
        Content: 'echo hello',
        AttachTo: targets.map((target) => ({ DomainId, ...target, As: 'Listed' })),
      },
    });
    const ada = { UserProfileName: 'ada' };
    const absent = {
      Type: 'AWS::SageMaker::UserProfile',
      DependsOn: 'Renamed',
      Properties: { DomainId: 'd-missing', UserProfileName: 'absent' },
    };
    const scripts = (Resources: Record<string, object>) => {
      const Outputs = Object.fromEntries(
        Object.keys(Resources).flatMap((name) =>
          name === 'Absent' ? [] : [[name, { Value: { 'Fn::GetAtt': [name, 'StudioLifecycleConfigArn'] } }]],
        ),
      );
      return cloud.deploy('packages', { template: JSON.stringify({ Resources, Outputs }) });
    };
    const lists = async () => {
      const { UserSettings } = await cloud.clients.sagemaker.send(
        new DescribeUserProfileCommand({ DomainId, UserProfileName: 'ada' }),
      );
      const ofAda = UserSettings?.JupyterLabAppSettings?.LifecycleConfigArns ?? [];
      return { domain: (await attached()).LifecycleConfigArns, ada: ofAda };
    };

    test.each([
      ['a target of the new one has it', [ada]],
      ['none, as it has no target in common with either', []],
    ])('takes over one script at most: %s', async (_, targets) => {
      const before = await scripts({ OfDomain: script({}), OfAda: script(ada) });
      expect(before.failures).toEqual([]);
      const { OfDomain = '', OfAda = '' } = before.outputs;
      expect(await lists()).toEqual({ domain: [OfDomain], ada: [OfAda] });
      const Renamed = script(...targets);
      const failed = await scripts({ Renamed, Absent: absent });
      expect(failed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(await lists()).toEqual({ domain: [OfDomain], ada: [OfAda] });
      expect((await names()).toSorted()).toEqual([OfDomain, OfAda].toSorted());

      const after = await scripts({ Renamed });
      expect(after.failures).toEqual([]);
      const arn = after.outputs.Renamed!;
      const isTakenOver = targets.length > 0;
      expect([OfDomain, OfAda].includes(arn)).toBe(isTakenOver);
      expect(await lists()).toEqual({ domain: [], ada: isTakenOver ? [OfAda] : [] });
      expect(await names()).toEqual([arn]);
    });
  });
});
