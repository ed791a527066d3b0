import { createServer } from 'node:net';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ListDomainsCommand } from '@aws-sdk/client-sagemaker';
import { account } from '../../scripts/start/clients.ts';
import { deleteStack, deployStack } from '../../scripts/start/stack.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';
import { run } from './run.ts';

const sagemakerTrust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

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
  const deleted = await deleteStack(cloud.clients.cloudformation, blind, ended.stack);
  expect(reasons(deleted)).toEqual([]);
  return reasons(ended).join('\n');
}

describe('a creation that cannot succeed fails with the reason, and nothing is left', () => {
  test.each([
    ['a misspelt property', 'AuthMode: IAM', 'AuthMod: IAM', /AuthMod\b.*AuthMode/],
    [
      'a misspelt property deep down',
      'IdleTimeoutInMinutes: !Ref',
      'IdleTimeoutMinutes: !Ref',
      /DefaultUserSettings\.JupyterLabAppSettings\.AppLifecycleManagement\.IdleSettings\.IdleTimeoutMinutes.*IdleTimeoutInMinutes/,
    ],
    [
      'a wrong type',
      'IdleTimeoutInMinutes: !Ref IdleTimeoutInMinutes',
      'IdleTimeoutInMinutes: soon',
      /IdleTimeoutInMinutes.*number.*soon/,
    ],
    [
      'a missing VPC',
      'VpcId: !Ref Vpc\n      SubnetIds',
      'VpcId: vpc-00000000000000000\n      SubnetIds',
      /vpc-00000000000000000/,
    ],
    [
      'a role that cannot be passed',
      'ExecutionRole: !GetAtt ExecutionRole.Arn',
      'ExecutionRole: !Sub arn:aws:iam::${AWS::AccountId}:role/stronger',
      /not authorized to perform: iam:PassRole on resource: .*role\/stronger/,
    ],
  ])(
    '%s',
    async (_, from, to, reason) => {
      expect(await failedCreation(withChange(from, to))).toMatch(reason);
      expect(await domains()).toEqual([]);
    },
    60_000,
  );

  test('a name that is taken by a domain of somebody else', async () => {
    const { clients } = cloud;
    const template = withChange('DomainName: !Ref DomainName', 'DomainName: taken');
    const made = await deployStack(clients.cloudformation, blind, { name: 'studio-first', template });
    expect(reasons(made)).toEqual([]);
    expect(await failedCreation(template)).toMatch(/taken.*AdoptExisting/s);
    expect(reasons(await deleteStack(clients.cloudformation, blind, made.stack))).toEqual([]);
  }, 120_000);
});

describe('a template that cannot work is refused before anything is created', () => {
  test.each([
    [
      'a cycle',
      'DomainName: !Ref DomainName',
      'DomainName: !Ref UserProfile',
      /Circular dependency between resources: \[.*Domain.*\].*line \d+/,
    ],
    [
      'a reference to nothing',
      'VpcId: !Ref Vpc\n      SubnetIds',
      'VpcId: !Ref Vcp\n      SubnetIds',
      /Unresolved resource dependencies \[Vcp\].*line \d+/,
    ],
    ['a broken line', 'AuthMode: IAM', 'AuthMode: [IAM', /Template format error.*line \d+/],
  ])('%s', async (_, from, to, message) => {
    const template = withChange(from, to);
    await expect(deployStack(cloud.clients.cloudformation, blind, { name: 'studio-never', template })).rejects.toThrow(
      message,
    );
  });

  test('a parameter outside its range', async () => {
    const parameters = { IdleTimeoutInMinutes: '5' };
    await expect(
      deployStack(cloud.clients.cloudformation, blind, { name: 'studio-never', template: example, parameters }),
    ).rejects.toThrow(/IdleTimeoutInMinutes/);
  });
});

test('a zip that is missing fails the provider with the key', async () => {
  const { cloudformation, s3 } = cloud.clients;
  const [Bucket, Key] = ['studio-resources-artifacts', 'elsewhere.yaml'];
  const Body = (await readTemplate('provider.yaml'))
    .replaceAll('studio-resources-', 'elsewhere-')
    .replaceAll('Name: Studio', 'Name: Other');
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const ended = await deployStack(cloudformation, blind, {
    name: 'provider-elsewhere',
    template: { url: `https://${Bucket}.s3.amazonaws.com/${Key}` },
    parameters: {
      ArtifactBucket: 'studio-resources-artifacts',
      ArtifactPrefix: 'no-such-release',
      ExecutionRoleArns: '*',
    },
  });
  expect(ended.stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(reasons(ended).join('\n')).toMatch(/NoSuchKey|specified key does not exist/);
}, 60_000);

test('a quota that is reached is told in the words of SageMaker', async () => {
  const { clients } = cloud;
  await clients.iam.send(
    new CreateRoleCommand({ RoleName: 'studio-filler', AssumeRolePolicyDocument: JSON.stringify(sagemakerTrust) }),
  );
  const domain = (n: number) => ({
    Type: 'Custom::StudioDomain',
    Properties: {
      ServiceToken: { 'Fn::ImportValue': 'StudioDomainServiceToken' },
      DomainName: `filler-${n}`,
      AppNetworkAccessType: 'PublicInternetOnly',
      VpcId: { Ref: 'Vpc' },
      SubnetIds: [{ Ref: 'Subnet' }],
      DefaultUserSettings: { ExecutionRole: `arn:aws:iam::${account}:role/studio-filler` },
      HomeEfsFileSystem: 'Delete',
    },
  });
  const Resources = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`Domain${n}`, domain(n)]));
  const template = JSON.stringify({
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
      ...Resources,
    },
  });
  expect(await failedCreation(template)).toMatch(/account-level service limit 'Total domains' is \d+ Domains/);
  expect(await domains()).toEqual([]);
}, 180_000);

test('a port that is taken is told with the option that chooses another', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const local = run('packages/local/src/cli.ts', ['--port', `${port}`]);
  expect(await local.exit).toBe(1);
  expect(local.output()).toMatch(new RegExp(`${port}.*--port`, 's'));
  await new Promise((resolve) => server.close(resolve));
});
