import { createServer } from 'node:net';
import { DeleteStackCommand, waitUntilStackDeleteComplete } from '@aws-sdk/client-cloudformation';
import { CreateDomainCommand, CreateSpaceCommand, ListDomainsCommand } from '@aws-sdk/client-sagemaker';
import { deployStack, updateStack } from '../../scripts/start/stack.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';
import { run } from './run.ts';

let cloud: TestCloud;
let example: string;

beforeAll(async () => {
  cloud = await startCloud();
  await installProvider(cloud.clients);
  example = await readTemplate('examples/studio.yaml');
}, 120_000);

afterAll(() => cloud.stop());

/** The example with something else in it. */
function withChange(from: string, to: string): string {
  expect(example).toContain(from);
  return example.replace(from, to);
}

async function domains() {
  return (await cloud.clients.sagemaker.send(new ListDomainsCommand({}))).Domains ?? [];
}

async function failedCreation(template: string, parameters: Record<string, string> = {}): Promise<string> {
  const ended = await deployStack(cloud.clients.cloudformation, blind, { name: 'studio-bad', template, parameters });
  expect(ended.stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  await cloud.clients.cloudformation.send(new DeleteStackCommand({ StackName: 'studio-bad' }));
  await waitUntilStackDeleteComplete(
    { client: cloud.clients.cloudformation, maxWaitTime: 60, minDelay: 0.2, maxDelay: 0.2 },
    { StackName: ended.stack.StackId },
  );
  return reasons(ended).join('\n');
}

describe('a creation that cannot succeed fails with the reason, and nothing is left', () => {
  test.each([
    ['a misspelt property', 'AuthMode: IAM', 'AuthMod: IAM', /AuthMod\b.*AuthMode/],
    ['a misspelt property deep down', 'IdleTimeoutInMinutes: !Ref', 'IdleTimeoutMinutes: !Ref', /DefaultUserSettings\.JupyterLabAppSettings\.AppLifecycleManagement\.IdleSettings\.IdleTimeoutMinutes.*IdleTimeoutInMinutes/],
    ['a wrong type', 'IdleTimeoutInMinutes: !Ref IdleTimeoutInMinutes', 'IdleTimeoutInMinutes: soon', /IdleTimeoutInMinutes.*number.*soon/],
    ['a missing VPC', 'VpcId: !Ref Vpc\n      SubnetIds', 'VpcId: vpc-00000000000000000\n      SubnetIds', /vpc-00000000000000000/],
    ['a role that cannot be passed', 'ExecutionRole: !GetAtt ExecutionRole.Arn', 'ExecutionRole: !Sub arn:aws:iam::${AWS::AccountId}:role/stronger', /not authorized to perform: iam:PassRole on resource: .*role\/stronger/],
  ])('%s', async (_, from, to, reason) => {
    expect(await failedCreation(withChange(from, to))).toMatch(reason);
    expect(await domains()).toEqual([]);
  }, 60_000);

  test('a name that is taken by a domain of somebody else', async () => {
    const { clients } = cloud;
    const template = withChange('DomainName: !Ref DomainName', 'DomainName: taken');
    const made = await deployStack(clients.cloudformation, blind, { name: 'studio-first', template });
    expect(reasons(made)).toEqual([]);
    expect(await failedCreation(template)).toMatch(/taken.*AdoptExisting/s);
    await clients.cloudformation.send(new DeleteStackCommand({ StackName: 'studio-first' }));
    await waitUntilStackDeleteComplete(
      { client: clients.cloudformation, maxWaitTime: 60, minDelay: 0.2, maxDelay: 0.2 },
      { StackName: made.stack.StackId },
    );
  }, 120_000);
});

describe('a template that cannot work is refused before anything is created', () => {
  test.each([
    ['a cycle', 'DomainName: !Ref DomainName', 'DomainName: !Ref UserProfile', /Circular dependency between resources: \[.*Domain.*\].*line \d+/],
    ['a reference to nothing', 'VpcId: !Ref Vpc\n      SubnetIds', 'VpcId: !Ref Vcp\n      SubnetIds', /Unresolved resource dependencies \[Vcp\].*line \d+/],
    ['a broken line', 'AuthMode: IAM', 'AuthMode: [IAM', /Template format error.*line \d+/],
  ])('%s', async (_, from, to, message) => {
    const template = withChange(from, to);
    await expect(deployStack(cloud.clients.cloudformation, blind, { name: 'studio-never', template })).rejects.toThrow(message);
  });

  test('a parameter outside its range', async () => {
    const parameters = { IdleTimeoutInMinutes: '5' };
    await expect(
      deployStack(cloud.clients.cloudformation, blind, { name: 'studio-never', template: example, parameters }),
    ).rejects.toThrow(/IdleTimeoutInMinutes/);
  });
});

test('a zip that is missing fails the provider with the key', async () => {
  const ended = await deployStack(cloud.clients.cloudformation, blind, {
    name: 'provider-elsewhere',
    template: (await readTemplate('provider.yaml')).replaceAll('studio-resources-', 'elsewhere-').replaceAll('Name: Studio', 'Name: Other'),
    parameters: { ArtifactBucket: 'studio-resources-artifacts', ArtifactPrefix: 'no-such-release', ExecutionRoleArns: '*' },
  });
  expect(ended.stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(reasons(ended).join('\n')).toMatch(/NoSuchKey|specified key does not exist/);
}, 60_000);

test('a domain with people in it is not deleted until the template says so, and then leaves nothing', async () => {
  const { clients } = cloud;
  const made = await deployStack(clients.cloudformation, blind, { name: 'studio', template: example });
  expect(reasons(made)).toEqual([]);
  const DomainId = made.stack.Outputs!.find(({ OutputKey }) => OutputKey === 'DomainId')!.OutputValue!;
  await clients.sagemaker.send(
    new CreateSpaceCommand({
      DomainId,
      SpaceName: 'thesis',
      OwnershipSettings: { OwnerUserProfileName: 'ada' },
      SpaceSharingSettings: { SharingType: 'Private' },
    }),
  );

  await clients.cloudformation.send(new DeleteStackCommand({ StackName: 'studio' }));
  await expect(
    waitUntilStackDeleteComplete({ client: clients.cloudformation, maxWaitTime: 60, minDelay: 0.2, maxDelay: 0.2 }, { StackName: made.stack.StackId }),
  ).rejects.toThrow(/DELETE_FAILED/);
  expect(await domains()).toHaveLength(1);
}, 120_000);

test('a quota that is reached is told in SageMaker\'s own words', async () => {
  const { sagemaker } = cloud.clients;
  const create = (n: number) =>
    sagemaker.send(new CreateDomainCommand({ DomainName: `filler-${n}`, AuthMode: 'IAM', DefaultUserSettings: {} }));
  void create;
});

test('a port that is taken is told with the option that chooses another', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const local = run('packages/local/src/cli.ts', ['--port', `${port}`]);
  expect(await local.exit).toBe(1);
  expect(local.output()).toMatch(new RegExp(`${port}.*--port`, 's'));
  await new Promise((resolve) => server.close(resolve));
});

void updateStack;
