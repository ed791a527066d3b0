import { removeStack } from '../stacks/cloud.ts';
import { installProvider } from '../stacks/provider.ts';
import { attacks, type Target, templateOf } from './deputies-attacks.ts';
import {
  type DeputiesCloud,
  domainProperties,
  everything,
  makeDomain,
  makePeople,
  startDeputiesCloud,
  tokenOf,
} from './deputies-cloud.ts';

let world: DeputiesCloud;
let stacks = 0;
const domains: Record<string, Target> = {};

beforeAll(async () => {
  world = await startDeputiesCloud();
  const { cloud, network } = world;
  await installProvider(cloud, { NamePrefix: 'team-b' }, 'team-b');
  const ServiceToken = tokenOf('studio-domain', 'team-b');
  const ids = {
    native: await deployDomain('AWS::SageMaker::Domain', domainProperties('native', network)),
    'hand-made': await makeDomain(world, 'hand-made'),
    'team-b': await deployDomain('Custom::StudioDomain', { ...domainProperties('team-b', network), ServiceToken }),
  };
  for (const id of [ids.native, ids['team-b']]) await makePeople(cloud, id);
  for (const [DomainName, DomainId] of Object.entries(ids)) domains[DomainName] = { DomainName, DomainId, network };
});

afterAll(() => world.cloud.stop());

/** Another team's stack with a domain; gives its id. */
async function deployDomain(Type: string, Properties: { DomainName: string; ServiceToken?: string }): Promise<string> {
  const template = JSON.stringify({
    Resources: { Domain: { Type, Properties } },
    Outputs: { DomainId: { Value: { Ref: 'Domain' } } },
  });
  const { failures, outputs } = await world.cloud.deploy(`stack-of-${Properties.DomainName}`, { template });
  expect(failures).toEqual([]);
  return outputs.DomainId!;
}

const targets = [
  ['a native domain of another stack', 'native'],
  ['a domain that was made by hand', 'hand-made'],
  ['a domain of another provider', 'team-b'],
] as const;

describe.each(targets)('into %s, a role that may make stacks and invoke functions cannot reach to', (_, name) => {
  test.each(attacks)('$title', async (attack) => {
    const { cloud, attacker } = world;
    const before = await everything(cloud);
    const template = templateOf(attack, domains[name]!);
    stacks += 1;
    const { failures, status } = await attacker.deploy(`attacker-${stacks}`, { template });
    expect({ status, failures: failures.join('\n') }).toEqual({
      status: 'ROLLBACK_COMPLETE',
      failures: expect.stringMatching(
        /: (Creating Attack: domain d-\w+ is not open.*AllowedDomains|Adopting .*AllowedDomains|Creating .* by provider team-b)/,
      ),
    });
    await removeStack(attacker, `attacker-${stacks}`);
    expect(await everything(cloud)).toEqual(before);
  });
});
