import { studioImage } from '../../handlers/studio-image.ts';
import { describeContract } from '../contract.ts';
import { imageSubject } from './image-subject.ts';
import { studioWorld } from './studio-world.ts';

const startWorld = studioWorld('studio-image', 'Image', studioImage, { domains: ['team'] });

const start = async () => {
  const world = await startWorld();
  return imageSubject(world, { DomainId: world.domainIds[0]!, executionRole: world.executionRole });
};

describeContract('studio-image, built', start, ['collisions']);
