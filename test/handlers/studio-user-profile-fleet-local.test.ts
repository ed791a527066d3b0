import { studioUserProfileFleet } from '../../handlers/studio-user-profile-fleet.ts';
import { describeContract } from '../contract.ts';
import { fleetSubject, fleetWorld } from './fleet-subject.ts';
import { stackId } from './local-function.ts';
import { localWorld } from './local-world.ts';

describeContract(
  'studio-user-profile-fleet, built, against the local cloud',
  async () => {
    const world = await localWorld('studio-user-profile-fleet', 'UserProfile', studioUserProfileFleet);
    const domainIds = [await world.makeDomain('team'), await world.makeDomain('other')] as const;
    return fleetSubject(fleetWorld(world, stackId), { ...world, domainIds });
  },
  // Its domain is in its id, so a replacement never collides; and a profile that is missed is made anew.
  ['collisions', 'losses'],
);
