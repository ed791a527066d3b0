import {
  CreateAppImageConfigCommand,
  CreateDomainCommand,
  CreateImageCommand,
  CreateSpaceCommand,
  CreateStudioLifecycleConfigCommand,
  CreateUserProfileCommand,
  type Tag,
} from '@aws-sdk/client-sagemaker';
import type { Caller } from '../stacks/caller.ts';
import { installProvider } from '../stacks/provider.ts';
import { adasSpace, type DeputiesCloud, domainProperties, everything, startDeputiesCloud } from './deputies-cloud.ts';
import { roleOf } from './function-role.ts';
import { callsOf, isAllowed, type Things } from './role-calls.ts';
import { handMadeThings, runApp, thingsOf } from './team-things.ts';

const handlers = Object.keys(callsOf);
const providers = ['studio-resources', 'team-b'] as const;
type Provider = (typeof providers)[number];

let world: DeputiesCloud;
const roles = new Map<string, Caller>();
const things = {} as Record<Provider | 'hand-made' | 'open', Things>;

beforeAll(async () => {
  world = await startDeputiesCloud();
  await installProvider(world.cloud, { NamePrefix: 'team-b' }, 'team-b');
  for (const provider of providers) {
    things[provider] = await thingsOf(world, provider);
    for (const handler of handlers) roles.set(`${provider} ${handler}`, await roleOf(world.cloud, handler, provider));
  }
  things['hand-made'] = await handMadeThings(world);
  things.open = await thingsOf(world, 'team-b', { studio: 'open' }, 'open');
});

afterAll(() => world.cloud.stop());

/** Changes the parameters of a provider. */
async function set(provider: Provider, parameters: Record<string, string>): Promise<void> {
  const { failures, status } = await world.cloud.update(provider, { parameters });
  expect({ failures, status }).toEqual({ failures: [], status: 'UPDATE_COMPLETE' });
}

/** The calls that IAM allows the roles of a provider, of those of their functions. */
async function allowed(provider: Provider, on: Things): Promise<string[]> {
  await runApp(world, on);
  const all = handlers.flatMap((handler) => callsOf[handler]!.map((call) => ({ handler, call })));
  // What has an app in it cannot be deleted, so that all is there until the last call.
  const sorted = [...all.filter(({ call }) => call !== 'DeleteApp'), ...all.filter(({ call }) => call === 'DeleteApp')];
  const found: string[] = [];
  for (const { handler, call } of sorted) {
    const { sagemaker } = roles.get(`${provider} ${handler}`)!.clients;
    if (await isAllowed(sagemaker, call, on)) found.push(`${handler}: ${call}`);
  }
  return found.sort();
}

/** What people make in a domain has no tag that names its owner: there, the functions alone decide. */
const onPeople = [
  'studio-domain: DeleteApp',
  'studio-domain: DeleteSpace',
  'studio-domain: DeleteUserProfile',
  'studio-image: UpdateUserProfile',
  'studio-lifecycle-config: DeleteApp',
  'studio-lifecycle-config: UpdateSpace',
  'studio-lifecycle-config: UpdateUserProfile',
  'studio-setup: CreatePresignedDomainUrl',
  'studio-space: DeleteApp',
  'studio-user-profile-fleet: DeleteApp',
  'studio-user-profile-fleet: DeleteSpace',
  'studio-user-profile: DeleteApp',
  'studio-user-profile: DeleteSpace',
];

const contents = ['studio-contents: DeleteApp', 'studio-contents: DeleteSpace', 'studio-contents: DeleteUserProfile'];
const attachments = ['studio-image: UpdateDomain', 'studio-lifecycle-config: UpdateDomain'];
const adoptions = ['AddTags on user-profile', 'DeleteTags on user-profile', 'UpdateUserProfile'];
const adopting = [
  ...['studio-user-profile', 'studio-user-profile-fleet'].flatMap((each) =>
    adoptions.map((call) => `${each}: ${call}`),
  ),
  ...['AddTags on space', 'DeleteTags on space', 'UpdateSpace'].map((call) => `studio-space: ${call}`),
];
const changing = ['AddTags on domain', 'DeleteTags on domain', 'UpdateDomain'].map((call) => `studio-domain: ${call}`);

describe.each([
  ['studio-resources', 'team-b'],
  ['team-b', 'studio-resources'],
] as const)('beside each other, the roles of provider %s', (provider, other) => {
  test(`can change and delete nothing that ${other} has created`, async () => {
    await runApp(world, things[other]);
    const before = await everything(world.cloud);
    expect(await allowed(provider, things[other])).toEqual([]);
    expect(await everything(world.cloud)).toEqual(before);
  });
});

test.each([
  [
    'nothing of a domain that was made by hand but what people make in it',
    { AllowedDomains: '', NativeDomains: 'false' },
    onPeople,
  ],
  [
    'with NativeDomains, the domain itself for attachments, and its contents',
    { AllowedDomains: '', NativeDomains: 'true' },
    [...onPeople, ...attachments, ...contents],
  ],
  [
    'where AllowedDomains lists it, all but to delete it or to make it their own',
    { AllowedDomains: 'listed', NativeDomains: 'false' },
    [...onPeople, ...attachments, ...contents, ...adopting, ...changing],
  ],
  [
    'all but that as well where AllowedDomains is *',
    { AllowedDomains: '*', NativeDomains: 'false' },
    [...onPeople, ...attachments, ...contents, ...adopting, ...changing],
  ],
])('the roles of a provider can change and delete %s', async (_, { AllowedDomains, NativeDomains }, expected) => {
  const { DomainId } = things['hand-made'];
  const ids = AllowedDomains === 'listed' ? `d-otherotherother,${DomainId}` : AllowedDomains;
  await set('studio-resources', { AllowedDomains: ids, NativeDomains });
  expect(await allowed('studio-resources', things['hand-made'])).toEqual(expected.toSorted());
});

test('a domain with the tag of AllowedDomainTag may be changed, whichever provider has created it, but not deleted', async () => {
  await set('studio-resources', { AllowedDomains: '', AllowedDomainTag: 'studio=open', NativeDomains: 'false' });
  expect(await allowed('studio-resources', things.open)).toEqual([...attachments, ...changing].toSorted());
  expect(await allowed('studio-resources', things['team-b'])).toEqual([]);
  expect(await allowed('studio-resources', things['hand-made'])).toEqual(
    [...onPeople, ...contents, ...adopting].toSorted(),
  );
});

const own = [{ Key: 'studio-resources:provider', Value: 'studio-resources' }];
const others = [{ Key: 'studio-resources:provider', Value: 'team-b' }];

/** Each is about a domain that does not exist, or is refused for another reason, once IAM allows it. */
const creations: Record<string, (caller: Caller, Tags: Tag[]) => Promise<unknown>> = {
  'studio-domain': ({ clients: { sagemaker } }, Tags) =>
    sagemaker.send(
      new CreateDomainCommand({ ...domainProperties('new', world.network), SubnetIds: ['subnet-0'], Tags }),
    ),
  'studio-user-profile': ({ clients: { sagemaker } }, Tags) =>
    sagemaker.send(new CreateUserProfileCommand({ DomainId: 'd-nosuchdomain', UserProfileName: 'mallory', Tags })),
  'studio-user-profile-fleet': ({ clients: { sagemaker } }, Tags) =>
    sagemaker.send(new CreateUserProfileCommand({ DomainId: 'd-nosuchdomain', UserProfileName: 'mallory', Tags })),
  'studio-space': ({ clients: { sagemaker } }, Tags) =>
    sagemaker.send(new CreateSpaceCommand({ DomainId: 'd-nosuchdomain', SpaceName: 'trap', ...adasSpace, Tags })),
  'studio-lifecycle-config': ({ clients: { sagemaker } }, Tags) =>
    sagemaker.send(
      new CreateStudioLifecycleConfigCommand({
        StudioLifecycleConfigName: 'hand-made',
        StudioLifecycleConfigAppType: 'JupyterLab',
        StudioLifecycleConfigContent: 'ZWNobw==',
        Tags,
      }),
    ),
  'studio-image': async ({ clients: { sagemaker } }, Tags) => {
    await sagemaker
      .send(new CreateAppImageConfigCommand({ AppImageConfigName: 'hand-made-jupyter-lab', Tags }))
      .catch((error: Error) => {
        if (error.name === 'AccessDeniedException') throw error;
      });
    await sagemaker.send(
      new CreateImageCommand({ ImageName: 'hand-made', RoleArn: world.network.ExecutionRole, Tags }),
    );
  },
};

test.each(Object.keys(creations))('the role of %s creates nothing without the tag of its provider', async (handler) => {
  const role = roles.get(`studio-resources ${handler}`)!;
  const codeWith = (Tags: Tag[]) => creations[handler]!(role, Tags).catch(({ name }: Error) => name);
  expect(await codeWith([])).toBe('AccessDeniedException');
  expect(await codeWith(others)).toBe('AccessDeniedException');
  expect(await codeWith(own)).not.toBe('AccessDeniedException');
});

test.each(providers)('the roles of provider %s can change and delete what it has created', async (provider) => {
  const everyCall = handlers.flatMap((handler) => callsOf[handler]!.map((call) => `${handler}: ${call}`));
  // These are for domains that no resource of this provider has created.
  const expected = everyCall.filter((call) => !contents.includes(call) || provider === 'team-b');
  await set('studio-resources', { AllowedDomains: '', AllowedDomainTag: '', NativeDomains: 'false' });
  expect(await allowed(provider, things[provider])).toEqual(expected.toSorted());
});
