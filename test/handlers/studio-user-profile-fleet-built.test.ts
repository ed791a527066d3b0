import { studioUserProfileFleet } from '../../handlers/studio-user-profile-fleet.ts';
import { describeContract } from '../contract.ts';
import { stackId } from './built-function.ts';
import { fleetSubject, fleetWorld } from './fleet-subject.ts';
import { studioWorld } from './studio-world.ts';

const start = studioWorld('studio-user-profile-fleet', 'UserProfile', studioUserProfileFleet, {
  domains: ['team', 'other'],
});

describeContract(
  'studio-user-profile-fleet, built',
  async () => {
    const world = await start();
    return fleetSubject(fleetWorld(world, stackId), world);
  },
  // Its domain is in its id, so a replacement never collides; and a profile that is missed is made anew.
  ['collisions', 'losses'],
);
