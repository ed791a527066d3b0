import { studioUserProfile } from '../../handlers/studio-user-profile.ts';
import { describeContract } from '../contract.ts';
import { studioWorld } from './studio-world.ts';
import { userProfileSubject } from './user-profile-subject.ts';

const start = studioWorld('studio-user-profile', 'UserProfile', studioUserProfile, { domains: ['team', 'other'] });

describeContract('studio-user-profile, built', async () => {
  const world = await start();
  return userProfileSubject(world, world);
});
