import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ListDomainsCommand } from '@aws-sdk/client-sagemaker';
import { account } from '../../scripts/start/clients.ts';
import { readTemplate, removeStack, startCloud } from './cloud.ts';
import { artifacts } from './provider.ts';
import type { TestCloud } from './test-cloud.ts';

const sagemakerTrust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

let cloud: TestCloud;
let example: string;

beforeAll(async () => {
  cloud = await startCloud();
  example = await readTemplate('examples/studio.yaml');
});

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
  const ended = await cloud.deploy('studio-bad', { template, parameters });
  expect(ended.status).toBe('ROLLBACK_COMPLETE');
  await removeStack(cloud, 'studio-bad');
  return ended.failures.join('\n');
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
      /not authorized to perform: iam:PassRole on resource: .*role\/stronger .*; let the provider pass it: parameter ExecutionRoleArns/,
    ],
    [
      'the name of a role',
      'ExecutionRole: !GetAtt ExecutionRole.Arn',
      'ExecutionRole: !Ref ExecutionRole',
      /DefaultUserSettings\.ExecutionRole: expected the ARN of an IAM role, not its name, got "studio-/,
    ],
  ])('%s', async (_, from, to, reason) => {
    expect(await failedCreation(withChange(from, to))).toMatch(reason);
    expect(await domains()).toEqual([]);
  });

  test('a name that a domain of another owner has', async () => {
    const template = withChange('DomainName: !Ref DomainName', 'DomainName: taken');
    expect((await cloud.deploy('studio-first', { template })).failures).toEqual([]);
    expect(await failedCreation(template)).toMatch(/taken.*AdoptExisting/s);
    await removeStack(cloud, 'studio-first');
  });
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
    await expect(cloud.deploy('studio-never', { template: withChange(from, to) })).rejects.toThrow(message);
  });

  test('a parameter outside its range', async () => {
    const parameters = { IdleTimeoutInMinutes: '5' };
    const refused = cloud.deploy('studio-never', { template: example, parameters });
    await expect(refused).rejects.toThrow(/IdleTimeoutInMinutes/);
  });
});

test('a second provider with the same names fails at once, by the resource that says what has to differ', async () => {
  const url = `https://${artifacts.bucket}.s3.amazonaws.com/${artifacts.prefix}/provider.yaml`;
  const { failures, status } = await cloud.deploy('second-provider', {
    template: { url },
    parameters: { ArtifactBucket: artifacts.bucket, ArtifactPrefix: artifacts.prefix, ExecutionRoleArns: '*' },
  });
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(failures.filter((each) => !/cancelled/.test(each))).toEqual([
    expect.stringMatching(/^UniqueNamePrefix: .*already exists/),
  ]);
});

test('a missing zip fails the provider with the key', async () => {
  const { s3 } = cloud.clients;
  const [Bucket, Key] = [artifacts.bucket, 'provider.yaml'];
  const Body = await readTemplate('provider.yaml');
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const ended = await cloud.deploy('other-provider', {
    template: { url: `https://${Bucket}.s3.amazonaws.com/${Key}` },
    parameters: {
      ArtifactBucket: Bucket,
      ArtifactPrefix: 'no-such-release',
      ExecutionRoleArns: '*',
      NamePrefix: 'other',
    },
  });
  expect(ended.status).toBe('ROLLBACK_COMPLETE');
  expect(ended.failures.join('\n')).toMatch(/NoSuchKey|specified key does not exist/);
});

test('a reached quota is reported with SageMaker’s message', async () => {
  await cloud.clients.iam.send(
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
});
