import { studioDomain } from '../../handlers/studio-domain.ts';
import { describeContract } from '../contract.ts';
import { domainSubject } from './domain-subject.ts';
import { studioWorld } from './studio-world.ts';

const start = studioWorld('studio-domain', 'Domain', studioDomain);

describeContract('studio-domain, built', async () => {
  const world = await start();
  return domainSubject(world, world);
});
