import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { DescribeDomainCommand, ListDomainsCommand } from '@aws-sdk/client-sagemaker';
import { root } from '../../scripts/handlers.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { deployTemplate, removeStack, startCloud } from './cloud.ts';
import { argumentValue, parseHcl } from './hcl.ts';
import { type Input, input, lambdaInvocation } from './lambda-invocation.ts';
import { publishVersion } from './other-release.ts';
import type { TestCloud } from './test-cloud.ts';

const provider = { DirectInvocations: 'true', AllowedDomains: '*' };
let cloud: TestCloud;
/** A domain with one user, which a stack holds. */
let studio: Record<string, string>;
let vpc: { VpcId: string; SubnetIds: string[]; role: string };

beforeAll(async () => {
  cloud = await startCloud({ provider });
  studio = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  const { VpcId, SubnetIds, DefaultUserSettings } = await describeDomain(studio.DomainId!);
  vpc = { VpcId: VpcId!, SubnetIds: SubnetIds!, role: DefaultUserSettings!.ExecutionRole! };
});

afterAll(() => cloud.stop());

const describeDomain = (DomainId: string) => cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));

const invocationOf = (name: string) => lambdaInvocation(cloud, `studio-resources-${name}`);

function domain(DomainName: string, more: Input = {}, outer: Input = {}): Input {
  const { VpcId, SubnetIds, role } = vpc;
  const properties = { DomainName, VpcId, SubnetIds, DefaultUserSettings: { ExecutionRole: role } };
  return input('StudioDomain', { ...properties, HomeEfsFileSystem: 'Delete', ...more }, outer);
}

test('a domain is created, adopted by the same creation, changed in place and deleted, and nothing is left', async () => {
  const before = await takeInventory(cloud.clients);
  const terraform = invocationOf('studio-domain');
  const first = await terraform.apply(domain('direct'));
  expect(first).toEqual({
    PhysicalResourceId: expect.stringMatching(/^d-/),
    Attributes: expect.objectContaining({ DomainId: first!.PhysicalResourceId, Url: expect.stringMatching(/^https:/) }),
  });
  const id = first!.PhysicalResourceId!;
  // Terraform's state is lost.
  terraform.forget();
  expect(await terraform.apply(domain('direct'))).toEqual(first);

  const Tags = [{ Key: 'team', Value: 'research' }];
  expect(await terraform.apply(domain('direct', { TagPropagation: 'ENABLED', Tags }))).toEqual(first);
  expect(await describeDomain(id)).toMatchObject({ TagPropagation: 'ENABLED' });
  expect(await terraform.apply(domain('direct', { TagPropagation: 'ENABLED', Tags }))).toBeUndefined();
  // What is left out has its default again, although the input before was sent twice.
  await terraform.apply(domain('direct'));
  expect(await describeDomain(id)).toMatchObject({ TagPropagation: 'DISABLED' });

  await terraform.destroy();
  expect(await takeInventory(cloud.clients)).toEqual(before);
  // A second run of the same deletion.
  terraform.forget();
  const again = { ...domain('direct'), tf: { action: 'delete', prev_input: domain('direct') } };
  expect(await invokeRaw('studio-domain', again)).toBe('{}');
});

async function invokeRaw(name: string, payload: object): Promise<string> {
  const command = new InvokeCommand({ FunctionName: `studio-resources-${name}`, Payload: JSON.stringify(payload) });
  const { Payload, FunctionError } = await cloud.clients.lambda.send(command);
  const text = Buffer.from(Payload ?? []).toString();
  return FunctionError ? `${FunctionError}: ${text}` : text;
}

test('a change that needs a replacement is refused, can be taken back, and is made by triggers', async () => {
  const terraform = invocationOf('studio-domain');
  const first = await terraform.apply(domain('before'));
  await expect(terraform.apply(domain('after'))).rejects.toThrow('a change of DomainName cannot be made in place');
  expect((await describeDomain(first!.PhysicalResourceId!)).DomainName).toBe('before');
  // Terraform has the refused name in its state.
  expect(await terraform.apply(domain('before'))).toEqual(first);
  await expect(terraform.apply(domain('before', { AuthMode: 'SSO' }))).rejects.toThrow('terraform state rm');
  terraform.forget();
  expect(await terraform.apply(domain('before'))).toEqual(first);
  const second = await terraform.replace(domain('after'));
  expect(second!.PhysicalResourceId).not.toBe(first!.PhysicalResourceId);
  await terraform.destroy();
  expect(await namesOfDomains()).toEqual(['studio']);
});

async function namesOfDomains(): Promise<(string | undefined)[]> {
  const { Domains } = await cloud.clients.sagemaker.send(new ListDomainsCommand({}));
  return Domains!.map(({ DomainName }) => DomainName);
}

test('what outlasts the invocation is an error, and the next apply goes on with it', async () => {
  const slow = await startCloud({
    provider,
    // The second domain is Pending for longer than an invocation can last.
    faults: [
      { on: 'resource', fault: 'stuck', kind: 'domain', during: 'create', seconds: 1500, after: 1, count: 1 },
      { on: 'resource', fault: 'stuck', kind: 'domain', during: 'delete', seconds: 1500, count: 1 },
    ],
  });
  const { DomainId } = await deployTemplate(slow, 'studio', 'examples/studio.yaml');
  const { VpcId, SubnetIds, DefaultUserSettings } = await slow.clients.sagemaker.send(
    new DescribeDomainCommand({ DomainId }),
  );
  const long = (more: Input = {}) => domain('long', { VpcId, SubnetIds, DefaultUserSettings, ...more });
  const terraform = lambdaInvocation(slow, 'studio-resources-studio-domain');
  await expect(terraform.apply(long())).rejects.toThrow(
    /Creating d-\w+: not done after \d+ s, and the invocation's time is over. Apply again, which goes on with it/,
  );
  const Tags = [{ Key: 'team', Value: 'late' }];
  const done = await terraform.apply(long({ TagPropagation: 'ENABLED', Tags }));
  const created = await slow.clients.sagemaker.send(new DescribeDomainCommand({ DomainId: done!.PhysicalResourceId }));
  expect(created).toMatchObject({ Status: 'InService', TagPropagation: 'ENABLED' });
  await expect(terraform.destroy()).rejects.toThrow(/Deleting d-\w+: not done after \d+ s, .*Apply again/);
  await terraform.destroy();
  const { Domains } = await slow.clients.sagemaker.send(new ListDomainsCommand({}));
  expect(Domains!.map(({ DomainName }) => DomainName)).toEqual(['studio']);
  await slow.stop();
});

test('a direct invocation cannot touch the domain of a stack, nor a stack that of a state', async () => {
  const direct = invocationOf('studio-domain');
  const claim = domain('studio', { AdoptExisting: true });
  await expect(direct.apply(claim)).rejects.toThrow(/Domain of stack studio holds it/);
  // Whatever it calls itself.
  for (const StateName of ['studio', studio.DomainId!]) {
    await expect(direct.apply({ ...claim, StateName })).rejects.toThrow(/Domain of stack studio holds it/);
  }
  const deletion = { ...claim, tf: { action: 'delete', prev_input: claim } };
  expect(await invokeRaw('studio-domain', deletion)).toBe('{}');
  expect((await describeDomain(studio.DomainId!)).Status).toBe('InService');

  await direct.apply(domain('mine'));
  const template = (AdoptExisting: boolean) =>
    JSON.stringify({
      Resources: {
        Domain: {
          Type: 'Custom::StudioDomain',
          Properties: {
            ServiceToken: { 'Fn::ImportValue': 'StudioDomainServiceToken' },
            ...(domain('mine').ResourceProperties as Input),
            AdoptExisting,
          },
        },
      },
    });
  for (const adopt of [true, false]) {
    const taken = await cloud.deploy('taker', { template: template(adopt) });
    expect(taken.failures.join()).toContain('Domain of Terraform state production holds it');
    await removeStack(cloud, 'taker');
  }
  // Nor does another state.
  const other = invocationOf('studio-domain');
  await expect(other.apply(domain('mine', { AdoptExisting: true }, { StateName: 'staging' }))).rejects.toThrow(
    'Domain of Terraform state production holds it',
  );
  await direct.destroy();
  expect(await namesOfDomains()).toEqual(['studio']);
});

test('the configuration of the page deploys as it is written', async () => {
  const page = await readFile(join(root, 'cloudformation/terraform/README.md'), 'utf8');
  const [, text = ''] = /```hcl\n(locals \{[\s\S]*?)```/.exec(page) ?? [];
  const { locals, resource, output } = await parseHcl('README.md', text);
  const given = { vpc_id: vpc.VpcId, subnet_ids: vpc.SubnetIds, execution_role_arn: vpc.role };
  const provided = { StudioDomainServiceToken: 'studio-resources-studio-domain' };
  const scope = { var: given, module: { provider: provided }, local: await argumentValue(locals![0], { var: given }) };
  const block = resource!.aws_lambda_invocation!.domain![0];
  const written = (await argumentValue(block, scope)) as Record<string, string>;
  expect(written).toMatchObject({
    lifecycle_scope: 'CRUD',
    triggers: { DomainName: 'research', VpcId: vpc.VpcId },
  });
  const terraform = lambdaInvocation(cloud, written.function_name!);
  const result = JSON.stringify(await terraform.apply(JSON.parse(written.input!)));
  const value = await argumentValue(output!.domain_id![0]!.value, { aws_lambda_invocation: { domain: { result } } });
  expect(value).toMatch(/^d-/);
  await terraform.destroy();
});

test('a creation that SageMaker refuses is an error with its reason, and nothing is left', async () => {
  const before = await takeInventory(cloud.clients);
  const terraform = invocationOf('studio-user-profile');
  const profile = {
    DomainId: studio.DomainId,
    UserProfileName: 'x',
    UserSettings: { ExecutionRole: `${vpc.role}-not` },
  };
  await expect(terraform.apply(input('StudioUserProfile', profile))).rejects.toThrow('"errorType":"InvocationError"');
  await expect(
    terraform.apply(input('StudioUserProfile', { DomainId: 'd-nowhere12345', UserProfileName: 'x' })),
  ).rejects.toThrow('d-nowhere12345');
  expect(await takeInventory(cloud.clients)).toEqual(before);
});

test('an asynchronous invocation that fails leaves nothing, and the responder has no one to answer', async () => {
  const before = await takeInventory(cloud.clients);
  const profile = input('StudioUserProfile', { DomainId: studio.DomainId, UserProfileName: 'not a name' });
  await cloud.clients.lambda.send(
    new InvokeCommand({
      FunctionName: 'studio-resources-studio-user-profile',
      InvocationType: 'Event',
      Payload: JSON.stringify({ ...profile, tf: { action: 'create', prev_input: null } }),
    }),
  );
  const log = () => cloud.logLines('studio-resources-responder');
  await cloud.until(async () => (await log()).join().includes('names no request to respond to'), 'the responder');
  expect((await log()).join()).not.toMatch(/Responding|not a name/);
  expect(await takeInventory(cloud.clients)).toEqual(before);
});

test('an upgrade of the provider leaves the holder, and turning the parameter off refuses every invocation', async () => {
  const terraform = invocationOf('studio-user-profile');
  const profile = { DomainId: studio.DomainId, UserProfileName: 'stays' };
  const first = await terraform.apply(input('StudioUserProfile', profile));
  const next = await publishVersion(cloud.clients.s3, { version: '1.1.0', region, text: 'this is 1.1.0' });
  const parameters = { ArtifactBucket: 'releases-1-1-0-{Region}', ArtifactPrefix: 'studio-resources/1.1.0' };
  const upgraded = await cloud.update('studio-resources', {
    template: { url: next.url },
    parameters: {
      ...parameters,
      ExecutionRoleArns: `arn:aws:iam::${account}:role/studio-*`,
      DirectInvocations: 'true',
      AllowedDomains: '*',
    },
  });
  expect(upgraded.failures).toEqual([]);
  const changed = { ...profile, UserSettings: { ExecutionRole: vpc.role } };
  expect((await terraform.apply(input('StudioUserProfile', changed)))!.PhysicalResourceId).toBe(
    first!.PhysicalResourceId,
  );
  await terraform.destroy();

  const closed = await cloud.update('studio-resources', { parameters: { DirectInvocations: 'false' } });
  expect(closed.failures).toEqual([]);
  for (const name of ['studio-domain', 'studio-user-profile', 'seed-code', 'studio-image']) {
    await expect(invocationOf(name).apply(domain('refused'))).rejects.toThrow(
      'set the parameter DirectInvocations of its provider to true',
    );
  }
});
