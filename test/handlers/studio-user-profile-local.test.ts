import { studioUserProfile } from '../../handlers/studio-user-profile.ts';
import { describeContract } from '../contract.ts';
import { localWorld } from './local-world.ts';
import { userProfileSubject } from './user-profile-subject.ts';

describeContract('studio-user-profile, built, against the local cloud', async () => {
  const world = await localWorld('studio-user-profile', 'UserProfile', studioUserProfile);
  const domainIds = [await world.makeDomain('team'), await world.makeDomain('other')] as const;
  return userProfileSubject(world, { ...world, domainIds });
});
