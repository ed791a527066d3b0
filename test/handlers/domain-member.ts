import { mergedRequests } from './requests.ts';
import type { StudioWorld } from './studio-world.ts';

/** A user profile or a space: its physical id, and the properties that make it. */
interface DomainMember {
  id: string;
  properties: Record<string, unknown>;
}

/** Starts a world for each test of a `describe`. The requests are about one member of a domain; `use` takes the world and gives the member. */
export function domainMember(start: () => Promise<StudioWorld>, use: (world: StudioWorld) => DomainMember) {
  let world: StudioWorld;
  let member: DomainMember;
  beforeEach(async () => {
    world = await start();
    member = use(world);
  });
  afterEach(() => world.close());

  const { create, update, remove } = mergedRequests(
    () => world,
    () => member.properties,
  );
  return {
    create,
    update: (to: object, from?: object) => update(member.id, to, from),
    remove: (more?: object) => remove(member.id, more),
  };
}
