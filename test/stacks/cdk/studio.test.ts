import { CreateAccessKeyCommand, DeleteAccessKeyCommand, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import {
  CreatePresignedDomainUrlCommand,
  DescribeDomainCommand,
  ListStudioLifecycleConfigsCommand,
  ListUserProfilesCommand,
} from '@aws-sdk/client-sagemaker';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { checkCustomResources } from '../../../scripts/check/custom-resources.ts';
import { shown } from '../../../scripts/check/findings.ts';
import { checkByValidator } from '../../../scripts/check/validate.ts';
import { handlerNames } from '../../../scripts/handlers.ts';
import { definitionOf } from '../../../scripts/reference/definition.ts';
import { takeInventory } from '../../../scripts/start/inventory.ts';
import { readTemplateFile } from '../../../scripts/templates/files.ts';
import { pushImages, registryOf } from '../../pushed-image.ts';
import { removeStack, startCloud } from '../cloud.ts';
import type { TestCloud } from '../test-cloud.ts';
import { synthesize } from './synthesize.ts';

const imageOf = (tag: string) => `111122223333.dkr.ecr.us-east-1.amazonaws.com/studio:${tag}`;
const first = { members: ['grace', 'joan'], script: 'echo first', image: imageOf('1') };
const second = { members: ['grace', 'mary'], script: 'echo second', image: imageOf('2') };

let cloud: TestCloud;
let template: string;
let printed: string;
let before: Map<string, string[]>;
let outputs: Record<string, string>;

async function templateOf(context: typeof first): Promise<string> {
  const { templates, printed: told } = await synthesize('studio-app.ts', context);
  printed = told;
  return templates.get('studio')!;
}

/** What `cdk bootstrap` leaves in an account for the templates that it will get. */
const bootstrap = (Value: string) =>
  cloud.clients.ssm.send(
    new PutParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value, Overwrite: true }),
  );

beforeAll(async () => {
  cloud = await startCloud();
  await pushImages(registryOf(cloud.clientOptions), 'studio', ['1', '2']);
  template = await templateOf(first);
});

afterAll(() => cloud.stop());

test('the CDK warns of nothing in what it synthesizes, and the checks of templates find nothing', async () => {
  expect(printed).toBe('');
  const names = handlerNames().filter((name) => name !== 'responder');
  const definitions = await Promise.all(names.map(definitionOf));
  const file = readTemplateFile('studio.template.json', template);
  const found = [...checkCustomResources(file, definitions), ...checkByValidator([file], definitions)];
  expect(shown(found)).toEqual([]);
});

test('an account without `cdk bootstrap`, or with an old one, refuses the stack as AWS does', async () => {
  await expect(cloud.deploy('studio', { template })).rejects.toThrow(
    'Unable to fetch parameters [/cdk-bootstrap/hnb659fds/version] from parameter store for this account.',
  );
  await bootstrap('5');
  await expect(cloud.deploy('studio', { template })).rejects.toThrow('CDK bootstrap stack version 6 required');
  await bootstrap('27');
});

test('the stack is created', async () => {
  before = await takeInventory(cloud.clients);
  const created = await cloud.deploy('studio', { template });
  expect(created.failures).toEqual([]);
  outputs = created.outputs;
  expect(outputs).toMatchObject({ DomainRef: outputs.DomainId, ImageVersion: '1', Members: '2' });
  const { DomainId } = outputs;
  const { DefaultUserSettings } = await cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));
  expect(DefaultUserSettings?.JupyterLabAppSettings).toMatchObject({
    DefaultResourceSpec: { LifecycleConfigArn: outputs.ScriptArn },
    CustomImages: [{ ImageName: 'tools' }],
  });
});

test('who is granted one profile’s URL gets it, and no other', async () => {
  const { AccessKey } = await cloud.clients.iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
  const keys = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const { sagemaker } = cloud.as(keys).clients;
  const urlOf = (UserProfileName: string) =>
    sagemaker.send(new CreatePresignedDomainUrlCommand({ DomainId: outputs.DomainId, UserProfileName }));
  expect(await urlOf('ada')).toMatchObject({ AuthorizedUrl: expect.stringContaining('https://') });
  await expect(urlOf('grace')).rejects.toThrow('is not authorized to perform: sagemaker:CreatePresignedDomainUrl');
});

test('an update changes the script, the image and the members in place', async () => {
  const updated = await cloud.deploy('studio', { template: await templateOf(second) });
  expect(updated.failures).toEqual([]);
  const { DomainId, SpaceArn } = outputs;
  expect(updated.outputs).toMatchObject({ DomainId, SpaceArn, ImageVersion: '2', Members: '2' });
  const { UserProfiles = [] } = await cloud.clients.sagemaker.send(new ListUserProfilesCommand({}));
  expect(UserProfiles.map(({ UserProfileName }) => UserProfileName).sort()).toEqual(['ada', 'grace', 'mary']);
});

test('a deletion leaves nothing but what is to be retained', async () => {
  const { iam, sagemaker } = cloud.clients;
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: 'ada' }));
  for (const { AccessKeyId } of AccessKeyMetadata)
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'ada', AccessKeyId }));
  await removeStack(cloud, 'studio');
  const { StudioLifecycleConfigs: kept = [] } = await sagemaker.send(new ListStudioLifecycleConfigsCommand({}));
  expect(kept).toEqual([expect.objectContaining({ StudioLifecycleConfigName: expect.stringMatching(/^kept-/) })]);
  const left = [...(await takeInventory(cloud.clients))].map(([kind, ids]) => [
    kind,
    ids.filter((id) => !/kept/.test(id)),
  ]);
  expect(Object.fromEntries(left)).toEqual(Object.fromEntries(before));
});
