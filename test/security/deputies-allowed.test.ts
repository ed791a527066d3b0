import { PutObjectCommand } from '@aws-sdk/client-s3';
import { AddTagsCommand, DescribeDomainCommand, DescribeUserProfileCommand } from '@aws-sdk/client-sagemaker';
import { removeStack } from '../stacks/cloud.ts';
import { artifacts } from '../stacks/provider.ts';
import {
  type DeputiesCloud,
  domainProperties,
  everything,
  makeDomain,
  startDeputiesCloud,
  tokenOf,
} from './deputies-cloud.ts';

let world: DeputiesCloud;
let handMade: string;

beforeAll(async () => {
  world = await startDeputiesCloud();
  handMade = await makeDomain(world, 'hand-made');
});

afterAll(() => world.cloud.stop());

const Outputs = { DomainId: { Value: { Ref: 'Domain' } } };

function native(name: string): object {
  return { Type: 'AWS::SageMaker::Domain', Properties: domainProperties(name, world.network) };
}

function profile(DomainId: unknown, more: object = {}): object {
  const Properties = { ServiceToken: tokenOf('studio-user-profile'), DomainId, UserProfileName: 'grace', ...more };
  return { Type: 'Custom::StudioUserProfile', Properties };
}

function script(DomainId: unknown, Content = 'echo hello'): object {
  const ServiceToken = tokenOf('studio-lifecycle-config');
  const Properties = { ServiceToken, Name: 'hello', AppType: 'JupyterLab', Content, AttachTo: [{ DomainId }] };
  return { Type: 'Custom::StudioLifecycleConfig', Properties };
}

function contents(DomainId: unknown): object {
  const Properties = { ServiceToken: tokenOf('studio-contents'), DomainId, DeleteContents: 'All' };
  return { Type: 'Custom::StudioContents', Properties };
}

function deploy(name: string, Resources: Record<string, object>, more: object = {}) {
  return world.cloud.deploy(name, { template: JSON.stringify({ Resources, ...more }) });
}

async function succeeds(name: string, Resources: Record<string, object>, more: object = {}) {
  const { failures, status, outputs } = await deploy(name, Resources, more);
  expect({ failures, status }).toEqual({ failures: [], status: expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/) });
  return outputs;
}

/** Changes the parameters of the provider. */
async function open(parameters: Record<'AllowedDomains' | 'AllowedDomainTag', string>): Promise<void> {
  const { failures, status } = await world.cloud.update('studio-resources', { parameters });
  expect({ failures, status }).toEqual({ failures: [], status: 'UPDATE_COMPLETE' });
}

const closed = { AllowedDomains: '', AllowedDomainTag: '' };

async function findProfile(DomainId: string, UserProfileName: string) {
  const command = new DescribeUserProfileCommand({ DomainId, UserProfileName });
  return world.cloud.clients.sagemaker.send(command).catch(() => undefined);
}

test('a native domain of the same stack may be used and attached to, and its contents are deleted with it', async () => {
  const { cloud } = world;
  const before = await everything(cloud);
  const Domain = native('same-stack');
  const Ref = { Ref: 'Domain' };
  const { DomainId } = await succeeds(
    'same-stack',
    { Domain, Profile: profile(Ref), Script: script(Ref), Contents: contents(Ref) },
    { Outputs },
  );
  expect(await findProfile(DomainId!, 'grace')).toBeDefined();
  const { DefaultUserSettings } = await cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));
  expect(DefaultUserSettings!.JupyterLabAppSettings!.LifecycleConfigArns).toHaveLength(1);
  await removeStack(cloud, 'same-stack');
  expect(await everything(cloud)).toEqual(before);
});

test('a native domain of another stack of the same tree may be used from a sibling, and from the root', async () => {
  const { cloud } = world;
  const before = await everything(cloud);
  const template = (Resources: Record<string, object>, more: object = {}) => JSON.stringify({ Resources, ...more });
  const put = async (name: string, Body: string) => {
    await cloud.clients.s3.send(new PutObjectCommand({ Bucket: artifacts.bucket, Key: `nested/${name}`, Body }));
    return `https://${artifacts.bucket}.s3.amazonaws.com/nested/${name}`;
  };
  const parent = await put('domain.json', template({ Domain: native('nested') }, { Outputs }));
  const Parameters = { DomainId: { Type: 'String' } };
  const people = await put('people.json', template({ Profile: profile({ Ref: 'DomainId' }) }, { Parameters }));
  const DomainId = { 'Fn::GetAtt': ['Studio', 'Outputs.DomainId'] };
  const stack = (TemplateURL: string, more: object = {}) => ({
    Type: 'AWS::CloudFormation::Stack',
    Properties: { TemplateURL, ...more },
  });
  await succeeds('tree', {
    Studio: stack(parent),
    People: stack(people, { Parameters: { DomainId } }),
    Script: script(DomainId),
  });
  await removeStack(cloud, 'tree');
  expect(await everything(cloud)).toEqual(before);
});

test('a domain that a resource of this provider created may be used by every stack', async () => {
  const { cloud } = world;
  const Domain = {
    Type: 'Custom::StudioDomain',
    Properties: { ...domainProperties('ours', world.network), ServiceToken: tokenOf('studio-domain') },
  };
  const { DomainId } = await succeeds('studio', { Domain }, { Outputs });
  await succeeds('people', { Profile: profile(DomainId), Script: script(DomainId) });
  const emptying = await deploy('emptying', { Contents: contents(DomainId) });
  expect(emptying.failures.join()).toContain(`domain ${DomainId} is not open to this resource`);
  for (const name of ['emptying', 'people', 'studio']) await removeStack(cloud, name);
});

const openings = [
  ['its id in AllowedDomains', () => ({ ...closed, AllowedDomains: `d-otherotherother,${handMade}` })],
  ['* in AllowedDomains', () => ({ ...closed, AllowedDomains: '*' })],
  ['the tag of AllowedDomainTag', () => ({ ...closed, AllowedDomainTag: 'studio=open' })],
] as const;

test.each(openings)('%s opens a domain, also to adoption; a stack outlives its closing', async (_, opened) => {
  const { cloud } = world;
  const { sagemaker } = cloud.clients;
  const { DomainArn } = await sagemaker.send(new DescribeDomainCommand({ DomainId: handMade }));
  await sagemaker.send(new AddTagsCommand({ ResourceArn: DomainArn, Tags: [{ Key: 'studio', Value: 'open' }] }));
  const Ada = profile(handMade, { UserProfileName: 'ada', AdoptExisting: true });
  const Tags = [{ Key: 'team', Value: 'red' }];

  await open(opened());
  await succeeds('guest', { Ada, Profile: profile(handMade), Script: script(handMade) });
  await open(closed);

  const changed = await deploy('guest', { Ada, Profile: profile(handMade, { Tags }), Script: script(handMade) });
  expect({ ...changed, failures: changed.failures.join() }).toMatchObject({
    status: 'UPDATE_ROLLBACK_COMPLETE',
    failures: expect.stringContaining(`Updating Profile: domain ${handMade} is not open to this resource`),
  });

  await removeStack(cloud, 'guest');
  expect(await findProfile(handMade, 'grace')).toBeUndefined();
  expect(await findProfile(handMade, 'ada')).toBeDefined();
  const { DefaultUserSettings } = await sagemaker.send(new DescribeDomainCommand({ DomainId: handMade }));
  expect(DefaultUserSettings!.JupyterLabAppSettings?.LifecycleConfigArns ?? []).toEqual([]);
});

test('an update to a domain that is closed is refused, and rolled back to the one before', async () => {
  const { cloud } = world;
  const Domain = native('moving');
  const Ref = { Ref: 'Domain' };
  const { DomainId } = await succeeds('moving', { Domain, Profile: profile(Ref), Script: script(Ref) }, { Outputs });
  const before = await everything(cloud);
  for (const changed of [{ Profile: profile(handMade) }, { Script: script(handMade, 'echo trap') }]) {
    const { status, failures } = await deploy('moving', {
      ...{ Domain, Profile: profile(Ref), Script: script(Ref) },
      ...changed,
    });
    expect({ status, failures: failures.join() }).toEqual({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      failures: expect.stringContaining(`domain ${handMade} is not open to this resource`),
    });
    expect(await everything(cloud)).toEqual(before);
  }
  await removeStack(cloud, 'moving');
  expect(await findProfile(DomainId!, 'grace')).toBeUndefined();
});

test('contents that a stack may no longer delete are retained, and its deletion succeeds', async () => {
  const { cloud } = world;
  await open({ ...closed, AllowedDomains: handMade });
  await succeeds('emptying', { Contents: contents(handMade) });
  await open(closed);
  await removeStack(cloud, 'emptying');
  expect(await findProfile(handMade, 'ada')).toBeDefined();
});
