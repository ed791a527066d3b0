import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateStudioLifecycleConfigCommand,
  ListDomainsCommand,
  ListUserProfilesCommand,
} from '@aws-sdk/client-sagemaker';
import { deploying, profile, role, withDomain } from './deploy-cloud.ts';

const deployment = deploying();
const user = (settings: Record<string, unknown>) => ({ DefaultUserSettings: { ExecutionRole: role, ...settings } });
const stack = ['--stack', 'studio', '--yes'];

const status = async () =>
  (await deployment.cloud.clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'studio' }))).Stacks?.[0]
    ?.StackStatus;

/** Deploys the first template, which has to succeed, and then the second one. */
async function change(first: object, second: object) {
  const created = await deployment.run([await deployment.file(first), ...stack]);
  expect([created.code, created.output]).toEqual([0, expect.stringContaining('studio is CREATE_COMPLETE.')]);
  return deployment.run([await deployment.file(second), ...stack]);
}

test('a new stack is shown, created and followed to its outputs; deployed again, it has no changes', async () => {
  const template = { ...withDomain(), Outputs: { Id: { Value: { Ref: 'Domain' } } } };
  const file = await deployment.file(template);
  const first = await deployment.run([file, ...stack]);
  expect(first.code).toBe(0);
  expect(first.output).toMatch(/^New stack studio \(us-east-1, account \d{12}\)$/m);
  expect(first.output).toMatch(/^ {2}\+ Domain {2}Custom::StudioDomain {2}created$/m);
  expect(first.output).toMatch(/== Creating studio\nstudio is CREATE_COMPLETE\.\n {2}Id: d-\w+$/);
  expect(await deployment.run([file, ...stack])).toEqual({ code: 0, output: 'studio has no changes.' });
});

test('what changes in place is shown to the bottom, and others keep as they are', async () => {
  const idle = (IdleTimeoutInMinutes: number) =>
    user({
      JupyterLabAppSettings: {
        AppLifecycleManagement: { IdleSettings: { LifecycleManagement: 'ENABLED', IdleTimeoutInMinutes } },
      },
    });
  const more = { UserProfile: profile() };
  const { code, output } = await change(withDomain(idle(60), more), withDomain(idle(120), more));
  expect(output).toMatch(
    /^Changes to studio .*\n {2}~ Domain {2}Custom::StudioDomain {2}in place\n {6}DefaultUserSettings\.JupyterLabAppSettings\.AppLifecycleManagement\.IdleSettings\.IdleTimeoutInMinutes: 60 → 120\n==/m,
  );
  expect(code).toBe(0);
});

test('what a replacement replaces as well is shown, though no change set has it', async () => {
  const more = { UserProfile: profile() };
  const { code, output } = await change(withDomain({}, more), withDomain({ DomainName: 'renamed' }, more));
  expect(output).toMatch(
    /^ {2}± Domain +Custom::StudioDomain +replaced; the old one is then deleted, with HomeEfsFileSystem: Delete\n {6}DomainName: research → renamed$/m,
  );
  expect(output).toMatch(
    /^ {2}± UserProfile +Custom::StudioUserProfile +replaced; the old one is then deleted\n {6}DomainId: d-\w+ → <the new Domain>, known only once it is deployed$/m,
  );
  expect(code).toBe(0);
});

test('a value that another stack or resource decides later makes a replacement possible, not certain', async () => {
  const parameter = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'renamed' } };
  const first = withDomain();
  const second = withDomain({ DomainName: { 'Fn::GetAtt': ['Name', 'Value'] } }, { Name: parameter });
  const { output } = await change(first, second);
  expect(output).toMatch(
    /^ {2}± Domain +Custom::StudioDomain +may be replaced; the old one is then deleted.*\n {6}DomainName: research → <Name\.Value after this change>, known only once it is deployed$/m,
  );
});

test('a setting that cannot be taken back is refused by the rule of the handler, and nothing is changed', async () => {
  const docker = withDomain({ DomainSettings: { DockerSettings: { EnableDockerAccess: 'ENABLED' } } });
  const { code, output } = await change(docker, withDomain());
  expect(code).toBe(1);
  expect(output).toContain('refused: the template no longer has DomainSettings.DockerSettings.EnableDockerAccess');
  expect(output).toMatch(/Refused: Domain\. Mend the template first\.\nNothing has been changed\.$/);
  expect(await status()).toBe('CREATE_COMPLETE');
});

test('a replacement that keeps the name is refused', async () => {
  const { code, output } = await change(withDomain(), withDomain({ AuthMode: 'SSO' }));
  expect(code).toBe(1);
  expect(output).toMatch(/refused: a change of AuthMode cannot be made in place.* Change DomainName as well/);
});

test('a volume that would shrink, and a member of a fleet that loses a setting, are refused', async () => {
  const space = (size: number) => ({
    Type: 'Custom::StudioSpace',
    Properties: {
      ServiceToken: { 'Fn::ImportValue': 'StudioSpaceServiceToken' },
      DomainId: { Ref: 'Domain' },
      SpaceName: 'notebooks',
      OwnershipSettings: { OwnerUserProfileName: { 'Fn::GetAtt': ['UserProfile', 'UserProfileName'] } },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: {
        AppType: 'JupyterLab',
        SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSizeInGb: size } },
      },
    },
  });
  const fleet = (members: object[]) => ({
    Type: 'Custom::StudioUserProfileFleet',
    Properties: {
      ServiceToken: { 'Fn::ImportValue': 'StudioUserProfileFleetServiceToken' },
      DomainId: { Ref: 'Domain' },
      Members: members,
    },
  });
  const uri = { UserProfileName: 'grace', UserSettings: { DefaultLandingUri: 'app:JupyterLab:' } };
  const { code, output } = await change(
    withDomain({}, { UserProfile: profile(), Space: space(20), Fleet: fleet([uri, { UserProfileName: 'alan' }]) }),
    withDomain({}, { UserProfile: profile(), Space: space(10), Fleet: fleet([{ UserProfileName: 'grace' }]) }),
  );
  expect(output).toContain(
    'refused: its volume has 20 GB and cannot shrink to 10 GB. Set EbsVolumeSizeInGb to 20 or more',
  );
  expect(output).toContain('refused: user profile grace: the template no longer has UserSettings.DefaultLandingUri');
  expect(output).toContain('deleted, unless it was adopted: the user profile of {"UserProfileName":"alan"}');
  expect(code).toBe(1);
}, 30_000);

test('properties that no handler takes are refused before the stack exists', async () => {
  const file = await deployment.file(withDomain({ AppNetworkAccess: 'VpcOnly', DomainName: undefined }));
  const { code, output } = await deployment.run([file, ...stack]);
  expect(code).toBe(1);
  expect(output).toMatch(/refused: DomainName: required, but missing/);
  expect(output).toMatch(/refused: AppNetworkAccess: /);
  await expect(status()).rejects.toThrow('does not exist');
});

test('an entry that the template no longer lists is detached, in a list that others write, too', async () => {
  const { sagemaker } = deployment.cloud.clients;
  const StudioLifecycleConfigAppType = 'JupyterLab';
  const script = { StudioLifecycleConfigContent: 'dHJ1ZQ==', StudioLifecycleConfigAppType } as const;
  const arns: string[] = [];
  for (const StudioLifecycleConfigName of ['one', 'two']) {
    const made = await sagemaker.send(new CreateStudioLifecycleConfigCommand({ StudioLifecycleConfigName, ...script }));
    arns.push(made.StudioLifecycleConfigArn!);
  }
  const lists = (LifecycleConfigArns: string[]) => withDomain(user({ JupyterLabAppSettings: { LifecycleConfigArns } }));
  const { code, output } = await change(lists(arns), lists([arns[0]!]));
  expect(output).toContain(`detached: ${arns[1]} from DefaultUserSettings.JupyterLabAppSettings.LifecycleConfigArns`);
  expect(output).not.toContain(`detached: ${arns[0]}`);
  expect(code).toBe(0);
});

test('of what is replaced, the old one is kept where the template says so', async () => {
  const kept = withDomain({ DomainName: 'renamed' });
  Object.assign(kept.Resources.Domain, { UpdateReplacePolicy: 'Retain' });
  const { code, output } = await change(withDomain(), kept);
  expect(output).toMatch(/^ {2}± Domain +Custom::StudioDomain +replaced; the old one is retained$/m);
  expect(code).toBe(0);
  const { Domains = [] } = await deployment.cloud.clients.sagemaker.send(new ListDomainsCommand({}));
  expect(Domains.map(({ DomainName }) => DomainName).sort()).toEqual(['renamed', 'research']);
});

test('what is removed is deleted with what it says of its contents, or retained', async () => {
  const more = {
    UserProfile: { ...profile({ DeleteContents: 'All' }) },
    Other: { ...profile({ UserProfileName: 'grace' }), DeletionPolicy: 'Retain' },
    Third: { ...profile({ UserProfileName: 'joan' }), DeletionPolicy: 'RetainExceptOnCreate' },
  };
  const { code, output } = await change(withDomain({}, more), withDomain());
  expect(output).toMatch(/^ {2}- UserProfile +Custom::StudioUserProfile +deleted, with DeleteContents: All$/m);
  expect(output).toMatch(/^ {2}- Other +Custom::StudioUserProfile +retained$/m);
  expect(output).toMatch(/^ {2}- Third +Custom::StudioUserProfile +retained$/m);
  expect(code).toBe(0);
  const { UserProfiles = [] } = await deployment.cloud.clients.sagemaker.send(new ListUserProfilesCommand({}));
  expect(UserProfiles.map(({ UserProfileName }) => UserProfileName)).toEqual(expect.arrayContaining(['grace', 'joan']));
});
