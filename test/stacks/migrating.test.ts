import { DescribeStackResourcesCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateAppCommand,
  DescribeDomainCommand,
  DescribeUserProfileCommand,
  ListAppsCommand,
  ListTagsCommand,
} from '@aws-sdk/client-sagemaker';
import { account } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { readTemplate, removeStack, startCloud } from './cloud.ts';
import { adoptedSample, sample } from './migrating-sample.ts';
import { runLines, shellLines } from './shell.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud({
    provider: { ExecutionRoleArns: `arn:aws:iam::${account}:role/*-ExecutionRole-*`, AllowedDomains: '*' },
  });
});

afterAll(() => cloud.stop());

async function deploy(name: string, template: string, parameters: Record<string, string> = {}) {
  const { failures, outputs } = await cloud.deploy(name, { template, parameters });
  expect(failures).toEqual([]);
  return outputs;
}

/** The physical ids of the stack's resources of SageMaker's, by their logical ids. */
async function physicalIds(StackName: string): Promise<Record<string, string>> {
  const { StackResources = [] } = await cloud.clients.cloudformation.send(
    new DescribeStackResourcesCommand({ StackName }),
  );
  const ofStudio = StackResources.filter(({ ResourceType }) => /^(Custom|AWS::SageMaker)::/.test(ResourceType!));
  return Object.fromEntries(ofStudio.map((one) => [one.LogicalResourceId!, one.PhysicalResourceId!]));
}

/** A domain and its profile `ada` as SageMaker shows them, with their tags. */
async function look(DomainId: string) {
  const { sagemaker } = cloud.clients;
  const tagsOf = async (ResourceArn?: string) => (await sagemaker.send(new ListTagsCommand({ ResourceArn }))).Tags;
  const { $metadata: _, ...domain } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const ada = { DomainId, UserProfileName: 'ada' };
  const { $metadata: __, ...profile } = await sagemaker.send(new DescribeUserProfileCommand(ada));
  const tags = [await tagsOf(domain.DomainArn), await tagsOf(profile.UserProfileArn)];
  return { domain, profile, tags };
}

const server = { UserProfileName: 'ada', AppType: 'JupyterServer', AppName: 'default' } as const;

/** Starts an app of ada. */
async function startApp(DomainId: string): Promise<void> {
  await cloud.clients.sagemaker.send(new CreateAppCommand({ DomainId, ...server }));
  await cloud.until(() => isRunning(DomainId), 'the app to be in service');
}

/** Checks that the app was not stopped. */
async function isRunning(DomainId: string): Promise<boolean> {
  const { Apps = [] } = await cloud.clients.sagemaker.send(new ListAppsCommand({ DomainIdEquals: DomainId }));
  return Apps.map(({ Status }) => Status).join() === 'InService';
}

function follow(section: string) {
  return runLines(cloud, shellLines('cloudformation/MIGRATING.md', section));
}

test("a stack of AWS's own types is moved over, back, and over for good, while people work in it", async () => {
  const { cloudformation } = cloud.clients;
  const before = await takeInventory(cloud.clients);
  const ready = await readTemplate('examples/migrating/native.yaml');
  await deploy('research', ready.replace(/^ {4}(DeletionPolicy|UpdateReplacePolicy|Metadata): .*\n/gm, ''));
  const native = await physicalIds('research');
  const DomainId = native.Domain!;
  await startApp(DomainId);
  const seen = await look(DomainId);

  await follow("A stack of AWS's own types");
  expect(await physicalIds('research')).toEqual({ StudioDomain: DomainId, StudioUserProfile: `${DomainId}/ada` });
  // Not even its LastModifiedTime has changed: SageMaker was not called.
  expect(await look(DomainId)).toEqual(seen);
  expect(await isRunning(DomainId)).toBe(true);

  await follow("Back to AWS's own types");
  expect(await physicalIds('research')).toEqual(native);
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'research' }));
  expect(Stacks![0]!.StackStatus).toBe('IMPORT_COMPLETE');
  // An import sends the properties of the template, which are those that exist.
  const sent = { LastModifiedTime: expect.any(Date) };
  const same = { ...seen, domain: { ...seen.domain, ...sent }, profile: { ...seen.profile, ...sent } };
  expect(await look(DomainId)).toEqual(same);
  expect(await isRunning(DomainId)).toBe(true);

  await follow("A stack of AWS's own types");
  await follow('Ownership after the move');
  expect(await physicalIds('research')).toEqual({ StudioDomain: DomainId, StudioUserProfile: `${DomainId}/ada` });
  const [stack] = (await cloudformation.send(new DescribeStacksCommand({ StackName: 'research' }))).Stacks!;
  const own = (logicalId: string) => [
    { Key: 'studio-resources:logical-id', Value: logicalId },
    { Key: 'studio-resources:provider', Value: 'studio-resources' },
    { Key: 'studio-resources:stack-id', Value: stack!.StackId },
  ];
  const { tags } = await look(DomainId);
  expect(tags).toEqual([[{ Key: 'Team', Value: 'research' }, ...own('StudioDomain')], own('StudioUserProfile')]);
  expect(await isRunning(DomainId)).toBe(true);

  await removeStack(cloud, 'research');
  expect(await takeInventory(cloud.clients)).toEqual(before);
});

test("a stack of a sample's custom resources is moved over, and none of its functions is asked to delete", async () => {
  // What the sample's functions have made bears no tags of ours; nor do resources that a stack of AWS's own types has retained.
  await deploy('made-before', await readTemplate('examples/migrating/native.yaml'));
  const { Domain: DomainId } = (await physicalIds('made-before')) as { Domain: string };
  await startApp(DomainId);
  const place = await deploy('made-before', withOutputs(await readTemplate('examples/migrating/released.yaml')));

  const parameters = { ...place, DomainId };
  await deploy('sample', sample(), parameters);
  const seen = await look(DomainId);
  const template = sample('StudioDomainServiceToken');
  const refused = await cloud.deploy('sample', { template, parameters });
  expect(refused.failures).toContain('StudioDomain: Modifying service token is not allowed.');

  await deploy('sample', sample().replace(/^( {4}Type: Custom::.*)$/gm, '$1\n    DeletionPolicy: Retain'), parameters);
  // The sample's functions go in the same update as its resources, and fail every Delete.
  const moved = await deploy('sample', adoptedSample, place);
  expect(await look(DomainId)).toEqual(seen);
  expect(await isRunning(DomainId)).toBe(true);
  expect(moved).toEqual({ DomainId });

  // No tag says that the stack has created them: they are retained.
  await removeStack(cloud, 'sample');
  expect(await look(DomainId)).toEqual(seen);
  expect(await isRunning(DomainId)).toBe(true);
});

function withOutputs(template: string): string {
  return `${template}
Outputs:
  VpcId: { Value: !Ref Vpc }
  SubnetId: { Value: !Ref Subnet }
  ExecutionRole: { Value: !GetAtt ExecutionRole.Arn }
`;
}
