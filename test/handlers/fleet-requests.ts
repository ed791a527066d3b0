import { requests } from './requests.ts';
import type { StudioWorld } from './studio-world.ts';

type Properties = Record<string, unknown>;

/** Members with these names. */
export const named = (...names: string[]) => names.map((UserProfileName) => ({ UserProfileName }));

/** The requests about a fleet in the first domain of a world, and a look at its profiles. */
export function fleetRequests(world: () => StudioWorld) {
  const { create, update, remove } = requests(world);
  let id = '';
  const DomainId = () => world().domainIds[0]!;
  return {
    /** The properties of a fleet. */
    fleet: (Members: object[], more: Properties = {}): Properties => ({ DomainId: DomainId(), Members, ...more }),
    async create(properties: Properties) {
      const answer = await create(properties);
      id = answer.PhysicalResourceId;
      return answer;
    },
    update: (to: Properties, from: Properties) => update(id, to, from),
    remove: (properties: Properties) => remove(id, properties),
    /** The id of the fleet that was created last. */
    id: () => id,
    /** The names of all profiles. */
    profiles: async () => (await world().existing()).map((each) => each.split('/')[1]).sort(),
    profile: (name: string) => world().look(`${DomainId()}/${name}`),
    /** Makes a space in which an app runs. */
    async addSpace(SpaceName: string, owner: string) {
      await world().addSpace(DomainId(), SpaceName, owner);
      await world().addApp({ DomainId: DomainId(), SpaceName, AppType: 'JupyterLab', AppName: 'default' });
    },
  };
}
